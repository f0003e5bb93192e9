import asyncio
from pathlib import Path

import pytest

from shared.market.errors import InvalidInput, StoreUnusable
from shared.store.copying import copy_store
from shared.store.origin import Origin
from shared.store.store import Store
from tests.contract.store.rows import HYNIX, MONDAY, SAMSUNG, bars, fetched
from tests.fakes.clock import FakeClock


async def test_a_copy_holds_everything_and_goes_its_own_way(sqlite_store: Store, tmp_path: Path) -> None:
    target = tmp_path / "replay" / "copy.db"
    async with sqlite_store.begin() as uow:
        await uow.bars.upsert(bars((SAMSUNG, MONDAY, 200)), fetched())
    # The newest rows are still in the write-ahead log of an open store.
    await copy_store(sqlite_store.place, target)
    async with await Store.open(str(target), origin=Origin.REAL, clock=FakeClock()) as copy:
        async with copy.begin() as uow:
            assert await uow.bars.count() == 1
            await uow.bars.upsert(bars((HYNIX, MONDAY, 300)), fetched())
        async with sqlite_store.read() as uow:
            assert await uow.bars.count() == 1
        async with copy.read() as uow:
            assert await uow.bars.count() == 2
    assert [file.name for file in await asyncio.to_thread(lambda: list(target.parent.iterdir()))] == ["copy.db"]


async def test_a_copy_made_while_somebody_writes_is_whole(sqlite_store: Store, tmp_path: Path) -> None:
    async with sqlite_store.begin() as uow:
        await uow.bars.upsert(bars((SAMSUNG, MONDAY, 200)), fetched())
        await uow.meta.bump_generation("bars")
        await copy_store(sqlite_store.place, tmp_path / "copy.db")
    async with await Store.open(str(tmp_path / "copy.db"), origin=None, clock=FakeClock()) as copy, copy.read() as uow:
        assert await uow.bars.count() == await uow.meta.generation("bars") == 0


async def test_an_earlier_copy_is_replaced(sqlite_store: Store, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    await copy_store(sqlite_store.place, target)
    async with await Store.open(str(target), origin=None, clock=FakeClock()) as copy, copy.begin() as uow:
        await uow.bars.upsert(bars((SAMSUNG, MONDAY, 200)), fetched())
    await asyncio.to_thread((tmp_path / "copy.db-wal").write_bytes, b"leftovers of a killed rehearsal")
    await copy_store(sqlite_store.place, target)
    async with await Store.open(str(target), origin=None, clock=FakeClock()) as copy, copy.read() as uow:
        assert await uow.bars.count() == 0


async def test_a_missing_or_broken_source_leaves_no_copy(tmp_path: Path) -> None:
    target, broken = tmp_path / "copies" / "copy.db", tmp_path / "broken.db"
    await asyncio.to_thread(broken.write_bytes, b"no database " * 999)
    with pytest.raises(StoreUnusable, match="does not exist"):
        await copy_store(str(tmp_path / "nowhere.db"), target)
    with pytest.raises(StoreUnusable, match=r"broken\.db is not a kstock store"):
        await copy_store(str(broken), target)
    assert not await asyncio.to_thread(lambda: list(tmp_path.rglob("*copy*.db*")))


async def test_a_postgresql_store_is_not_copied() -> None:
    with pytest.raises(InvalidInput, match="PostgreSQL"):
        await copy_store("postgresql://postgres@/kstock", Path("copy.db"))

"""A disk without room: the writer is told, what was there before stays, and later writes work again."""

import pytest

from shared.market.errors import StoreUnusable
from shared.store.store import Store
from tests.contract.store.rows import MONDAY, SAMSUNG, bars, fetched


async def test_a_full_disk_is_told_and_loses_nothing(sqlite_store: Store) -> None:
    async def write_much(pages: int) -> None:
        async with sqlite_store.begin() as uow:
            connection = uow.bars._connection
            used = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
            await connection.exec_driver_sql(f"PRAGMA max_page_count = {used + pages}")
            await uow.bars.upsert(bars(*((f"{number:06}", MONDAY, 100) for number in range(5_000))), fetched())

    async with sqlite_store.begin() as uow:
        await uow.bars.upsert(bars((SAMSUNG, MONDAY, 200)), fetched())
    with pytest.raises(StoreUnusable, match="disk is full"):
        await write_much(pages=5)
    async with sqlite_store.read() as uow:
        assert await uow.bars.count() == 1
    await write_much(pages=5_000)
    async with sqlite_store.read() as uow:
        assert await uow.bars.count() == 5_001

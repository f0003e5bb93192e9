import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from shared.market.errors import InvalidInput, StoreUnusable
from shared.store.origin import Origin
from shared.store.store import Store
from tests.contract.store.rows import MONDAY, SAMSUNG, bars, fetched
from tests.fakes.clock import FakeClock
from tests.fixtures.postgres import PostgresServer

REPOSITORY = Path(__file__).resolve().parents[3]


async def open_store(url: str | Path, *, origin: Origin | None = Origin.REAL, upgrade: bool | None = None) -> Store:
    return await Store.open(str(url), origin=origin, clock=FakeClock(), upgrade=upgrade)


async def refused(url: str | Path, *, origin: Origin | None = Origin.REAL) -> str:
    """Message with which a store is refused; it names the store."""
    with pytest.raises(StoreUnusable) as refusal:
        await open_store(url, origin=origin)
    return str(refusal.value)


@pytest.fixture
async def filled(sqlite_url: str) -> Path:
    """File of a closed store with some thousand bars."""
    store = await open_store(sqlite_url)
    async with store.begin() as uow:
        for number in range(100):
            rows = bars(*((f"{number * 100 + each:06}", MONDAY, 100 + each) for each in range(100)))
            await uow.bars.upsert(rows, fetched())
    await store.close()
    return Path(sqlite_url.removeprefix("sqlite:///"))


async def test_a_missing_file_and_its_folder_are_made(tmp_path: Path) -> None:
    path = tmp_path / "var" / "deep" / "kstock.db"
    async with await open_store(path, origin=Origin.SIMULATED) as store:
        assert store.origin is Origin.SIMULATED
        assert store.place == str(path)
    assert [file.name for file in path.parent.iterdir()] == ["kstock.db"]


async def test_what_was_written_is_there_after_opening_again(sqlite_url: str) -> None:
    async with await open_store(sqlite_url) as store, store.begin() as uow:
        await uow.bars.upsert(bars((SAMSUNG, MONDAY, 200)), fetched())
    async with await open_store(sqlite_url, origin=None) as store, store.read() as uow:
        assert store.origin is Origin.REAL
        assert await uow.bars.count() == 1


async def test_many_open_one_missing_store_at_once_and_get_the_same(tmp_path: Path) -> None:
    stores = await asyncio.gather(*(open_store(tmp_path / "kstock.db") for _ in range(4)))
    epochs = set()
    for store in stores:
        async with store.read() as uow:
            epochs.add((await uow.signal_events.position()).epoch)
        await store.close()
    assert len(epochs) == 1


async def test_real_and_simulated_facts_never_share_a_store(store_url: str) -> None:
    message = await refused(store_url, origin=Origin.SIMULATED)
    assert "holds REAL data" in message
    assert "name another" in message


async def test_a_missing_store_is_not_made_without_an_origin(tmp_path: Path) -> None:
    assert "does not exist" in await refused(tmp_path / "kstock.db", origin=None)
    assert not await asyncio.to_thread(lambda: list(tmp_path.iterdir()))


async def test_garbage_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kstock.db"
    path.write_bytes(b"these bytes are no database " * 500)
    message = await refused(path)
    assert str(path) in message
    assert "is not a kstock store" in message


async def test_an_empty_file_is_refused_rather_than_filled(tmp_path: Path) -> None:
    path = tmp_path / "kstock.db"
    path.touch()
    assert f"{path} is an empty file" in await refused(path)
    assert path.stat().st_size == 0


async def test_a_half_written_file_is_refused(filled: Path) -> None:
    truncate(filled)
    message = await refused(filled)
    assert f"{filled} is damaged" in message
    assert "backup" in message


async def test_a_file_with_a_damaged_page_is_refused(filled: Path) -> None:
    overwrite_a_page(filled)
    assert f"{filled} is damaged" in await refused(filled)


async def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kstock.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipes (title TEXT)")
    other.close()
    assert "another program" in await refused(path)


async def test_a_store_of_a_newer_version_is_refused(filled: Path) -> None:
    with sqlite3.connect(filled) as future:
        future.execute("UPDATE alembic_version SET version_num = '9999'")
    future.close()
    message = await refused(filled)
    assert "newer kstock" in message
    assert "update" in message


async def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "is a folder" in await refused(tmp_path)


async def test_a_read_only_store_is_refused(filled: Path) -> None:
    message = await refused(f"sqlite:///file:{filled}?mode=ro&uri=true")
    assert f"{filled} is read-only" in message


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
async def test_a_store_that_this_user_may_only_read_is_refused(filled: Path) -> None:
    script = (
        "import asyncio, os, sys\n"
        "from shared.clock import WallClock\n"
        "from shared.store.origin import Origin\n"
        "from shared.store.store import Store\n"
        "os.seteuid(65534)\n"
        "asyncio.run(Store.open(sys.argv[1], origin=Origin.REAL, clock=WallClock()))\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = shutil.copy(filled, folder)
        os.chmod(folder, 0o755)  # noqa: PTH101
        command = (sys.executable, "-c", script, path)
        ended = await asyncio.create_subprocess_exec(*command, cwd=REPOSITORY, stderr=subprocess.PIPE)
        _, said = await ended.communicate()
    assert "StoreUnusable" in said.decode()
    assert f"{path} is read-only" in said.decode()


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def overwrite_a_page(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size * 3 // 4 // 4096 * 4096)
        file.write(os.urandom(4096))


@pytest.mark.parametrize("url", ["mysql://localhost/kstock", "sqlite://", "sqlite:///:memory:", "http://", "x://y:z"])
async def test_other_kinds_of_database_are_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match=r"store\.url"):
        await open_store(url)


async def test_a_database_server_that_is_away_is_named_without_its_password(tmp_path: Path) -> None:
    message = await refused(f"postgresql://trader:sesame@/kstock?host={tmp_path}")
    assert "cannot be reached" in message
    assert "sesame" not in message
    assert "kstock" in message


async def test_an_unknown_database_is_refused(postgres: PostgresServer) -> None:
    assert "nowhere" in await refused(postgres.url("nowhere"))


async def test_an_empty_postgresql_database_needs_an_origin(postgres: PostgresServer) -> None:
    name = postgres.new_database()
    assert "is an empty database" in await refused(postgres.url(name), origin=None)
    async with await open_store(postgres.url(name), origin=Origin.SIMULATED) as store:
        assert store.origin is Origin.SIMULATED
    postgres.drop_database(name)


async def test_a_postgresql_database_of_another_program_is_refused(postgres: PostgresServer) -> None:
    name = postgres.new_database()
    postgres.sql("CREATE TABLE recipes (title TEXT)", name)
    assert "another program" in await refused(postgres.url(name))
    postgres.drop_database(name)


async def test_connections_of_sqlite_are_durable(sqlite_store: Store) -> None:
    async with sqlite_store._engine.connect() as connection:
        pragmas = {
            name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


async def test_postgresql_commits_durably_even_where_the_server_does_not(postgres_url: str) -> None:
    async with await open_store(postgres_url) as store, store._engine.connect() as connection:
        assert (await connection.exec_driver_sql("SHOW synchronous_commit")).scalar_one() == "on"


async def test_only_what_may_be_lost_does_not_wait_for_the_disk(store: Store) -> None:
    question, durable, soon = ("PRAGMA synchronous", 2, 1) if store.is_file else ("SHOW synchronous_commit", "on", "off")
    for wait, expected in ((True, durable), (False, soon), (True, durable)):
        async with store.begin(durable=wait) as uow:
            assert (await uow.meta._connection.exec_driver_sql(question)).scalar_one() == expected

"""An import that is killed between any two statements goes on and ends like one that was left alone."""

import asyncio
import os
import shutil
import sys
from pathlib import Path
from random import Random

import pytest

from shared.store.origin import Origin
from shared.store.store import Store
from tests.conftest import REPOSITORY
from tests.fakes.clock import FakeClock
from tests.fixtures.imports import contents, take
from tests.fixtures.random_market import write_market

SEEDS = range(24) if os.environ.get("FAULT_SEEDS") == "all" else range(1)
NEVER = 1_000_000


async def doomed(store: Path, folder: Path, data_dir: Path, *, kill_after_ms: int = NEVER, kill_at_call: int = NEVER) -> int:
    """Run an import that will be killed; returns how the process ended."""
    arguments = (store, folder, data_dir, kill_after_ms, kill_at_call)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.ingest.doomed_import", *map(str, arguments), cwd=REPOSITORY
    )
    return await process.wait()


async def opened(path: Path) -> Store:
    return await Store.open(str(path), origin=Origin.REAL, clock=FakeClock())


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_killed_import_goes_on_and_ends_like_a_clean_one(blank_sqlite, tmp_path, seed):
    folder = tmp_path / "data"
    write_market(folder, seed)
    clean, killed = tmp_path / "clean.db", tmp_path / "killed.db"
    for path in (clean, killed):
        shutil.copyfile(blank_sqlite, path)
    random = Random(seed)
    deaths = [
        await doomed(killed, folder, tmp_path, kill_at_call=random.randrange(2, 60)),
        await doomed(killed, folder, tmp_path, kill_after_ms=random.randrange(1, 400)),
    ]
    assert deaths[0] == -9
    async with await opened(clean) as store:
        summary = await take(store, folder, data_dir=tmp_path)
        expected = await contents(store)
    async with await opened(killed) as store:
        resumed = await take(store, folder, data_dir=tmp_path, chunk_rows=5)
        assert await contents(store) == expected
        again = await take(store, folder, data_dir=tmp_path)
    assert (resumed.adjusted, resumed.quarantined) == (summary.adjusted, summary.quarantined)
    assert {entry.why for entry in again.files if entry.kind and entry.kind != "KIS_MASTER"} == {
        "known already: nothing to do"
    }


async def test_rows_that_were_committed_are_not_written_again(blank_sqlite, tmp_path):
    folder = tmp_path / "data"
    older = write_market(folder, 1)[0]
    killed = tmp_path / "killed.db"
    shutil.copyfile(blank_sqlite, killed)
    assert await doomed(killed, older, tmp_path, kill_at_call=4) == -9
    async with await opened(killed) as store:
        async with store.read() as uow:
            (log,) = await uow.imports.newest(limit=1)
            stored = await uow.bars.count()
        assert (log.rows_done, stored) == (15, 15)
        summary = await take(store, older, data_dir=tmp_path, chunk_rows=5)
    assert summary.stored == summary.read == 40

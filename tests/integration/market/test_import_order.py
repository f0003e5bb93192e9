"""Neither the order nor the repetition of imports changes what readers see."""

import shutil
from random import Random

import pytest

from shared.store.origin import Origin
from shared.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fixtures.imports import contents, take
from tests.fixtures.random_market import write_market


@pytest.fixture
def fresh(blank_sqlite, tmp_path):
    """Open one more empty store."""

    async def open_one(name: str) -> Store:
        path = tmp_path / f"{name}.db"
        shutil.copyfile(blank_sqlite, path)
        return await Store.open(str(path), origin=Origin.REAL, clock=FakeClock())

    return open_one


@pytest.mark.parametrize("seed", range(3))
async def test_any_order_of_files_gives_the_same_market(fresh, tmp_path, seed):
    files = write_market(tmp_path / "data", seed)
    async with await fresh("together") as store:
        await take(store, tmp_path / "data", data_dir=tmp_path)
        expected = await contents(store)
    shuffled = Random(seed).sample(files, len(files))
    async with await fresh("one-by-one") as store:
        for path in shuffled:
            await take(store, path, data_dir=tmp_path, chunk_rows=7)
        found = await contents(store)
    for subject, value in expected.items():
        assert found[subject] == value, subject


@pytest.mark.parametrize("seed", range(1, 3))
async def test_repeating_files_changes_nothing(fresh, tmp_path, seed):
    files = write_market(tmp_path / "data", seed)
    async with await fresh("repeated") as store:
        await take(store, tmp_path / "data", data_dir=tmp_path)
        before = await contents(store)
        for path in Random(seed).choices(files, k=5):
            path.touch()
            await take(store, path, data_dir=tmp_path)
        assert await contents(store) == before

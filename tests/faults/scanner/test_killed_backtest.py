"""A backtest whose process is killed goes on under its id in the next one, and nobody can tell from the result."""

import asyncio
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import pytest_asyncio

from shared.clock import WallClock
from shared.store.repositories.backtests import BacktestState
from shared.store.store import Store
from tests.faults.scanner.backtester import SESSIONS, backtest
from tests.faults.seeds import fault_seeds
from tests.fixtures.scanner_house import ScannerHouse

REPOSITORY = Path(__file__).resolve().parents[3]


async def start(url: str, *run_id: str) -> asyncio.subprocess.Process:
    command = (sys.executable, "-m", "tests.faults.scanner.backtester", url, *run_id)
    return await asyncio.create_subprocess_exec(*command, cwd=REPOSITORY, stdout=subprocess.PIPE)


async def word(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().strip()


async def result_of(url: str, run_id: str) -> tuple[BacktestState, str]:
    async with await Store.open(url, origin=None, clock=WallClock()) as store, store.read() as uow:
        run = await uow.backtests.get(run_id)
    return run.state, run.result


async def run_on(url: str, run_id: str) -> tuple[str, int]:
    """Continue to the end; the id and how many sessions were not done again."""
    process = await start(url, run_id)
    found, resumed = await word(process), int(await word(process))
    rest, _ = await process.communicate()
    assert rest.split()[-1] == b"end"
    assert process.returncode == 0
    return found, resumed


def figures(result: str) -> str:
    """The result without what belongs to one run: its id, and how much of it was done before."""
    return result[result.index('"rows"') : result.index('"started"')]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def expected(market_file: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a run in one piece comes to."""
    path = tmp_path_factory.mktemp("whole") / "market.db"
    shutil.copyfile(market_file, path)
    said: list[str] = []
    await backtest(str(path), None, say=lambda one: said.append(str(one)))
    return figures((await result_of(str(path), said[0]))[1])


@pytest.mark.parametrize("seed", fault_seeds(12, sample=2))
async def test_a_killed_backtest_goes_on_and_ends_like_any_other(house: ScannerHouse, expected: str, seed: int) -> None:
    url = str(house.store.url.database)
    chance = random.Random(seed)
    process = await start(url)
    run_id = await word(process)
    assert await word(process) == "0"
    done = 0
    for _ in range(chance.randint(1, SESSIONS - 1)):
        done = int(await word(process))
    process.kill()
    await process.communicate()
    assert (await result_of(url, run_id))[0] is BacktestState.RUNNING
    same, resumed = await run_on(url, run_id)
    assert same == run_id
    assert resumed >= done  # what it told was stored
    state, result = await result_of(url, run_id)
    assert state is BacktestState.COMPLETED
    assert figures(result) == expected

"""A process that runs a backtest; run by `test_killed_backtest.py`, which kills it.

Usage: python -m tests.faults.scanner.backtester STORE_URL [RUN_ID]. Prints the run's id and how many sessions it need not
do again, then the number of each session that is done, and `end` at the end.
"""

import asyncio
import sys
from collections.abc import Callable
from datetime import timedelta

from servers.scanner.backtests.runs import BacktestRuns
from servers.scanner.backtests.wishes import BacktestWish
from servers.scanner.backtests.work import BacktestTools, BacktestWork
from servers.scanner.loader import MarketLoader
from servers.scanner.strategies.parameters import StrategyParameters
from shared.clock import FixedClock
from shared.market.outcome import EntryMode
from shared.market.sessions import SessionCalendar
from shared.market.signal import SignalKind
from shared.store.store import Store
from tests.fixtures.scanner_house import DAYS, OPEN, running

SESSIONS = 90
WISH = BacktestWish(kind=SignalKind.JONGGA, since=DAYS[-SESSIONS], until=DAYS[-1], board=None, entry=EntryMode.CLOSE, seed=0)


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def backtest(url: str, run_id: str | None, *, say: Callable[[object], None] = say) -> None:
    clock, calendar = FixedClock(OPEN - timedelta(minutes=10)), SessionCalendar.load()
    async with await Store.open(url, origin=None, clock=clock) as store:
        tools = BacktestTools(
            loader=MarketLoader(store, calendar),
            rules=StrategyParameters(),
            store=store,
            clock=clock,
            calendar=calendar,
        )
        runs = BacktestRuns(BacktestWork(tools), store, clock)
        async with running(runs):
            async for event in runs.follow(run_id or await runs.start(WISH, principal="local")):
                if event.HasField("started"):
                    say(event.started.run_id)
                    say(event.started.resumed_count)
                if event.HasField("progress"):
                    say(event.progress.done)
    say("end")


if __name__ == "__main__":
    asyncio.run(backtest(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None))

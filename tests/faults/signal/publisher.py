"""A process that publishes two scans and kills itself at a chosen statement; run by `test_kill_between_statements.py`.

Usage: python -m tests.faults.signal.publisher STORE_URL STATEMENT. Prints the newest event id after each acknowledged scan.
"""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from datetime import date, time

from sqlalchemy import Engine, event

from servers.signal.event_log import EventLog
from servers.signal.publishing import Verdicts
from shared.clock import FixedClock
from shared.market.errors import InvalidInput
from shared.market.sessions import SessionCalendar
from shared.market.signal import Candidate, SignalKind
from shared.market.times import kst_datetime
from shared.store.store import Store
from tests.fixtures.candidates import make_candidate

DAYS = (date(2026, 4, 29), date(2026, 4, 30))


def scans() -> list[list[Candidate]]:
    """Two days: three signals open; then one goes on, one is gone and one is new."""
    first = [make_candidate(ticker, as_of=DAYS[0]) for ticker in ("005930", "000660", "035420")]
    second = [make_candidate(ticker, as_of=DAYS[1], score=80.0) for ticker in ("005930", "000660", "005380")]
    return [first, second]


async def publish_all(url: str) -> None:
    clock = FixedClock(kst_datetime(DAYS[1], time(18, 30)))
    async with await Store.open(url, origin=None, clock=clock) as store:
        log = EventLog(store, clock, SessionCalendar.load())
        for day, candidates in zip(DAYS, scans(), strict=True):
            verdicts = Verdicts(as_of=day, candidates=candidates, complete=True, unjudged=())
            with suppress(InvalidInput):  # the second scan was committed before the first one is tried again
                done = await log.publish(SignalKind.VCP, verdicts)
                sys.stdout.write(f"{done.newest_event_id}\n")
            sys.stdout.flush()


def die_at(statement: int) -> None:
    """Kill this process with SIGKILL just before its statement of that number, COMMIT and BEGIN included."""
    left = [statement]

    def count(*_: object, **__: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "commit", "begin"):
        event.listen(Engine, name, count)


if __name__ == "__main__":
    die_at(int(sys.argv[2]))
    asyncio.run(publish_all(sys.argv[1]))

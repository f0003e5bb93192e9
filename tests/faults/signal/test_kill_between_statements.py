"""Whatever statement a publishing process dies at: what it acknowledged is there, the log has no gap, and going on heals."""

import os
import subprocess
import sys

import pytest

from shared.clock import WallClock
from shared.market.signal import SignalEvent
from shared.store.repositories.signal_events import EventFilter
from shared.store.repositories.signals import SignalFilter
from shared.store.store import Store
from tests.faults.seeds import fault_seeds
from tests.faults.signal.publisher import publish_all

LAST_STATEMENT = 60
"""More than a whole run has; the test checks that."""


def run_until_statement(url: str, statement: int) -> tuple[int, list[int]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.signal.publisher", url, str(statement)],
        capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    return done.returncode, [int(line) for line in done.stdout.split()]


async def read_log(url: str) -> list[SignalEvent]:
    async with await Store.open(url, origin=None, clock=WallClock()) as store, store.read() as uow:
        events = await uow.signal_events.page(EventFilter(), after=0, limit=500)
        position = await uow.signal_events.position()
        current = {one.signal_id: one for one in await uow.signals.page(SignalFilter(), limit=500)}
    assert [event.event_id for event in events] == list(range(1, position.last_event_id + 1))
    last = {event.signal.signal_id: event.signal for event in events}
    assert {key: (one.revision, one.state) for key, one in current.items()} == {
        key: (one.revision, one.state) for key, one in last.items()
    }
    return events


def story(events: list[SignalEvent]) -> list[tuple[str, str, int]]:
    return [(event.signal.candidate.ticker, event.change.value, event.signal.revision) for event in events]


@pytest.mark.parametrize("statement", fault_seeds(LAST_STATEMENT, sample=6))
async def test_a_killed_publisher_loses_nothing_it_acknowledged(sqlite_url: str, statement: int) -> None:
    code, acknowledged = run_until_statement(sqlite_url, statement)
    events = await read_log(sqlite_url)
    if acknowledged:
        assert len(events) >= acknowledged[-1]
    await publish_all(sqlite_url)
    healed = story(await read_log(sqlite_url))
    assert len(healed) == len(set(healed))
    opened = [ticker for ticker, change, _ in healed if change == "OPENED"]
    assert sorted(opened) == ["000660", "005380", "005930", "035420"]
    if statement == LAST_STATEMENT:
        assert code == 0, "the run has more statements than this test kills at; raise LAST_STATEMENT"

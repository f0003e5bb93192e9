"""Fills the store with the closing gate of every past session, so that any day can be asked for its own."""

import asyncio
import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog

from servers.scanner.as_of import newest_closed
from servers.scanner.daily_breadth import DailyBreadth
from servers.scanner.gate import GateParameters
from servers.scanner.gate_facts import WINDOW
from servers.scanner.gate_inputs import GATE_INDICES, MarketReading, closes_of, market_reading
from servers.scanner.gate_message import GateStamp, gate_message, gate_record, gate_version
from servers.scanner.history import MarketHistory
from servers.scanner.loader import MarketLoader
from servers.scanner.turn import Turn
from shared.clock import Clock
from shared.market.errors import DataMissing, StoreUnusable
from shared.market.quote import Quality
from shared.market.sessions import Session, SessionCalendar
from shared.market.topic import MarketIndex
from shared.store.origin import Origin
from shared.store.repositories.gates import GateRecord
from shared.store.repositories.indices import IndexBar
from shared.store.store import Store

log = structlog.get_logger(__name__)

FIRST_AFTER = 120
"""Closes that an index needs before its first gate: the longest look-back of a part."""

_START_S = 20.0  # a command that runs for a moment does not begin with it
_LOOK_S = 10.0
_TOGETHER = 250  # sessions loaded at once
_APART = timedelta(days=45)  # sessions further apart than this are loaded on their own
_FACTS = ("bars", "index", "instruments")
_ALL = 1_000_000

IndexSeries = Mapping[MarketIndex, Sequence[IndexBar]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistorySources:
    """What the history is made of and where it goes; of all replicas the one whose `turn` it is writes."""

    store: Store
    clock: Clock
    calendar: SessionCalendar
    loader: MarketLoader
    turn: Turn


class GateHistory:
    """A component of the scanner room."""

    name = "gate-history"

    def __init__(self, sources: HistorySources, parameters: GateParameters) -> None:
        """Keep the collaborators; nothing is read before `run` or `fill`."""
        self._from = sources
        self._parameters = parameters
        self._version = gate_version(parameters)
        self._filled: object = None

    async def run(self) -> None:
        """Fill again whenever bars, indices or instruments have changed, until cancelled."""
        await self._from.clock.sleep_machine(_START_S)
        while True:
            try:
                await self._look()
            except (StoreUnusable, DataMissing) as error:
                log.warning("gate_history_failed", why=str(error))
            await self._from.clock.sleep_machine(_LOOK_S)

    async def fill(self) -> int:
        """Compute the sessions that have no gate, an incomplete one, or one of other rules.

        Returns:
            How many were written.

        Raises:
            StoreUnusable: The store does not answer.
            DataMissing: The calendar does not reach back far enough.
        """
        until = newest_closed(self._from.clock.market_now(), self._from.calendar)
        async with self._from.store.read() as uow:
            series = {index: await uow.indices.newest(index, limit=_ALL, until=until) for index in GATE_INDICES}
            sessions = self._sessions(series)
            known = await uow.gates.at([session.closes for session in sessions])
        wanted = [session for session in sessions if self._is_wanted(known.get(session.closes))]
        written = 0
        for block in reversed(list(_blocks(wanted))):  # the newest sessions are asked for first
            written += await self._fill(block, series, known)
        if written:
            log.info("gate_history_filled", sessions=written)
        return written

    async def _look(self) -> None:
        async with self._from.store.read() as uow:
            counters = await uow.meta.generations()
        found = tuple(counters.get(name, 0) for name in _FACTS)
        if found != self._filled and await self._from.turn.is_ours():
            await self.fill()
            self._filled = found

    def _sessions(self, series: IndexSeries) -> list[Session]:
        days = sorted({bar.day for bars in series.values() for bar in bars[FIRST_AFTER - 1 :]})
        found = [self._from.calendar.session(day) for day in days]
        return [session for session in found if isinstance(session, Session)]

    def _is_wanted(self, record: GateRecord | None) -> bool:
        if record is None:
            return True
        reading = json.loads(record.reading)
        return bool(reading.get("missing")) or reading.get("ruleVersion") != self._version

    async def _fill(self, block: Sequence[Session], series: IndexSeries, known: Mapping[datetime, GateRecord]) -> int:
        history = await self._history(block[0].day, block[-1].day)
        read = await asyncio.to_thread(_readings, history, block, series, self._parameters)
        records = [self._record(session, market) for session, market in zip(block, read, strict=True)]
        changed = [record for record in records if not _is_same(record, known.get(record.gate_time))]
        async with self._from.store.begin() as uow:
            for record in changed:
                await uow.gates.save(record)
        return len(changed)

    async def _history(self, first: date, last: date) -> MarketHistory | None:
        """The market of those days; None when the store has no bars up to the last of them."""
        async with self._from.store.read() as uow:
            if await uow.bars.newest_date(last) is None:
                return None
        return (await self._from.loader.stretch(first, last, until=last)).history

    def _record(self, session: Session, market: MarketReading) -> GateRecord:
        real = self._from.store.origin is Origin.REAL
        stamp = GateStamp(
            session=session.day,
            quality=Quality.CLOSED if real else Quality.SIMULATED,
            exchange_time=session.closes,
            receive_time=self._from.clock.market_now(),
            rule_version=self._version,
        )
        return gate_record(gate_message(market, market.reading.colour, stamp), session.closes)


def _is_same(record: GateRecord, known: GateRecord | None) -> bool:
    """Whether two records say the same but for the moment at which they were made."""
    if known is None:
        return False
    new, old = json.loads(record.reading), json.loads(known.reading)
    return {**new, "receiveTime": ""} == {**old, "receiveTime": ""}


def _blocks(sessions: Sequence[Session]) -> Iterator[Sequence[Session]]:
    block: list[Session] = []
    for session in sessions:
        if block and (len(block) == _TOGETHER or session.day - block[-1].day > _APART):
            yield block
            block = []
        block.append(session)
    if block:
        yield block


def _readings(
    history: MarketHistory | None, sessions: Sequence[Session], series: IndexSeries, parameters: GateParameters
) -> list[MarketReading]:
    breadth = None if history is None else DailyBreadth.of(history)
    return [
        market_reading(
            {index: closes_of(bars) for index, found in series.items() if (bars := _until(found, session))},
            None if breadth is None else breadth.share(session.day),
            parameters,
        )
        for session in sessions
    ]


def _until(bars: Sequence[IndexBar], session: Session) -> Sequence[IndexBar]:
    """The bars that the gate of a session looks at; empty when the index has none of that session."""
    place = bisect_left(bars, session.day, key=lambda bar: bar.day)
    there = place < len(bars) and bars[place].day == session.day
    return bars[max(place + 1 - WINDOW, 0) : place + 1] if there else ()

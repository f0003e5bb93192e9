"""Publishes what fired on trades: each hit becomes a candidate of its kind, sent at once and again after a failure."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

import grpc
import structlog
from kstock.signal.v1 import signal_service_pb2, signal_service_pb2_grpc

from servers.scanner.intraday import IntradayRule
from servers.scanner.turn import Turn
from shared.clock import Clock
from shared.market.errors import KStockError
from shared.market.instrument import Ticker
from shared.market.signal import Candidate, Signal, SignalKind
from shared.rpc.errors import domain_errors
from shared.rpc.messages.enums import SIGNAL_KIND
from shared.rpc.messages.signals import candidate_message
from shared.rpc.messages.times import local_date_message
from shared.store.store import Store

log = structlog.get_logger(__name__)

INTRADAY_KINDS = (SignalKind.DISPARITY, SignalKind.DROP, SignalKind.SURGE)

_TOGETHER = 300  # candidates in one request, well below its limit of 1 MiB
_RETRY_S = 2.0
_USEFUL = timedelta(minutes=10)  # a hit that could not be told within the cooldown of its rule is old news


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    candidate: Candidate
    since: datetime


class HitPublisher:
    """Takes candidates without waiting and brings them to the signal room; a component."""

    name = "intraday-publishing"

    def __init__(self, signals: grpc.aio.Channel, *, store: Store, clock: Clock, turn: Turn) -> None:
        """Keep the collaborators; of all replicas the one whose `turn` it is publishes."""
        self._signals = signal_service_pb2_grpc.SignalServiceStub(signals)
        self._store = store
        self._clock = clock
        self._turn = turn
        self._waiting: dict[tuple[SignalKind, Ticker], _Waiting] = {}
        self._more = asyncio.Event()
        self._failing = False

    def put(self, candidate: Candidate) -> None:
        """Publish this soon; until then a newer one of the same kind and ticker takes its place, unless it says less."""
        key = candidate.kind, candidate.ticker
        before = self._waiting.get(key)
        if before is None or may_replace(before.candidate.setup, candidate.setup):
            self._waiting[key] = _Waiting(candidate=candidate, since=self._clock.market_now())
            self._more.set()

    async def run(self) -> None:
        """Publish until cancelled."""
        try:
            while True:
                await self._more.wait()
                self._more.clear()
                await self.publish()
                if self._waiting:
                    self._more.set()
                    await self._clock.sleep_machine(_RETRY_S if self._failing else 0.0)
        finally:
            await self._turn.give_back()

    async def publish(self) -> None:
        """Publish what is waiting; what fails waits on while it is news."""
        taken, self._waiting = self._waiting, {}
        if not taken or not await self._turn.is_ours():
            return
        setups = {(one.candidate.kind, one.candidate.ticker): one.candidate.setup for one in await self.active()}
        wanted = [one for key, one in taken.items() if key not in setups or may_replace(setups[key], one.candidate.setup)]
        wanted.sort(key=_order)
        self._failing = False
        for _, group in groupby(wanted, key=_order):
            some = list(group)
            for start in range(0, len(some), _TOGETHER):
                await self._send(some[start : start + _TOGETHER])

    async def active(self) -> list[Signal]:
        """Open signals of the kinds that trades can fire."""
        async with self._store.read() as uow:
            return [signal for kind in INTRADAY_KINDS for signal in await uow.signals.active(kind)]

    async def _send(self, some: list[_Waiting]) -> None:
        first = some[0].candidate
        request = signal_service_pb2.PublishSignalsRequest(
            kind=SIGNAL_KIND.to_wire(first.kind),
            as_of=local_date_message(first.as_of),
            candidates=[candidate_message(one.candidate) for one in some],
            complete=False,
        )
        try:
            with domain_errors():
                await self._signals.PublishSignals(request)
        except KStockError as error:
            self._failing = True
            self._keep(some)
            log.warning("hits_not_published", kind=first.kind, count=len(some), why=str(error))

    def _keep(self, some: Iterable[_Waiting]) -> None:
        now = self._clock.market_now()
        for one in some:
            if now - one.since < _USEFUL:
                self._waiting.setdefault((one.candidate.kind, one.candidate.ticker), one)


def may_replace(setup: str, newer: str) -> bool:
    """Whether a notice may take the place of what is known of a ticker.

    Nearness gives way to everything, other notices to their like, and a daily verdict, which has a plan, to nothing.
    """
    return setup in (IntradayRule.PROXIMITY, newer)


def _order(one: _Waiting) -> tuple[str, int]:
    return one.candidate.kind, one.candidate.as_of.toordinal()

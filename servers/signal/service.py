"""SignalService: published signals, their events, and the streams that follow them."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta

import grpc
from kstock.signal.v1 import signal_service_pb2

from servers.signal.event_log import EventLog
from servers.signal.outcome import with_outcome
from servers.signal.publishing import Effect
from servers.signal.requests import KEY_TYPES, ORDERS, read_filter, read_kinds, read_tickers, read_verdicts, read_watch
from servers.signal.scoreboard import Scoreboards, read_scoreboard
from servers.signal.tail import EventTail
from servers.signal.watch import Watch
from shared.clock import Clock
from shared.market.errors import InvalidInput
from shared.market.times import kst_date
from shared.rpc.call import current_principal
from shared.rpc.messages.signals import signal_event_message, signal_message
from shared.rpc.messages.times import timestamp_message
from shared.rpc.paging import next_page_token, page_cursor, page_size
from shared.store.repositories.signal_events import EventFilter
from shared.store.repositories.signals import SignalOrder, signal_key
from shared.store.store import Store

_Context = grpc.aio.ServicerContext[object, object]

_EFFECTS = {
    Effect.OPENED: signal_service_pb2.PUBLISH_EFFECT_OPENED,
    Effect.REVISED: signal_service_pb2.PUBLISH_EFFECT_REVISED,
    Effect.KEPT: signal_service_pb2.PUBLISH_EFFECT_KEPT,
    Effect.CLOSED: signal_service_pb2.PUBLISH_EFFECT_CLOSED,
}
_LIFETIME_S = 3600.0
_LIFETIME_SPREAD = 0.1
_RECONNECT_S = 5.0


class SignalService:
    """Answers `kstock.signal.v1.SignalService`."""

    def __init__(self, store: Store, log: EventLog, tail: EventTail, clock: Clock) -> None:
        """Keep the collaborators; `tail` must be running for watches to be live."""
        self._store = store
        self._log = log
        self._tail = tail
        self._clock = clock
        self._scoreboards = Scoreboards(store, log.calendar)
        self._watches: dict[str, Watch] = {}
        self._none_left = asyncio.Event()
        self._none_left.set()

    async def WatchSignals(  # noqa: N802  # the name of the RPC
        self, request: signal_service_pb2.WatchSignalsRequest, _context: _Context
    ) -> AsyncIterator[signal_service_pb2.WatchSignalsResponse]:
        """Replay, then live; ends by itself after about an hour so that replicas rebalance."""
        options = read_watch(request)
        watch = Watch(self._log, self._tail, self._clock, options, principal=current_principal().name)
        self._watches[watch.stream_id] = watch
        self._none_left.clear()
        lifetime = _LIFETIME_S * random.uniform(1 - _LIFETIME_SPREAD, 1 + _LIFETIME_SPREAD)
        ending = asyncio.get_running_loop().call_later(lifetime, watch.end, "MAX_AGE", _reconnect_after())
        try:
            async for response in watch.responses():
                yield response
        finally:
            ending.cancel()
            del self._watches[watch.stream_id]
            if not self._watches:
                self._none_left.set()

    async def GetSignal(  # noqa: N802
        self, request: signal_service_pb2.GetSignalRequest, _context: _Context
    ) -> signal_service_pb2.GetSignalResponse:
        """One signal."""
        if not request.signal_id:
            raise InvalidInput("signal_id", "is empty; ListSignals gives ids")
        async with self._store.read() as uow:
            signal = await uow.signals.get(request.signal_id)
            outcomes = await uow.outcomes.of_plans([signal.signal_id])
        return signal_service_pb2.GetSignalResponse(signal=with_outcome(signal_message(signal), outcomes))

    async def ListSignals(  # noqa: N802
        self, request: signal_service_pb2.ListSignalsRequest, _context: _Context
    ) -> signal_service_pb2.ListSignalsResponse:
        """A page of signals."""
        chosen, size = read_filter(request, today=kst_date(self._clock.market_now())), page_size(request)
        order = ORDERS[request.order] if request.HasField("order") else SignalOrder.SCORE
        after = page_cursor(request, KEY_TYPES[order])
        async with self._store.read() as uow:
            found = await uow.signals.page(chosen, order=order, after=after, limit=size + 1)
            total = await uow.signals.count(chosen)
            outcomes = await uow.outcomes.of_plans([signal.signal_id for signal in found])
        page = found[:size]
        return signal_service_pb2.ListSignalsResponse(
            signals=[with_outcome(signal_message(signal), outcomes) for signal in page],
            next_page_token=next_page_token(request, signal_key(page[-1], order)) if len(found) > size else "",
            total_count=total,
            market_time=timestamp_message(self._clock.market_now()),
        )

    async def ListSignalEvents(  # noqa: N802
        self, request: signal_service_pb2.ListSignalEventsRequest, _context: _Context
    ) -> signal_service_pb2.ListSignalEventsResponse:
        """A page of the log, oldest first."""
        chosen = EventFilter(
            kinds=read_kinds(request.kinds), tickers=read_tickers(request.ticker), signal_id=request.signal_id
        )
        size, cursor = page_size(request), page_cursor(request, (int,))
        after = int(cursor[0]) if cursor else request.after_event_id
        async with self._store.read() as uow:
            position = await uow.signal_events.position()
            found = await uow.signal_events.page(chosen, after=after, limit=size + 1)
        page = found[:size]
        return signal_service_pb2.ListSignalEventsResponse(
            events=[signal_event_message(event) for event in page],
            next_page_token=next_page_token(request, (page[-1].event_id,)) if len(found) > size else "",
            epoch=position.epoch,
            earliest_event_id=position.earliest_event_id if position.last_event_id else 0,
            newest_event_id=position.last_event_id,
        )

    async def GetScoreboard(  # noqa: N802
        self, request: signal_service_pb2.GetScoreboardRequest, _context: _Context
    ) -> signal_service_pb2.GetScoreboardResponse:
        """Realised outcomes beside their base rate, of the live signals or of a backtest."""
        wish = read_scoreboard(request)
        if request.backtest_run_id:
            return await self._scoreboards.of_backtest(request.backtest_run_id, wish)
        if request.newest_backtests:
            return await self._scoreboards.of_newest_backtests(wish, kst_date(self._clock.market_now()))
        return await self._scoreboards.live(wish)

    async def PublishSignals(  # noqa: N802
        self, request: signal_service_pb2.PublishSignalsRequest, _context: _Context
    ) -> signal_service_pb2.PublishSignalsResponse:
        """All verdicts of one scan in one transaction."""
        published = await self._log.publish(*read_verdicts(request))
        return signal_service_pb2.PublishSignalsResponse(
            signals=[
                signal_service_pb2.PublishedSignal(
                    signal_id=decision.signal.signal_id,
                    ticker=decision.signal.candidate.ticker,
                    effect=_EFFECTS[decision.effect],
                    event_id=event_id,
                )
                for decision, event_id in zip(published.decisions, published.event_ids, strict=True)
            ],
            newest_event_id=published.newest_event_id,
        )

    async def drain(self) -> None:
        """Say goodbye on every watch and return when all have ended."""
        for watch in self._watches.values():
            watch.end("DRAIN", _reconnect_after())
        await self._none_left.wait()

    @property
    def watches(self) -> tuple[Watch, ...]:
        """The open streams, for operators."""
        return tuple(self._watches.values())


def _reconnect_after() -> timedelta:
    return timedelta(seconds=random.uniform(0, _RECONNECT_S))

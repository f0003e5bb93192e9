"""What the bus says of the running session: newest trade of every ticker, levels of the indices, state of the feed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from google.protobuf.timestamp_pb2 import Timestamp
from kstock.common.v1 import market_index_pb2, quote_pb2

from shared.bus.base import BusBatch, BusEntry, BusUnavailable, EventBus
from shared.clock import Clock, ClockMode
from shared.market.errors import InvalidInput
from shared.market.sessions import Session, SessionCalendar
from shared.market.times import kst_date
from shared.market.topic import FeedStatusTopic, MarketIndex
from shared.rpc.messages.chunks import read_chunk
from shared.rpc.messages.enums import MARKET_INDEX

log = structlog.get_logger(__name__)

CLOSING_PRINTS = timedelta(minutes=5)
"""The closing auction is matched up to half a minute after the close; nothing else trades in the ten minutes behind it."""

_AHEAD = timedelta(seconds=5)  # the exchange's clock and ours do not agree to the second
_EVER = 2**62
_RETRY_S = 1.0
_PRICES, _INDICES, _FEED = "price:", "market:", str(FeedStatusTopic())
_REHEARSALS = frozenset({ClockMode.FIXED, ClockMode.REPLAY})


class TradeListener(Protocol):
    """Whoever wants every trade of the running session."""

    def on_trades(self, quotes: Sequence[quote_pb2.Quote]) -> None:
        """Take trades in the order in which they came; it must not take long, for the next ones wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hours:
    """A session's trades in whole seconds since 1970: from the opening to the last closing print."""

    session: Session
    first: int
    last: int

    @classmethod
    def of(cls, session: Session) -> "_Hours":
        last = session.closes + CLOSING_PRINTS
        return cls(session=session, first=int(session.opens.timestamp()), last=int(last.timestamp()))


class LivePrices:
    """Follows the bus; a component. What is from another session than market time's own is left out.

    Attributes:
        quotes: Newest trade of each ticker that has traded in the running session, all venues together.
        levels: Newest level of each index in the running session.
        newest: Exchange time of the newest of them; empty while there are none.
        revision: Rises with everything that changes.
        feed_is_stale: Whether the feed itself says that it has nothing but old prices.
    """

    name = "scanner-prices"

    def __init__(self, bus: EventBus, clock: Clock, calendar: SessionCalendar) -> None:
        """Keep the collaborators; nothing is followed before `run`."""
        self._bus = bus
        self._clock = clock
        self._calendar = calendar
        self._listeners: list[TradeListener] = []
        self._seen: dict[str, tuple[str, int]] = {}
        self._hours: _Hours | None = None
        self._known_until = _EVER
        self.quotes: dict[str, quote_pb2.Quote] = {}
        self.levels: dict[MarketIndex, market_index_pb2.IndexLevel] = {}
        self.newest = Timestamp()
        self.revision = 0
        self.feed_is_stale = False

    def listen(self, listener: TradeListener) -> None:
        """Hand all further trades to `listener` as well."""
        self._listeners.append(listener)

    @property
    def session(self) -> Session | None:
        """The session that `quotes` and `levels` are of: today's, once it has opened; None on other days and before."""
        self._turn_page()
        return None if self._hours is None else self._hours.session

    async def run(self) -> None:
        """Follow the bus until cancelled."""
        async with self._bus.subscribe() as batches:
            async for batch in batches:
                self.take(batch.entries if not batch.reload else await self._everything(batch))

    def take(self, entries: Iterable[BusEntry]) -> None:
        """Take values as they come off the bus; a value that is known already, or older, is passed over."""
        self._turn_page()
        trades: list[quote_pb2.Quote] = []
        for entry in entries:
            seen = self._seen.get(entry.topic)
            if seen is None or seen[0] != entry.epoch or seen[1] < entry.seq:
                self._seen[entry.topic] = (entry.epoch, entry.seq)
                try:
                    self._read(entry, trades)
                except InvalidInput as error:
                    log.warning("value_unreadable", topic=entry.topic, why=error.why)
        if trades:
            self.revision += 1
            for listener in self._listeners:
                listener.on_trades(trades)

    def _read(self, entry: BusEntry, trades: list[quote_pb2.Quote]) -> None:
        if entry.topic.startswith(_PRICES):
            if "@" not in entry.topic:
                for quote in read_chunk(entry.chunk).quotes:
                    self._read_quote(quote, trades)
        elif entry.topic.startswith(_INDICES):
            for level in read_chunk(entry.chunk).indices:
                self._read_level(level)
        elif entry.topic == _FEED:
            states = read_chunk(entry.chunk).feed_statuses
            self.feed_is_stale = all(state.quality == quote_pb2.QUALITY_STALE for state in states)

    def _read_quote(self, quote: quote_pb2.Quote, trades: list[quote_pb2.Quote]) -> None:
        # Without volume it is a price before the first trade, whatever its time says.
        if quote.volume_shares > 0 and quote.price_krw > 0 and self._is_of_session(quote.exchange_time):
            self.quotes[quote.ticker] = quote
            self._note(quote.exchange_time)
            trades.append(quote)

    def _read_level(self, level: market_index_pb2.IndexLevel) -> None:
        index = MARKET_INDEX.get(level.index)
        if index is not None and self._is_of_session(level.exchange_time):
            self.levels[index] = level
            self._note(level.exchange_time)
            self.revision += 1

    def _note(self, moment: Timestamp) -> None:
        newest = self.newest
        if moment.seconds > newest.seconds or (moment.seconds == newest.seconds and moment.nanos > newest.nanos):
            self.newest = moment

    def _is_of_session(self, moment: Timestamp) -> bool:
        return self._hours is not None and self._hours.first <= moment.seconds <= min(self._hours.last, self._known_until)

    def _turn_page(self) -> None:
        """Forget the session before as soon as another day has begun, and open today's with its bell."""
        now = self._clock.market_now()
        self._known_until = int(now.timestamp()) if self._clock.mode in _REHEARSALS else _EVER
        today = self._session_at(now)
        if today != (None if self._hours is None else self._hours.session):
            self._hours = None if today is None else _Hours.of(today)
            self.quotes.clear()
            self.levels.clear()
            self.newest = Timestamp()
            self.revision += 1

    def _session_at(self, now: datetime) -> Session | None:
        day = self._calendar.session(kst_date(now))
        return day if isinstance(day, Session) and day.opens <= now + _AHEAD else None

    async def _everything(self, batch: BusBatch) -> Sequence[BusEntry]:
        """All latest values, then what the batch brought; asked for until the bus answers."""
        while True:
            try:
                return [*(await self._bus.latest()).values(), *batch.entries]
            except BusUnavailable as error:
                log.warning("bus_reload_failed", why=error.why)
                await self._clock.sleep_machine(_RETRY_S)

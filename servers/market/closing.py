"""The closing prices of the session that ended last, kept from the stream until the official bars have come."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from kstock.common.v1 import quote_pb2

from servers.market.horizon import LIVE_QUALITIES
from shared.bus.base import FEED_LEASE, BusUnavailable, EventBus
from shared.clock import Clock
from shared.market.instrument import Ticker
from shared.market.quote import Quality
from shared.market.sessions import Session, SessionCalendar
from shared.rpc.messages.chunks import read_chunk
from shared.rpc.messages.enums import QUALITY
from shared.rpc.messages.times import read_timestamp, timestamp_message

log = structlog.get_logger(__name__)

CLOSING_PRINTS = timedelta(minutes=1)
"""The closing auction is matched up to half a minute after the close; after-hours trading begins ten minutes after it."""

_CHANNEL = "market:session-closed"
_LIVE = frozenset(QUALITY.to_wire(quality) for quality in LIVE_QUALITIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """What closing a session came to: instruments with a closing price, values dropped here, replicas told."""

    kept: int
    dropped: int
    replicas: int


class ClosingPrices:
    """Keeps them in memory, in every replica of the room; a component.

    Without this the last trade would be told as a live price until the official bars come, and be lost with the feed. Trades
    after hours are newer and told as such. What a restart forgets, the official bars bring back ten minutes after the close.
    """

    name = "closing-prices"

    def __init__(self, bus: EventBus, clock: Clock, calendar: SessionCalendar, *, forget: Callable[[], int]) -> None:
        """Keep the collaborators.

        Args:
            bus: Has the newest prices, and tells the other replicas.
            clock: Market time.
            calendar: Knows the session of a day.
            forget: Drops what is cached in this replica; returns how many values that were.
        """
        self._bus = bus
        self._clock = clock
        self._calendar = calendar
        self._forget = forget
        self._day: date | None = None
        self._prices: dict[Ticker, quote_pb2.Quote] = {}

    def of(self, day: date) -> Mapping[Ticker, quote_pb2.Quote]:
        """Closing prices of a session's day; empty unless it is the one that was closed last."""
        return self._prices if day == self._day else {}

    async def close(self, session: Session) -> Closed:
        """Keep the prices of a session that has just ended, here and in the other replicas, once the closing prints are in.

        Raises:
            BusUnavailable: The bus does not answer.
        """
        await self._clock.sleep_market_until(session.closes + CLOSING_PRINTS)
        dropped = await self._take(session)
        heard = await self._bus.send_control(_CHANNEL, session.day.isoformat().encode())
        return Closed(kept=len(self._prices), dropped=dropped, replicas=max(1, heard))

    async def run(self) -> None:
        """Listen to the replica that closes a session, until cancelled."""
        async with self._bus.listen_control(_CHANNEL) as inbox:
            async for message in inbox:
                try:
                    await self._take_day(message.payload)
                except (ValueError, BusUnavailable) as error:
                    log.warning("closing_prices_not_kept", why=str(error))

    async def _take_day(self, payload: bytes) -> None:
        session = self._calendar.session(date.fromisoformat(payload.decode()))
        if isinstance(session, Session) and session.day != self._day:
            await self._take(session)

    async def _take(self, session: Session) -> int:
        prices: dict[Ticker, quote_pb2.Quote] = {}
        if await self._bus.lease_owner(FEED_LEASE) is not None:  # without a feed the newest prices may be hours old
            for topic, entry in (await self._bus.latest()).items():
                if topic.startswith("price:") and "@" not in topic:
                    quote = read_chunk(entry.chunk).quotes[0]
                    if _is_of(session, read_timestamp(quote.exchange_time)) and quote.volume_shares:
                        prices[Ticker(quote.ticker)] = _closing(quote, session.closes)
        self._prices, self._day = prices, session.day
        return self._forget()


def _is_of(session: Session, moment: datetime) -> bool:
    return session.opens <= moment <= session.closes + CLOSING_PRINTS


def _closing(quote: quote_pb2.Quote, closes: datetime) -> quote_pb2.Quote:
    """The last price as the price of the close; what was never live stays what it is, e.g. replayed."""
    if quote.quality in _LIVE:
        quote.quality = QUALITY.to_wire(Quality.CLOSED)
    quote.exchange_time.CopyFrom(timestamp_message(closes))
    return quote

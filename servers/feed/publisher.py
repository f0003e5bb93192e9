"""The one way by which prices get onto the bus: accepted, numbered per topic, encoded once."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import structlog

from servers.feed.acceptance import Acceptance
from servers.feed.encoding import index_chunk, quote_chunk, status_chunk
from servers.feed.status import FeedStatus
from shared.bus.base import FEED_PUBLISHER, BusEntry, BusUnavailable, EventBus, new_epoch
from shared.market.index_level import IndexLevel
from shared.market.quote import Quote
from shared.market.topic import FeedStatusTopic, IndexTopic, PriceTopic, Topic

log = structlog.get_logger()

_TOGETHER = 250
_Value = TypeVar("_Value")


class Publisher:
    """Publishes the values of the feed within one epoch; `start` begins it. Calls must not overlap.

    A bus that is out of reach is waited out: it keeps the newest value of each topic and sends it with the next call.
    Another owner of the feed ends this one: every call then raises `EpochSuperseded`.
    """

    def __init__(self, bus: EventBus) -> None:
        self._bus = bus
        self._epoch = new_epoch(FEED_PUBLISHER)
        self._acceptance = Acceptance()
        self._numbers: dict[str, int] = {}
        self._bus_is_lost = False

    @property
    def epoch(self) -> str:
        """The epoch within which topics are numbered."""
        return self._epoch

    async def start(self) -> None:
        """Take over from earlier publishers.

        Raises:
            BusUnavailable: The bus does not answer.
        """
        await self._bus.begin_epoch(self._epoch)

    async def publish_quotes(self, quotes: Iterable[Quote]) -> int:
        """Publish the quotes that are news.

        Returns:
            How many were.

        Raises:
            EpochSuperseded: Somebody else owns the feed now.
        """
        accepted = [quote for quote in quotes if self._acceptance.take(quote)]
        for start in range(0, max(1, len(accepted)), _TOGETHER):
            some = accepted[start : start + _TOGETHER]
            await self._publish([self._entry(PriceTopic(quote.ticker, quote.venue), quote_chunk, quote) for quote in some])
            await asyncio.sleep(0)  # a whole market at once must not hold up the streams
        return len(accepted)

    async def publish_indices(self, levels: Iterable[IndexLevel]) -> None:
        """Publish index levels.

        Raises:
            EpochSuperseded: Somebody else owns the feed now.
        """
        await self._publish([self._entry(IndexTopic(level.index), index_chunk, level) for level in levels])

    async def publish_status(self, status: FeedStatus) -> None:
        """Publish a change of the feed's own state, and log it.

        Raises:
            EpochSuperseded: Somebody else owns the feed now.
        """
        log.info("feed_state", feed=status.feed, state=status.state, reason=status.reason)
        await self._publish([self._entry(FeedStatusTopic(), status_chunk, status)])

    def _entry(self, topic: Topic, encode: Callable[[_Value, int], bytes], value: _Value) -> BusEntry:
        name = str(topic)
        number = self._numbers[name] = self._numbers.get(name, 0) + 1
        return BusEntry(topic=name, epoch=self._epoch, seq=number, chunk=encode(value, number))

    async def _publish(self, entries: Sequence[BusEntry]) -> None:
        if not entries and not self._bus_is_lost:
            return
        try:
            await self._bus.publish(entries)
        except BusUnavailable as error:
            if not self._bus_is_lost:
                log.warning("feed_bus_lost", why=error.why)
            self._bus_is_lost = True
            return
        if self._bus_is_lost:
            log.info("feed_bus_recovered")
        self._bus_is_lost = False

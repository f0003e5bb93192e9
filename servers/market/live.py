"""Latest values of the bus, as far as market time and the state of the feed let them stand."""

from collections.abc import Collection, Iterable

from google.protobuf.timestamp_pb2 import Timestamp
from kstock.common.v1 import market_gate_pb2, market_index_pb2, quote_pb2

from servers.market.horizon import LIVE_QUALITIES, Horizon
from shared.bus.base import FEED_LEASE, EventBus
from shared.clock import ClockMode
from shared.market.instrument import Ticker
from shared.market.quote import Quality, Venue
from shared.market.topic import IndexTopic, MarketGateTopic, MarketIndex, PriceTopic
from shared.rpc.messages.chunks import read_chunk
from shared.rpc.messages.enums import QUALITY
from shared.rpc.messages.times import read_timestamp

_LIVE_NUMBERS = frozenset(QUALITY.to_wire(quality) for quality in LIVE_QUALITIES)


class LiveValues:
    """What the stream says now."""

    def __init__(self, bus: EventBus, horizon: Horizon) -> None:
        """Keep the collaborators."""
        self._bus = bus
        self._horizon = horizon

    async def quotes(self, tickers: Collection[Ticker], venue: Venue) -> dict[Ticker, quote_pb2.Quote]:
        """Newest streamed quotes of the tickers that have one.

        Raises:
            BusUnavailable: The bus does not answer.
        """
        topics = {str(PriceTopic(ticker, venue)): ticker for ticker in tickers}
        entries = await self._bus.latest(topics)
        found = {topics[topic]: read_chunk(entry.chunk).quotes[0] for topic, entry in entries.items()}
        known = {ticker: quote for ticker, quote in found.items() if self._is_known(quote.exchange_time)}
        await self._settle(known.values())
        return known

    async def levels(self, indices: Collection[MarketIndex]) -> dict[MarketIndex, market_index_pb2.IndexLevel]:
        """Newest streamed levels of the indices that have one.

        Raises:
            BusUnavailable: The bus does not answer.
        """
        topics = {str(IndexTopic(index)): index for index in indices}
        entries = await self._bus.latest(topics)
        found = {topics[topic]: read_chunk(entry.chunk).indices[0] for topic, entry in entries.items()}
        known = {index: level for index, level in found.items() if self._is_known(level.exchange_time)}
        await self._settle(known.values())
        return known

    async def gate(self) -> market_gate_pb2.MarketGate | None:
        """The streamed market gate; None without one.

        Raises:
            BusUnavailable: The bus does not answer.
        """
        topic = str(MarketGateTopic())
        entry = (await self._bus.latest([topic])).get(topic)
        if entry is None:
            return None
        gate = read_chunk(entry.chunk).gates[0]
        return gate if self._is_known(gate.exchange_time) else None

    def _is_known(self, exchange_time: Timestamp) -> bool:
        # On the wall's time a broker's clock may be a second ahead; only a rehearsal can know the future.
        wall = self._horizon.mode in {ClockMode.WALL, ClockMode.SIMULATED}
        return wall or read_timestamp(exchange_time) <= self._horizon.now

    async def _settle(self, values: Iterable[quote_pb2.Quote | market_index_pb2.IndexLevel]) -> None:
        """Nobody publishes while the feed's lease is free: live prices are stale then."""
        live = [value for value in values if value.quality in _LIVE_NUMBERS]
        if not live:
            return
        abandoned = await self._bus.lease_owner(FEED_LEASE) is None
        for value in live:
            quality = QUALITY.from_wire(value.quality, "quality")
            value.quality = QUALITY.to_wire(Quality.STALE if abandoned else self._horizon.shown_quality(quality))

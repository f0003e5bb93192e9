"""GetMarketGate: the scanner's newest reading, from the stream or the store."""

from datetime import date

from google.protobuf.json_format import Parse, ParseError
from kstock.common.v1 import market_gate_pb2
from kstock.market.v1 import market_service_pb2 as wire

from servers.market.horizon import Horizon
from servers.market.live import LiveValues
from shared.market.errors import NotFound, StoreUnusable
from shared.market.times import end_of_day
from shared.rpc.messages.times import optional_date
from shared.store.repositories.gates import GateRecord
from shared.store.store import Store


class GateDesk:
    """Answers GetMarketGate. The store keeps a reading as the JSON form of the message `MarketGate`."""

    def __init__(self, store: Store, live: LiveValues, horizon: Horizon) -> None:
        """Keep the collaborators."""
        self._store = store
        self._live = live
        self._horizon = horizon

    async def gate(self, request: wire.GetMarketGateRequest) -> wire.GetMarketGateResponse:
        """The gate of a day, or the newest.

        Raises:
            NotFound: No reading is known.
            BusUnavailable: The bus does not answer.
        """
        day = optional_date(request, "as_of")
        if day is None:
            streamed = await self._live.gate()
            if streamed is not None:
                return wire.GetMarketGateResponse(gate=streamed)
        return wire.GetMarketGateResponse(gate=_read(await self._stored(day), self._store.place))

    async def _stored(self, day: date | None) -> GateRecord:
        until = self._horizon.now if day is None else min(end_of_day(day), self._horizon.now)
        async with self._store.read() as uow:
            found = await uow.gates.newest(until)
        if not found or day not in {None, found[0].as_of}:
            raise NotFound("MARKET_GATE", "newest" if day is None else day.isoformat())
        return found[0]


def _read(record: GateRecord, place: str) -> market_gate_pb2.MarketGate:
    try:
        return Parse(record.reading, market_gate_pb2.MarketGate(), ignore_unknown_fields=True)
    except ParseError as error:
        raise StoreUnusable(f"{place} holds a market gate that cannot be read; scan again") from error

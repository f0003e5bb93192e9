"""Keeps the market gate current: read once a second, published as it moves, stored as it changes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from google.protobuf.json_format import Parse
from kstock.common.v1 import market_gate_pb2

from servers.scanner.gate_message import gate_record
from servers.scanner.gate_reader import GateNow, GateReader
from servers.scanner.turn import Turn
from shared.bus.base import GATE_PUBLISHER, BusEntry, BusUnavailable, EpochSuperseded, EventBus, new_epoch
from shared.clock import Clock, ClockMode
from shared.market.errors import StoreUnusable
from shared.market.topic import MarketGateTopic
from shared.rpc.messages.chunks import update_chunk
from shared.store.store import Store

log = structlog.get_logger(__name__)

_LOOK_S = 1.0
_STORED_EVERY = timedelta(minutes=1)
_TOPIC = str(MarketGateTopic())
_TIMES = ("exchange_time", "receive_time", "topic_seq")


@dataclass(frozen=True, slots=True, kw_only=True)
class GateTargets:
    """Where the gate goes. Of all replicas the one whose `turn` it is publishes and stores."""

    store: Store
    bus: EventBus
    clock: Clock
    turn: Turn


class GateKeeper:
    """A component of the scanner room.

    Attributes:
        current: The gate as this process last read it; None before the first reading and without bars.
    """

    name = "gate-keeper"

    def __init__(self, reader: GateReader, targets: GateTargets) -> None:
        """Keep the collaborators; nothing is read before `run`."""
        self._reader = reader
        self._to = targets
        self._epoch: str | None = None
        self._number = 0
        self._published: bytes = b""
        self._stored: tuple[datetime, bytes] | None = None
        self._lost = False
        self.current: GateNow | None = None

    async def run(self) -> None:
        """Keep the gate until cancelled."""
        try:
            while True:
                await self._survive()
                await self._to.clock.sleep_machine(_LOOK_S)
        finally:
            await self._to.turn.give_back()

    async def look(self) -> None:
        """Read the gate once, and publish and store what is new of it.

        Raises:
            StoreUnusable: The store does not answer.
        """
        self.current = await self._reader.look()
        if self.current is None:
            return
        if not await self._to.turn.is_ours():
            self._epoch = None
            return
        await self._publish(self.current)
        if self._to.clock.mode is not ClockMode.FIXED:
            await self._store(self.current)

    async def _survive(self) -> None:
        try:
            await self.look()
        except StoreUnusable as error:
            if not self._lost:
                log.warning("gate_store_lost", why=str(error))
            self._lost = True
        else:
            if self._lost:
                log.info("gate_store_back")
            self._lost = False

    async def _publish(self, gate: GateNow) -> None:
        content = _timeless(gate.message)
        if self._epoch is not None and content == self._published:
            return
        try:
            await self._send(gate.message)
        except BusUnavailable:
            self._published = b""  # the bus reports its own outage; this value goes out when it answers again
        except EpochSuperseded:
            log.warning("gate_superseded")
            self._epoch = None
            await self._to.turn.give_back()
        else:
            self._published = content

    async def _send(self, message: market_gate_pb2.MarketGate) -> None:
        if self._epoch is None:
            epoch = new_epoch(GATE_PUBLISHER)
            await self._to.bus.begin_epoch(epoch)
            self._epoch, self._number = epoch, 0
        self._number += 1
        numbered = market_gate_pb2.MarketGate()
        numbered.CopyFrom(message)
        numbered.topic_seq = self._number
        entry = BusEntry(topic=_TOPIC, epoch=self._epoch, seq=self._number, chunk=update_chunk(numbered))
        await self._to.bus.publish([entry])

    async def _store(self, gate: GateNow) -> None:
        """Within the session a change at most once a minute, under its moment; the final reading under the close."""
        at = gate.session.closes if gate.final else self._to.clock.market_now()
        content = _timeless(gate.message) if gate.final else _outline(gate.message)
        if self._stored == (at, content) or (not gate.final and self._is_soon_or_known(at, content)):
            return
        if not (gate.final and await self._is_stored(at, content)):
            async with self._to.store.begin() as uow:
                await uow.gates.save(gate_record(gate.message, at))
        self._stored = (at, content)

    def _is_soon_or_known(self, at: datetime, content: bytes) -> bool:
        return self._stored is not None and (at - self._stored[0] < _STORED_EVERY or content == self._stored[1])

    async def _is_stored(self, at: datetime, content: bytes) -> bool:
        async with self._to.store.read() as uow:
            found = await uow.gates.newest(at)
        if not found or found[0].gate_time != at:
            return False
        return _timeless(Parse(found[0].reading, market_gate_pb2.MarketGate(), ignore_unknown_fields=True)) == content


def _timeless(message: market_gate_pb2.MarketGate) -> bytes:
    """The message without the times and number that change even when nothing else does."""
    bare = market_gate_pb2.MarketGate()
    bare.CopyFrom(message)
    for field in _TIMES:
        bare.ClearField(field)
    return bare.SerializeToString(deterministic=True)


def _outline(message: market_gate_pb2.MarketGate) -> bytes:
    """Level, colour and parts in whole points: what must change within a session to be stored again."""
    parts = [(part.index, part.trend_points, part.today_points) for part in message.indices]
    told = (message.level, message.colour, message.raw_colour, parts, round(message.breadth_points), list(message.missing))
    return repr((message.as_of.day, told)).encode()

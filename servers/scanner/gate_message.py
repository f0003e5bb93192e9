"""The gate as it travels on the bus and lies in the store."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from google.protobuf.json_format import MessageToJson
from kstock.common.v1 import market_gate_pb2

from servers.scanner.gate import GateColour, GateParameters, change_word, today_points, trend_points
from servers.scanner.gate_facts import IndexFacts
from servers.scanner.gate_inputs import MarketReading
from shared.market.quote import Quality
from shared.market.topic import MarketIndex
from shared.rpc.messages.enums import MARKET_INDEX, QUALITY, EnumMap
from shared.rpc.messages.times import local_date_message, read_local_date, timestamp_message
from shared.store.repositories.gates import GateRecord

GATE_COLOUR = EnumMap(GateColour, market_gate_pb2.GateColour)

_CODE_VERSION = 1
"""Version of the gate's code; raise it with every change that can change a level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateStamp:
    """What a reading is about and how far its inputs can be trusted; times are UTC."""

    session: date
    quality: Quality
    exchange_time: datetime
    receive_time: datetime
    rule_version: str


def gate_version(parameters: GateParameters) -> str:
    """What a reading was made by, e.g. `gate-1-3f2a9c1d04`: equal borders give equal text."""
    canonical = json.dumps(asdict(parameters), sort_keys=True)
    return f"gate-{_CODE_VERSION}-{hashlib.sha256(canonical.encode()).hexdigest()[:10]}"


def gate_message(market: MarketReading, shown: GateColour, stamp: GateStamp) -> market_gate_pb2.MarketGate:
    """One reading as a message, not yet numbered.

    Args:
        market: The reading.
        shown: Its colour after hysteresis.
        stamp: Day, times, quality and version.
    """
    reading = market.reading
    breadth = next((part.points for part in reading.parts if part.name == "breadth"), None)
    return market_gate_pb2.MarketGate(
        level=reading.level,
        colour=GATE_COLOUR.to_wire(shown),
        raw_colour=GATE_COLOUR.to_wire(reading.colour),
        indices=_parts(market.indices),
        breadth_bps=None if reading.breadth is None else round(10_000 * reading.breadth),
        breadth_points=breadth,
        reasons=reading.reasons,
        missing=reading.missing,
        as_of=local_date_message(stamp.session),
        quality=QUALITY.to_wire(stamp.quality),
        exchange_time=timestamp_message(stamp.exchange_time),
        receive_time=timestamp_message(stamp.receive_time),
        rule_version=stamp.rule_version,
    )


def gate_record(message: market_gate_pb2.MarketGate, at: datetime) -> GateRecord:
    """A reading as the store keeps it, under the market time at which it was known."""
    return GateRecord(
        gate_time=at,
        as_of=read_local_date(message.as_of),
        level=message.level,
        colour=GATE_COLOUR.from_wire(message.colour, "colour"),
        reading=MessageToJson(message, indent=None),
    )


def _parts(indices: Mapping[MarketIndex, IndexFacts]) -> list[market_gate_pb2.GateIndexPart]:
    return [
        market_gate_pb2.GateIndexPart(
            index=MARKET_INDEX.to_wire(index),
            level_e2=round(100 * facts.close),
            change_bps=round(10_000 * facts.change),
            trend_points=trend_points(facts),
            today_points=today_points(facts.change),
            status=change_word(facts.change),
        )
        for index, facts in indices.items()
    ]

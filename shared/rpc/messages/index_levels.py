"""Index levels on the wire."""

from kstock.common.v1 import market_index_pb2

from shared.market.index_level import IndexLevel
from shared.rpc.messages.enums import MARKET_INDEX, QUALITY
from shared.rpc.messages.times import timestamp_message


def index_level_message(level: IndexLevel, *, topic_seq: int = 0) -> market_index_pb2.IndexLevel:
    """A level as it travels; `topic_seq` is its number in its topic, 0 when it did not come by the bus."""
    return market_index_pb2.IndexLevel(
        index=MARKET_INDEX.to_wire(level.index),
        topic_seq=topic_seq,
        level_e2=level.level_e2,
        change_e2=level.change_e2,
        change_bps=level.change_bps,
        open_e2=level.open_e2,
        high_e2=level.high_e2,
        low_e2=level.low_e2,
        volume_shares=level.volume_shares,
        turnover_krw=level.turnover_krw,
        quality=QUALITY.to_wire(level.quality),
        exchange_time=timestamp_message(level.exchange_time),
        receive_time=timestamp_message(level.receive_time),
        source=level.source,
    )

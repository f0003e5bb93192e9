"""Values of the feed as the chunks that price streams carry: encoded here once, shared by every subscriber."""

from kstock.common.v1 import feed_status_pb2

from servers.feed.status import FeedState, FeedStatus
from shared.market.index_level import IndexLevel
from shared.market.quote import Quote
from shared.rpc.messages.chunks import update_chunk
from shared.rpc.messages.enums import QUALITY, EnumMap
from shared.rpc.messages.index_levels import index_level_message
from shared.rpc.messages.quotes import quote_message
from shared.rpc.messages.times import duration_message, timestamp_message

_STATE = EnumMap(FeedState, feed_status_pb2.FeedState)


def quote_chunk(quote: Quote, topic_seq: int) -> bytes:
    """The chunk of a price."""
    return update_chunk(quote_message(quote, topic_seq=topic_seq))


def index_chunk(level: IndexLevel, topic_seq: int) -> bytes:
    """The chunk of an index level."""
    return update_chunk(index_level_message(level, topic_seq=topic_seq))


def status_chunk(status: FeedStatus, topic_seq: int) -> bytes:
    """The chunk of a feed's state."""
    return update_chunk(
        feed_status_pb2.FeedStatus(
            feed=status.feed,
            topic_seq=topic_seq,
            state=_STATE.to_wire(status.state),
            reason=status.reason,
            quality=QUALITY.to_wire(status.quality),
            since_time=timestamp_message(status.since),
            last_frame_time=None if status.last_frame is None else timestamp_message(status.last_frame),
            active_subscriptions=status.active_subscriptions,
            target_subscriptions=status.target_subscriptions,
            retry_delay=None if status.retry_delay is None else duration_message(status.retry_delay),
        )
    )

"""What operators see of this replica's price streams, and the switch that ends one."""

from kstock.ops.v1 import ops_service_pb2 as ops

from servers.pricestream.hub import Hub
from servers.pricestream.streams import Streams
from servers.pricestream.subscriber import CloseReason, Subscriber
from shared.market.topic import parse_topic
from shared.rpc.messages.topics import topic_message


class StreamOps:
    """The price stream's part of OpsService; paging is the servicer's."""

    def __init__(self, hub: Hub, streams: Streams) -> None:
        self._hub = hub
        self._streams = streams

    def list_streams(self) -> list[ops.StreamInfo]:
        """Open streams, oldest first."""
        return [_describe(subscriber) for subscriber in self._hub.subscribers.values()]

    def list_topics(self) -> list[ops.TopicInfo]:
        """Subscribed topics, most subscribers first; counts are since the start of the market day."""
        return [self._topic(text, holders) for text, holders in self._hub.demand.holders.most_common()]

    def close_stream(self, stream_id: str) -> None:
        """Send one stream away.

        Raises:
            NotFound: No such stream on this replica.
        """
        self._streams.end(stream_id, CloseReason.CLOSED_BY_OPERATOR)

    def _topic(self, text: str, holders: int) -> ops.TopicInfo:
        value = self._hub.book.value(text)
        offered, delivered = self._hub.offered_by_topic[text], self._hub.delivered_by_topic[text]
        waiting = sum(text in subscriber.outbox.pending.chunks for subscriber in self._hub.subscribers.values())
        return ops.TopicInfo(
            topic=topic_message(parse_topic(text)),
            text=text,
            subscribers=holders,
            updates=value.updates,
            delivered=delivered,
            conflated=max(0, offered - delivered - waiting),
            gaps=value.gaps,
            topic_seq=value.seq,
            update_time=value.arrived,
        )


def _describe(subscriber: Subscriber) -> ops.StreamInfo:
    box = subscriber.outbox
    return ops.StreamInfo(
        stream_id=subscriber.terms.stream_id,
        kind=ops.STREAM_KIND_PRICE,
        principal=subscriber.terms.principal,
        state=subscriber.state,
        topics=len(box.audience.topics),
        open_time=subscriber.opened.machine,
        stream_seq=subscriber.stream_seq,
        offered_updates=box.offered,
        delivered_updates=box.delivered,
        conflated_updates=box.conflated,
        written_bytes=subscriber.written_bytes,
        unacknowledged_bytes=subscriber.credit.unacknowledged,
    )

"""Pieces of a SubscribeResponse that are encoded once and joined for every subscriber.

The encoding of a message with one element is tag, length and body; joined encodings are the encoding of the joined message.
So a response is `b"".join([*chunks, envelope])`, whatever the chunks carry.
"""

from datetime import datetime

from google.protobuf.message import DecodeError
from kstock.common.v1 import feed_status_pb2, market_gate_pb2, market_index_pb2, quote_pb2
from kstock.pricestream.v1 import price_stream_service_pb2 as stream_pb2

from shared.market.errors import InvalidInput
from shared.rpc.messages.times import timestamp_message

Update = quote_pb2.Quote | market_index_pb2.IndexLevel | market_gate_pb2.MarketGate | feed_status_pb2.FeedStatus


def update_chunk(update: Update) -> bytes:
    """The chunk of one changed value; the same bytes go to every subscriber."""
    return _response_of(update).SerializeToString()


def status_chunk(status: stream_pb2.TopicStatus) -> bytes:
    """The chunk of one topic's status."""
    return stream_pb2.SubscribeResponse(topic_statuses=[status]).SerializeToString()


def envelope(stream_seq: int, send_time: datetime, control: stream_pb2.SubscribeResponse | None = None) -> bytes:
    """What a response needs beside its chunks.

    Args:
        stream_seq: Number of the response on its stream.
        send_time: When it is written, UTC.
        control: A response that holds the one control message to send along; it is not changed. None for none.
    """
    response = stream_pb2.SubscribeResponse()
    if control is not None:
        response.CopyFrom(control)
    response.stream_seq = stream_seq
    response.send_time.CopyFrom(timestamp_message(send_time))
    return response.SerializeToString()


def read_chunk(chunk: bytes) -> stream_pb2.SubscribeResponse:
    """The response that a chunk is a part of, e.g. `read_chunk(entry.chunk).quotes[0]`.

    Raises:
        InvalidInput: If the bytes are no chunk.
    """
    try:
        return stream_pb2.SubscribeResponse.FromString(chunk)
    except DecodeError as error:
        raise InvalidInput("chunk", "is not an encoded update") from error


def _response_of(update: Update) -> stream_pb2.SubscribeResponse:
    match update:
        case quote_pb2.Quote():
            return stream_pb2.SubscribeResponse(quotes=[update])
        case market_index_pb2.IndexLevel():
            return stream_pb2.SubscribeResponse(indices=[update])
        case market_gate_pb2.MarketGate():
            return stream_pb2.SubscribeResponse(gates=[update])
        case feed_status_pb2.FeedStatus():
            return stream_pb2.SubscribeResponse(feed_statuses=[update])

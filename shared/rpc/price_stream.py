"""A price stream that stays: reconnects, subscribes again, returns credit."""

import random
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta

import grpc
from grpc.aio import AioRpcError
from kstock.pricestream.v1 import price_stream_service_pb2 as stream_pb2
from kstock.pricestream.v1 import price_stream_service_pb2_grpc as stream_grpc

from shared.clock import Clock
from shared.market.topic import Topic
from shared.rpc.errors import from_rpc_error
from shared.rpc.messages.times import duration_message
from shared.rpc.messages.topics import topic_message
from shared.rpc.reconnect import Backoff, StreamBroken, StreamLost, is_hopeless, keep_open
from shared.rpc.stream_reader import ControlledStream

DEFAULT_CREDIT_BYTES = 256 * 1024

_Stream = ControlledStream[stream_pb2.SubscribeResponse]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceStreamWishes:
    """What a client asks of its stream; the server grants what it allows.

    Attributes:
        heartbeat: Silence before a heartbeat; None for the server's default.
        min_update: Shortest time between two responses; None for the server's default.
        credit_bytes: Bytes that may be on the way unread; 0 for no credit flow.
    """

    heartbeat: timedelta | None = None
    min_update: timedelta | None = None
    credit_bytes: int = DEFAULT_CREDIT_BYTES


class PriceStreamClient:
    """One client's topics on one stream at a time, over as many streams as it takes."""

    def __init__(
        self,
        channel: grpc.aio.Channel,
        *,
        clock: Clock,
        jitter: random.Random | None = None,
        wishes: PriceStreamWishes | None = None,
    ) -> None:
        self._stub = stream_grpc.PriceStreamServiceStub(channel)
        self._clock = clock
        self._backoff = Backoff(clock, jitter or random.Random())
        self._wishes = wishes or PriceStreamWishes()
        self._topics: dict[str, Topic] = {}
        self._stream: _Stream | None = None
        self._stream_id = ""

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics that the stream has or will have."""
        return tuple(self._topics.values())

    async def watch(self, topics: Iterable[Topic]) -> AsyncGenerator[stream_pb2.SubscribeResponse | StreamLost, None]:
        """Follow topics until the caller stops iterating; close the iterator then (`contextlib.aclosing`).

        Asking for the next item says that the previous one was processed: only then its credit is returned.

        Args:
            topics: At least one; `change` adds and removes others later.

        Yields:
            Responses as they come, control messages included; a `StreamLost` when a stream broke, after which values that
            were received before are no longer live until the new stream sends them again.

        Raises:
            KStockError: When the server refuses for good, e.g. InvalidInput, NotAllowed or LimitExceeded.
        """
        self._topics = {str(topic): topic for topic in topics}
        items = keep_open(self._one_stream, backoff=self._backoff, clock=self._clock)
        async for item in items:
            yield item

    async def change(self, *, add: Iterable[Topic] = (), remove: Iterable[Topic] = ()) -> None:
        """Add and remove topics, on the open stream and on all later ones.

        The stream itself tells when the change is in force. When the change cannot reach it, a new stream with the new
        topics is opened instead.

        Raises:
            KStockError: When the server refuses the change, e.g. LimitExceeded; the topics are then as before.
        """
        before = dict(self._topics)
        added, removed = tuple(add), tuple(remove)
        self._topics.update({str(topic): topic for topic in added})
        for topic in removed:
            self._topics.pop(str(topic), None)
        if not self._stream_id:
            return
        request = stream_pb2.UpdateSubscriptionRequest(
            stream_id=self._stream_id,
            add=[topic_message(topic) for topic in added],
            remove=[topic_message(topic) for topic in removed],
        )
        try:
            await self._stub.UpdateSubscription(request)
        except AioRpcError as error:
            if error.code() is not grpc.StatusCode.NOT_FOUND and is_hopeless(error):
                self._topics = before
                raise from_rpc_error(error) from error
            if self._stream is not None:
                self._stream.break_off("CHANGE_FAILED")

    async def _one_stream(self) -> AsyncGenerator[stream_pb2.SubscribeResponse, None]:
        stream: _Stream = ControlledStream(self._stub.Subscribe(self._request()))
        credit = _Credit()
        self._stream = stream
        async with aclosing(stream.messages()) as responses:
            try:
                async for response in responses:
                    stream.expect_next(response.stream_seq)
                    self._note_control(response, stream, credit)
                    yield response
                    await self._return_credit(credit, response)
            finally:
                self._stream_id = ""
                self._stream = None

    def _note_control(self, response: stream_pb2.SubscribeResponse, stream: _Stream, credit: "_Credit") -> None:
        match response.WhichOneof("control"):
            case "opened":
                self._backoff.opened()
                self._stream_id = response.opened.stream_id
                credit.granted = response.opened.credit_bytes
                stream.heartbeat_every(response.opened.heartbeat_interval.ToTimedelta())
            case "going_away":
                stream.ends_with(response.going_away.reason, response.going_away.reconnect_after.ToTimedelta())

    async def _return_credit(self, credit: "_Credit", response: stream_pb2.SubscribeResponse) -> None:
        if not credit.is_due(response.ByteSize()):
            return
        request = stream_pb2.UpdateSubscriptionRequest(stream_id=self._stream_id, ack_stream_seq=response.stream_seq)
        try:
            await self._stub.UpdateSubscription(request)
        except AioRpcError as error:
            raise StreamBroken(f"CREDIT_{error.code().name}") from error

    def _request(self) -> stream_pb2.SubscribeRequest:
        wishes = self._wishes
        return stream_pb2.SubscribeRequest(
            topics=[topic_message(topic) for topic in self._topics.values()],
            heartbeat_interval=None if wishes.heartbeat is None else duration_message(wishes.heartbeat),
            min_update_interval=None if wishes.min_update is None else duration_message(wishes.min_update),
            credit_bytes=wishes.credit_bytes,
        )


class _Credit:
    """Bytes processed since credit was last returned."""

    def __init__(self) -> None:
        self.granted = 0
        self._processed = 0

    def is_due(self, size: int) -> bool:
        """Count a processed response; true once per half credit."""
        self._processed += size
        if self.granted == 0 or self._processed * 2 < self.granted:
            return False
        self._processed = 0
        return True

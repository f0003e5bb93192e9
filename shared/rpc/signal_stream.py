"""A signal stream that stays: reconnects and resumes after the last event that was processed."""

import random
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import dataclass

import grpc
from kstock.signal.v1 import signal_service_pb2, signal_service_pb2_grpc

from shared.clock import Clock
from shared.market.signal import SignalKind
from shared.rpc.messages.enums import SIGNAL_KIND
from shared.rpc.reconnect import Backoff, StreamLost, keep_open
from shared.rpc.stream_reader import ControlledStream

Response = signal_service_pb2.WatchSignalsResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """How far a watcher has read: keep both, they belong together."""

    epoch: str
    event_id: int


class SignalStreamClient:
    """One watcher of signal events, over as many streams as it takes."""

    def __init__(self, channel: grpc.aio.Channel, *, clock: Clock, jitter: random.Random | None = None) -> None:
        self._stub = signal_service_pb2_grpc.SignalServiceStub(channel)
        self._clock = clock
        self._backoff = Backoff(clock, jitter or random.Random())
        self._epoch = ""
        self._event_id: int | None = None

    @property
    def bookmark(self) -> Bookmark | None:
        """Everything up to here was processed; None before the first event, heartbeat or snapshot was."""
        return None if self._event_id is None else Bookmark(epoch=self._epoch, event_id=self._event_id)

    async def watch(
        self, kinds: Iterable[SignalKind] = (), *, after: Bookmark | None = None
    ) -> AsyncGenerator[Response | StreamLost, None]:
        """Follow signals until the caller stops iterating; close the iterator then (`contextlib.aclosing`).

        Asking for the next item says that the previous one was processed: only then the bookmark moves.

        Args:
            kinds: Which kinds; none means all.
            after: Where to resume; None begins with a snapshot of the ACTIVE signals.

        Yields:
            Responses as they come, control messages included; a `StreamLost` when a stream broke.

        Raises:
            KStockError: When the server refuses for good.
        """
        wanted = [SIGNAL_KIND.to_wire(kind) for kind in kinds]
        self._epoch, self._event_id = ("", None) if after is None else (after.epoch, after.event_id)

        def open_stream() -> AsyncGenerator[Response, None]:
            return self._one_stream(
                signal_service_pb2.WatchSignalsRequest(
                    after_event_id=self._event_id, epoch=self._epoch if self._event_id is not None else "", kinds=wanted
                )
            )

        async for item in keep_open(open_stream, backoff=self._backoff, clock=self._clock):
            yield item

    async def _one_stream(self, request: signal_service_pb2.WatchSignalsRequest) -> AsyncGenerator[Response, None]:
        stream: ControlledStream[Response] = ControlledStream(self._stub.WatchSignals(request))
        async with aclosing(stream.messages()) as responses:
            async for response in responses:
                stream.expect_next(response.stream_seq)
                self._prepare(response, stream)
                yield response
                self._remember(response)

    def _prepare(self, response: Response, stream: ControlledStream[Response]) -> None:
        match response.WhichOneof("control"):
            case "opened":
                self._backoff.opened()
                if response.opened.epoch != self._epoch:
                    self._event_id = None  # the server will send a reset; ids of the old log mean nothing in this one
                self._epoch = response.opened.epoch
                stream.heartbeat_every(response.opened.heartbeat_interval.ToTimedelta())
            case "reset":
                self._event_id = None  # a snapshot that breaks off must be asked for again
            case "going_away":
                stream.ends_with(response.going_away.reason, response.going_away.reconnect_after.ToTimedelta())

    def _remember(self, response: Response) -> None:
        if response.events:
            self._event_id = response.events[-1].event_id
        match response.WhichOneof("control"):
            case "heartbeat":
                self._event_id = response.heartbeat.event_id
            case "resumed":
                self._event_id = response.resumed.event_id
            case "snapshot_complete":
                self._event_id = response.snapshot_complete.event_id

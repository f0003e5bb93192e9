"""Reading one server stream with the care that both kinds of kstock streams need."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any, Generic, TypeVar

import grpc

from shared.rpc.reconnect import MISSED_HEARTBEATS, StreamBroken

_DEFAULT_HEARTBEAT_S = 15.0
_T = TypeVar("_T")


class ControlledStream(Generic[_T]):
    """A call that is given up when it is silent for three heartbeats, skips a number, or is told to."""

    def __init__(self, call: Any) -> None:
        """Take over a call.

        Args:
            call: What a stub's streaming method returned.
        """
        self._call = call
        self._silence = _DEFAULT_HEARTBEAT_S * MISSED_HEARTBEATS
        self._last_seq = 0
        self._end: StreamBroken | None = None
        self._given_up = False
        self._waiting: asyncio.Timeout | None = None

    async def messages(self) -> AsyncGenerator[_T, None]:
        """The messages until the server ends the stream.

        Raises:
            StreamBroken: When it is of no use any more.
            AioRpcError: When the call failed.
        """
        try:
            while True:
                message = await self._next()
                if message is grpc.aio.EOF:
                    break
                yield message
        finally:
            self._call.cancel()
        if self._end is not None:
            raise self._end

    def heartbeat_every(self, interval: timedelta) -> None:
        """The server granted this heartbeat."""
        self._silence = interval.total_seconds() * MISSED_HEARTBEATS

    def expect_next(self, stream_seq: int) -> None:
        """Check that nothing was lost in transit.

        Raises:
            StreamBroken: If the number is not the one after the previous.
        """
        if stream_seq != self._last_seq + 1:
            raise StreamBroken("SEQUENCE_GAP")
        self._last_seq = stream_seq

    def ends_with(self, reason: str, reconnect_after: timedelta) -> None:
        """The server announced the end; when it comes, a new stream is opened after the wait that it asked for."""
        self._end = StreamBroken(reason, reconnect_after)

    def break_off(self, reason: str) -> None:
        """Give the stream up now, e.g. because a new one with other topics is needed."""
        self._end = StreamBroken(reason)
        self._given_up = True
        if self._waiting is not None:
            self._waiting.reschedule(0)

    async def _next(self) -> Any:
        if self._given_up and self._end is not None:
            raise self._end
        try:
            async with asyncio.timeout(self._silence) as self._waiting:
                return await self._call.read()
        except TimeoutError as error:
            raise self._end or StreamBroken("SILENT") from error
        finally:
            self._waiting = None

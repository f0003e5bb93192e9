"""Keeping a stream open: when to come back after it was lost, and when not to."""

import random
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import grpc
from google.rpc import error_details_pb2
from grpc.aio import AioRpcError

from shared.clock import Clock
from shared.rpc.errors import detail, from_rpc_error, retry_delay, status_of

FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 30.0
HEALTHY_AFTER_S = 60.0

MISSED_HEARTBEATS = 3
"""A stream that is silent for this many of its heartbeat intervals is lost."""

_LARGEST_EXPONENT = 10
_HOPELESS = frozenset(
    {
        grpc.StatusCode.INVALID_ARGUMENT,
        grpc.StatusCode.NOT_FOUND,
        grpc.StatusCode.PERMISSION_DENIED,
        grpc.StatusCode.UNAUTHENTICATED,
        grpc.StatusCode.UNIMPLEMENTED,
        grpc.StatusCode.FAILED_PRECONDITION,
    }
)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamLost:
    """The stream broke; a new one is opened after `retry_after`. Until its first values the old ones are not live."""

    reason: str
    retry_after: timedelta


class StreamBroken(Exception):  # never leaves this package
    """The stream is of no use any more although no call failed.

    Args:
        reason: SILENT, SEQUENCE_GAP, GOING_AWAY ...
        retry_after: The wait that the server asked for; None lets the back-off decide.
    """

    def __init__(self, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class Backoff:
    """Full jitter: the n-th delay in a row is uniform between 0 and 0.5 s x 2^n, at most 30 s.

    A stream that was healthy for a minute starts the row anew.
    """

    def __init__(self, clock: Clock, jitter: random.Random) -> None:
        self._clock = clock
        self._jitter = jitter
        self._failures = 0
        self._opened_at: float | None = None

    def opened(self) -> None:
        """A stream delivered its first message."""
        self._opened_at = self._clock.monotonic()

    def next_delay(self) -> timedelta:
        """The stream was lost, or could not be opened: how long to wait before the next try."""
        if self._opened_at is not None and self._clock.monotonic() - self._opened_at >= HEALTHY_AFTER_S:
            self._failures = 0
        self._opened_at = None
        ceiling = min(LONGEST_DELAY_S, FIRST_DELAY_S * 2.0 ** min(self._failures, _LARGEST_EXPONENT))
        self._failures += 1
        return timedelta(seconds=self._jitter.uniform(0, ceiling))


async def keep_open(
    open_stream: Callable[[], AsyncGenerator[_T, None]], *, backoff: Backoff, clock: Clock
) -> AsyncIterator[_T | StreamLost]:
    """Everything that a stream delivers, over as many streams as it takes.

    Args:
        open_stream: Opens one stream; raises `StreamBroken` or `AioRpcError` when it is lost, ends when the server ends it.
        backoff: Decides about waits.
        clock: Machine time to wait on.

    Yields:
        The messages, and a `StreamLost` before each wait.

    Raises:
        KStockError: When the same call would fail again, e.g. for wrong topics.
    """
    while True:
        try:
            async with aclosing(open_stream()) as messages:
                async for message in messages:
                    yield message
            lost = StreamLost(reason="ENDED", retry_after=backoff.next_delay())
        except StreamBroken as error:
            lost = StreamLost(reason=error.reason, retry_after=_wait(backoff, error.retry_after))
        except AioRpcError as error:
            if is_hopeless(error):
                raise from_rpc_error(error) from error
            lost = StreamLost(reason=error.code().name, retry_after=_wait(backoff, retry_delay(status_of(error))))
        yield lost
        await clock.sleep_machine(lost.retry_after.total_seconds())


def is_hopeless(error: AioRpcError) -> bool:
    """Whether the same call would fail again: wrong input, missing rights, or a limit that waiting does not lift."""
    if error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED:
        status = status_of(error)
        return retry_delay(status) is None and detail(status, error_details_pb2.ErrorInfo) is not None
    return error.code() in _HOPELESS


def _wait(backoff: Backoff, asked: timedelta | None) -> timedelta:
    own = backoff.next_delay()
    return own if asked is None else max(asked, own)

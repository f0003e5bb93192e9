"""Gives every call an id that stands in each of its log lines and in its answer."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

import grpc
import structlog

from shared.clock import Clock
from shared.rpc.call import Call

REQUEST_ID_KEY = "x-request-id"

_USABLE = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


class CallObserver(Protocol):
    """Learns of every ended call, e.g. to count it."""

    def call_ended(self, method: str, code: grpc.StatusCode, seconds: float) -> None:
        """Take note of a call.

        Args:
            method: Full name of the method.
            code: Its status.
            seconds: Machine time from its first stage to its end.
        """
        ...


class RequestId:
    """Takes the caller's id when it is usable, else makes one; binds it to the log context of the call's task."""

    def __init__(self, clock: Clock, observer: CallObserver | None = None) -> None:
        self._clock = clock
        self._observer = observer

    @asynccontextmanager
    async def around(self, call: Call) -> AsyncIterator[None]:
        """Bind the id, answer with it, and report the end of the call."""
        given = call.metadata.get(REQUEST_ID_KEY, "")
        call.request_id = given if _USABLE.fullmatch(given) else secrets.token_hex(8)
        call.context.set_trailing_metadata(((REQUEST_ID_KEY, call.request_id),))
        structlog.contextvars.bind_contextvars(request_id=call.request_id, method=call.method)
        began = self._clock.monotonic()
        try:
            yield
        except asyncio.CancelledError:
            call.code = grpc.StatusCode.CANCELLED
            raise
        finally:
            if self._observer is not None:
                self._observer.call_ended(call.method, call.code, self._clock.monotonic() - began)

"""Turns what a call raises into a gRPC status; the one place that catches everything."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
import structlog
from grpc.aio import AbortError

from shared.rpc.call import Call
from shared.rpc.errors import to_status
from shared.rpc.interceptors.request_id import REQUEST_ID_KEY

log = structlog.get_logger(__name__)


class ErrorMapping:
    """Ends a failed call with the status of its error; unknown errors are logged whole and told by id only."""

    @asynccontextmanager
    async def around(self, call: Call) -> AsyncIterator[None]:
        """Map whatever the call raises."""
        try:
            yield
        except AbortError:  # an Exception by class, the end of the call by meaning: already mapped or set by gRPC itself
            call.code = grpc.StatusCode.UNKNOWN
            raise
        except Exception as error:
            status = to_status(error, error_id=call.request_id)
            if status.code is grpc.StatusCode.INTERNAL:
                log.exception("call_failed", error_id=call.request_id)
            await _end(call, status)


async def _end(call: Call, status: grpc.Status) -> None:
    call.code = status.code
    # The status replaces the trailer that was set before, so the id goes in again.
    trailer = (*(status.trailing_metadata or ()), (REQUEST_ID_KEY, call.request_id))
    await call.context.abort(status.code, status.details, trailer)

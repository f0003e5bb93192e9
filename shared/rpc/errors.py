"""The one map between domain errors and gRPC statuses, in both directions.

A status carries `google.rpc` details in its trailer: always an ErrorInfo of the domain `kstock` with a stable reason, a
BadRequest for a field, a RetryInfo where trying again makes sense.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeVar, cast

import grpc
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from grpc.aio import AioRpcError
from grpc_status import rpc_status

from shared.market.errors import (
    Conflict,
    DataMissing,
    FeedUnavailable,
    InvalidInput,
    KStockError,
    LimitExceeded,
    MarketClosed,
    NotAllowed,
    NotFound,
)

DOMAIN = "kstock"
DETAILS_KEY = "grpc-status-details-bin"

_NOT_FOUND_SUFFIX = "_NOT_FOUND"
_D = TypeVar("_D", bound=Message)


class BadToken(KStockError):
    """The caller's token is malformed or unknown."""

    def __init__(self) -> None:
        super().__init__("the token is not known to this server; check it or call without one")


class NotServed(KStockError):
    """This server does not answer the method: it does not host the room, or nobody answers it yet.

    Args:
        method: Full name of a method of the contract; empty for one that the contract does not have.
    """

    def __init__(self, method: str = "") -> None:
        known = f"{method} is not served here; ask a server that hosts the service"
        unknown = "the server knows no such method; its reflection lists those that it has"
        super().__init__(known if method else unknown)
        self.method = method


class DeadlineOver(KStockError):
    """The call took longer than it may.

    Args:
        limit: The time it had, e.g. `3 s`; empty when the caller's own deadline ended it.
    """

    def __init__(self, limit: str = "") -> None:
        super().__init__(f"the call did not end within {limit or 'its deadline'}")
        self.limit = limit


class ServerUnavailable(KStockError):
    """A server cannot be reached or takes no calls now.

    Args:
        reason: DRAINING, UNREACHABLE ...
        why: What is known about it.
        retry_after: When trying again makes sense; None when nobody knows.
    """

    def __init__(self, reason: str, why: str, retry_after: timedelta | None = None) -> None:
        super().__init__(why)
        self.reason = reason
        self.why = why
        self.retry_after = retry_after


class ServerFault(KStockError):
    """The server failed in a way that it does not explain; its log knows more under the error id."""

    def __init__(self, error_id: str) -> None:
        super().__init__(f"the server failed; its log has the error {error_id or 'without an id'}")
        self.error_id = error_id


def to_status(error: Exception, *, error_id: str) -> grpc.Status:
    """The gRPC status of an error.

    Args:
        error: Anything that was raised; what is not in the map becomes INTERNAL without its text.
        error_id: Id under which the log has the error; shown to the caller for INTERNAL only.

    Returns:
        A status for `context.abort_with_status`.
    """
    for kind, describe in _MAP.items():
        if isinstance(error, kind):
            code, info, *more = describe(error)
            return _status(code, str(error), [info, *more])
    text = f"the server failed; tell its operator the error id {error_id}"
    return _status(grpc.StatusCode.INTERNAL, text, [_info("INTERNAL", errorId=error_id)])


def from_rpc_error(error: AioRpcError) -> KStockError:
    """The domain error that a failed call stands for, so that a client handles one tree of errors."""
    status = status_of(error)
    info = detail(status, error_details_pb2.ErrorInfo) or error_details_pb2.ErrorInfo()
    read = _READERS.get(error.code())
    if read is not None:
        return read(error, info, status)
    return ServerFault(info.metadata.get("errorId", f"{error.code().name}: {error.details()}"))


@contextmanager
def domain_errors() -> Iterator[None]:
    """Turn a failed gRPC call inside the `with` block into its domain error."""
    try:
        yield
    except AioRpcError as error:
        raise from_rpc_error(error) from error


def status_of(error: AioRpcError) -> status_pb2.Status:
    """The rich status of a failed call; an empty one when the call failed before any server answered."""
    return rich_status(error.trailing_metadata())


def rich_status(trailer: Iterable[tuple[str, str | bytes]] | None) -> status_pb2.Status:
    """The rich status in the trailing metadata of a call; an empty one when there is none."""
    for key, value in trailer or ():
        if key == DETAILS_KEY and isinstance(value, bytes):
            return status_pb2.Status.FromString(value)
    return status_pb2.Status()


def detail(status: status_pb2.Status, kind: type[_D]) -> _D | None:
    """The first detail of that kind, e.g. `BadRequest`; None when the status has none."""
    for packed in status.details:
        if packed.Is(kind.DESCRIPTOR):
            found = kind()
            packed.Unpack(found)
            return found
    return None


def retry_delay(status: status_pb2.Status) -> timedelta | None:
    """How long the server asks to wait; None when it does not say."""
    retry = detail(status, error_details_pb2.RetryInfo)
    return None if retry is None else cast("timedelta", retry.retry_delay.ToTimedelta())


def _status(code: grpc.StatusCode, text: str, details: list[Message]) -> grpc.Status:
    status = status_pb2.Status(code=code.value[0], message=text)
    for one in details:
        status.details.add().Pack(one)
    return cast("grpc.Status", rpc_status.to_status(status))


def _info(reason: str, **metadata: str) -> Message:
    return cast("Message", error_details_pb2.ErrorInfo(reason=reason, domain=DOMAIN, metadata=metadata))


def _retry(after: timedelta | None) -> list[Message]:
    if after is None:
        return []
    retry = error_details_pb2.RetryInfo()
    retry.retry_delay.FromTimedelta(after)
    return [retry]


_Describe = Callable[[KStockError], tuple[grpc.StatusCode, Message, *tuple[Message, ...]]]


def _invalid_input(error: InvalidInput) -> tuple[grpc.StatusCode, Message, Message]:
    request = error_details_pb2.BadRequest()
    request.field_violations.add(field=error.field, description=error.why)
    return grpc.StatusCode.INVALID_ARGUMENT, _info("INVALID_FIELD", field=error.field), request


def _limit(error: LimitExceeded) -> tuple[grpc.StatusCode, Message, *tuple[Message, ...]]:
    return grpc.StatusCode.RESOURCE_EXHAUSTED, _info(error.reason, limit=error.limit), *_retry(error.retry_after)


def _feed(error: FeedUnavailable) -> tuple[grpc.StatusCode, Message, *tuple[Message, ...]]:
    info = _info("FEED_UNAVAILABLE", feed=error.feed, why=error.why)
    return grpc.StatusCode.UNAVAILABLE, info, *_retry(error.retry_after)


def _unavailable(error: ServerUnavailable) -> tuple[grpc.StatusCode, Message, *tuple[Message, ...]]:
    return grpc.StatusCode.UNAVAILABLE, _info(error.reason), *_retry(error.retry_after)


def _market_closed(error: MarketClosed) -> tuple[grpc.StatusCode, Message]:
    opens = error.next_open.astimezone(UTC).isoformat()
    return grpc.StatusCode.FAILED_PRECONDITION, _info("MARKET_CLOSED", nextOpenTime=opens)


def _not_found(error: NotFound) -> tuple[grpc.StatusCode, Message]:
    return grpc.StatusCode.NOT_FOUND, _info(f"{error.kind}{_NOT_FOUND_SUFFIX}", key=error.key)


_MAP = cast(
    "dict[type[KStockError], _Describe]",
    {
        InvalidInput: _invalid_input,
        NotFound: _not_found,
        DataMissing: lambda _: (grpc.StatusCode.NOT_FOUND, _info("DATA_MISSING")),
        Conflict: lambda _: (grpc.StatusCode.ABORTED, _info("REVISION_CONFLICT")),
        LimitExceeded: _limit,
        FeedUnavailable: _feed,
        ServerUnavailable: _unavailable,
        MarketClosed: _market_closed,
        NotAllowed: lambda error: (grpc.StatusCode.PERMISSION_DENIED, _info("SCOPE_MISSING", scope=error.scope)),
        BadToken: lambda _: (grpc.StatusCode.UNAUTHENTICATED, _info("TOKEN_UNKNOWN")),
        NotServed: lambda error: (grpc.StatusCode.UNIMPLEMENTED, _info("NOT_SERVED", method=error.method)),
        DeadlineOver: lambda error: (grpc.StatusCode.DEADLINE_EXCEEDED, _info("DEADLINE_OVER", limit=error.limit)),
    },
)


def _text(error: AioRpcError) -> str:
    return error.details() or error.code().name


def _read_invalid(error: AioRpcError, _: error_details_pb2.ErrorInfo, status: status_pb2.Status) -> KStockError:
    request = detail(status, error_details_pb2.BadRequest)
    if request is None or not request.field_violations:
        return InvalidInput("request", _text(error))
    first = request.field_violations[0]
    return InvalidInput(first.field, first.description)


def _read_not_found(error: AioRpcError, info: error_details_pb2.ErrorInfo, _: status_pb2.Status) -> KStockError:
    if info.reason == "DATA_MISSING":
        return DataMissing(_text(error))
    return NotFound(info.reason.removesuffix(_NOT_FOUND_SUFFIX) or "OBJECT", info.metadata.get("key", _text(error)))


def _read_unavailable(error: AioRpcError, info: error_details_pb2.ErrorInfo, status: status_pb2.Status) -> KStockError:
    after = retry_delay(status)
    if info.reason == "FEED_UNAVAILABLE":
        return FeedUnavailable(info.metadata["feed"], info.metadata["why"], after or timedelta(seconds=30))
    return ServerUnavailable(info.reason or "UNREACHABLE", _text(error), after)


def _read_closed(error: AioRpcError, info: error_details_pb2.ErrorInfo, _: status_pb2.Status) -> KStockError:
    if info.reason != "MARKET_CLOSED":
        return Conflict(_text(error))
    return MarketClosed(datetime.fromisoformat(info.metadata["nextOpenTime"]))


_READERS: dict[grpc.StatusCode, Callable[[AioRpcError, error_details_pb2.ErrorInfo, status_pb2.Status], KStockError]] = {
    grpc.StatusCode.INVALID_ARGUMENT: _read_invalid,
    grpc.StatusCode.NOT_FOUND: _read_not_found,
    grpc.StatusCode.ABORTED: lambda error, _info, _status: Conflict(_text(error)),
    grpc.StatusCode.RESOURCE_EXHAUSTED: lambda error, info, status: LimitExceeded(
        info.reason or "LIMIT_EXCEEDED", info.metadata.get("limit", _text(error)), retry_delay(status)
    ),
    grpc.StatusCode.UNAVAILABLE: _read_unavailable,
    grpc.StatusCode.FAILED_PRECONDITION: _read_closed,
    grpc.StatusCode.PERMISSION_DENIED: lambda error, info, _status: NotAllowed(info.metadata.get("scope", "")),
    grpc.StatusCode.UNAUTHENTICATED: lambda _error, _info, _status: BadToken(),
    grpc.StatusCode.UNIMPLEMENTED: lambda _error, info, _status: NotServed(info.metadata.get("method", "")),
    grpc.StatusCode.DEADLINE_EXCEEDED: lambda _error, info, _status: DeadlineOver(info.metadata.get("limit", "")),
}

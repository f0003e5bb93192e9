"""The map between domain errors and statuses."""

from datetime import UTC, datetime, timedelta

import grpc
import pytest
from google.rpc import error_details_pb2

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
    StoreUnusable,
)
from shared.rpc.errors import (
    BadToken,
    DeadlineOver,
    NotServed,
    ServerFault,
    ServerUnavailable,
    detail,
    domain_errors,
    from_rpc_error,
    status_of,
    to_status,
)

ERRORS: list[tuple[KStockError, grpc.StatusCode, str]] = [
    (InvalidInput("topics[3].price.ticker", "has 3 characters"), grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD"),
    (NotFound("INSTRUMENT", "005931"), grpc.StatusCode.NOT_FOUND, "INSTRUMENT_NOT_FOUND"),
    (NotFound("SCAN_RUN", "r-1"), grpc.StatusCode.NOT_FOUND, "SCAN_RUN_NOT_FOUND"),
    (DataMissing("no bars before 2020-01-01"), grpc.StatusCode.NOT_FOUND, "DATA_MISSING"),
    (Conflict("revision 4 is newer"), grpc.StatusCode.ABORTED, "REVISION_CONFLICT"),
    (LimitExceeded("TOO_MANY_TOPICS", "500 topics per stream"), grpc.StatusCode.RESOURCE_EXHAUSTED, "TOO_MANY_TOPICS"),
    (
        LimitExceeded("RATE_LIMITED", "60 per minute", timedelta(seconds=1.5)),
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        "RATE_LIMITED",
    ),
    (FeedUnavailable("kis", "no answer", timedelta(seconds=7)), grpc.StatusCode.UNAVAILABLE, "FEED_UNAVAILABLE"),
    (ServerUnavailable("DRAINING", "about to stop", timedelta(seconds=5)), grpc.StatusCode.UNAVAILABLE, "DRAINING"),
    (MarketClosed(datetime(2026, 3, 12, tzinfo=UTC)), grpc.StatusCode.FAILED_PRECONDITION, "MARKET_CLOSED"),
    (NotAllowed("ops"), grpc.StatusCode.PERMISSION_DENIED, "SCOPE_MISSING"),
    (BadToken(), grpc.StatusCode.UNAUTHENTICATED, "TOKEN_UNKNOWN"),
    (NotServed("kstock.ops.v1.OpsService.RunJob"), grpc.StatusCode.UNIMPLEMENTED, "NOT_SERVED"),
    (DeadlineOver("3 s"), grpc.StatusCode.DEADLINE_EXCEEDED, "DEADLINE_OVER"),
]


def failure_of(error: Exception) -> grpc.aio.AioRpcError:
    """What a client gets for an error of the server."""
    status = to_status(error, error_id="e-1")
    trailer = grpc.aio.Metadata(*(status.trailing_metadata or ()))
    return grpc.aio.AioRpcError(status.code, grpc.aio.Metadata(), trailer, details=status.details)


@pytest.mark.parametrize(("error", "code", "reason"), ERRORS, ids=[reason for _, _, reason in ERRORS])
def test_a_domain_error_has_its_code_and_reason(error: KStockError, code: grpc.StatusCode, reason: str) -> None:
    failure = failure_of(error)
    info = detail(status_of(failure), error_details_pb2.ErrorInfo)
    assert failure.code() is code
    assert info is not None
    assert (info.domain, info.reason) == ("kstock", reason)


@pytest.mark.parametrize("error", [error for error, _, _ in ERRORS], ids=[reason for _, _, reason in ERRORS])
def test_a_client_gets_the_error_back_that_the_server_raised(error: KStockError) -> None:
    returned = from_rpc_error(failure_of(error))
    assert type(returned) is type(error)
    assert str(returned) == str(error)
    assert vars(returned) == vars(error)


def test_invalid_input_names_the_field_in_a_bad_request() -> None:
    request = detail(status_of(failure_of(InvalidInput("kind", "is missing"))), error_details_pb2.BadRequest)
    assert request is not None
    assert [(one.field, one.description) for one in request.field_violations] == [("kind", "is missing")]


@pytest.mark.parametrize("error", [RuntimeError("postgres://user:secret@host"), StoreUnusable("/var/lib/secret.db")])
def test_an_unknown_error_tells_its_id_only(error: Exception) -> None:
    failure = failure_of(error)
    assert failure.code() is grpc.StatusCode.INTERNAL
    assert "secret" not in f"{failure.details()} {status_of(failure)}"
    assert "e-1" in str(failure.details())
    returned = from_rpc_error(failure)
    assert isinstance(returned, ServerFault)
    assert returned.error_id == "e-1"


def test_a_server_that_cannot_be_reached_is_unavailable() -> None:
    refused = grpc.aio.AioRpcError(
        grpc.StatusCode.UNAVAILABLE, grpc.aio.Metadata(), grpc.aio.Metadata(), details="connection refused"
    )
    with pytest.raises(ServerUnavailable) as failure, domain_errors():
        raise refused
    assert failure.value.reason == "UNREACHABLE"
    assert failure.value.retry_after is None


def test_a_deadline_of_the_caller_is_a_deadline_without_a_limit() -> None:
    ended = grpc.aio.AioRpcError(
        grpc.StatusCode.DEADLINE_EXCEEDED, grpc.aio.Metadata(), grpc.aio.Metadata(), details="Deadline Exceeded"
    )
    returned = from_rpc_error(ended)
    assert isinstance(returned, DeadlineOver)
    assert returned.limit == ""

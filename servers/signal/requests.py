"""What callers of the signal room ask for, checked and in domain values."""

from collections.abc import Iterable
from datetime import date

from kstock.signal.v1 import signal_service_pb2

from servers.signal.publishing import Verdicts
from servers.signal.watch import WatchOptions
from shared.market.errors import InvalidInput
from shared.market.instrument import Ticker, parse_ticker
from shared.market.signal import Candidate, SignalKind, SignalState
from shared.rpc.messages.enums import BOARD, GRADE, SIGNAL_KIND, SIGNAL_STATE
from shared.rpc.messages.signals import read_candidate
from shared.rpc.messages.times import optional_date, optional_duration, read_local_date
from shared.store.repositories.signals import SignalFilter, SignalOrder

_HEARTBEAT_S = (5.0, 15.0, 60.0)

ORDERS = {
    signal_service_pb2.SIGNAL_ORDER_SCORE: SignalOrder.SCORE,
    signal_service_pb2.SIGNAL_ORDER_UPDATED: SignalOrder.UPDATED,
    signal_service_pb2.SIGNAL_ORDER_OPENED: SignalOrder.OPENED,
}

KEY_TYPES: dict[SignalOrder, tuple[type, ...]] = {
    SignalOrder.SCORE: (float, int, str, str),
    SignalOrder.UPDATED: (int, str),
    SignalOrder.OPENED: (int, str),
}
"""Types of the parts of each order's key, for page tokens."""


def read_kinds(numbers: Iterable[int]) -> tuple[SignalKind, ...]:
    """Kinds of a request; empty means all."""
    return tuple(SIGNAL_KIND.from_wire(number, f"kinds[{place}]") for place, number in enumerate(numbers))


def read_filter(request: signal_service_pb2.ListSignalsRequest, *, today: date) -> SignalFilter:
    """The filter of ListSignals; no state means ACTIVE, and nothing of a session after `today` is ever listed.

    Raises:
        InvalidInput: A malformed ticker.
    """
    states = request.states or [SIGNAL_STATE.to_wire(SignalState.ACTIVE)]
    return SignalFilter(
        kinds=read_kinds(request.kinds),
        states=tuple(SIGNAL_STATE.from_wire(number, f"states[{place}]") for place, number in enumerate(states)),
        grades=tuple(GRADE.from_wire(number, f"grades[{place}]") for place, number in enumerate(request.grades)),
        boards=(BOARD.from_wire(request.board, "board"),) if request.HasField("board") else (),
        tickers=read_tickers(request.ticker),
        min_score=request.min_score if request.HasField("min_score") else None,
        opened_since=optional_date(request, "opened_since"),
        opened_until=min(optional_date(request, "opened_until") or today, today),
    )


def read_tickers(text: str) -> tuple[Ticker, ...]:
    """The one ticker of a filter; empty means any."""
    return (parse_ticker(text),) if text else ()


def read_watch(request: signal_service_pb2.WatchSignalsRequest) -> WatchOptions:
    """Options of a watch.

    Raises:
        InvalidInput: A heartbeat interval outside 5-60 s.
    """
    least, usual, most = _HEARTBEAT_S
    heartbeat = optional_duration(request, "heartbeat_interval")
    seconds = usual if heartbeat is None else heartbeat.total_seconds()
    if not least <= seconds <= most:
        raise InvalidInput("heartbeat_interval", f"is {seconds:g} s; {least:g} to {most:g} s are possible")
    return WatchOptions(
        after=request.after_event_id if request.HasField("after_event_id") else None,
        epoch=request.epoch,
        kinds=frozenset(read_kinds(request.kinds)),
        heartbeat_s=seconds,
    )


def read_verdicts(request: signal_service_pb2.PublishSignalsRequest) -> tuple[SignalKind, Verdicts]:
    """Kind and verdicts of a publication.

    Raises:
        InvalidInput: No day, or a candidate of another kind or day.
    """
    kind = SIGNAL_KIND.from_wire(request.kind, "kind")
    if not request.HasField("as_of"):
        raise InvalidInput("as_of", "is missing; give the trading day of the verdicts")
    as_of = read_local_date(request.as_of)
    candidates = [read_candidate(message, f"candidates[{place}]") for place, message in enumerate(request.candidates)]
    for place, candidate in enumerate(candidates):
        _check_candidate(candidate, f"candidates[{place}]")
        if candidate.kind is not kind:
            raise InvalidInput(f"candidates[{place}].kind", f"is {candidate.kind}; the publication is of {kind}")
        if candidate.as_of != as_of:
            raise InvalidInput(f"candidates[{place}].as_of", f"is {candidate.as_of}; the publication is of {as_of}")
    unjudged = frozenset(
        parse_ticker(text, f"unjudged_tickers[{place}]") for place, text in enumerate(request.unjudged_tickers)
    )
    return kind, Verdicts(as_of=as_of, candidates=candidates, complete=request.complete, unjudged=unjudged)


def _check_candidate(candidate: Candidate, field: str) -> None:
    parse_ticker(candidate.ticker, f"{field}.ticker")
    if not candidate.detected:
        raise InvalidInput(f"{field}.detected", "is false; only detected candidates are published")
    if candidate.close_krw <= 0:
        raise InvalidInput(f"{field}.close_krw", "must be above 0")

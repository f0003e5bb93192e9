"""Candidates, signals and their events on the wire."""

from typing import TypedDict

from kstock.common.v1 import candidate_pb2, instrument_pb2, local_date_pb2
from kstock.signal.v1 import signal_pb2

from shared.market.errors import InvalidInput
from shared.market.instrument import Ticker
from shared.market.signal import Candidate, Component, Signal, SignalEvent
from shared.rpc.messages.enums import BOARD, GRADE, SIGNAL_CHANGE, SIGNAL_KIND, SIGNAL_STATE
from shared.rpc.messages.present import optional_int
from shared.rpc.messages.times import (
    local_date_message,
    optional_time,
    read_local_date,
    read_timestamp,
    timestamp_message,
)

_STATUSES = {
    "": candidate_pb2.COMPONENT_STATUS_UNSPECIFIED,
    "passed": candidate_pb2.COMPONENT_STATUS_PASSED,
    "partial": candidate_pb2.COMPONENT_STATUS_PARTIAL,
    "failed": candidate_pb2.COMPONENT_STATUS_FAILED,
    "missing": candidate_pb2.COMPONENT_STATUS_MISSING,
}
_STATUS_WORDS = {number: word for word, number in _STATUSES.items()}


def candidate_message(candidate: Candidate) -> candidate_pb2.Candidate:
    """A candidate as it travels."""
    return candidate_pb2.Candidate(**_verdict_fields(candidate))


def read_candidate(message: candidate_pb2.Candidate, field: str = "candidate") -> Candidate:
    """The candidate in a message.

    Args:
        message: As received.
        field: Path named in errors, e.g. `candidates[2]`.

    Raises:
        InvalidInput: If its kind, board or grade is missing or unknown, or it has no day.
    """
    return _read_verdict(message, field)


def signal_message(signal: Signal) -> signal_pb2.Signal:
    """A signal as it travels; the verdict's fields lie beside its own."""
    return signal_pb2.Signal(
        **_verdict_fields(signal.candidate),
        signal_id=signal.signal_id,
        revision=signal.revision,
        state=SIGNAL_STATE.to_wire(signal.state),
        opened_price_krw=signal.opened_price_krw,
        opened_on=local_date_message(signal.opened_on),
        plan_on=local_date_message(signal.plan_on),
        opened_time=timestamp_message(signal.opened_time),
        updated_time=timestamp_message(signal.updated_time),
        closed_time=None if signal.closed_time is None else timestamp_message(signal.closed_time),
        close_reason=signal.close_reason,
        close_price_krw=signal.close_price_krw,
        previous_grade=None if signal.previous_grade is None else GRADE.to_wire(signal.previous_grade),
    )


def read_signal(message: signal_pb2.Signal, field: str = "signal") -> Signal:
    """The signal in a message.

    Raises:
        InvalidInput: If an enum is missing or unknown to this program.
    """
    return Signal(
        signal_id=message.signal_id,
        revision=message.revision,
        state=SIGNAL_STATE.from_wire(message.state, f"{field}.state"),
        candidate=_read_verdict(message, field),
        opened_price_krw=message.opened_price_krw,
        opened_on=read_local_date(message.opened_on),
        plan_on=read_local_date(message.plan_on),
        opened_time=read_timestamp(message.opened_time),
        updated_time=read_timestamp(message.updated_time),
        closed_time=optional_time(message, "closed_time"),
        close_reason=message.close_reason,
        close_price_krw=optional_int(message, "close_price_krw"),
        previous_grade=GRADE.get(message.previous_grade),
    )


def signal_event_message(event: SignalEvent) -> signal_pb2.SignalEvent:
    """An event as it travels."""
    return signal_pb2.SignalEvent(
        event_id=event.event_id,
        change=SIGNAL_CHANGE.to_wire(event.change),
        signal=signal_message(event.signal),
        event_time=timestamp_message(event.time),
    )


def read_signal_event(message: signal_pb2.SignalEvent) -> SignalEvent:
    """The event in a message.

    Raises:
        InvalidInput: If an enum is missing or unknown to this program.
    """
    return SignalEvent(
        event_id=message.event_id,
        change=SIGNAL_CHANGE.from_wire(message.change, "event.change"),
        signal=read_signal(message.signal, "event.signal"),
        time=read_timestamp(message.event_time),
    )


class _VerdictFields(TypedDict):
    """The fields that Candidate and Signal have in common on the wire."""

    kind: candidate_pb2.SignalKind
    ticker: str
    name: str
    board: instrument_pb2.Board
    as_of: local_date_pb2.LocalDate
    score: float
    max_score: float
    grade: candidate_pb2.Grade
    detected: bool
    tradable: bool
    components: list[candidate_pb2.Component]
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    missing: tuple[str, ...]
    flags: tuple[str, ...]
    setup: str
    close_krw: int
    entry_krw: int | None
    stop_krw: int | None
    target_krw: int | None
    turnover_avg20_krw: int
    market_cap_krw: int | None
    volume_shares: int
    metrics: dict[str, float]
    rule_version: str
    target_return_bps: int | None


def _verdict_fields(candidate: Candidate) -> _VerdictFields:
    return _VerdictFields(
        kind=SIGNAL_KIND.to_wire(candidate.kind),
        ticker=candidate.ticker,
        name=candidate.name,
        board=BOARD.to_wire(candidate.board),
        as_of=local_date_message(candidate.as_of),
        score=candidate.score,
        max_score=candidate.max_score,
        grade=GRADE.to_wire(candidate.grade),
        detected=candidate.detected,
        tradable=candidate.tradable,
        components=[_component_message(component) for component in candidate.components],
        reasons=candidate.reasons,
        cautions=candidate.cautions,
        missing=candidate.missing,
        flags=candidate.flags,
        setup=candidate.setup,
        close_krw=candidate.close_krw,
        entry_krw=candidate.entry_krw,
        stop_krw=candidate.stop_krw,
        target_krw=candidate.target_krw,
        turnover_avg20_krw=candidate.turnover_avg20_krw,
        market_cap_krw=candidate.market_cap_krw,
        volume_shares=candidate.volume_shares,
        metrics=candidate.metrics,
        rule_version=candidate.rule_version,
        target_return_bps=candidate.target_return_bps,
    )


def _read_verdict(message: candidate_pb2.Candidate | signal_pb2.Signal, field: str) -> Candidate:
    if not message.HasField("as_of"):
        raise InvalidInput(f"{field}.as_of", "is missing; give the trading day of the verdict")
    return Candidate(
        kind=SIGNAL_KIND.from_wire(message.kind, f"{field}.kind"),
        ticker=Ticker(message.ticker),
        name=message.name,
        board=BOARD.from_wire(message.board, f"{field}.board"),
        as_of=read_local_date(message.as_of),
        score=message.score,
        max_score=message.max_score,
        grade=GRADE.from_wire(message.grade, f"{field}.grade"),
        detected=message.detected,
        tradable=message.tradable,
        components=tuple(_read_component(component) for component in message.components),
        reasons=tuple(message.reasons),
        cautions=tuple(message.cautions),
        missing=tuple(message.missing),
        flags=tuple(message.flags),
        setup=message.setup,
        close_krw=message.close_krw,
        entry_krw=optional_int(message, "entry_krw"),
        stop_krw=optional_int(message, "stop_krw"),
        target_krw=optional_int(message, "target_krw"),
        turnover_avg20_krw=message.turnover_avg20_krw,
        market_cap_krw=optional_int(message, "market_cap_krw"),
        volume_shares=message.volume_shares,
        metrics=dict(message.metrics),
        rule_version=message.rule_version,
        target_return_bps=optional_int(message, "target_return_bps"),
    )


def _component_message(component: Component) -> candidate_pb2.Component:
    return candidate_pb2.Component(
        name=component.name,
        points=component.points,
        max_points=component.max_points,
        status=_STATUSES[component.status],
        evidence=component.evidence,
    )


def _read_component(message: candidate_pb2.Component) -> Component:
    return Component(
        name=message.name,
        points=message.points,
        max_points=message.max_points,
        status=_STATUS_WORDS.get(message.status, ""),
        evidence=message.evidence,
    )

"""Words of a signal's life, shared by the scanner, the signal log, alerts and chat."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shared.market.instrument import Board, Ticker


class SignalKind(StrEnum):
    """Which strategy speaks. The lower-case value is the topic: `signal:vcp`."""

    VCP = "VCP"
    JONGGA = "JONGGA"
    DAYTRADING = "DAYTRADING"
    DISPARITY = "DISPARITY"
    DROP = "DROP"
    SURGE = "SURGE"


class SignalState(StrEnum):
    """ACTIVE is open; the other three are ends."""

    ACTIVE = "ACTIVE"
    CLOSED = "CLOSED"
    EXPIRED = "EXPIRED"
    INVALIDATED = "INVALIDATED"


class SignalChange(StrEnum):
    """What a signal event reports."""

    OPENED = "OPENED"
    REVISED = "REVISED"
    CLOSED = "CLOSED"


class Grade(StrEnum):
    """S is best; C is the rest."""

    S = "S"
    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One scored part: `points` of `max_points`; `status` passed, partial, failed or missing; `evidence` Korean text."""

    name: str
    points: float
    max_points: float
    status: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A strategy's verdict on one ticker at `as_of` (strategies.md 0.6), before anybody publishes it.

    `score` and `max_score` are in the strategy's own points; prices in won; None where the strategy sets no level.
    `setup` is the strategy's own state word (`PRE_BREAKOUT`, ...), empty where it has none. `metrics` holds the measured
    inputs by name (ratios as fractions, prices in won) for cards and explanations. `target_return_bps` is the rate that the
    grade's reference target stands for, None where the strategy has none.
    """

    kind: SignalKind
    ticker: Ticker
    name: str
    board: Board
    as_of: date
    score: float
    max_score: float
    grade: Grade
    detected: bool
    tradable: bool
    components: tuple[Component, ...]
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
    target_return_bps: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A published candidate with a life: at most one ACTIVE per (kind, ticker); every change adds a revision.

    `candidate` is the newest verdict; `opened_price_krw` the close or price when the signal opened. The plan is that of the
    verdict of `plan_on`: it follows newer verdicts until the entry, then its levels stay. `previous_grade` is the grade
    before this revision, None where it did not change. Times are UTC.
    """

    signal_id: str
    revision: int
    state: SignalState
    candidate: Candidate
    opened_price_krw: int
    opened_on: date
    plan_on: date
    opened_time: datetime
    updated_time: datetime
    closed_time: datetime | None = None
    close_reason: str = ""
    close_price_krw: int | None = None
    previous_grade: Grade | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalEvent:
    """One line of the event log; `event_id` ascends without gaps in commit order."""

    event_id: int
    change: SignalChange
    signal: Signal
    time: datetime

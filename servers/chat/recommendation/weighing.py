"""How much an open signal weighs beside others: its grade, the market gate, what became of its like, who disagrees; pure.

The weight orders a digest. It is no probability and no forecast, and nothing but the order depends on it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kstock.common.v1 import candidate_pb2, market_gate_pb2, statistics_pb2
from kstock.signal.v1 import signal_pb2

from shared.market.signal import SignalKind
from shared.rpc.messages.enums import SIGNAL_KIND

RISING = frozenset({SignalKind.VCP, SignalKind.JONGGA, SignalKind.DAYTRADING})
"""Strategies that look for strength."""

FALLEN = frozenset({SignalKind.DISPARITY})
"""Strategies that look for a price far below its average."""

ALARMS = frozenset({SignalKind.DROP, SignalKind.SURGE})
"""Kinds that report a fall: they argue against a candidate and are none themselves."""

HORIZON_SESSIONS: Mapping[SignalKind, int] = {
    SignalKind.VCP: 20,
    SignalKind.JONGGA: 1,
    SignalKind.DAYTRADING: 1,
    SignalKind.DISPARITY: 10,
    SignalKind.DROP: 1,
    SignalKind.SURGE: 1,
}
"""The horizon of each kind's own plan (strategies.md 9), whose outcomes are shown with it."""

_GRADES = {
    candidate_pb2.GRADE_S: 1.0,
    candidate_pb2.GRADE_A: 0.8,
    candidate_pb2.GRADE_B: 0.6,
    candidate_pb2.GRADE_C: 0.35,
}
_GATES = {
    market_gate_pb2.GATE_COLOUR_GREEN: 1.0,
    market_gate_pb2.GATE_COLOUR_YELLOW: 0.8,
    market_gate_pb2.GATE_COLOUR_RED: 0.5,
}
_GATE_UNKNOWN = 0.7
_NOT_TRADABLE = 0.6
_SMALL_SAMPLE = 0.85
_WORSE_THAN_BASE, _BETTER_THAN_BASE = 0.7, 1.1
_AGREEING = 1.1
_CONTRADICTED = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """Rows of the scoreboard: of live signals, and of the newest backtests."""

    live: Sequence[statistics_pb2.OutcomeStatistics] = ()
    backtests: Sequence[statistics_pb2.OutcomeStatistics] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One ticker's open signals.

    Attributes:
        best: The signal that speaks for the ticker.
        signals: All of them, the best first.
        statistics: Realised outcomes of the best signal's kind and grade; None when there are none.
        backtested: Whether they are those of a backtest.
        weight: 0 to 100.
    """

    best: signal_pb2.Signal
    signals: tuple[signal_pb2.Signal, ...]
    statistics: statistics_pb2.OutcomeStatistics | None
    backtested: bool
    weight: float


def weigh(
    signals: Sequence[signal_pb2.Signal],
    outcomes: Outcomes,
    gate: market_gate_pb2.MarketGate | None,
    *,
    kinds: Collection[SignalKind] = (),
) -> list[Weighed]:
    """Every ticker with an open candidate signal, heaviest first.

    Args:
        signals: Open signals of any kind.
        outcomes: The scoreboard; may be empty.
        gate: The market gate; None when it is unknown.
        kinds: Which kinds may speak for a ticker; empty for all. Signals of the others still agree or disagree.
    """
    speaking = frozenset(kinds or SignalKind) - ALARMS
    by_ticker: dict[str, list[signal_pb2.Signal]] = {}
    for signal in signals:
        by_ticker.setdefault(signal.ticker, []).append(signal)
    asked = [own for own in by_ticker.values() if any(kind_of(one) in speaking for one in own)]
    weighed = [_weigh_ticker(_ordered(own, speaking), outcomes, gate) for own in asked]
    return sorted(weighed, key=lambda one: (-one.weight, -one.best.turnover_avg20_krw, one.best.ticker))


def kind_of(signal: signal_pb2.Signal) -> SignalKind:
    """Kind of a signal that this program knows."""
    return SIGNAL_KIND.from_wire(signal.kind, "signal.kind")


def disagree(one: SignalKind, other: SignalKind) -> bool:
    """Whether two kinds rest on opposite readings of the same price."""
    pair = {one, other}
    return bool(pair & ALARMS and pair - ALARMS) or bool(pair & RISING and pair & FALLEN)


def _statistics_of(signal: signal_pb2.Signal, outcomes: Outcomes) -> tuple[statistics_pb2.OutcomeStatistics | None, bool]:
    """The row for the signal's kind, grade and plan, and whether a backtest says it: where the live signals are too few."""
    live, tested = _row_of(signal, outcomes.live), _row_of(signal, outcomes.backtests)
    if tested is not None and (live is None or live.small_sample):
        return tested, True
    return live, False


def _row_of(
    signal: signal_pb2.Signal, rows: Sequence[statistics_pb2.OutcomeStatistics]
) -> statistics_pb2.OutcomeStatistics | None:
    """The row of the signal's kind, grade and plan; None when nothing of it was ever filled."""
    horizon = HORIZON_SESSIONS[kind_of(signal)]
    for row in rows:
        if (row.kind, row.grade, row.horizon_sessions) == (signal.kind, signal.grade, horizon) and row.filled_count:
            return row
    return None


def _ordered(own: Sequence[signal_pb2.Signal], speaking: frozenset[SignalKind]) -> list[signal_pb2.Signal]:
    """The signal that speaks for the ticker first: the strongest of those that may."""
    return sorted(own, key=lambda one: (kind_of(one) not in speaking, -_strength(one), one.kind))


def _weigh_ticker(
    ordered: Sequence[signal_pb2.Signal],
    outcomes: Outcomes,
    gate: market_gate_pb2.MarketGate | None,
) -> Weighed:
    best = ordered[0]
    statistics, backtested = _statistics_of(best, outcomes)
    market = _GATES.get(gate.colour, _GATE_UNKNOWN) if gate is not None else _GATE_UNKNOWN
    weight = 100.0 * _strength(best) * _outcome_factor(statistics) * market
    for other in ordered[1:]:
        weight *= _CONTRADICTED if disagree(kind_of(best), kind_of(other)) else _AGREEING
    return Weighed(
        best=best, signals=tuple(ordered), statistics=statistics, backtested=backtested, weight=min(weight, 100.0)
    )


def _strength(signal: signal_pb2.Signal) -> float:
    """Grade and score between 0 and 1; the grade counts more, since its bounds are those of the strategy."""
    share = signal.score / signal.max_score if signal.max_score > 0 else 0.0
    strength = 0.7 * _GRADES.get(signal.grade, 0.0) + 0.3 * share
    return strength if signal.tradable else strength * _NOT_TRADABLE


def _outcome_factor(statistics: statistics_pb2.OutcomeStatistics | None) -> float:
    if statistics is None or statistics.small_sample or not statistics.HasField("excess_bps"):
        return _SMALL_SAMPLE
    return _BETTER_THAN_BASE if statistics.excess_bps > 0 else _WORSE_THAN_BASE

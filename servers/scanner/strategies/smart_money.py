"""SmartMoney (strategies.md 3): who bought over the last five published sessions, against what was traded."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servers.scanner.panel import Panel
from servers.scanner.strategies.rounding import tidy

SESSIONS = 5
MIN_SESSIONS = 4
"""With fewer known sessions the score is missing."""

PARTS: tuple[tuple[str, int], ...] = (
    ("foreign", 40),
    ("institution", 30),
    ("persistence", 15),
    ("both_buying", 10),
    ("acceleration", 5),
)
"""Parts and their maxima, in the order of `SmartMoney.points`."""

_FOREIGN_STEPS = (40, 32, 24, 16, 8, 4)
_INSTITUTION_STEPS = (30, 24, 18, 12, 6, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmartMoney:
    """Scores of n tickers; arrays have shape (n,) unless said otherwise.

    Days count only where both flows and the turnover of the session are known; streaks run over the known days.

    Attributes:
        known: At least four days are known; elsewhere every other array means nothing.
        score: 0..100.
        points: Points per entry of `PARTS`, shape (n, 5).
        foreign: Net buying of foreigners in won.
        institution: Net buying of institutions in won.
        foreign_ratio: Net buying over turnover, a fraction.
        institution_ratio: The same of institutions.
        foreign_days: Newest known days in a row on which foreigners bought.
        institution_days: The same of institutions.
        from_shares: A flow was converted from a share count.
    """

    known: NDArray[np.bool_]
    score: NDArray[np.int16]
    points: NDArray[np.int8]
    foreign: NDArray[np.float64]
    institution: NDArray[np.float64]
    foreign_ratio: NDArray[np.float64]
    institution_ratio: NDArray[np.float64]
    foreign_days: NDArray[np.int8]
    institution_days: NDArray[np.int8]
    from_shares: NDArray[np.bool_]


def score(panel: Panel) -> SmartMoney:
    """Score the flows that were published by the panel's moment; all tickers of the panel, whatever their status."""
    flows = panel.flows
    columns = slice(max(flows.published - SESSIONS, 0), flows.published)
    foreign, institution = flows.foreign_net[:, columns], flows.institution_net[:, columns]
    turnover = flows.turnover[:, columns]
    there = ~np.isnan(foreign + institution + turnover)
    foreign, institution = np.where(there, foreign, 0.0), np.where(there, institution, 0.0)
    traded = np.where(there, turnover, 0.0).sum(axis=1)
    known = (there.sum(axis=1) >= MIN_SESSIONS) & (traded > 0.0)
    sums = foreign.sum(axis=1), institution.sum(axis=1)
    ratios = [np.divide(each, traded, out=np.zeros(len(traded)), where=known) for each in sums]
    days = _streak(foreign, there), _streak(institution, there)
    points = np.stack(
        [
            _steps(ratios[0], _FOREIGN_STEPS),
            _steps(ratios[1], _INSTITUTION_STEPS),
            2 * days[0] + days[1],
            10 * ((sums[0] > 0.0) & (sums[1] > 0.0)),
            5 * _accelerates(foreign + institution, there),
        ],
        axis=1,
    ).astype(np.int8)
    points[~known] = 0
    return SmartMoney(
        known=known,
        score=points.sum(axis=1, dtype=np.int16),
        points=points,
        foreign=sums[0],
        institution=sums[1],
        foreign_ratio=ratios[0],
        institution_ratio=ratios[1],
        foreign_days=days[0],
        institution_days=days[1],
        from_shares=np.asarray((flows.from_shares[:, columns] & there).any(axis=1)),
    )


def _steps(ratio: NDArray[np.float64], points: tuple[int, ...]) -> NDArray[np.int8]:
    """Points of a ratio: at least 10, 5, 2 %, above 0, -2, -5 %."""
    cut = tidy(ratio)
    conditions = [cut >= 0.10, cut >= 0.05, cut >= 0.02, cut > 0.0, cut > -0.02, cut > -0.05]
    return np.select(conditions, [np.int8(each) for each in points], np.int8(0))


def _streak(flow: NDArray[np.float64], there: NDArray[np.bool_]) -> NDArray[np.int8]:
    """How many of the newest known days in a row saw net buying."""
    running = np.ones(len(flow), dtype=np.bool_)
    days = np.zeros(len(flow), dtype=np.int8)
    for column in range(flow.shape[1] - 1, -1, -1):
        running &= ~there[:, column] | (flow[:, column] > 0.0)
        days += running & there[:, column]
    return days


def _accelerates(both: NDArray[np.float64], there: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether the newest known day, and the newest two together, saw net buying."""
    age = np.cumsum(there[:, ::-1], axis=1)[:, ::-1]  # 1 on the newest known day, 2 on the one before it
    newest = np.where(there & (age == 1), both, 0.0).sum(axis=1)
    newest_two = np.where(there & (age <= 2), both, 0.0).sum(axis=1)
    return np.asarray((newest > 0.0) & (newest_two > 0.0))

"""The compiled last step of a VCP signal (strategies.md 3): who is judged at all, total, grade, detection."""

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from servers.scanner.compiled import compiled

Records: TypeAlias = Any
"""Array of `vcp_kernel.VCP_ROW`, shape (n,)."""


class Limits(NamedTuple):
    """Least history, floors in won, weights of the total, lowest totals of the grades, best grade code without flows."""

    min_bars: int
    adv_min: float
    price_min: float
    weight_vcp: float
    weight_smart: float
    grade_b: float
    grade_a: float
    grade_s: float
    missing_cap: int


class Given(NamedTuple):
    """What the step starts from: bars of shape (n, W), facts of shape (n,); `bars` counts them."""

    close: NDArray[np.float64]
    turnover: NDArray[np.float64]
    bars: NDArray[np.int32]
    status: NDArray[np.int8]
    eligible: NDArray[np.bool_]
    smart_known: NDArray[np.bool_]
    smart_score: NDArray[np.int16]


class Totals(NamedTuple):
    """What it writes, shape (n,); see `vcp_signal.VcpSignals`."""

    scored: NDArray[np.bool_]
    total: NDArray[np.float64]
    grade: NDArray[np.int8]
    tradable: NDArray[np.bool_]
    detected: NDArray[np.bool_]
    turnover_average: NDArray[np.float64]


@compiled
def judge_rows(rows: NDArray[np.int64], given: Given, limits: Limits, totals: Totals) -> None:
    """Whether `rows` are scored, and whether they are members of the universe above the floors."""
    width = given.close.shape[1]
    for row in rows:
        average = 0.0
        for column in range(width - 20, width):
            average += given.turnover[row, column] / 20.0
        liquid = average >= limits.adv_min and given.close[row, width - 1] >= limits.price_min
        totals.turnover_average[row] = average
        totals.scored[row] = given.status[row] == 0 and given.bars[row] >= limits.min_bars
        totals.tradable[row] = liquid and totals.scored[row] and given.eligible[row]


@compiled
def grade_of(total: float, known: bool, limits: Limits) -> int:
    """0 S, 1 A, 2 B, 3 C; not better than the cap while the flows are missing."""
    grade = 0 if total >= limits.grade_s else 1 if total >= limits.grade_a else 2 if total >= limits.grade_b else 3
    return grade if known else max(grade, limits.missing_cap)


@compiled
def combine_rows(rows: NDArray[np.int64], records: Records, given: tuple[Given, Limits], totals: Totals) -> None:
    """Total, grade and detection of `rows` from pattern, flows and `tradable`."""
    facts, limits = given
    for row in rows:
        total, known = float(records[row].score), facts.smart_known[row]
        if known:
            weighted = limits.weight_vcp * total + limits.weight_smart * facts.smart_score[row]
            total = np.floor(np.rint(weighted * 1e9) / 1e8 + 0.5) / 10.0  # R1, off the noise of binary fractions
        detected = totals.tradable[row] and records[row].detected
        totals.total[row] = total if totals.scored[row] else np.nan
        totals.grade[row] = grade_of(total, known, limits) if detected else 3
        totals.detected[row] = detected

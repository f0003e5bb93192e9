"""단타 seven-item checklist (strategies.md 5): 15, 8 or 0 points an item, on the close or within the session."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servers.scanner.panel import Panel
from servers.scanner.sectors import SectorRanks, rank_sectors
from servers.scanner.strategies.daytrading_parameters import DaytradingParameters
from servers.scanner.strategies.rounding import tidy
from servers.scanner.strategies.supply import Supply, five_sessions
from servers.scanner.universe import WARNING_BITS
from shared.market.tick_size import floor_tick, price_limits

ITEMS = (
    "volume_explosion",
    "momentum_breakout",
    "box_breakout",
    "above_ma5",
    "institution_buying",
    "oversold_drop",
    "sector_momentum",
)
FULL, HALF = 15, 8
SCORE_MAX = FULL * len(ITEMS)

GATE_FLOOR = 1
GATE_LOCKED = 2
GATE_CHANGE = 4
GATE_SINGLE_PRICE = 8
GATE_WARNING = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class DaytradingMeasures:
    """What the bars say, shape (n,), as fractions and multiples; NaN where the history is too short.

    Attributes:
        volume_ratio: Expected volume of the whole session over the mean of the 20 bars before.
        of_high60: Close over the highest high of the 60 bars before.
        of_high20: The same for 20 bars, which are also the box.
        box_width: (highest high - lowest low) / lowest low of the box.
        of_upper_third: Close over the price two thirds up the box.
        was_inside: The previous close was not above the box.
        of_average5: Close over its 5-bar average, today included.
        change: Close against the previous close.
        previous_change: The same one bar earlier.
        previous_disparity: Previous close over its 25-bar average, less 1.
        locked_up: Open, high, low and close all at the upper price limit.
    """

    volume_ratio: NDArray[np.float64]
    of_high60: NDArray[np.float64]
    of_high20: NDArray[np.float64]
    box_width: NDArray[np.float64]
    of_upper_third: NDArray[np.float64]
    was_inside: NDArray[np.bool_]
    of_average5: NDArray[np.float64]
    change: NDArray[np.float64]
    previous_change: NDArray[np.float64]
    previous_disparity: NDArray[np.float64]
    locked_up: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class DaytradingResult:
    """Scores of the whole panel; arrays have one row per ticker.

    Attributes:
        panel: The market that was scored; `explain` reads names and prices from it.
        parameters: Rules in force.
        rule_version: Their version, for the signals.
        scored: Eligible tickers with a score; points of the others mean nothing.
        points: Points per item in the order of `ITEMS`, shape (n, 7).
        total: Sum of the points.
        score_max: 105 less 15 for each item whose input is missing.
        grade: 0 S, 1 A, 2 B, 3 C.
        gates: Bits of the gates that are shut; 0 means tradable.
        supply: Flows of the last five published sessions.
        sectors: Sector ranks of the panel.
        measures: What the bars say.
        turnover_average: 20-bar mean turnover in won.
        target: Target price in won.
        stop: Stop price in won.
    """

    panel: Panel
    parameters: DaytradingParameters
    rule_version: str
    scored: NDArray[np.bool_]
    points: NDArray[np.int8]
    total: NDArray[np.int16]
    score_max: NDArray[np.int16]
    grade: NDArray[np.int8]
    gates: NDArray[np.int8]
    supply: Supply
    sectors: SectorRanks
    measures: DaytradingMeasures
    turnover_average: NDArray[np.float64]
    target: NDArray[np.int64]
    stop: NDArray[np.int64]

    @property
    def tradable(self) -> NDArray[np.bool_]:
        """Scored tickers with every gate open, shape (n,)."""
        return self.scored & np.equal(self.gates, 0)

    @property
    def detected(self) -> NDArray[np.bool_]:
        """Tradable tickers of grade B or better: what is published, shape (n,)."""
        return self.tradable & (self.grade <= 2)

    @property
    def score(self) -> NDArray[np.float64]:
        """Points, NaN for tickers that were not scored, shape (n,)."""
        return np.where(self.scored, self.total.astype(np.float64), np.nan)

    def ranking(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """`rows` by points and mean turnover, both descending, then by code."""
        codes = np.array(self.panel.tickers)[rows]
        return rows[np.lexsort((codes, -self.turnover_average[rows], -self.total[rows].astype(np.int64)))]


def score(
    panel: Panel,
    *,
    parameters: DaytradingParameters | None = None,
    rule_version: str = "",
    volume_share: float | None = 1.0,
    single_price: NDArray[np.bool_] | None = None,
    before_close: bool = False,
) -> DaytradingResult:
    """Score every ticker of the panel at its newest bar.

    Args:
        panel: The market, its newest bar closed or still open.
        parameters: Rules; the defaults of strategies.md 10 when None.
        rule_version: Version of the rules, carried into candidates.
        volume_share: Usual share of a session's volume by now (volume curve), 1 at the close; None before 09:05, when the
            first item earns nothing.
        single_price: Tickers in a volatility halt or single-price phase now, shape (n,).
        before_close: The decision falls before the panel's session has closed, so that its flows must not be used even if
            the panel knows them.

    Returns:
        Arrays over the panel's tickers.
    """
    rules = parameters or DaytradingParameters()
    measures = measure(panel, volume_share)
    supply = five_sessions(panel, before_session=before_close)
    liquid = panel.liquid(adv_min=rules.average_turnover_min, price_min=rules.price_min)
    sectors = rank_sectors(panel, panel.ranked & liquid)
    points = np.stack(
        [_points(full, half) for full, half in _checks(measures, supply, sectors, rules)],
        axis=1,
    )
    total = points.sum(axis=1, dtype=np.int16)
    average = panel.average_turnover()
    close = panel.close[:, -1]
    bounds = np.array([rules.grade_b, rules.grade_a, rules.grade_s])
    return DaytradingResult(
        panel=panel,
        parameters=rules,
        rule_version=rule_version,
        scored=panel.ranked,
        points=points,
        total=total,
        score_max=(SCORE_MAX - FULL * ~supply.known - FULL * (sectors.sector < 0)).astype(np.int16),
        grade=(3 - np.searchsorted(bounds, total, side="right")).astype(np.int8),
        gates=_gates(panel, measures, rules, single_price) | (GATE_FLOOR * ~liquid).astype(np.int8),
        supply=supply,
        sectors=sectors,
        measures=measures,
        turnover_average=average,
        target=floor_tick((1 + rules.take_profit) * close),
        stop=floor_tick((1 - rules.stop_loss) * close),
    )


def measure(panel: Panel, volume_share: float | None = 1.0) -> DaytradingMeasures:
    """Everything the rules compare, from the bars alone; no average or high before today includes today."""
    close, previous = panel.close[:, -1], panel.close[:, -2]
    box_high, box_low = panel.high[:, -21:-1].max(axis=1), panel.low[:, -21:-1].min(axis=1)
    expected = panel.volume[:, -1] / volume_share if volume_share else np.full(close.shape, np.nan)
    upper = price_limits(np.floor(np.nan_to_num(previous) + 0.5).astype(np.int64))[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        return DaytradingMeasures(
            volume_ratio=expected / panel.volume[:, -21:-1].mean(axis=1),
            of_high60=close / panel.high[:, -61:-1].max(axis=1),
            of_high20=close / box_high,
            box_width=(box_high - box_low) / box_low,
            of_upper_third=close / (box_low + 2 / 3 * (box_high - box_low)),
            was_inside=previous <= box_high,
            of_average5=close / panel.close[:, -5:].mean(axis=1),
            change=close / previous - 1,
            previous_change=previous / panel.close[:, -3] - 1,
            previous_disparity=previous / panel.close[:, -26:-1].mean(axis=1) - 1,
            locked_up=panel.low[:, -1] >= upper,
        )


_Check = tuple[NDArray[np.bool_], NDArray[np.bool_]]


def _checks(
    measures: DaytradingMeasures, supply: Supply, sectors: SectorRanks, rules: DaytradingParameters
) -> tuple[_Check, ...]:
    """Which tickers earn the full and which the half points, item by item."""
    ratio, above = tidy(measures.volume_ratio), tidy(measures.of_average5)
    breaks60, breaks20 = tidy(measures.of_high60) > 1, tidy(measures.of_high20) > 1
    boxed = tidy(measures.box_width) <= rules.box_width
    before, now = tidy(measures.previous_change), tidy(measures.change)
    fallen = (before <= -0.03) | (tidy(measures.previous_disparity) <= -0.10)
    return (
        (ratio >= rules.volume_full, ratio >= rules.volume_half),
        (breaks60, breaks20),
        (boxed & breaks20 & measures.was_inside, boxed & (tidy(measures.of_upper_third) >= 1)),
        (above > 1, np.round(np.abs(above - 1), 9) <= rules.average_near),
        _buying(supply, rules),
        (fallen & (now >= 0.02), (before < -0.01) & (now > 0)),
        _sector(sectors),
    )


def _buying(supply: Supply, rules: DaytradingParameters) -> _Check:
    net = supply.foreign + supply.institution
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = tidy(net / supply.turnover)
    full = (net >= rules.buying_full) | ((ratio >= rules.ratio_full) & (net >= rules.ratio_full_min))
    half = (net >= rules.buying_half) | ((ratio >= rules.ratio_half) & (net >= rules.ratio_half_min))
    return (supply.institution > 0) & full, half


def _sector(sectors: SectorRanks) -> _Check:
    known = sectors.sector >= 0
    if not sectors.names:
        return known, known
    rank, members, median = (values[sectors.sector] for values in (sectors.rank, sectors.members, sectors.median))
    strong = known & (sectors.own_return >= median)
    leads = known & (sectors.own_rank > 0) & (sectors.own_rank <= np.ceil(np.round(0.2 * members, 9)))
    count = len(sectors.names)
    first, second = (np.ceil(round(share * count, 9)) for share in (0.2, 0.4))
    return strong & (rank <= first), (strong & (rank <= second)) | leads


def _points(full: NDArray[np.bool_], half: NDArray[np.bool_]) -> NDArray[np.int8]:
    return np.where(full, FULL, np.where(half, HALF, 0)).astype(np.int8)


def _gates(
    panel: Panel, measures: DaytradingMeasures, rules: DaytradingParameters, single_price: NDArray[np.bool_] | None
) -> NDArray[np.int8]:
    shut = {
        GATE_LOCKED: measures.locked_up,
        GATE_CHANGE: ~(tidy(measures.change) < rules.change_max),
        GATE_SINGLE_PRICE: np.zeros(len(panel.tickers), dtype=np.bool_) if single_price is None else single_price,
        GATE_WARNING: ((panel.universe.flags & WARNING_BITS) != 0) & rules.exclude_warning,
    }
    gates = np.zeros(len(panel.tickers), dtype=np.int8)
    for bit, where in shut.items():
        gates[where] |= bit
    return gates

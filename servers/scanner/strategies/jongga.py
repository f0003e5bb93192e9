"""종가베팅 V2 (strategies.md 4): twelve points on the day's bar, its news and the supply before, to buy at the close."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servers.scanner.news.inputs import NewsInputs
from servers.scanner.panel import Panel
from servers.scanner.strategies.jongga_parameters import JonggaParameters
from servers.scanner.strategies.rounding import tidy
from servers.scanner.strategies.supply import Supply, five_sessions
from servers.scanner.universe import WARNING_BITS
from shared.market.tick_size import floor_tick, price_limits

ITEMS = ("news", "volume", "chart", "candle", "period", "supply")
MAX_POINTS = (3, 3, 2, 1, 1, 2)
SCORE_MAX = 12

GATE_CHANGE = 1
GATE_LIMIT_UP = 2
GATE_TURNOVER = 4
GATE_WICK = 8
GATE_NEWS = 16
GATE_WARNING = 32
GATE_FLOOR = 64

_NEAR_HIGH_BARS = 250
_NEAR_HIGH_NEEDED = 120
_BOX_BARS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class JonggaMeasures:
    """What the bars say, shape (n,), as fractions; NaN where the history is too short.

    Attributes:
        change: Close against the previous close.
        of_high: Close over the highest high of the 250 bars before (at least 120 of them).
        aligned: Close above its 5-, above its 10-, above its 20-bar average.
        body: (close - open) / open.
        body_of_range: (close - open) / (high - low).
        wick_of_body: (high - close) / |close - open|.
        range20: (highest high - lowest low) / lowest low over the 20 bars before.
        range5: The same over the 5 bars before.
        of_box: Close over the highest high of the 20 bars before.
        limit_up: Close at or above the upper price limit.
    """

    change: NDArray[np.float64]
    of_high: NDArray[np.float64]
    aligned: NDArray[np.bool_]
    body: NDArray[np.float64]
    body_of_range: NDArray[np.float64]
    wick_of_body: NDArray[np.float64]
    range20: NDArray[np.float64]
    range5: NDArray[np.float64]
    of_box: NDArray[np.float64]
    limit_up: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class JonggaResult:
    """Scores of the whole panel; arrays have one row per ticker.

    Attributes:
        panel: The market that was scored; `explain` reads names and prices from it.
        parameters: Rules in force.
        rule_version: Their version, for the signals.
        scored: Eligible tickers with a score; points of the others mean nothing.
        points: Points per item in the order of `ITEMS`, shape (n, 6).
        total: Sum of the points.
        score_max: 12 less what missing inputs could have given.
        graded: Total scaled to 12, rounded down.
        grade: 0 S, 1 A, 2 B, 3 C.
        gates: Bits of the gates that are shut; 0 means tradable.
        news: News inputs, None without a source.
        supply: Flows of the five sessions before.
        vcp: VCP detected as of the bar before.
        measures: What the bars say.
        turnover_average: 20-bar mean turnover in won.
        target: Target price in won.
        stop: Stop price in won.
    """

    panel: Panel
    parameters: JonggaParameters
    rule_version: str
    scored: NDArray[np.bool_]
    points: NDArray[np.int8]
    total: NDArray[np.int8]
    score_max: NDArray[np.int8]
    graded: NDArray[np.int8]
    grade: NDArray[np.int8]
    gates: NDArray[np.int8]
    news: NewsInputs | None
    supply: Supply
    vcp: NDArray[np.bool_]
    measures: JonggaMeasures
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
        """`rows` by graded points, points and turnover of the day, all descending, then by code."""
        codes = np.array(self.panel.tickers)[rows]
        points = -self.total[rows].astype(np.int64), -self.graded[rows].astype(np.int64)
        return rows[np.lexsort((codes, -self.panel.turnover[rows, -1], *points))]


def score(
    panel: Panel,
    *,
    parameters: JonggaParameters | None = None,
    rule_version: str = "",
    news: NewsInputs | None = None,
    vcp_before: NDArray[np.bool_] | None = None,
) -> JonggaResult:
    """Score every ticker of the panel at its newest bar.

    Args:
        panel: The market at 15:15 (newest bar still open) or after the close.
        parameters: Rules; the defaults of strategies.md 10 when None.
        rule_version: Version of the rules, carried into candidates.
        news: Articles of the last 72 hours; None when there is no source, which lowers the maximum.
        vcp_before: VCP detected as of each ticker's bar before the newest, shape (n,); None counts as not detected.

    Returns:
        Arrays over the panel's tickers. Supply is always taken from sessions before the panel's own.
    """
    rules = parameters or JonggaParameters()
    measures = measure(panel)
    supply = five_sessions(panel, before_session=True)
    vcp = np.zeros(len(panel.tickers), dtype=np.bool_) if vcp_before is None else vcp_before
    points = np.stack(
        [
            _news_points(news, len(panel.tickers)),
            np.searchsorted(np.array(rules.value_points), panel.turnover[:, -1], side="right")
            * ~np.isnan(panel.turnover[:, -1]),
            1 * (tidy(measures.of_high) >= rules.near_high) + (vcp | measures.aligned),
            _is_full_candle(measures, rules),
            _leaves_box(measures, rules),
            _supply_points(supply),
        ],
        axis=1,
    ).astype(np.int8)
    total = points.sum(axis=1, dtype=np.int8)
    score_max = (SCORE_MAX - (3 if news is None else 0) - 2 * ~supply.known).astype(np.int8)
    graded = (SCORE_MAX * total.astype(np.int64) // score_max).astype(np.int8)
    close = panel.close[:, -1]
    return JonggaResult(
        panel=panel,
        parameters=rules,
        rule_version=rule_version,
        scored=panel.ranked,
        points=points,
        total=total,
        score_max=score_max,
        graded=graded,
        grade=(3 - np.searchsorted(np.array([rules.grade_b, rules.grade_a, rules.grade_s]), graded, side="right")).astype(
            np.int8
        ),
        gates=_gates(panel, measures, rules, news),
        news=news,
        supply=supply,
        vcp=vcp,
        measures=measures,
        turnover_average=panel.average_turnover(),
        target=floor_tick((1 + rules.take_profit) * close),
        stop=floor_tick((1 - rules.stop_loss) * close),
    )


def measure(panel: Panel) -> JonggaMeasures:
    """Everything the rules compare, from the bars alone."""
    open_, high, low, close = (field[:, -1] for field in (panel.open, panel.high, panel.low, panel.close))
    before = panel.close[:, -2]
    averages = [panel.close[:, -bars:].mean(axis=1) for bars in (5, 10, 20)]
    box_high = panel.high[:, -_BOX_BARS - 1 : -1].max(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return JonggaMeasures(
            change=close / before - 1,
            of_high=close / _highest_before(panel),
            aligned=(tidy(close / averages[0]) > 1)
            & (tidy(averages[0] / averages[1]) > 1)
            & (tidy(averages[1] / averages[2]) > 1),
            body=(close - open_) / open_,
            body_of_range=(close - open_) / (high - low),
            wick_of_body=(high - close) / np.abs(close - open_),
            range20=_range(panel, _BOX_BARS),
            range5=_range(panel, 5),
            of_box=close / box_high,
            limit_up=close >= price_limits(np.floor(np.nan_to_num(before) + 0.5).astype(np.int64))[1],
        )


def _highest_before(panel: Panel) -> NDArray[np.float64]:
    highest = np.fmax.reduce(panel.high[:, -_NEAR_HIGH_BARS - 1 : -1], axis=1)
    return np.where(panel.count > _NEAR_HIGH_NEEDED, highest, np.nan)


def _range(panel: Panel, bars: int) -> NDArray[np.float64]:
    lowest = panel.low[:, -bars - 1 : -1].min(axis=1)
    return np.asarray((panel.high[:, -bars - 1 : -1].max(axis=1) - lowest) / lowest)


def _news_points(news: NewsInputs | None, count: int) -> NDArray[np.int8]:
    if news is None:
        return np.zeros(count, dtype=np.int8)
    strong = (news.positive >= 3) | ((news.positive == 2) & (tidy(news.mean) >= 0.6))
    points = np.where(strong, 3, np.clip(news.positive, 0, 2))
    return np.where(news.negative_majority, 0, points).astype(np.int8)


def _is_full_candle(measures: JonggaMeasures, rules: JonggaParameters) -> NDArray[np.bool_]:
    return (
        (measures.body > 0)
        & (tidy(measures.change) > 0)
        & (tidy(measures.body) >= rules.body_min)
        & (tidy(measures.body_of_range) >= rules.body_of_range)
        & (tidy(measures.wick_of_body) <= rules.wick_max)
    )


def _leaves_box(measures: JonggaMeasures, rules: JonggaParameters) -> NDArray[np.bool_]:
    narrow = tidy(measures.range20) <= rules.sideways
    squeezed = tidy(measures.range5 - rules.contraction * measures.range20) <= 0
    return (narrow | squeezed) & (tidy(measures.of_box) > 1)


def _supply_points(supply: Supply) -> NDArray[np.int8]:
    return (supply.foreign > 0).astype(np.int8) + (supply.institution > 0)


def _gates(panel: Panel, measures: JonggaMeasures, rules: JonggaParameters, news: NewsInputs | None) -> NDArray[np.int8]:
    change = tidy(measures.change)
    no_body = np.isnan(measures.wick_of_body)  # open = high = close: no wick either
    warned = (panel.universe.flags & WARNING_BITS) != 0
    bad_news = np.zeros(len(panel.tickers), dtype=np.bool_) if news is None else news.negative_majority
    shut = {
        GATE_CHANGE: ~((change >= rules.change_min) & (change < rules.change_max)),
        GATE_LIMIT_UP: measures.limit_up,
        GATE_TURNOVER: ~(panel.turnover[:, -1] >= rules.value_min),
        GATE_WICK: ~((tidy(measures.wick_of_body) <= rules.wick_max) | no_body),
        GATE_NEWS: bad_news,
        GATE_WARNING: warned & rules.exclude_warning,
        GATE_FLOOR: ~panel.liquid(adv_min=rules.average_turnover_min, price_min=rules.price_min),
    }
    gates = np.zeros(len(panel.tickers), dtype=np.int8)
    for bit, where in shut.items():
        gates[where] |= bit
    return gates

"""Mean reversion by disparity (strategies.md 7.1): daily candidates, and the levels for the trades of the next session."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servers.scanner.intraday import DayLevels, IntradayParameters
from servers.scanner.news.inputs import NewsInputs
from servers.scanner.panel import Panel
from servers.scanner.rsi import wilder_rsi
from servers.scanner.strategies.rounding import tidy
from servers.scanner.universe import BOARDS
from shared.market.instrument import Board, Ticker
from shared.market.tick_size import floor_tick, price_limits

AVERAGE_TURNOVER_MIN = 3.0e9
STOP_LOSS = 0.08
GRADE_DEPTHS = (-0.12, -0.15, -0.20)
"""Lowest disparity of grades B, A and S: the presets for other KOSPI, KOSDAQ and the classic form."""

GATE_FLOOR = 1
GATE_LOCKED = 2
GATE_NEWS = 4

_TIER_KOSPI200 = -0.08
_TIER_KOSPI = -0.12
_TIER_KOSDAQ = -0.15
_OVERSOLD = 30.0
_Z_BARS = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class DisparityResult:
    """Disparity of the whole panel; arrays have one row per ticker.

    Attributes:
        panel: The market that was scored; `explain` reads names and prices from it.
        parameters: Rules in force.
        rule_version: Their version, for the signals.
        scored: Eligible tickers with a score.
        disparity: Close over its average, less 1; NaN for short histories.
        threshold: What the disparity was compared with.
        average: The moving average in won, which is also the target.
        detected: At or below the threshold.
        confirmed: Detected and turning: a rising bar, or RSI14 up from below 30.
        grade: 0 S, 1 A, 2 B, 3 C, by depth.
        gates: Bits of the gates that are shut.
        turnover_average: 20-bar mean turnover in won.
        target: Target price in won.
        stop: Stop price in won.
    """

    panel: Panel
    parameters: IntradayParameters
    rule_version: str
    scored: NDArray[np.bool_]
    disparity: NDArray[np.float64]
    threshold: NDArray[np.float64]
    average: NDArray[np.float64]
    detected: NDArray[np.bool_]
    confirmed: NDArray[np.bool_]
    grade: NDArray[np.int8]
    gates: NDArray[np.int8]
    turnover_average: NDArray[np.float64]
    target: NDArray[np.int64]
    stop: NDArray[np.int64]

    @property
    def tradable(self) -> NDArray[np.bool_]:
        """Detected tickers with every gate open, shape (n,)."""
        return self.detected & np.equal(self.gates, 0)

    @property
    def score(self) -> NDArray[np.float64]:
        """Depth in per cent below the average, NaN for tickers that were not scored, shape (n,)."""
        return np.where(self.scored, np.maximum(-100 * self.disparity, 0.0), np.nan)

    def ranking(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """`rows` by depth and mean turnover, both descending, then by code."""
        codes = np.array(self.panel.tickers)[rows]
        return rows[np.lexsort((codes, -self.turnover_average[rows], self.disparity[rows]))]


def score(
    panel: Panel,
    *,
    parameters: IntradayParameters | None = None,
    rule_version: str = "",
    thresholds: NDArray[np.float64] | None = None,
    news: NewsInputs | None = None,
) -> DisparityResult:
    """Find the tickers far below their average at the newest bar.

    Args:
        panel: The market after the close.
        parameters: Rules; the defaults of strategies.md 10 when None.
        rule_version: Version of the rules, carried into candidates.
        thresholds: A threshold per ticker, e.g. from `tier_thresholds`; the one of the parameters when None.
        news: Articles of the last days; None when there is no source.
    """
    rules = parameters or IntradayParameters()
    count = len(panel.tickers)
    close = panel.close[:, -1]
    average = panel.close[:, -rules.average_bars :].mean(axis=1)
    disparity = tidy(close / average - 1)
    threshold = np.full(count, rules.disparity_threshold) if thresholds is None else thresholds
    detected = panel.ranked & (disparity <= threshold)
    return DisparityResult(
        panel=panel,
        parameters=rules,
        rule_version=rule_version,
        scored=panel.ranked,
        disparity=disparity,
        threshold=threshold,
        average=average,
        detected=detected,
        confirmed=detected & _turns(panel),
        grade=sum((disparity > bound for bound in GRADE_DEPTHS), np.zeros(count, dtype=np.int8)).astype(np.int8),
        gates=_gates(panel, news),
        turnover_average=panel.average_turnover(),
        target=floor_tick(average),
        stop=floor_tick((1 - STOP_LOSS) * close),
    )


def tier_thresholds(panel: Panel, kospi200: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
    """Presets by tier: KOSPI200 -8 %, other KOSPI -12 %, everything else -15 %.

    Args:
        panel: The market.
        kospi200: Members of KOSPI200 on the day, shape (n,); None when unknown, which puts all of KOSPI into its own tier.
    """
    tiers = np.where(panel.board == BOARDS.index(Board.KOSPI), _TIER_KOSPI, _TIER_KOSDAQ)
    return tiers if kospi200 is None else np.where(kospi200, _TIER_KOSPI200, tiers)


def volatility_z(panel: Panel, average_bars: int = 25) -> NDArray[np.float64]:
    """Disparity in units of its own 250-bar standard deviation, shape (n,); NaN for shorter histories."""
    closes = panel.close[:, -(_Z_BARS + average_bars - 1) :]
    windows = np.lib.stride_tricks.sliding_window_view(closes, average_bars, axis=1)
    disparity = closes[:, average_bars - 1 :] / windows.mean(axis=2) - 1
    spread = disparity.std(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(disparity.shape[1] == _Z_BARS, disparity[:, -1] / spread, np.nan)


def day_levels(panel: Panel, *, parameters: IntradayParameters | None = None) -> dict[Ticker, DayLevels]:
    """What the rules on trades need of each ticker before a session.

    Args:
        panel: The market at the end of the session before, adjusted as of the session to come.
        parameters: Rules; the defaults when None.

    Returns:
        Levels of eligible, scored tickers; the others are not watched.
    """
    rules = parameters or IntradayParameters()
    sums = panel.close[:, -(rules.average_bars - 1) :].sum(axis=1)
    turnover = panel.average_turnover()
    return {
        Ticker(panel.tickers[row]): DayLevels(previous_sum=float(sums[row]), average_turnover=float(turnover[row]))
        for row in np.flatnonzero(panel.ranked).tolist()
    }


def _turns(panel: Panel) -> NDArray[np.bool_]:
    rsi = wilder_rsi(panel.close)
    return (panel.close[:, -1] > panel.open[:, -1]) | ((rsi[:, -2] < _OVERSOLD) & (rsi[:, -1] > rsi[:, -2]))


def _gates(panel: Panel, news: NewsInputs | None) -> NDArray[np.int8]:
    lower = price_limits(np.floor(np.nan_to_num(panel.close[:, -2]) + 0.5).astype(np.int64))[0]
    shut = {
        GATE_FLOOR: ~(panel.average_turnover() >= AVERAGE_TURNOVER_MIN),
        GATE_LOCKED: panel.high[:, -1] <= lower,
        GATE_NEWS: np.zeros(len(panel.tickers), dtype=np.bool_) if news is None else news.negative_majority,
    }
    gates = np.zeros(len(panel.tickers), dtype=np.int8)
    for bit, where in shut.items():
        gates[where] |= bit
    return gates

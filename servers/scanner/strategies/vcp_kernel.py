"""The compiled pass of VCP (strategies.md 2): one ticker after the other, each over its own window of bars.

Everything that one compiled function calls lives in this file, because the kept machine code is renewed only when its own
file changes. Bars are counted by their column in the panel. Ratios are cut to nine decimals before they meet a threshold.
"""

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from servers.scanner.compiled import compiled

MAX_LEGS = 12
"""Upper bound of `k_max`: rows of a result's leg table."""

LEG_HIGH_BAR, LEG_HIGH, LEG_LOW_BAR, LEG_LOW, LEG_VOLUME = range(5)
"""Columns of the leg table."""

NO_BASE, PRE_BREAKOUT, BREAKOUT_UNCONFIRMED, BREAKOUT, EXTENDED, OVEREXTENDED, INVALID = range(7)
"""State codes, in the order of `vcp.VcpState`."""

VCP_ROW = np.dtype(
    [
        ("score", np.int16),  # after the caps
        ("raw", np.int16),  # sum of the five parts
        ("trend", np.int8),  # A
        ("structure", np.int8),  # B
        ("dry_up", np.int8),  # C
        ("tightness", np.int8),  # D
        ("proximity", np.int8),  # E
        ("tests", np.int8),  # trend tests passed, of 8
        ("state", np.int8),
        ("detected", np.bool_),
        ("falling_volumes", np.bool_),  # leg volumes strictly decrease over the base
        ("legs", np.int8),  # contractions of the base, 0 without one
        ("base_bars", np.int16),  # bars since the base's first high
        ("pivot", np.float64),  # high of the last leg, won
        ("last_low", np.float64),  # low of the last leg, won
        ("distance", np.float64),  # close / pivot - 1
        ("dry", np.float64),
        ("volume_ratio", np.float64),
        ("quiet", np.float64),  # mean true range of 10 over that of 50 bars
        ("range10", np.float64),
        ("sma50", np.float64),
        ("sma150", np.float64),
        ("sma200", np.float64),
        ("sma200_before", np.float64),  # 22 bars earlier
        ("high52", np.float64),
        ("low52", np.float64),
    ],
    align=True,
)
"""What the pass finds out about one ticker; NaN where the history is too short or there is no base."""

Row: TypeAlias = Any
"""One record of `VCP_ROW`; compiled code reads its fields as attributes, which the type checker cannot follow."""


class Rules(NamedTuple):
    """Numbers of the definition, named as in strategies.md 10."""

    atr_n: int
    zz_atr_mult: float
    zz_min: float
    zz_max: float
    live_min_bars: int
    live_min_depth: float
    lookback: int
    base_min_bars: int
    t1_min: float
    t1_max: float
    ratio_max: float
    shoulder_up: float
    shoulder_dn: float
    last_depth_max: float
    k_max: int
    trend_min: int
    breakout_vr: float


class Market(NamedTuple):
    """The part of a panel that is scored, shapes (n, W) and (n,), and the columns that count.

    The window of a ticker is the newest `window` bars up to column `end` (excluded).
    """

    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]
    bars: NDArray[np.int32]
    rating: NDArray[np.int16]
    end: int
    window: int


class Bars(NamedTuple):
    """One ticker's bars, shape (W,); its window is columns [first, end). `range` and `threshold` are scratch."""

    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]
    range: NDArray[np.float64]
    threshold: NDArray[np.float64]
    first: int
    end: int


class Pivots(NamedTuple):
    """Room for the pivots of a zig-zag, shape (W,): bar, price, bar of the confirmation."""

    bar: NDArray[np.int64]
    price: NDArray[np.float64]
    confirmed_at: NDArray[np.int64]


class Zigzag(NamedTuple):
    """`confirmed` pivots, the first a high, then alternating, and the live extreme: direction (+1 up), price and bar."""

    pivots: Pivots
    confirmed: int
    direction: int
    extreme: float
    extreme_bar: int


@compiled
def tidied(ratio: float) -> float:
    """The ratio at nine decimals."""
    return np.rint(ratio * 1e9) / 1e9  # type: ignore[no-any-return]  # a plain float once compiled


@compiled
def sum_of(values: NDArray[np.float64], begin: int, end: int) -> float:
    """Sum over columns [begin, end)."""
    total = 0.0
    for i in range(begin, end):
        total += values[i]
    return total


@compiled
def mean_of(values: NDArray[np.float64], begin: int, end: int) -> float:
    """Mean over columns [begin, end)."""
    return sum_of(values, begin, end) / (end - begin)


@compiled
def fill_thresholds(bars: Bars, rules: Rules) -> None:
    """True range of every bar that has one before it, and the reversal threshold from the first average on (2.1)."""
    for i in range(bars.first + 1, bars.end):
        # max(H - L, |H - C'|, |L - C'|) with the closing price C' of the bar before, in fewer steps.
        before = bars.close[i - 1]
        bars.range[i] = max(bars.high[i], before) - min(bars.low[i], before)
    ranges = sum_of(bars.range, bars.first + 1, bars.first + rules.atr_n)
    for i in range(bars.first + rules.atr_n, bars.end):
        ranges += bars.range[i]
        bars.threshold[i] = ranges
        ranges -= bars.range[i - rules.atr_n + 1]
    share = rules.zz_atr_mult / rules.atr_n
    for i in range(bars.first + rules.atr_n, bars.end):
        bars.threshold[i] = min(max(share * bars.threshold[i] / bars.close[i], rules.zz_min), rules.zz_max)


@compiled
def reached(ratio: float, limit: float) -> bool:
    """`ratio >= limit` at nine decimals; the rounding is done only where it can matter."""
    if ratio - limit > 2e-9:
        return True
    return ratio - limit > -2e-9 and tidied(ratio) >= tidied(limit)


@compiled
def zigzag(bars: Bars, rules: Rules, pivots: Pivots) -> Zigzag:
    """Causal zig-zag (strategies.md 2.2): bar i alone decides what is confirmed at i, so no pivot ever repaints."""
    start = bars.first + rules.atr_n
    confirmed, direction, extreme, extreme_bar = 0, 1, bars.high[start], start
    for i in range(start + 1, bars.end):
        high, low, threshold = bars.high[i], bars.low[i], bars.threshold[i]
        # The product settles all but the ties, which are then compared as ratios at nine decimals.
        if direction > 0:
            further = high > extreme
            turned = not further and low < extreme * (1.0 - threshold + 1e-8) and reached(1.0 - low / extreme, threshold)
        else:
            further = low < extreme
            turned = not further and high > extreme * (1.0 + threshold - 1e-8) and reached(high / extreme - 1.0, threshold)
        if turned:
            pivots.bar[confirmed], pivots.price[confirmed], pivots.confirmed_at[confirmed] = extreme_bar, extreme, i
            confirmed, direction = confirmed + 1, -direction
        if further or turned:
            extreme, extreme_bar = high if direction > 0 else low, i
    return Zigzag(pivots, confirmed, direction, extreme, extreme_bar)


@compiled
def traced(bars: Bars, rules: Rules, pivots: Pivots) -> Zigzag:
    """The zig-zag of a ticker from its bars alone; it has no pivot when the window is shorter than the average range."""
    if bars.end - bars.first <= rules.atr_n:
        return Zigzag(pivots, 0, 1, np.nan, -1)
    fill_thresholds(bars, rules)
    return zigzag(bars, rules, pivots)


@compiled
def write_leg(legs: NDArray[np.float64], row: int, high: tuple[int, float], low: tuple[int, float]) -> None:
    """One contraction, given as (bar, price) of its ends, into the leg table."""
    legs[row, LEG_HIGH_BAR], legs[row, LEG_HIGH] = high
    legs[row, LEG_LOW_BAR], legs[row, LEG_LOW] = low


@compiled
def live_low(bars: Bars, rules: Rules, zig: Zigzag) -> tuple[int, float]:
    """Bar and price of the low below an unconfirmed leg's high; bar -1 while there is no such leg (strategies.md 2.3)."""
    if zig.direction < 0:
        return zig.extreme_bar, zig.extreme
    trough_bar, trough = -1, np.inf
    if zig.extreme_bar >= 0 and bars.end - 1 - zig.extreme_bar >= rules.live_min_bars:
        for i in range(zig.extreme_bar + 1, bars.end):
            if bars.low[i] < trough:
                trough_bar, trough = i, bars.low[i]
        if not reached((zig.extreme - trough) / zig.extreme, rules.live_min_depth):
            trough_bar = -1
    return trough_bar, trough


@compiled
def newest_legs(bars: Bars, rules: Rules, zig: Zigzag, legs: NDArray[np.float64]) -> int:
    """Write the newest legs, at most `k_max`, oldest first (strategies.md 2.3); returns their number."""
    low = live_low(bars, rules, zig)
    is_open = 1 if low[0] >= 0 else 0
    complete = zig.confirmed // 2
    kept = min(complete, rules.k_max - is_open)
    price, bar = zig.pivots.price, zig.pivots.bar
    for row in range(kept):
        peak = 2 * (complete - kept + row)
        write_leg(legs, row, (bar[peak], price[peak]), (bar[peak + 1], price[peak + 1]))
    if is_open:
        high = (zig.extreme_bar, zig.extreme) if zig.direction > 0 else (bar[zig.confirmed - 1], price[zig.confirmed - 1])
        write_leg(legs, kept, high, low)
    return kept + is_open


@compiled
def depth_of(legs: NDArray[np.float64], row: int) -> float:
    """Depth of a leg as a fraction of its high."""
    return (legs[row, LEG_HIGH] - legs[row, LEG_LOW]) / legs[row, LEG_HIGH]  # type: ignore[no-any-return]


@compiled
def structure_points(k: int, last_depth: float, mean_ratio: float) -> int:
    """Part B of a base (strategies.md 2.6)."""
    points = 16 if k == 2 else 21 if k == 3 else 24
    points += 3 if last_depth <= 0.05 else 2 if last_depth <= 0.08 else 1 if last_depth <= 0.12 else 0
    return points + (3 if mean_ratio <= 0.50 else 2 if mean_ratio <= 0.65 else 1)


@compiled
def start_fits(legs: NDArray[np.float64], newest: int, rules: Rules) -> bool:
    """Conditions 2, 3 and 5 of a base made of all the legs given (strategies.md 2.4)."""
    if not rules.base_min_bars <= newest - legs[0, LEG_HIGH_BAR] <= rules.lookback:
        return False
    if not rules.t1_min <= tidied(depth_of(legs, 0)) <= rules.t1_max:
        return False
    lowest, highest = tidied(1.0 - rules.shoulder_dn), tidied(1.0 + rules.shoulder_up)
    level = True
    for j in range(1, len(legs)):
        level = level and lowest <= tidied(legs[j, LEG_HIGH] / legs[0, LEG_HIGH]) <= highest
    return level


@compiled
def choose_base(legs: NDArray[np.float64], bars: Bars, rules: Rules) -> tuple[int, int]:
    """First leg of the base with the largest part B, and that part; (-1, 0) without a base (strategies.md 2.4)."""
    best, best_points, count = -1, 0, len(legs)
    if count < 2:
        return best, best_points
    last_depth = tidied(depth_of(legs, count - 1))
    if last_depth > rules.last_depth_max or bars.close[bars.end - 1] < legs[count - 1, LEG_LOW]:
        return best, best_points
    ratios = 0.0
    for s in range(count - 2, -1, -1):
        ratio = depth_of(legs, s + 1) / depth_of(legs, s)
        if tidied(ratio) > rules.ratio_max:
            break  # every older start would contain this pair
        ratios += ratio
        if start_fits(legs[s:], bars.end - 1, rules):
            points = structure_points(count - s, last_depth, tidied(ratios / (count - 1 - s)))
            if points >= best_points:  # ties go to the larger k
                best, best_points = s, points
    return best, best_points


@compiled
def measure_base(bars: Bars, rules: Rules, zig: Zigzag, output: tuple[Row, NDArray[np.float64]]) -> None:
    """Find the base; leaves its legs, and NaN below them, in the leg table."""
    record, legs = output
    found = newest_legs(bars, rules, zig, legs)
    start, record.structure = choose_base(legs[:found], bars, rules)
    record.legs = found - start if start >= 0 else 0
    for leg in range(record.legs):
        legs[leg] = legs[start + leg]
    legs[record.legs :] = np.nan
    record.base_bars = bars.end - 1 - legs[0, LEG_HIGH_BAR] if record.legs > 0 else 0
    record.pivot = legs[record.legs - 1, LEG_HIGH] if record.legs > 0 else np.nan
    record.last_low = legs[record.legs - 1, LEG_LOW] if record.legs > 0 else np.nan
    record.distance = bars.close[bars.end - 1] / record.pivot - 1.0


@compiled
def measure_leg_volumes(bars: Bars, legs: NDArray[np.float64], record: Row) -> None:
    """Mean volume of each leg, and whether they strictly decrease over the base."""
    record.falling_volumes = record.legs > 0
    for leg in range(record.legs):
        legs[leg, LEG_VOLUME] = mean_of(bars.volume, int(legs[leg, LEG_HIGH_BAR]), int(legs[leg, LEG_LOW_BAR]) + 1)
        if leg > 0 and tidied(legs[leg, LEG_VOLUME] / legs[leg - 1, LEG_VOLUME]) >= 1.0:
            record.falling_volumes = False


@compiled
def measure_averages(bars: Bars, record: Row) -> None:
    """Averages of the trend template; NaN where the window is too short."""
    close, end, known = bars.close, bars.end, bars.end - bars.first
    record.sma50, record.sma150, record.sma200, record.sma200_before = np.nan, np.nan, np.nan, np.nan
    newest22 = sum_of(close, end - 22, end)
    newest50 = newest22 + sum_of(close, end - 50, end - 22)
    record.sma50 = newest50 / 50
    if known >= 150:
        newest150 = newest50 + sum_of(close, end - 150, end - 50)
        record.sma150 = newest150 / 150
        if known >= 200:
            newest200 = newest150 + sum_of(close, end - 200, end - 150)
            record.sma200 = newest200 / 200
            if known >= 222:
                record.sma200_before = (newest200 - newest22 + sum_of(close, end - 222, end - 200)) / 200


@compiled
def measure_ranges(bars: Bars, record: Row) -> None:
    """Extremes of 250 and of 10 bars, and how quiet the last 10 bars were against the last 50."""
    begin = max(bars.end - 250, bars.first)
    record.high52, record.low52 = bars.high[begin : bars.end].max(), bars.low[begin : bars.end].min()
    short = sum_of(bars.range, bars.end - 10, bars.end)
    long = sum_of(bars.range, max(bars.end - 50, bars.first + 1), bars.end)
    record.quiet = (short / 10) / (long / 50) if bars.end - 50 > bars.first and long > 0.0 else np.nan
    width = bars.high[bars.end - 10 : bars.end].max() - bars.low[bars.end - 10 : bars.end].min()
    record.range10 = width / bars.close[bars.end - 1]


@compiled
def measure_volumes(bars: Bars, record: Row) -> None:
    """Dry-up over the ten bars before the newest, and the newest bar against its fifty predecessors."""
    volume, newest = bars.volume, bars.end - 1
    record.dry, record.volume_ratio = np.nan, np.nan
    if newest - 50 >= bars.first:
        record.volume_ratio = volume[newest] / mean_of(volume, newest - 50, newest)
    if newest - 60 >= bars.first:
        record.dry = mean_of(volume, newest - 10, newest) / mean_of(volume, newest - 60, newest - 10)


@compiled
def above(value: float, other: float) -> bool:
    """`value > other` at nine decimals of their ratio; False when one of them is not there."""
    return tidied(value / other) > 1.0


@compiled
def count_tests(close: float, rating: int, record: Row) -> int:
    """How many of the eight trend tests hold (strategies.md 2.5)."""
    passed = 0
    if not np.isnan(record.sma200):
        passed += above(close, record.sma150) and above(close, record.sma200)
        passed += above(record.sma150, record.sma200)
        passed += above(record.sma200, record.sma200_before)
        passed += above(record.sma50, record.sma150) and above(record.sma50, record.sma200)
    passed += above(close, record.sma50)
    passed += tidied(close / record.low52) >= 1.30
    passed += tidied(close / record.high52) >= 0.75
    passed += rating >= 70
    return passed


@compiled
def dry_up_points(dry: float) -> int:
    """Part C without the bonus for falling leg volumes; `dry` at nine decimals."""
    return 16 if dry < 0.40 else 13 if dry < 0.55 else 10 if dry < 0.70 else 6 if dry < 0.85 else 3 if dry < 1.0 else 0


@compiled
def tightness_points(quiet: float, range10: float) -> int:
    """Part D; both ratios at nine decimals."""
    points = 8 if quiet <= 0.60 else 6 if quiet <= 0.75 else 3 if quiet <= 0.90 else 0
    return points + (7 if range10 <= 0.06 else 5 if range10 <= 0.10 else 3 if range10 <= 0.15 else 0)


@compiled
def proximity_points(distance: float, confirmed: bool) -> int:
    """Part E of a base; `distance` at nine decimals, `confirmed` by volume."""
    if distance > 0.0:
        return 0 if distance > 0.10 else 3 if distance > 0.05 else 8 if distance > 0.03 else 15 if confirmed else 11
    return (
        14 if distance >= -0.02 else 11 if distance >= -0.05 else 7 if distance >= -0.08 else 3 if distance >= -0.12 else 0
    )


@compiled
def state_of(close: float, confirmed: bool, record: Row) -> int:
    """The setup's state, first match (strategies.md 2.6)."""
    if tidied(close / record.sma50) < 1.0 and tidied(record.sma50 / record.sma200) < 1.0:
        return INVALID
    if record.legs == 0:
        return NO_BASE
    distance = tidied(record.distance)
    if distance > 0.05:
        return OVEREXTENDED if distance > 0.10 else EXTENDED
    if distance > 0.0:
        return BREAKOUT if confirmed else BREAKOUT_UNCONFIRMED
    return PRE_BREAKOUT


@compiled
def grade_row(close: float, rating: int, rules: Rules, record: Row) -> None:
    """Points, state, detection and caps from what was measured (strategies.md 2.6)."""
    confirmed = tidied(record.volume_ratio) >= rules.breakout_vr
    record.tests = count_tests(close, rating, record)
    record.trend = 4 * max(0, record.tests - 3)
    record.dry_up = dry_up_points(tidied(record.dry)) + (4 if record.falling_volumes else 0)
    record.tightness = tightness_points(tidied(record.quiet), tidied(record.range10))
    record.proximity = proximity_points(tidied(record.distance), confirmed) if record.legs > 0 else 0
    record.state = state_of(close, confirmed, record)
    usable = record.legs > 0 and record.state != INVALID and record.state != OVEREXTENDED  # noqa: PLR1714
    record.detected = usable and record.tests >= rules.trend_min and tidied(record.dry) < 1.0
    record.raw = record.trend + record.structure + record.dry_up + record.tightness + record.proximity
    cap = 34 if record.state == INVALID else 49 if not record.detected else 64 if record.state == EXTENDED else 100
    record.score = min(record.raw, cap)


@compiled
def scan_rows(rows: NDArray[np.int64], market: Market, rules: Rules, output: tuple[Row, NDArray[np.float64]]) -> None:
    """Score the tickers `rows`.

    Args:
        rows: Rows of the market with at least 60 bars in the window, all with positive prices.
        market: Bars and RS ratings.
        rules: Numbers of the definition.
        output: Records of `VCP_ROW`, shape (n,), and leg tables, shape (n, 12, 5); only `rows` are written.
    """
    records, tables = output
    width = market.close.shape[1]
    ranges, thresholds = np.empty(width), np.empty(width)
    pivots = Pivots(np.empty(width, np.int64), np.empty(width), np.empty(width, np.int64))
    for row in rows:
        first = max(width - market.bars[row], market.end - market.window)
        bars = Bars(
            market.high[row], market.low[row], market.close[row], market.volume[row], ranges, thresholds, first, market.end
        )
        record = records[row]
        measure_base(bars, rules, traced(bars, rules, pivots), (record, tables[row]))
        measure_leg_volumes(bars, tables[row], record)
        measure_averages(bars, record)
        measure_ranges(bars, record)
        measure_volumes(bars, record)
        grade_row(bars.close[bars.end - 1], market.rating[row], rules, record)

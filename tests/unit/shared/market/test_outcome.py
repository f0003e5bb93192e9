from collections.abc import Sequence

import numpy as np
import pytest

from shared.market.bars import BarColumns
from shared.market.errors import InvalidInput
from shared.market.outcome import EntryMode, Exit, Fill, OutcomeRule, Outcomes, SignalLevels, evaluate
from shared.market.paths import Paths, cut_paths, locked_bars

Bar = tuple[float, float, float, float]
DAYS = [20260302 + day for day in range(28)]


def signal(
    *,
    close: float = 10_000,
    trigger: float = np.nan,
    target: float = 10_500,
    stop: float = 9_700,
    next_session: int = DAYS[0],
    locked_up: bool = False,
) -> SignalLevels:
    return SignalLevels(
        close=np.array([close]),
        trigger=np.array([trigger]),
        target=np.array([target]),
        stop=np.array([stop]),
        next_session=np.array([next_session], np.int32),
        locked_up=np.array([locked_up]),
    )


def path(
    bars: Sequence[Bar],
    *,
    dates: Sequence[int] = DAYS,
    up: Sequence[int] = (),
    down: Sequence[int] = (),
    final: float = np.nan,
    length: int = 0,
) -> Paths:
    width = max(len(bars), length, 1)
    columns = np.full((4, 1, width), np.nan)
    date = np.zeros((1, width), np.int32)
    for place, bar in enumerate(bars):
        columns[:, 0, place] = bar
        date[0, place] = dates[place]
    marks = np.arange(width)
    return Paths(
        date=date,
        open=columns[0],
        high=columns[1],
        low=columns[2],
        close=columns[3],
        locked_up=np.isin(marks, up)[None, :],
        locked_down=np.isin(marks, down)[None, :],
        final_price=np.array([final]),
    )


def judge(
    levels: SignalLevels, paths: Paths, entry: EntryMode = EntryMode.CLOSE, *, horizon: int = 5, slip_ticks: int = 0
) -> Outcomes:
    return evaluate(levels, paths, OutcomeRule(entry=entry, horizon=horizon, slip_ticks=slip_ticks))


def ending(outcomes: Outcomes) -> tuple[Exit, float]:
    return Exit(int(outcomes.exit[0])), float(outcomes.exit_price[0])


def test_a_bar_that_touches_both_levels_ends_at_the_stop_and_is_counted() -> None:
    outcomes = judge(signal(), path([(10_050, 10_600, 9_650, 10_000)]))
    assert ending(outcomes) == (Exit.STOP, 9_700)
    assert outcomes.ambiguous[0]
    assert outcomes.net_return[0] == pytest.approx(-0.032231, abs=5e-7)


def test_an_open_below_the_stop_sells_at_the_open() -> None:
    outcomes = judge(signal(), path([(9_600, 9_800, 9_500, 9_700)]))
    assert ending(outcomes) == (Exit.STOP, 9_600)
    assert not outcomes.ambiguous[0]
    assert outcomes.mae[0] == pytest.approx(-0.04)  # what happened after the sale is not ours


def test_a_target_pays_what_the_worked_example_says() -> None:
    outcomes = judge(signal(), path([(10_050, 10_500, 9_900, 10_400)]))
    assert ending(outcomes) == (Exit.TARGET, 10_500)
    assert outcomes.net_return[0] == pytest.approx(0.047585, abs=5e-7)
    assert outcomes.exit_date[0] == DAYS[0]


def test_an_open_above_the_target_sells_at_the_open() -> None:
    assert ending(judge(signal(), path([(10_700, 10_800, 9_600, 10_000)]))) == (Exit.TARGET, 10_700)


def test_without_a_touch_the_horizon_sells_at_the_close() -> None:
    calm = [(10_000, 10_100, 9_900, 10_000 + day) for day in range(6)]
    outcomes = judge(signal(), path(calm), horizon=3)
    assert ending(outcomes) == (Exit.HORIZON, 10_002)
    assert outcomes.bars_held[0] == 3
    assert outcomes.exit_date[0] == DAYS[2]
    assert outcomes.mfe[0] == pytest.approx(0.01)
    assert outcomes.mae[0] == pytest.approx(-0.01)


def test_a_bar_locked_at_the_lower_limit_is_carried_to_the_next_one() -> None:
    locked = [(7_000, 7_000, 7_000, 7_000), (6_500, 6_900, 6_400, 6_800)]
    assert ending(judge(signal(), path(locked, down=[0]))) == (Exit.STOP, 6_500)


def test_a_horizon_on_a_locked_bar_waits_for_a_buyer() -> None:
    bars = [(10_000, 10_100, 9_900, 10_000), (9_750, 9_750, 9_750, 9_750), (9_800, 9_900, 9_750, 9_850)]
    outcomes = judge(signal(), path(bars, down=[1]), horizon=2)
    assert ending(outcomes) == (Exit.HORIZON, 9_850)
    assert outcomes.bars_held[0] == 3


def test_a_halted_day_is_not_a_bar() -> None:
    gap = path([(10_000, 10_100, 9_900, 10_000), (10_000, 10_100, 9_900, 10_050)], dates=[DAYS[0], DAYS[9]])
    outcomes = judge(signal(), gap, horizon=2)
    assert ending(outcomes) == (Exit.HORIZON, 10_050)
    assert outcomes.exit_date[0] == DAYS[9]


def test_a_delisted_instrument_without_liquidation_trading_loses_everything() -> None:
    outcomes = judge(signal(), path([(10_000, 10_100, 9_900, 10_000)], final=0.0, length=5))
    assert ending(outcomes) == (Exit.DELISTED, 0)
    assert outcomes.net_return[0] == -1
    assert outcomes.mae[0] == -1


def test_a_delisted_instrument_is_sold_at_its_last_liquidation_price() -> None:
    outcomes = judge(signal(stop=100), path([(10_000, 10_100, 9_900, 10_000)], final=1_500.0, length=5))
    assert ending(outcomes) == (Exit.DELISTED, 1_500)


def test_a_position_that_is_still_held_is_open_and_priced_at_its_last_close() -> None:
    outcomes = judge(signal(), path([(10_000, 10_100, 9_900, 10_050)], length=5))
    assert Exit(int(outcomes.exit[0])) is Exit.OPEN
    assert outcomes.net_return[0] == pytest.approx(10_050 * (1 - 0.00015 - 0.0020) / (10_000 * 1.00015) - 1)


def test_slippage_costs_a_tick_on_each_side() -> None:
    bars = path([(10_050, 10_500, 9_900, 10_400)])
    assert judge(signal(), bars, slip_ticks=1).net_return[0] == pytest.approx(10_490 * 0.99785 / (10_010 * 1.00015) - 1)


@pytest.mark.parametrize(
    ("levels", "paths", "fill"),
    [
        (signal(), path([(10_000, 10_100, 9_900, 10_000)]), Fill.FILLED),
        (signal(), path([], length=3), Fill.PENDING),
        (signal(), path([], length=3, final=0.0), Fill.NOT_TRADED),
        (signal(next_session=20260301), path([(10_000, 10_100, 9_900, 10_000)]), Fill.NOT_TRADED),
        (signal(), path([(13_000, 13_000, 13_000, 13_000)], up=[0]), Fill.LOCKED_UP),
        (signal(trigger=9_500), path([(10_000, 10_100, 9_900, 10_000)]), Fill.GAP_ABOVE),
        (signal(trigger=9_600), path([(10_000, 10_100, 9_900, 10_000)]), Fill.FILLED),
    ],
)
def test_a_purchase_at_the_next_open_needs_a_next_open(levels: SignalLevels, paths: Paths, fill: Fill) -> None:
    outcomes = judge(levels, paths, EntryMode.NEXT_OPEN)
    assert Fill(int(outcomes.fill[0])) is fill
    if fill is not Fill.FILLED:
        assert Exit(int(outcomes.exit[0])) is Exit.NONE
        assert np.isnan([outcomes.entry_price[0], outcomes.net_return[0], outcomes.mfe[0], outcomes.mae[0]]).all()
        assert outcomes.entry_date[0] == outcomes.exit_date[0] == outcomes.bars_held[0] == 0


def test_the_bar_of_the_entry_counts_after_its_open() -> None:
    outcomes = judge(signal(), path([(10_000, 10_600, 9_900, 10_200)]), EntryMode.NEXT_OPEN)
    assert ending(outcomes) == (Exit.TARGET, 10_500)
    assert outcomes.bars_held[0] == 1
    assert outcomes.entry_date[0] == DAYS[0]


def test_a_close_at_the_upper_limit_cannot_be_bought() -> None:
    assert judge(signal(locked_up=True), path([(10_000, 10_100, 9_900, 10_000)])).fill[0] == Fill.LOCKED_UP


def test_a_trigger_buys_on_the_first_day_that_reaches_it() -> None:
    bars = [(9_900, 9_950, 9_800, 9_900), (9_980, 10_200, 9_900, 10_100), (10_100, 10_550, 10_000, 10_500)]
    outcomes = judge(signal(trigger=10_050), path(bars), EntryMode.TRIGGER)
    assert outcomes.entry_price[0] == 10_050
    assert outcomes.entry_date[0] == DAYS[1]
    assert ending(outcomes) == (Exit.TARGET, 10_500)
    assert outcomes.bars_held[0] == 2


def test_a_trigger_that_opens_above_itself_buys_at_the_open() -> None:
    outcomes = judge(signal(trigger=10_000), path([(10_200, 10_300, 10_100, 10_250)]), EntryMode.TRIGGER)
    assert outcomes.entry_price[0] == 10_200


@pytest.mark.parametrize(("count", "fill"), [(10, Fill.NOT_TRIGGERED), (9, Fill.PENDING)])
def test_a_trigger_expires_after_its_window(count: int, fill: Fill) -> None:
    low = [(9_900, 9_950, 9_800, 9_900)] * count
    assert judge(signal(trigger=10_050), path(low, length=12), EntryMode.TRIGGER).fill[0] == fill


def test_a_signal_without_levels_runs_to_the_horizon() -> None:
    wild = [(10_000, 13_000, 7_100, 9_000)] * 3
    assert ending(judge(signal(target=np.nan, stop=np.nan), path(wild), horizon=3)) == (Exit.HORIZON, 9_000)


def test_a_horizon_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput):
        OutcomeRule(entry=EntryMode.CLOSE, horizon=0)


def test_many_signals_at_once_end_as_each_alone() -> None:
    random = np.random.default_rng(7)
    count, length = 200, 15
    steps = 1 + random.normal(0, 0.03, (count, length))
    close = 10_000 * np.cumprod(steps, axis=1)
    open_ = np.concatenate([np.full((count, 1), 10_000.0), close[:, :-1]], axis=1) * (
        1 + random.normal(0, 0.01, (count, length))
    )
    spread = 1 + np.abs(random.normal(0, 0.02, (count, length)))
    bars = (open_, np.maximum(open_, close) * spread, np.minimum(open_, close) / spread, close)
    tickers = np.repeat(np.int32(0), count)

    def columns(which: slice) -> tuple[SignalLevels, Paths]:
        n = tickers[which].size
        levels = SignalLevels(
            close=np.full(n, 10_000.0),
            trigger=np.full(n, 10_200.0),
            target=np.full(n, 10_800.0),
            stop=np.full(n, 9_500.0),
            next_session=np.full(n, DAYS[0], np.int32),
            locked_up=np.zeros(n, np.bool_),
        )
        taken = [column[which] for column in bars]
        paths = Paths(
            date=np.tile(np.array(DAYS[:length], np.int32), (n, 1)),
            open=taken[0],
            high=taken[1],
            low=taken[2],
            close=taken[3],
            locked_up=np.zeros((n, length), np.bool_),
            locked_down=np.zeros((n, length), np.bool_),
            final_price=np.full(n, np.nan),
        )
        return levels, paths

    for mode in EntryMode:
        together = judge(*columns(slice(None)), entry=mode)
        for row in range(0, count, 17):
            alone = judge(*columns(slice(row, row + 1)), entry=mode)
            for name in Outcomes.__slots__:
                assert np.array_equal(
                    getattr(together, name)[row : row + 1], getattr(alone, name), equal_nan=name != "ambiguous"
                ), name


def columns_of(rows: Sequence[tuple[int, int, Bar]]) -> BarColumns:
    table = np.array([[index, day, *bar] for index, day, bar in rows], dtype=np.int64).T
    zeros = np.zeros(table.shape[1], np.int64)
    return BarColumns(
        tickers=("000020", "005930"),
        ticker_index=table[0].astype(np.int32),
        date=table[1].astype(np.int32),
        open=table[2],
        high=table[3],
        low=table[4],
        close=table[5],
        volume=zeros + 1,
        turnover=zeros,
        turnover_estimated=zeros.astype(np.bool_),
        adjusted_as_of=zeros.astype(np.int32),
    )


def test_paths_hold_the_bars_after_the_signal_of_the_same_ticker() -> None:
    bars = columns_of(
        [
            (0, DAYS[0], (100, 110, 90, 105)),
            (0, DAYS[1], (105, 120, 100, 115)),
            (1, DAYS[0], (50, 55, 45, 50)),
            (1, DAYS[1], (51, 56, 46, 51)),
        ]
    )
    paths = cut_paths(bars, np.ones(4), np.array([0, 2, 3]), length=2)
    assert paths.date.tolist() == [[DAYS[1], 0], [DAYS[1], 0], [0, 0]]
    assert paths.close[:2, 0].tolist() == [115, 51]
    assert np.isnan(paths.close[2]).all()


def test_a_split_after_the_signal_keeps_the_scale_of_the_signal() -> None:
    bars = columns_of([(0, DAYS[0], (5_000, 5_100, 4_900, 5_000)), (0, DAYS[1], (1_000, 1_020, 990, 1_010))])
    paths = cut_paths(bars, np.array([0.2, 1.0]), np.array([0]), length=1)
    assert paths.open[0, 0] == pytest.approx(5_000)
    assert paths.low[0, 0] == pytest.approx(4_950)
    assert not paths.locked_down[0, 0]


def test_a_day_at_the_limit_from_open_to_close_is_locked() -> None:
    bars = columns_of(
        [
            (0, DAYS[0], (10_000, 10_000, 10_000, 10_000)),
            (0, DAYS[1], (13_000, 13_000, 13_000, 13_000)),
            (0, DAYS[2], (9_100, 9_100, 9_100, 9_100)),
            (0, DAYS[3], (9_000, 9_100, 9_000, 9_000)),
            (1, DAYS[0], (7_000, 7_000, 7_000, 7_000)),
        ]
    )
    up, down = locked_bars(bars, np.ones(5))
    assert up.tolist() == [False, True, False, False, False]
    assert down.tolist() == [False, False, True, False, False]

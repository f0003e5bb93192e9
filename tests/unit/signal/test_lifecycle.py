"""Where signals stand on the bars that followed, and what a trade does to a plan."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from servers.signal.keeper import Plan
from servers.signal.lifecycle import Progress, Standing, end, follow
from servers.signal.publishing import Verdicts, decide
from shared.market.bars import BarColumns
from shared.market.sessions import SessionCalendar
from shared.market.signal import Signal, SignalKind, SignalState
from tests.fixtures.candidates import make_candidate
from tests.fixtures.columns import factors

PLAN_DAY = date(2026, 4, 20)
DAYS = (20260420, 20260421, 20260422, 20260423)
CALENDAR = SessionCalendar.load()


def signal(**fields: object) -> Signal:
    levels = {"entry_krw": 10_100, "stop_krw": 9_500, "target_krw": 11_000, "close_krw": 10_000} | fields
    candidate = make_candidate("005930", as_of=PLAN_DAY, **levels)
    (decision,) = decide(
        {},
        Verdicts(as_of=PLAN_DAY, candidates=[candidate], complete=True, unjudged=()),
        datetime(2026, 4, 20, 9, tzinfo=UTC),
        new_ids=["s1"],
        pending=(),
    )
    return decision.signal


def columns(*bars: tuple[int, int, int, int]) -> BarColumns:
    """Bars (open, high, low, close) of 005930 from the plan's day on."""
    prices = np.array(bars, dtype=np.int64)
    count = len(bars)
    return BarColumns(
        tickers=("005930",),
        ticker_index=np.zeros(count, dtype=np.int32),
        date=np.array(DAYS[:count], dtype=np.int32),
        open=prices[:, 0],
        high=prices[:, 1],
        low=prices[:, 2],
        close=prices[:, 3],
        volume=np.full(count, 1_000),
        turnover=prices[:, 3] * 1_000,
        turnover_estimated=np.zeros(count, dtype=np.bool_),
        adjusted_as_of=np.zeros(count, dtype=np.int32),
    )


def standing(one: Signal, *bars: tuple[int, int, int, int]) -> Progress:
    market = columns((10_000, 10_050, 9_950, 10_000), *bars)
    return follow([one], market, factors([]), CALENDAR, until=date(2026, 4, 23))[0]


def test_a_signal_waits_until_the_price_reaches_its_entry() -> None:
    assert standing(signal(), (10_000, 10_090, 9_900, 10_000)) == Progress(standing=Standing.PENDING)


def test_it_is_under_way_once_the_entry_was_touched() -> None:
    assert standing(signal(), (10_000, 10_150, 9_900, 10_000)).standing is Standing.UNDER_WAY


@pytest.mark.parametrize(
    ("bar", "reason", "price"),
    [
        ((10_200, 11_100, 10_200, 11_000), "TARGET", 11_000),
        ((10_200, 10_300, 9_400, 9_600), "STOP", 9_500),
        ((10_200, 11_100, 9_400, 10_000), "STOP", 9_500),
        ((9_300, 9_600, 9_200, 9_300), "STOP", 9_300),
    ],
    ids=["target", "stop", "both: the stop counts", "gap below the stop"],
)
def test_it_ends_at_its_levels(bar: tuple[int, int, int, int], reason: str, price: int) -> None:
    progress = standing(signal(), (10_000, 10_150, 10_000, 10_100), bar)
    assert (progress.standing, progress.state) == (Standing.ENDED, SignalState.CLOSED)
    assert (progress.reason, progress.price_krw, progress.on) == (reason, price, date(2026, 4, 22))


def test_a_closing_bet_ends_at_the_close_of_the_next_day() -> None:
    progress = standing(signal(kind=SignalKind.JONGGA), (10_100, 10_200, 9_900, 10_050))
    assert (progress.reason, progress.price_krw, progress.on) == ("TIME", 10_050, date(2026, 4, 21))


def test_a_gap_far_above_the_entry_invalidates() -> None:
    progress = standing(signal(), (10_900, 11_000, 10_800, 10_900))
    assert (progress.state, progress.reason) == (SignalState.INVALIDATED, "GAP_ABOVE")


def test_the_ended_signal_has_one_more_revision_and_says_why() -> None:
    now = datetime(2026, 4, 22, 7, tzinfo=UTC)
    progress = Progress(standing=Standing.ENDED, state=SignalState.CLOSED, reason="STOP", price_krw=9_500)
    ended = end(signal(), progress, now)
    assert (ended.revision, ended.state, ended.close_reason, ended.close_price_krw) == (2, SignalState.CLOSED, "STOP", 9_500)
    assert ended.closed_time == now


def test_a_trade_enters_a_waiting_plan_and_later_ends_it() -> None:
    plan = Plan(signal=signal(), standing=Standing.PENDING)
    assert plan.on_price(10_050) is plan
    entered = plan.on_price(10_100)
    assert isinstance(entered, Plan)
    assert entered.standing is Standing.UNDER_WAY
    target = entered.on_price(11_000)
    assert isinstance(target, Progress)
    assert (target.reason, target.price_krw) == ("TARGET", 11_000)
    stop = entered.on_price(9_480)
    assert isinstance(stop, Progress)
    assert (stop.reason, stop.price_krw) == ("STOP", 9_480)


def test_a_waiting_plan_is_not_stopped_below_its_entry() -> None:
    plan = Plan(signal=signal(), standing=Standing.PENDING)
    assert plan.on_price(9_000) is plan

import numpy as np
import pytest

from servers.feed.simulated.headlines import headlines_of
from servers.feed.simulated.indices import baskets, index_bars
from servers.feed.simulated.intraday import TradedDay, trade_day
from servers.feed.simulated.market import HISTORY_SESSIONS, SimulatedMarket, build_market
from shared.market.errors import DataMissing
from shared.market.instrument import Board, InstrumentKind
from shared.market.sessions import SessionCalendar
from shared.market.tick_size import floor_tick, price_limits
from shared.market.topic import MarketIndex

CALENDAR = SessionCalendar.load()
SEED = 20260102


@pytest.fixture(scope="module")
def market() -> SimulatedMarket:
    return build_market(SEED, CALENDAR)


@pytest.fixture(scope="module")
def day(market: SimulatedMarket) -> TradedDay:
    return trade_day(market, HISTORY_SESSIONS)


def test_the_same_seed_gives_the_same_market_and_another_one_another(market: SimulatedMarket) -> None:
    again = build_market(SEED, CALENDAR)
    for name in ("open", "high", "low", "close", "volume", "foreign", "institution"):
        assert np.array_equal(getattr(market, name), getattr(again, name))
    assert not np.array_equal(market.close, build_market(SEED + 1, CALENDAR).close)


def test_sessions_are_trading_days_after_two_years_of_history(market: SimulatedMarket) -> None:
    assert all(CALENDAR.is_open_day(session.day) for session in market.sessions[::37])
    assert (market.sessions[HISTORY_SESSIONS].day - market.sessions[0].day).days > 700


def test_every_bar_is_one_that_the_exchange_could_print(market: SimulatedMarket) -> None:
    before = np.vstack([market.previous, market.close[:-1]])
    lower, upper = price_limits(before)
    for column in (market.open, market.high, market.low, market.close):
        assert np.array_equal(floor_tick(column), column)
        assert ((column >= lower) & (column <= upper)).all()
    assert (market.high >= np.maximum(market.open, market.close)).all()
    assert (market.low <= np.minimum(market.open, market.close)).all()
    assert (market.low > 0).all()
    assert (market.volume > 0).all()


def test_the_market_is_alive_but_not_wild(market: SimulatedMarket) -> None:
    move = market.close[1:] / market.close[:-1] - 1
    assert 0.01 < move.std() < 0.03
    common = [row for row, one in enumerate(market.universe.instruments) if one.kind is InstrumentKind.COMMON]
    two_years = market.close[HISTORY_SESSIONS - 1, common] / market.close[0, common] - 1
    assert (two_years > 0.3).sum() > 20
    assert (two_years < -0.1).sum() > 20


def test_funds_follow_the_market_with_their_factor(market: SimulatedMarket) -> None:
    rows = {one.name: row for row, one in enumerate(market.universe.instruments)}
    move = np.log(market.close[1:] / market.close[:-1])
    plain, double, inverse = (move[:, rows[name]] for name in ("KODEX 200", "KODEX 레버리지", "KODEX 인버스"))
    assert np.corrcoef(plain, double)[0, 1] > 0.9
    assert np.corrcoef(plain, inverse)[0, 1] < -0.9
    assert double.std() == pytest.approx(2 * plain.std(), rel=0.1)


def test_flows_stay_below_what_was_traded(market: SimulatedMarket) -> None:
    assert (np.abs(market.foreign) <= 0.36 * market.volume * market.close).all()


def test_a_day_outside_the_invented_time_is_missing(market: SimulatedMarket) -> None:
    assert market.position_of(market.sessions[3].day) == 3
    with pytest.raises(DataMissing, match="simulated market ends"):
        market.position_of(market.sessions[-1].day.replace(day=31))


def test_a_traded_day_ends_at_its_bar(market: SimulatedMarket, day: TradedDay) -> None:
    at = HISTORY_SESSIONS
    shown = np.where(day.traded, day.price, 0)
    assert np.array_equal(shown.max(axis=0), market.high[at])
    assert np.array_equal(np.where(day.traded, day.price, np.iinfo(np.int32).max).min(axis=0), market.low[at])
    assert np.array_equal(day.price[0], market.open[at])
    assert np.array_equal(day.price[-1], market.close[at])
    assert np.array_equal(day.volume[-1], market.volume[at])
    assert (np.diff(day.volume, axis=0) >= 0).all()
    assert np.array_equal(floor_tick(day.price), day.price)


def test_nothing_trades_in_the_minutes_before_the_closing_auction(day: TradedDay) -> None:
    assert not day.traded[-150:-1].any()
    assert day.traded[-1].all()


def test_liquid_names_trade_more_often(market: SimulatedMarket, day: TradedDay) -> None:
    often = day.traded.mean(axis=0)
    turnover = market.turnover[HISTORY_SESSIONS]
    assert often[turnover.argmax()] > 0.5 > 0.2 > often[turnover.argmin()]


def test_indices_move_with_their_members(market: SimulatedMarket, day: TradedDay) -> None:
    bars = {bar.index_name: bar for bar in index_bars(market, HISTORY_SESSIONS, day)}
    assert set(bars) == set(MarketIndex)
    for bar in bars.values():
        assert bar.low_e2 <= min(bar.open_e2, bar.close_e2) <= max(bar.open_e2, bar.close_e2) <= bar.high_e2
    rows = market.universe.members(Board.KOSDAQ)
    change = (market.close[5, rows] @ market.universe.shares[rows]) / (market.close[4, rows] @ market.universe.shares[rows])
    basket = baskets(market)[MarketIndex.KOSDAQ]
    assert basket.levels(market.close[5]) / basket.levels(market.close[4]) == pytest.approx(change, abs=1e-4)


def test_a_live_index_bar_without_its_trades_is_refused(market: SimulatedMarket) -> None:
    with pytest.raises(ValueError, match="trades"):
        index_bars(market, HISTORY_SESSIONS)


def test_headlines_fit_the_days_moves_and_are_the_same_every_time(market: SimulatedMarket) -> None:
    headlines = headlines_of(market, HISTORY_SESSIONS)
    assert headlines == headlines_of(market, HISTORY_SESSIONS)
    assert [one.published_time for one in headlines] == sorted(one.published_time for one in headlines)
    assert all(len(one.tickers) == 1 and one.press == "모의뉴스" for one in headlines)

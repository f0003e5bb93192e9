from datetime import timedelta

import numpy as np
import pytest

from servers.feed.simulated.indices import index_bars
from servers.feed.simulated.intraday import STEP, TradedDay, trade_day
from servers.feed.simulated.market import HISTORY_SESSIONS, SimulatedMarket, build_market
from servers.feed.simulated.tape import Tape
from shared.market.quote import Quality
from shared.market.sessions import SessionCalendar

AT = HISTORY_SESSIONS


@pytest.fixture(scope="module")
def market() -> SimulatedMarket:
    return build_market(20260102, SessionCalendar.load())


@pytest.fixture(scope="module")
def day(market: SimulatedMarket) -> TradedDay:
    return trade_day(market, AT)


@pytest.fixture
def tape(market: SimulatedMarket, day: TradedDay) -> Tape:
    return Tape(market, AT, day)


def test_before_the_opening_there_is_nothing(tape: Tape, day: TradedDay) -> None:
    assert tape.advance(day.session.opens - timedelta(seconds=1)) == []
    assert tape.levels(day.session.opens) == []
    assert not tape.is_over


def test_no_quote_is_ahead_of_market_time_and_each_follows_the_one_before(tape: Tape, day: TradedDay) -> None:
    seen: dict[str, tuple[object, int]] = {}
    for minute in range(0, 391, 13):
        now = day.session.opens + timedelta(minutes=minute)
        for quote in tape.advance(now):
            assert quote.exchange_time <= now
            assert quote.quality is Quality.SIMULATED
            assert quote.low_krw <= quote.price_krw <= quote.high_krw
            last = seen.get(quote.ticker)
            assert last is None or (quote.exchange_time, quote.volume_shares) > last
            seen[quote.ticker] = (quote.exchange_time, quote.volume_shares)
    assert tape.is_over


def test_only_what_traded_is_told(tape: Tape, day: TradedDay) -> None:
    first = tape.advance(day.session.opens + STEP)
    assert len(first) == day.price.shape[1]
    later = tape.advance(day.session.opens + 2 * STEP)
    assert len(later) == int(day.traded[1].sum()) < len(first)
    assert tape.advance(day.session.opens + 2 * STEP) == []


def test_the_last_quotes_agree_with_the_days_bar(tape: Tape, market: SimulatedMarket, day: TradedDay) -> None:
    for hours in (1, 2, 5, 7):
        quotes = tape.advance(day.session.opens + timedelta(hours=hours))
    assert tape.is_over
    for column, quote in enumerate(quotes):
        assert quote.price_krw == market.close[AT, column]
        assert (quote.open_krw, quote.high_krw, quote.low_krw) == (
            market.open[AT, column],
            market.high[AT, column],
            market.low[AT, column],
        )
        assert quote.volume_shares == market.volume[AT, column]
        assert quote.turnover_krw == day.turnover[column]
        assert quote.exchange_time == day.session.closes


def test_the_pace_of_looking_does_not_change_what_happened(market: SimulatedMarket, day: TradedDay) -> None:
    slow, fast = Tape(market, AT, day), Tape(market, AT, day)
    now = day.session.opens + timedelta(hours=3)
    told = {quote.ticker: quote for quote in slow.advance(now)}
    for step in range(0, 181, 20):
        for quote in fast.advance(day.session.opens + timedelta(minutes=step)):
            told_by_step = quote
            if step == 180:
                assert told[quote.ticker].price_krw == told_by_step.price_krw
                assert told[quote.ticker].turnover_krw == told_by_step.turnover_krw


def test_the_index_closes_where_its_bar_says(tape: Tape, market: SimulatedMarket, day: TradedDay) -> None:
    tape.advance(day.session.closes)
    levels = {level.index: level for level in tape.levels(day.session.closes)}
    for bar in index_bars(market, AT, day):
        assert levels[bar.index_name].level_e2 == bar.close_e2
        assert levels[bar.index_name].turnover_krw == bar.turnover
    assert np.all([level.quality is Quality.SIMULATED for level in levels.values()])

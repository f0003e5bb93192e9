"""Questions about one instrument: what charts and cards ask."""

from datetime import date, timedelta

import numpy as np
import pytest

from shared.market.errors import NotFound
from shared.market.instrument import InstrumentFlag, Ticker
from shared.store.repositories.flows import FlowRows, ShareFlowRows
from shared.store.repositories.minutes import MinuteRows
from shared.store.repositories.official import OfficialRows
from shared.store.validity import InstrumentFacts, Observation
from tests.contract.store.rows import HYNIX, MONDAY, SAMSUNG, TUESDAY, WEDNESDAY, bars, days, fetched, numbers


async def test_one_instrument_as_of_a_day(store):
    flags = frozenset({InstrumentFlag.HALTED})
    async with store.begin() as uow:
        seen = [Observation(ticker=Ticker(SAMSUNG), day=MONDAY, facts=InstrumentFacts(name="삼성전자", flags=frozenset()))]
        seen.append(Observation(ticker=Ticker(SAMSUNG), day=TUESDAY, facts=InstrumentFacts(name="삼성", flags=flags)))
        await uow.instruments.observe(seen, "master")
    async with store.read() as uow:
        monday, tuesday = [await uow.instruments.dated(SAMSUNG, day) for day in (MONDAY, TUESDAY)]
        with pytest.raises(NotFound):
            await uow.instruments.dated(HYNIX, MONDAY)
    assert (monday.instrument.name, monday.flags) == ("삼성전자", frozenset())
    assert (tuesday.instrument.name, tuesday.flags) == ("삼성", flags)


async def test_the_newest_official_figure_up_to_a_day(store):
    rows = OfficialRows(
        tickers=[SAMSUNG, SAMSUNG],
        date=days([MONDAY, WEDNESDAY]),
        shares=numbers([10, 50]),
        market_cap_krw=numbers([100, 500]),
    )
    async with store.begin() as uow:
        await uow.share_counts.upsert(rows, fetched())
    async with store.read() as uow:
        figure = await uow.share_counts.newest(SAMSUNG, until=TUESDAY)
        assert await uow.share_counts.newest(SAMSUNG, until=MONDAY - timedelta(days=1)) is None
    assert figure is not None
    assert (figure.day, figure.shares, figure.market_cap_krw) == (MONDAY, 10, 100)


async def test_flows_of_one_ticker_in_won_and_shares(store):
    won = FlowRows(
        tickers=[SAMSUNG],
        date=days([MONDAY]),
        foreign_net_krw=numbers([-5]),
        institution_net_krw=numbers([7]),
        pension_net_krw=numbers([1]),
    )
    shares = ShareFlowRows(
        tickers=[SAMSUNG, SAMSUNG],
        date=days([MONDAY, TUESDAY]),
        foreign_net_shares=numbers([2, 3]),
        institution_net_shares=numbers([4, 5]),
        close=numbers([100, 110]),
        foreign_held_shares=numbers([1_000, 1_003]),
    )
    async with store.begin() as uow:
        await uow.flows.upsert(won, fetched(source="won"))
        await uow.flows.upsert_shares(shares, fetched(source="shares"))
    async with store.read() as uow:
        monday, tuesday = await uow.flows.details(SAMSUNG, since=date(2026, 1, 1), until=TUESDAY, limit=5)
        newest = await uow.flows.details(SAMSUNG, since=date(2026, 1, 1), until=TUESDAY, limit=1)
    assert (monday.foreign_net_krw, monday.pension_net_krw, monday.foreign_net_shares, monday.source) == (-5, 1, 2, "won")
    assert (tuesday.foreign_net_krw, tuesday.institution_net_shares, tuesday.foreign_held_shares) == (None, 5, 1_003)
    assert newest == [tuesday]


async def test_the_newest_minute_bars_of_one_length(store):
    opening = fetched().fetched_time
    starts = [opening + timedelta(minutes=5 * count) for count in range(4)]
    prices = np.array([100, 101, 102, 103], dtype=np.int64)
    rows = MinuteRows(
        minutes=5,
        tickers=[SAMSUNG] * 4,
        start_time=starts,
        open=prices,
        high=prices,
        low=prices,
        close=prices,
        volume=prices,
    )
    async with store.begin() as uow:
        await uow.minutes.upsert(rows, fetched())
    async with store.read() as uow:
        found = await uow.minutes.newest(SAMSUNG, 5, since=starts[0], until=starts[2], limit=2)
        assert await uow.minutes.newest(SAMSUNG, 1, since=starts[0], until=starts[3], limit=2) == []
    assert [bar.close for bar in found] == [101, 102]


async def test_every_bar_of_one_ticker_with_the_numbers_of_its_sources(store):
    async with store.begin() as uow:
        await uow.bars.upsert(bars((SAMSUNG, MONDAY, 200), (HYNIX, MONDAY, 300)), fetched(source="b"))
        await uow.bars.upsert(bars((SAMSUNG, TUESDAY, 201)), fetched(source="a"))
    async with store.read() as uow:
        names = await uow.sources.names()
        samsung, numbers_ = await uow.bars.whole_series(SAMSUNG)
        nothing, none = await uow.bars.whole_series("999999")
    assert (samsung.close.tolist(), {names[number] for number in numbers_}) == ([200, 201], {"a", "b"})
    assert (nothing.close.size, none) == (0, frozenset())

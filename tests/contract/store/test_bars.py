from datetime import date

import numpy as np
import pytest

from shared.market.errors import InvalidInput
from shared.store.provenance import SourceRank
from shared.store.repositories.bars import BarRows
from shared.store.repositories.official import OfficialRows
from shared.store.store import Store
from tests.contract.store.rows import HYNIX, MONDAY, SAMSUNG, TUESDAY, WEDNESDAY, bars, days, fetched, numbers

EXCHANGE = fetched(source="krx", rank=SourceRank.EXCHANGE)


async def close_of(store: Store, ticker: str = SAMSUNG) -> int:
    async with store.read() as uow:
        (bar,) = await uow.bars.newest(ticker, limit=1)
        return bar.close


async def test_columns_come_sorted_by_ticker_and_day(store: Store) -> None:
    async with store.begin() as uow:
        await uow.bars.upsert(bars((SAMSUNG, TUESDAY, 200), (HYNIX, MONDAY, 300), (SAMSUNG, MONDAY, 199)), fetched())
    async with store.read() as uow:
        columns = await uow.bars.columns(MONDAY, TUESDAY)
    assert columns.tickers == (HYNIX, SAMSUNG)
    assert columns.ticker_index.tolist() == [0, 1, 1]
    assert columns.date.tolist() == [20260309, 20260309, 20260310]
    assert columns.close.tolist() == [300, 199, 200]
    assert columns.turnover.tolist() == [30_000, 19_900, 20_000]
    assert columns.turnover_estimated.all()
    assert columns.adjusted_as_of.tolist() == [0, 0, 0]
    assert (columns.date.dtype, columns.close.dtype) == (np.dtype(np.int32), np.dtype(np.int64))


async def test_columns_hold_only_the_days_and_tickers_asked_for(store: Store) -> None:
    rows = bars(
        (HYNIX, MONDAY, 1), (HYNIX, TUESDAY, 2), (SAMSUNG, MONDAY, 3), (SAMSUNG, TUESDAY, 4), (SAMSUNG, WEDNESDAY, 5)
    )
    async with store.begin() as uow:
        await uow.bars.upsert(rows, fetched())
    async with store.read() as uow:
        assert (await uow.bars.columns(TUESDAY, TUESDAY)).close.tolist() == [2, 4]
        assert (await uow.bars.columns(MONDAY, TUESDAY, [SAMSUNG, "999999"])).close.tolist() == [3, 4]
        nothing = await uow.bars.columns(MONDAY, TUESDAY, [])
        assert nothing.tickers == ()
        assert nothing.close.size == 0


async def test_columns_see_what_the_same_unit_of_work_wrote(store: Store) -> None:
    async with store.begin() as uow:
        await uow.bars.upsert(bars((SAMSUNG, MONDAY, 200)), fetched())
        assert (await uow.bars.columns(MONDAY, MONDAY)).close.tolist() == [200]


async def test_a_halted_day_is_stored_as_halted(store: Store) -> None:
    zero = numbers([0])
    halted = BarRows(
        tickers=[SAMSUNG], date=days([MONDAY]), open=zero, high=zero, low=zero, close=numbers([200]),
        volume=zero, turnover=zero, turnover_estimated=np.array([False]),
    )  # fmt: skip
    async with store.begin() as uow:
        await uow.bars.upsert(halted, fetched())
    async with store.read() as uow:
        (bar,) = await uow.bars.newest(SAMSUNG, limit=1)
    assert (bar.open, bar.high, bar.low, bar.close, bar.volume, bar.turnover) == (0, 0, 0, 200, 0, 0)


@pytest.mark.parametrize("exchange_first", [True, False])
async def test_the_exchange_beats_a_collection_in_any_order(store: Store, exchange_first: bool) -> None:
    imports = [(bars((SAMSUNG, MONDAY, 200)), EXCHANGE), (bars((SAMSUNG, MONDAY, 199)), fetched(9))]
    for rows, provenance in imports if exchange_first else reversed(imports):
        async with store.begin() as uow:
            await uow.bars.upsert(rows, provenance)
    assert await close_of(store) == 200


@pytest.mark.parametrize("newer_first", [True, False])
async def test_a_newer_fetch_beats_an_older_one_in_any_order(store: Store, newer_first: bool) -> None:
    imports = [(bars((SAMSUNG, MONDAY, 200)), fetched(2)), (bars((SAMSUNG, MONDAY, 199)), fetched(1))]
    for rows, provenance in imports if newer_first else reversed(imports):
        async with store.begin() as uow:
            await uow.bars.upsert(rows, provenance)
    assert await close_of(store) == 200


async def test_two_rows_of_one_key_in_one_bulk_leave_one(store: Store) -> None:
    async with store.begin() as uow:
        await uow.bars.upsert(bars((SAMSUNG, MONDAY, 199), (SAMSUNG, MONDAY, 200)), fetched())
        assert await uow.bars.count() == 1
    assert await close_of(store) == 200


async def test_importing_the_same_rows_again_changes_nothing(store: Store) -> None:
    for _ in range(2):
        async with store.begin() as uow:
            await uow.bars.upsert(bars((SAMSUNG, MONDAY, 200), (SAMSUNG, TUESDAY, 201)), fetched())
            assert await uow.bars.count() == 2


@pytest.mark.parametrize("official_first", [True, False])
async def test_official_turnover_replaces_an_estimate_in_any_order(store: Store, official_first: bool) -> None:
    official = OfficialRows(
        tickers=[SAMSUNG],
        date=days([MONDAY]),
        shares=numbers([10]),
        market_cap_krw=numbers([2_000]),
        turnover_krw=numbers([777]),
    )
    for step in (0, 1) if official_first else (1, 0):
        async with store.begin() as uow:
            if step == 0:
                await uow.share_counts.upsert(official, EXCHANGE)
            else:
                await uow.bars.upsert(bars((SAMSUNG, MONDAY, 200), (HYNIX, MONDAY, 100)), fetched())
    async with store.read() as uow:
        columns = await uow.bars.columns(MONDAY, MONDAY)
    assert columns.turnover.tolist() == [10_000, 777]
    assert columns.turnover_estimated.tolist() == [True, False]


async def test_turnover_of_the_exchange_is_never_touched(store: Store) -> None:
    official = OfficialRows(
        tickers=[SAMSUNG],
        date=days([MONDAY]),
        shares=numbers([10]),
        market_cap_krw=numbers([2_000]),
        turnover_krw=numbers([777]),
    )
    async with store.begin() as uow:
        await uow.bars.upsert(bars((SAMSUNG, MONDAY, 200), turnover=555), EXCHANGE)
        await uow.share_counts.upsert(official, EXCHANGE)
        assert (await uow.bars.columns(MONDAY, MONDAY)).turnover.tolist() == [555]


async def test_adjusted_rows_keep_the_day_of_their_adjustment_and_give_way_to_raw_ones(store: Store) -> None:
    adjusted = fetched(9, source="adjusted", rank=SourceRank.ADJUSTED, adjusted=date(2025, 6, 17))
    async with store.begin() as uow:
        await uow.bars.upsert(bars((SAMSUNG, MONDAY, 100), (HYNIX, MONDAY, 50)), adjusted)
        await uow.bars.upsert(bars((SAMSUNG, MONDAY, 200)), fetched(1))
    async with store.read() as uow:
        columns = await uow.bars.columns(MONDAY, MONDAY)
        (bar,) = await uow.bars.newest(HYNIX, limit=1)
    assert columns.close.tolist() == [50, 200]
    assert columns.adjusted_as_of.tolist() == [20250617, 0]
    assert bar.adjusted_as_of == date(2025, 6, 17)
    assert bar.source == "adjusted"


async def test_a_chart_reads_the_last_bars_oldest_first(store: Store) -> None:
    async with store.begin() as uow:
        await uow.bars.upsert(bars((SAMSUNG, MONDAY, 1), (SAMSUNG, TUESDAY, 2), (SAMSUNG, WEDNESDAY, 3)), fetched())
    async with store.read() as uow:
        assert [bar.close for bar in await uow.bars.newest(SAMSUNG, limit=2)] == [2, 3]
        assert [bar.close for bar in await uow.bars.newest(SAMSUNG, limit=2, until=TUESDAY)] == [1, 2]
        assert [bar.close for bar in await uow.bars.span(SAMSUNG, since=TUESDAY, limit=9)] == [2, 3]
        assert [bar.close for bar in await uow.bars.span(SAMSUNG, since=MONDAY, until=TUESDAY, limit=1)] == [1]


async def test_the_newest_day_is_that_of_any_ticker(store: Store) -> None:
    async with store.begin() as uow:
        assert await uow.bars.newest_date() is None
        await uow.bars.upsert(bars((HYNIX, TUESDAY, 1), (SAMSUNG, MONDAY, 2)), fetched())
        assert await uow.bars.newest_date() == TUESDAY
        assert await uow.bars.newest_date(until=MONDAY) == MONDAY


async def test_latest_bars_of_several_tickers_come_at_once(store: Store) -> None:
    async with store.begin() as uow:
        await uow.bars.upsert(bars((HYNIX, MONDAY, 1), (SAMSUNG, MONDAY, 2), (SAMSUNG, TUESDAY, 3)), fetched())
        latest = await uow.bars.latest_of([SAMSUNG, HYNIX, "999999"])
    assert {ticker: (bar.day, bar.close) for ticker, bar in latest.items()} == {SAMSUNG: (TUESDAY, 3), HYNIX: (MONDAY, 1)}


async def test_columns_of_unequal_length_are_refused(store: Store) -> None:
    one = numbers([1])
    crooked = BarRows(
        tickers=[SAMSUNG, HYNIX], date=days([MONDAY]), open=one, high=one, low=one, close=one,
        volume=one, turnover=one, turnover_estimated=np.array([True]),
    )  # fmt: skip
    with pytest.raises(InvalidInput):
        async with store.begin() as uow:
            await uow.bars.upsert(crooked, fetched())


async def test_a_failed_unit_of_work_leaves_nothing(store: Store) -> None:
    class Stumble(Exception):
        pass

    async def stumble() -> None:
        async with store.begin() as uow:
            await uow.bars.upsert(bars((SAMSUNG, MONDAY, 200)), fetched())
            raise Stumble

    with pytest.raises(Stumble):
        await stumble()
    async with store.read() as uow:
        assert await uow.bars.count() == 0


async def test_writing_says_how_many_bars_were_new_or_replaced(store):
    async with store.begin() as uow:
        assert await uow.bars.upsert(bars((SAMSUNG, MONDAY, 200), (HYNIX, MONDAY, 300)), fetched(1)) == 2
        assert await uow.bars.upsert(bars((SAMSUNG, MONDAY, 200), (SAMSUNG, TUESDAY, 201)), fetched(1)) == 1
        assert await uow.bars.upsert(bars((SAMSUNG, MONDAY, 199), (HYNIX, MONDAY, 301)), fetched(2)) == 2
        assert await uow.bars.upsert(bars((SAMSUNG, MONDAY, 198)), fetched(1)) == 0

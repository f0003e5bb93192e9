"""ListBars over gRPC: raw and adjusted, days, weeks, months and minutes, pages, and nothing after market time."""

from datetime import UTC, date, datetime

import grpc
import pytest
from kstock.common.v1 import bar_pb2, quote_pb2
from kstock.market.v1 import market_service_pb2 as wire

from shared.rpc.messages.times import local_date_message, read_local_date, read_timestamp
from tests.contract.market.conftest import DAYS, SPLIT_DAY, served
from tests.fixtures.imports import take
from tests.fixtures.market_files import BAR, parquet


async def chart(market, **fields):
    return await market.stub.ListBars(wire.ListBarsRequest(ticker="005930", **fields))


def days_of(response):
    return [read_local_date(bar.trading_date) for bar in response.bars]


async def test_prices_before_a_split_are_on_the_scale_of_the_last_day(market):
    response = await chart(market)
    assert days_of(response) == [day for day in DAYS if day != DAYS[2]]
    assert [bar.close_krw for bar in response.bars] == [1_000, 1_001, 1_003, 1_004, 1_005, 1_006, 1_007]
    assert [bar.volume_shares for bar in response.bars][:2] == [500_000, 500_000]
    assert response.bars[0].turnover_krw == 5_000 * 100_000
    assert read_local_date(response.adjusted_as_of) == DAYS[-1]
    assert (response.quality, list(response.sources)) == (quote_pb2.QUALITY_CLOSED, ["stockcatcher"])


async def test_raw_prices_are_those_that_were_paid(market):
    response = await chart(market, adjusted=False)
    assert [bar.close_krw for bar in response.bars] == [5_000, 5_005, 5_015, 5_020, 1_005, 1_006, 1_007]
    assert not response.HasField("adjusted_as_of")


async def test_a_split_is_not_known_before_its_day(market):
    before = local_date_message(DAYS[4])
    response = await chart(market, until=before)
    assert [bar.close_krw for bar in response.bars] == [5_000, 5_005, 5_015, 5_020]
    later = await chart(market, until=before, adjusted_as_of=local_date_message(DAYS[-1]))
    assert [bar.close_krw for bar in later.bars] == [1_000, 1_001, 1_003, 1_004]


async def test_halted_days_come_on_request(market):
    response = await chart(market, include_halted=True)
    (halted,) = [bar for bar in response.bars if bar.halted]
    assert (read_local_date(halted.trading_date), halted.open_krw, halted.volume_shares) == (DAYS[2], 0, 0)


async def test_pages_lead_from_the_newest_bars_to_the_oldest_without_gap_or_repetition(market):
    request, seen = wire.ListBarsRequest(ticker="005930", page_size=3), []
    while True:
        page = await market.stub.ListBars(request)
        seen = days_of(page) + seen
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert seen == [day for day in DAYS if day != DAYS[2]]


async def test_nothing_after_market_time_is_returned(small_store):
    async with served(small_store, at=datetime(2026, 3, 11, 6, 29, tzinfo=UTC)) as market:
        assert days_of(await chart(market))[-1] == DAYS[-2]
    async with served(small_store, at=datetime(2026, 3, 11, 6, 30, tzinfo=UTC)) as market:
        assert days_of(await chart(market))[-1] == DAYS[-1]
    async with served(small_store, at=datetime(2026, 3, 5, 10, tzinfo=UTC)) as market:
        response = await chart(market, until=local_date_message(DAYS[-1]), adjusted_as_of=local_date_message(DAYS[-1]))
        assert days_of(response)[-1] == date(2026, 3, 5)
        assert response.bars[-1].close_krw > 5_000


async def test_weeks_and_months_are_made_of_sessions(market):
    weeks = await chart(market, interval=bar_pb2.BAR_INTERVAL_WEEK)
    assert days_of(weeks) == [date(2026, 2, 27), date(2026, 3, 6), date(2026, 3, 11)]
    last = weeks.bars[-1]
    assert (last.open_krw, last.high_krw, last.low_krw, last.close_krw) == (1_000, 1_017, 995, 1_007)
    assert (last.volume_shares, [bar.complete for bar in weeks.bars]) == (300_000, [True, True, False])
    months = await chart(market, interval=bar_pb2.BAR_INTERVAL_MONTH)
    assert days_of(months) == [date(2026, 2, 27), date(2026, 3, 11)]
    assert [bar.complete for bar in months.bars] == [True, False]


async def test_minute_bars_are_known_when_they_end(small_store):
    async with served(small_store, at=datetime(2026, 3, 11, 0, 17, tzinfo=UTC)) as market:
        response = await chart(market, interval=bar_pb2.BAR_INTERVAL_MINUTE_5, page_size=2)
        starts = [read_timestamp(bar.start_time) for bar in response.bars]
        assert starts == [datetime(2026, 3, 11, 0, minute, tzinfo=UTC) for minute in (5, 10)]
        assert response.quality == quote_pb2.QUALITY_REPLAYED
        older = await chart(market, interval=bar_pb2.BAR_INTERVAL_MINUTE_5, page_size=2, page_token=response.next_page_token)
        assert [read_timestamp(bar.start_time).minute for bar in older.bars] == [0]
        assert older.next_page_token == ""


async def test_a_jump_that_nothing_explains_is_named(small_store, tmp_path):
    jump = [{**BAR, "ticker": "000660", "date": day, "marcap_src": "est"} for day in DAYS[:2]]
    jump[1] |= {"open": 900, "high": 990, "low": 880, "close": 950, "amount": 950_000}
    await take(small_store, parquet(tmp_path / "jump", *jump), data_dir=tmp_path)
    async with served(small_store) as market:
        response = await market.stub.ListBars(wire.ListBarsRequest(ticker="000660"))
    assert [read_local_date(day) for day in response.unexplained_jumps] == [DAYS[1]]


async def test_a_chart_follows_new_bars(market, tmp_path):
    before = await chart(market)
    newer = {
        **BAR,
        "date": DAYS[-1],
        "open": 1_008,
        "high": 1_010,
        "low": 1_000,
        "close": 1_009,
        "volume": 5,
        "amount": 5_045,
    }
    await take(market.store, parquet(tmp_path / "newer", newer), data_dir=tmp_path)
    await market.room.load()
    after = await chart(market)
    assert (before.bars[-1].close_krw, after.bars[-1].close_krw) == (1_007, 1_009)


async def test_prices_that_a_source_adjusted_are_never_shown_as_raw(small_store, tmp_path):
    rows = [{**BAR, "ticker": "000660", "date": day, "src": "invest_kr"} for day in DAYS[:3]]
    await take(small_store, parquet(tmp_path / "adjusted", *rows), data_dir=tmp_path)
    async with served(small_store) as market:
        adjusted = await market.stub.ListBars(wire.ListBarsRequest(ticker="000660"))
        raw = await market.stub.ListBars(wire.ListBarsRequest(ticker="000660", adjusted=False))
    assert (len(adjusted.bars), len(raw.bars)) == (3, 0)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"ticker": ""}, grpc.StatusCode.INVALID_ARGUMENT),
        ({"ticker": "ABC"}, grpc.StatusCode.INVALID_ARGUMENT),
        ({"ticker": "999999"}, grpc.StatusCode.NOT_FOUND),
        ({"ticker": "005930", "page_size": -1}, grpc.StatusCode.INVALID_ARGUMENT),
        ({"ticker": "005930", "page_size": 501}, grpc.StatusCode.INVALID_ARGUMENT),
        ({"ticker": "005930", "page_token": "nonsense"}, grpc.StatusCode.INVALID_ARGUMENT),
        ({"ticker": "005930", "interval": 77}, grpc.StatusCode.INVALID_ARGUMENT),
        (
            {"ticker": "005930", "since": local_date_message(DAYS[5]), "until": local_date_message(DAYS[0])},
            grpc.StatusCode.INVALID_ARGUMENT,
        ),
    ],
)
async def test_impossible_charts_are_refused(market, fields, code):
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await market.stub.ListBars(wire.ListBarsRequest(**fields))
    assert caught.value.code() is code


async def test_a_page_token_belongs_to_its_query(market):
    token = (await chart(market, page_size=2)).next_page_token
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await chart(market, page_size=2, page_token=token, since=local_date_message(SPLIT_DAY))
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT

"""BatchGetQuotes over gRPC: where a quote comes from, how fresh it is, and what became of every ticker."""

from datetime import UTC, datetime, timedelta

import grpc
import pytest
from kstock.common.v1 import quote_pb2
from kstock.market.v1 import market_service_pb2 as wire

from shared.bus.base import FEED_LEASE
from shared.clock import ClockMode
from shared.market.instrument import InstrumentKind, Ticker
from shared.market.quote import Quality
from shared.rpc.messages.times import read_timestamp
from shared.store.validity import InstrumentFacts, Observation
from tests.contract.market.conftest import AFTER_CLOSE, publish, served, streamed

NOON = datetime(2026, 3, 11, 3, tzinfo=UTC)


async def ask(market, *tickers, **fields):
    return await market.stub.BatchGetQuotes(wire.BatchGetQuotesRequest(tickers=tickers, **fields))


async def test_without_a_stream_the_official_close_answers(market):
    (quote,) = (await ask(market, "005930")).quotes
    assert (quote.price_krw, quote.change_krw, quote.previous_close_krw) == (1_007, 1, 1_006)
    assert (quote.quality, quote.origin) == (quote_pb2.QUALITY_CLOSED, quote_pb2.QUOTE_ORIGIN_STORE)
    assert read_timestamp(quote.exchange_time) == datetime(2026, 3, 11, 6, 30, tzinfo=UTC)
    assert (quote.source, quote.topic_seq) == ("stockcatcher", 0)


async def test_an_old_close_still_knows_the_close_before_it(small_store):
    async with served(small_store, at=datetime(2026, 11, 21, 10, tzinfo=UTC)) as market:
        (quote,) = (await ask(market, "005930")).quotes
    assert (quote.price_krw, quote.previous_close_krw, quote.quality) == (1_007, 1_006, quote_pb2.QUALITY_CLOSED)


async def test_the_change_on_the_day_of_a_split_is_on_the_new_scale(small_store):
    async with served(small_store, at=datetime(2026, 3, 9, 10, tzinfo=UTC)) as market:
        (quote,) = (await ask(market, "005930")).quotes
    assert (quote.price_krw, quote.previous_close_krw) == (1_005, 1_004)


async def test_the_stream_comes_before_the_store(market):
    await market.bus.acquire_lease(FEED_LEASE, "feed", timedelta(minutes=1))
    await publish(market.bus, streamed(1_050, AFTER_CLOSE))
    response = await ask(market, "005930")
    (quote,) = response.quotes
    assert (quote.price_krw, quote.quality, quote.topic_seq) == (1_050, quote_pb2.QUALITY_REALTIME, 1)
    assert quote.origin == quote_pb2.QUOTE_ORIGIN_STREAM
    assert (response.cached_count, response.fetched_count) == (1, 0)


async def test_a_polled_quote_says_so(market):
    await market.bus.acquire_lease(FEED_LEASE, "feed", timedelta(minutes=1))
    await publish(market.bus, streamed(1_050, AFTER_CLOSE, quality=Quality.POLLED))
    assert (await ask(market, "005930")).quotes[0].origin == quote_pb2.QUOTE_ORIGIN_POLL


async def test_live_prices_are_stale_while_nobody_owns_the_feed(market):
    await publish(market.bus, streamed(1_050, AFTER_CLOSE))
    assert (await ask(market, "005930")).quotes[0].quality == quote_pb2.QUALITY_STALE


async def test_a_newer_close_beats_what_the_stream_said_before_it(market):
    await publish(market.bus, streamed(900, NOON))
    (quote,) = (await ask(market, "005930")).quotes
    assert (quote.price_krw, quote.quality) == (1_007, quote_pb2.QUALITY_CLOSED)


@pytest.mark.parametrize("mode", [ClockMode.FIXED, ClockMode.REPLAY])
async def test_a_rehearsal_never_shows_what_lies_after_market_time(small_store, mode):
    async with served(small_store, at=NOON, mode=mode) as market:
        await publish(market.bus, streamed(9_999, NOON + timedelta(hours=1)))
        (quote,) = (await ask(market, "005930")).quotes
    assert quote.price_krw == 1_004  # the picture of 10:32
    assert (quote.quality, quote.origin) == (quote_pb2.QUALITY_REPLAYED, quote_pb2.QUOTE_ORIGIN_STORE)


async def test_live_qualities_become_replayed_in_a_rehearsal(small_store):
    async with served(small_store, at=NOON, mode=ClockMode.FIXED) as market:
        await market.bus.acquire_lease(FEED_LEASE, "feed", timedelta(minutes=1))
        await publish(market.bus, streamed(1_003, NOON))
        assert (await ask(market, "005930")).quotes[0].quality == quote_pb2.QUALITY_REPLAYED


async def test_before_the_close_the_close_of_the_day_before_is_the_newest(small_store):
    async with served(small_store, at=datetime(2026, 3, 11, 0, 5, tzinfo=UTC)) as market:
        (quote,) = (await ask(market, "005930")).quotes
    assert (quote.price_krw, read_timestamp(quote.exchange_time)) == (1_006, datetime(2026, 3, 10, 6, 30, tzinfo=UTC))


async def test_every_ticker_is_in_exactly_one_list(market):
    async with market.store.begin() as uow:
        elw = InstrumentFacts(name="콜", kind=InstrumentKind.ELW)
        await uow.instruments.observe([Observation(ticker=Ticker("57JN53"), day=AFTER_CLOSE.date(), facts=elw)], "master")
        await uow.meta.bump_generation("instruments")
    await market.room.load()
    asked = ["005930", "000660", "005930", "57JN53", "999999", "0152301010", "", "ABC", "삼성전자"]
    response = await ask(market, *asked, include_elw=False)
    assert [quote.ticker for quote in response.quotes] == ["005930"]
    assert list(response.missing_tickers) == ["000660"]
    assert list(response.excluded_tickers) == ["57JN53"]
    assert {problem.ticker: problem.reason for problem in response.invalid_tickers} == {
        "999999": "is not in the instrument master",
        "0152301010": "ten-digit K-OTC codes are not supported",
        "": "is empty; give a six-character KRX code such as 005930",
        "ABC": "has 3 characters; a KRX code has six, such as 005930",
        "삼성전자": "has 4 characters; a KRX code has six, such as 005930",
    }
    assert (response.cached_count, response.fetched_count) == (1, 0)
    assert list((await ask(market, "57JN53")).missing_tickers) == ["57JN53"]


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (wire.BatchGetQuotesRequest(), grpc.StatusCode.INVALID_ARGUMENT),
        (wire.BatchGetQuotesRequest(tickers=["005930"] * 201), grpc.StatusCode.RESOURCE_EXHAUSTED),
        (wire.BatchGetQuotesRequest(tickers=["005930"], max_age=timedelta(hours=2)), grpc.StatusCode.INVALID_ARGUMENT),
        (wire.BatchGetQuotesRequest(tickers=["005930"], venue=99), grpc.StatusCode.INVALID_ARGUMENT),
    ],
)
async def test_impossible_batches_are_refused(market, request_, code):
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await market.stub.BatchGetQuotes(request_)
    assert caught.value.code() is code

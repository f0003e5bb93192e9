"""Instruments, flows, headlines, indices, the gate and the calendar over gRPC."""

import asyncio
from datetime import UTC, date, datetime

import grpc
import pytest
from google.protobuf.json_format import MessageToJson
from kstock.common.v1 import instrument_pb2, market_gate_pb2, market_index_pb2, quote_pb2, session_pb2
from kstock.market.v1 import market_service_pb2 as wire

from shared.bus.base import FEED_PUBLISHER, GATE_PUBLISHER, BusEntry, new_epoch
from shared.market.index_level import IndexLevel
from shared.market.quote import Quality
from shared.market.topic import MarketIndex
from shared.rpc.messages.chunks import update_chunk
from shared.rpc.messages.index_levels import index_level_message
from shared.rpc.messages.times import local_date_message, read_local_date, read_timestamp, timestamp_message
from shared.store.repositories.gates import GateRecord
from tests.contract.market.conftest import AFTER_CLOSE, DAYS, listing, served
from tests.fixtures.imports import take
from tests.fixtures.market_files import parquet


async def refused(call) -> grpc.StatusCode:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value.code()


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("005930", wire.MATCH_KIND_CODE),
        ("삼성전자", wire.MATCH_KIND_NAME),
        ("삼전", wire.MATCH_KIND_NICKNAME),
        ("ㅅㅅㅈㅈ", wire.MATCH_KIND_INITIALS),
        ("삼성젼자", wire.MATCH_KIND_TYPO),
    ],
)
async def test_samsung_is_found_by_what_people_call_it(market, query, kind):
    response = await market.stub.SearchInstruments(wire.SearchInstrumentsRequest(query=query))
    best = response.matches[0]
    assert (best.instrument.ticker, best.kind) == ("005930", kind)
    assert 0 < best.score <= 100


async def test_a_search_can_be_narrowed_to_a_board_and_kinds(market):
    on_kosdaq = wire.SearchInstrumentsRequest(query="에코", board=instrument_pb2.BOARD_KOSDAQ)
    on_kospi = wire.SearchInstrumentsRequest(query="에코프로비엠", board=instrument_pb2.BOARD_KOSPI)
    etfs = wire.SearchInstrumentsRequest(query="삼성전자", kinds=[instrument_pb2.INSTRUMENT_KIND_ETF])
    assert [hit.instrument.ticker for hit in (await market.stub.SearchInstruments(on_kosdaq)).matches] == ["247540"]
    assert "247540" not in [hit.instrument.ticker for hit in (await market.stub.SearchInstruments(on_kospi)).matches]
    assert list((await market.stub.SearchInstruments(etfs)).matches) == []


@pytest.mark.parametrize(
    "fields", [{"query": " "}, {"query": "가" * 65}, {"query": "가", "limit": 26}, {"query": "가", "limit": -1}]
)
async def test_impossible_searches_are_refused(market, fields):
    call = market.stub.SearchInstruments(wire.SearchInstrumentsRequest(**fields))
    assert await refused(call) is grpc.StatusCode.INVALID_ARGUMENT


async def test_an_instrument_has_the_figures_and_statuses_of_its_day(market):
    request = wire.GetInstrumentRequest(ticker="247540")
    managed = (await market.stub.GetInstrument(request)).instrument
    assert list(managed.flags) == [instrument_pb2.INSTRUMENT_FLAG_ADMINISTRATIVE]
    samsung = (await market.stub.GetInstrument(wire.GetInstrumentRequest(ticker="005930"))).instrument
    assert (samsung.name, samsung.name_en, samsung.shares) == ("삼성전자", "SamsungElec", 5_000_000)
    assert samsung.realtime_supported
    assert read_local_date(samsung.list_date) == date(1975, 6, 11)
    before = wire.GetInstrumentRequest(ticker="005930", as_of=local_date_message(DAYS[0]))
    assert (await market.stub.GetInstrument(before)).instrument.shares == 1_000_000


async def test_an_unknown_instrument_is_not_found(market):
    assert await refused(market.stub.GetInstrument(wire.GetInstrumentRequest(ticker="999999"))) is grpc.StatusCode.NOT_FOUND
    assert (
        await refused(market.stub.GetInstrument(wire.GetInstrumentRequest(ticker="x"))) is grpc.StatusCode.INVALID_ARGUMENT
    )


async def test_flows_of_a_day_are_known_at_six(small_store):
    async with served(small_store, at=datetime(2026, 3, 11, 8, 59, tzinfo=UTC)) as market:
        before = await market.stub.ListFlows(wire.ListFlowsRequest(ticker="005930", page_size=2))
    async with served(small_store, at=datetime(2026, 3, 11, 9, tzinfo=UTC)) as market:
        after = await market.stub.ListFlows(wire.ListFlowsRequest(ticker="005930", page_size=2))
        older = await market.stub.ListFlows(
            wire.ListFlowsRequest(ticker="005930", page_size=2, page_token=after.next_page_token)
        )
    assert [read_local_date(flow.trading_date) for flow in before.flows] == DAYS[-3:-1]
    assert [read_local_date(flow.trading_date) for flow in after.flows] == DAYS[-2:]
    assert [read_local_date(flow.trading_date) for flow in older.flows] == DAYS[-4:-2]
    newest = after.flows[-1]
    assert (newest.foreign_net_krw, newest.institution_net_krw, newest.turnover_krw) == (7, 7, 1_007 * 100_000)
    assert read_timestamp(newest.publish_time) == datetime(2026, 3, 11, 9, tzinfo=UTC)
    assert not newest.HasField("foreign_net_shares")


async def test_flows_in_shares_are_turned_into_won_and_marked(market):
    (flow,) = (await market.stub.ListFlows(wire.ListFlowsRequest(ticker="000660"))).flows
    assert (flow.foreign_net_krw, flow.institution_net_krw, flow.foreign_net_shares) == (-20, 30, -2)
    assert flow.from_shares


async def test_headlines_come_newest_first_and_never_early(market):
    titles = [item.title for item in (await market.stub.ListNews(wire.ListNewsRequest())).news]
    assert titles == ["오늘 소식", "어제 소식"]
    first = await market.stub.ListNews(wire.ListNewsRequest(ticker="005930", page_size=1))
    second = await market.stub.ListNews(wire.ListNewsRequest(ticker="005930", page_size=1, page_token=first.next_page_token))
    assert [item.title for item in (*first.news, *second.news)] == titles
    assert (list(first.news[0].tickers), first.news[0].source) == (["005930"], "press")
    until = timestamp_message(datetime(2026, 3, 11, 5, 10, tzinfo=UTC))
    assert [item.title for item in (await market.stub.ListNews(wire.ListNewsRequest(until_time=until))).news] == [
        "어제 소식"
    ]


async def test_a_headline_without_a_time_is_known_when_its_day_is_over(small_store):
    async with served(small_store, at=datetime(2026, 3, 11, 15, tzinfo=UTC)) as market:
        news = (await market.stub.ListNews(wire.ListNewsRequest())).news
    assert [item.title for item in news] == ["시장 소식", "오늘 소식", "어제 소식"]
    assert list(news[0].tickers) == []


async def test_an_index_level_is_its_close_unless_the_stream_knows_better(market):
    response = await market.stub.ListIndexLevels(wire.ListIndexLevelsRequest())
    (kospi,) = response.levels
    assert (kospi.index, kospi.level_e2, kospi.change_e2) == (market_index_pb2.MARKET_INDEX_KOSPI, 260_700, 100)
    assert kospi.quality == quote_pb2.QUALITY_CLOSED
    assert list(response.missing_indices) == [
        market_index_pb2.MARKET_INDEX_KOSDAQ,
        market_index_pb2.MARKET_INDEX_KOSPI200,
    ]
    level = IndexLevel(
        index=MarketIndex.KOSPI,
        level_e2=261_000,
        previous_close_e2=260_700,
        open_e2=None,
        high_e2=None,
        low_e2=None,
        volume_shares=None,
        turnover_krw=None,
        quality=Quality.SIMULATED,
        exchange_time=AFTER_CLOSE,
        receive_time=AFTER_CLOSE,
        source="simulated",
    )
    epoch = new_epoch(FEED_PUBLISHER)
    await market.bus.begin_epoch(epoch)
    chunk = update_chunk(index_level_message(level, topic_seq=1))
    await market.bus.publish([BusEntry(topic="market:kospi", epoch=epoch, seq=1, chunk=chunk)])
    (kospi,) = (await market.stub.ListIndexLevels(wire.ListIndexLevelsRequest(indices=[1, 1]))).levels
    assert (kospi.level_e2, kospi.quality) == (261_000, quote_pb2.QUALITY_SIMULATED)


async def test_index_bars_are_paged_like_a_chart(market):
    request = wire.ListIndexBarsRequest(index=market_index_pb2.MARKET_INDEX_KOSPI, page_size=5)
    first = await market.stub.ListIndexBars(request)
    second = await market.stub.ListIndexBars(
        wire.ListIndexBarsRequest(index=request.index, page_size=5, page_token=first.next_page_token)
    )
    assert [read_local_date(bar.trading_date) for bar in (*second.bars, *first.bars)] == DAYS
    assert first.bars[-1].close_e2 == 260_700
    assert await refused(market.stub.ListIndexBars(wire.ListIndexBarsRequest())) is grpc.StatusCode.INVALID_ARGUMENT


def gate(level: int, day: date) -> market_gate_pb2.MarketGate:
    moment = timestamp_message(datetime(day.year, day.month, day.day, 6, 30, tzinfo=UTC))
    message = market_gate_pb2.MarketGate(level=level, colour=market_gate_pb2.GATE_COLOUR_GREEN, exchange_time=moment)
    message.as_of.CopyFrom(local_date_message(day))
    return message


async def test_the_gate_comes_from_the_stream_or_the_newest_reading(market):
    assert await refused(market.stub.GetMarketGate(wire.GetMarketGateRequest())) is grpc.StatusCode.NOT_FOUND
    for level, day in ((71, DAYS[-2]), (72, DAYS[-1])):
        moment = datetime(day.year, day.month, day.day, 6, 31, tzinfo=UTC)
        record = GateRecord(
            gate_time=moment, as_of=day, level=level, colour="GREEN", reading=MessageToJson(gate(level, day))
        )
        async with market.store.begin() as uow:
            await uow.gates.save(record)
    newest = await market.stub.GetMarketGate(wire.GetMarketGateRequest())
    older = await market.stub.GetMarketGate(wire.GetMarketGateRequest(as_of=local_date_message(DAYS[-2])))
    assert (newest.gate.level, older.gate.level) == (72, 71)
    assert read_local_date(older.gate.as_of) == DAYS[-2]
    missing = wire.GetMarketGateRequest(as_of=local_date_message(DAYS[0]))
    assert await refused(market.stub.GetMarketGate(missing)) is grpc.StatusCode.NOT_FOUND
    epoch = new_epoch(GATE_PUBLISHER)
    await market.bus.begin_epoch(epoch)
    chunk = update_chunk(gate(80, DAYS[-1]))
    await market.bus.publish([BusEntry(topic="market-gate", epoch=epoch, seq=1, chunk=chunk)])
    assert (await market.stub.GetMarketGate(wire.GetMarketGateRequest())).gate.level == 80


async def test_today_has_its_phase_and_its_neighbours(market):
    response = await market.stub.GetSession(wire.GetSessionRequest())
    assert (response.day.open, response.phase, response.clock_mode) == (True, session_pb2.SESSION_PHASE_AFTER_HOURS, "wall")
    assert [read_local_date(day) for day in (response.previous_session, response.next_session)] == [
        date(2026, 3, 10),
        date(2026, 3, 12),
    ]
    assert read_local_date(response.newest_stored_session) == DAYS[-1]
    assert read_timestamp(response.market_time) == AFTER_CLOSE
    holiday = await market.stub.GetSession(wire.GetSessionRequest(date=local_date_message(date(2026, 5, 5))))
    assert (holiday.day.open, holiday.day.reason, holiday.phase) == (False, "어린이날", 0)


async def test_a_period_of_the_calendar_leaves_out_weekends(market):
    bounds = {"since": local_date_message(date(2026, 4, 30)), "until": local_date_message(date(2026, 5, 6))}
    days = (await market.stub.ListSessions(wire.ListSessionsRequest(**bounds))).days
    assert [(read_local_date(day.date).day, day.open) for day in days] == [
        (30, True),
        (1, False),
        (4, True),
        (5, False),
        (6, True),
    ]


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [
        (date(2026, 5, 6), date(2026, 5, 5), grpc.StatusCode.INVALID_ARGUMENT),
        (date(2024, 1, 1), date(2026, 5, 5), grpc.StatusCode.INVALID_ARGUMENT),
        (date(1990, 1, 1), date(1990, 5, 5), grpc.StatusCode.NOT_FOUND),
    ],
)
async def test_impossible_periods_are_refused(market, since, until, code):
    request = wire.ListSessionsRequest(since=local_date_message(since), until=local_date_message(until))
    assert await refused(market.stub.ListSessions(request)) is code
    assert await refused(market.stub.ListSessions(wire.ListSessionsRequest())) is grpc.StatusCode.INVALID_ARGUMENT


async def test_the_room_follows_the_store_while_it_runs(small_store, tmp_path):
    request = wire.SearchInstrumentsRequest(query="새회사")
    async with served(small_store) as market, asyncio.TaskGroup() as tasks:
        running = tasks.create_task(market.room.run())
        assert not (await market.stub.SearchInstruments(request)).matches
        newcomer = {**listing("0123N0", "새회사"), "list_date": date(2026, 3, 11)}
        await take(small_store, parquet(tmp_path / "newer", newcomer), data_dir=tmp_path)
        async with asyncio.timeout(10):
            while not (await market.stub.SearchInstruments(request)).matches:
                await market.clock.advance(1)
        running.cancel()

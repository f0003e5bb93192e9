"""What comes into the store around a session: masters before its opening, its record after the close."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from kstock.common.v1 import bar_pb2, flow_pb2, market_index_pb2
from kstock.feed.v1 import feed_service_pb2 as feed
from kstock.market.v1 import market_service_pb2 as wire

from shared.clock import ClockMode
from shared.market.errors import DataMissing, InvalidInput, KStockError, NotFound
from shared.market.instrument import InstrumentFlag, InstrumentKind, Ticker
from shared.market.times import kst_datetime
from shared.rpc.errors import domain_errors, from_rpc_error
from shared.rpc.handlers import HostedService
from shared.rpc.messages.times import local_date_message, timestamp_message
from shared.store.store import Store
from shared.store.validity import InstrumentFacts, Observation
from tests.contract.market.conftest import CALENDAR, DAYS, Served, listing, served
from tests.contract.rpc.hosting import EVERY_SCOPE, bearer
from tests.fixtures.market_files import parquet
from tests.fixtures.rpc_house import serving

TODAY = DAYS[-1]
TOMORROW = CALENDAR.next_session(TODAY).day
CLOSES = kst_datetime(TODAY, time(15, 30))
BARS, FLOWS = wire.SESSION_PART_BARS, wire.SESSION_PART_FLOWS
INTERNAL = bearer(EVERY_SCOPE)
DAY_MESSAGE = local_date_message(TODAY)
FEED = feed.DESCRIPTOR.services_by_name["FeedService"]


async def sync(room: Served, day: date = TOMORROW) -> wire.SyncInstrumentsResponse:
    with domain_errors():
        request = wire.SyncInstrumentsRequest(trading_date=local_date_message(day))
        return await room.stub.SyncInstruments(request, metadata=INTERNAL)


def stated(ticker: str, day: date, **facts: Any) -> Observation:
    return Observation(ticker=Ticker(ticker), day=day, facts=InstrumentFacts(**facts))


async def test_the_masters_tell_what_is_listed_suspended_and_changed(small_store: Store) -> None:
    halted = frozenset({InstrumentFlag.HALTED})
    async with small_store.begin() as uow:
        await uow.instruments.observe(
            [
                stated("000660", TODAY, name="SK하이닉스", flags=frozenset()),
                stated("000660", TOMORROW, name="SK하이닉스", flags=halted),
                stated("247540", TODAY, name="에코프로비엠", flags=halted),
                stated("247540", TOMORROW, name="에코프로", flags=frozenset()),
                stated("570001", TOMORROW, name="새 워런트", kind=InstrumentKind.ELW, list_date=TOMORROW),
                stated("005930", TOMORROW, delist_date=TOMORROW),
            ],
            "master",
        )
    async with served(small_store, at=kst_datetime(TOMORROW, time(8, 30))) as room:
        synced = await sync(room)
    assert (synced.suspended_count, synced.elw_count) == (1, 1)
    kind = wire.InstrumentChangeKind
    assert [
        (one.ticker, one.name, kind.Name(one.kind).removeprefix("INSTRUMENT_CHANGE_KIND_")) for one in synced.changes
    ] == [
        ("000660", "SK하이닉스", "SUSPENDED"),
        ("005930", "삼성전자", "DELISTED"),
        ("247540", "에코프로", "RESUMED"),
        ("247540", "에코프로", "RENAMED"),
        ("570001", "새 워런트", "LISTED"),
    ]
    assert synced.change_count == 5
    assert (synced.source, synced.file_count) == ("", 0)


async def test_a_store_without_masters_cannot_be_synced(sqlite_store: Store) -> None:
    async with served(sqlite_store) as room:
        with pytest.raises(DataMissing, match="import one"):
            await sync(room)


async def test_import_files_of_the_settings_are_read_again_and_only_news_change_the_store(
    small_store: Store, tmp_path: Path
) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    await asyncio.to_thread(parquet, folder / "new", listing("123450", "새회사", list_date=TOMORROW))
    at = kst_datetime(TOMORROW, time(8, 30))
    async with served(small_store, at=at, import_paths=[folder], data_dir=tmp_path) as room:
        first, second = await sync(room), await sync(room)
        assert (first.file_count, first.stored_row_count, second.stored_row_count) == (1, 1, 0)
        assert [change.ticker for change in first.changes] == ["123450"]
        (folder / "broken.parquet").write_bytes(b"PAR1 and then nothing")
        with pytest.raises(InvalidInput, match=r"broken\.parquet"):
            await sync(room)
    async with served(small_store, at=at, mode=ClockMode.REPLAY, import_paths=[folder], data_dir=tmp_path) as rehearsal:
        assert (await sync(rehearsal)).file_count == 0


class Exchange:
    """A feed with a master and a record, as far as they are published."""

    def __init__(self) -> None:
        self.close = 1_100
        self.parts = {BARS}

    async def FetchInstruments(self, _request: object, _context: object) -> feed.FetchInstrumentsResponse:
        response = feed.FetchInstrumentsResponse(as_of=DAY_MESSAGE, source="exchange")
        response.instruments.add(ticker="005930", name="삼성전자", kind=1, board=1, flags=[2])
        return response

    async def FetchSession(self, _request: object, _context: object) -> feed.FetchSessionResponse:
        response = feed.FetchSessionResponse(source="exchange", as_of_time=timestamp_message(CLOSES), official=True)
        bar = bar_pb2.Bar(
            open_krw=1_000, high_krw=1_200, low_krw=990, close_krw=self.close, volume_shares=7, turnover_krw=7_000
        )
        figures = feed.SessionFigures(ticker="000660")
        if BARS in self.parts:
            figures.bar.CopyFrom(bar)
            figures.shares, figures.market_cap_krw = 1_000, 1_100_000
            response.rates.add(pair="USDKRW", rate_e4=13_600_000)
            response.indices.add(index=2, bar=market_index_pb2.IndexBar(close_e2=85_000), market_cap_krw=10**12)
        if FLOWS in self.parts:
            figures.flow.CopyFrom(flow_pb2.Flow(foreign_net_krw=-3, institution_net_krw=8))
        if self.parts:
            response.instruments.append(figures)
        return response


@asynccontextmanager
async def fed(store: Store, exchange: object, *, at: datetime = CLOSES + timedelta(minutes=10)) -> AsyncIterator[Served]:
    async with (
        serving([HostedService(descriptor=FEED, servicer=exchange)]) as channel,
        served(store, at=at, feed=channel) as room,
    ):
        yield room


async def ingest(room: Served, part: wire.SessionPart, day: date = TODAY) -> wire.IngestSessionResponse:
    request = wire.IngestSessionRequest(trading_date=local_date_message(day), part=part)
    with domain_errors():
        return await room.stub.IngestSession(request, metadata=INTERNAL)


async def generations(store: Store) -> dict[str, int]:
    async with store.read() as uow:
        return dict(await uow.meta.generations())


async def test_the_record_of_the_feed_comes_into_the_store_once(small_store: Store) -> None:
    exchange = Exchange()
    async with fed(small_store, exchange) as room:
        first = await ingest(room, BARS)
        # Two of the four instruments have a bar of the day: the one of the import and the one of the feed.
        assert (first.stored_count, first.known_count, first.listed_count, first.source) == (1, 2, 4, "exchange")
        async with small_store.read() as uow:
            (bar,) = await uow.bars.newest("000660", limit=1)
            assert (bar.day, bar.close, bar.volume, bar.turnover) == (TODAY, 1_100, 7, 7_000)
            assert (await uow.share_counts.newest("000660", until=TODAY)).market_cap_krw == 1_100_000
            assert (await uow.fx.newest("USDKRW", limit=1))[0].day == TODAY
        before = await generations(small_store)
        again = await ingest(room, BARS)
        assert (again.stored_count, again.known_count) == (0, 2)
        assert await generations(small_store) == before


async def test_flows_come_when_they_are_published(small_store: Store) -> None:
    exchange = Exchange()
    exchange.parts = {FLOWS}
    async with fed(small_store, exchange, at=kst_datetime(TODAY, time(18, 10))) as room:
        assert (await ingest(room, FLOWS)).stored_count == 1
        async with small_store.read() as uow:
            (flow,) = await uow.flows.newest("000660", limit=1)
        assert (flow.day, flow.foreign_net_krw, flow.institution_net_krw) == (TODAY, -3, 8)


async def test_a_record_that_is_not_published_is_missing(sqlite_store: Store) -> None:
    exchange = Exchange()
    exchange.parts = set()
    async with fed(sqlite_store, exchange) as room:
        with pytest.raises(DataMissing, match="no source has the bars of 2026-03-11 yet"):
            await ingest(room, BARS)


async def test_without_any_source_the_room_tells_what_it_has(small_store: Store) -> None:
    for servicer in (object(), None):
        at = kst_datetime(TODAY, time(18, 10))
        async with fed(small_store, servicer, at=at) if servicer else served(small_store, at=at) as room:
            got = await ingest(room, BARS)
            assert (got.source, got.stored_count, got.known_count) == ("", 0, 1)
            assert (await sync(room)).source == ""


async def test_the_master_of_the_feed_is_recorded_for_its_day(small_store: Store) -> None:
    async with fed(small_store, Exchange(), at=kst_datetime(TODAY, time(8, 30))) as room:
        before = await generations(small_store)
        synced = await sync(room, TODAY)
        assert (synced.source, synced.suspended_count) == ("exchange", 1)
        raised = await generations(small_store)
        assert raised["instruments"] == before["instruments"] + 1
        await sync(room, TODAY)
        assert await generations(small_store) == raised
    async with small_store.read() as uow:
        assert InstrumentFlag.HALTED in (await uow.instruments.dated("005930", TODAY)).flags


@pytest.mark.parametrize(
    ("day", "part", "error"),
    [
        (TOMORROW, BARS, InvalidInput),
        (date(2026, 3, 14), BARS, NotFound),
        (date(2050, 1, 3), BARS, NotFound),
        (TODAY, wire.SESSION_PART_UNSPECIFIED, InvalidInput),
    ],
)
async def test_what_cannot_be_ingested_is_refused(
    small_store: Store, day: date, part: wire.SessionPart, error: type[KStockError]
) -> None:
    async with served(small_store) as room:
        with pytest.raises(error):
            await ingest(room, part, day)
        with pytest.raises(grpc.aio.AioRpcError) as nothing:
            await room.stub.IngestSession(wire.IngestSessionRequest(part=BARS), metadata=INTERNAL)
        assert isinstance(from_rpc_error(nothing.value), InvalidInput)

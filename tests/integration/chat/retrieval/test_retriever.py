import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToJson
from kstock.common.v1 import candidate_pb2, instrument_pb2, statistics_pb2
from kstock.scanner.v1 import scan_pb2, scanner_service_pb2

from servers.chat.knowledge.glossary import Glossary
from servers.chat.retrieval.document import DocumentKind, Wish
from servers.chat.retrieval.packaged_documents import packaged_documents
from servers.chat.retrieval.retriever import Retriever
from servers.chat.retrieval.vector_file import VectorFile
from servers.chat.retrieval.vectoriser import Vectoriser
from shared.market.instrument import Ticker
from shared.market.outcome import EntryMode
from shared.market.signal import Signal, SignalChange, SignalKind, SignalState
from shared.store.repositories.backtests import BacktestRun, BacktestState
from shared.store.repositories.news import Headline
from shared.store.repositories.scans import ScanRun, ScanState
from shared.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.embedder import WordEmbedder
from tests.fakes.words import SpacedWords
from tests.fixtures.candidates import make_candidate

NOW = datetime(2026, 4, 30, 9, 30, tzinfo=UTC)


class ReadyWords:
    async def get(self) -> SpacedWords:
        return SpacedWords()


def retriever(store: Store, **fields: Any) -> Retriever:
    return Retriever(store, fields.pop("clock", FakeClock(NOW)), ReadyWords(), **fields)


async def report(store: Store, *titles: str, ticker: str = "042660", at: datetime = NOW - timedelta(hours=2)) -> None:
    stories = [
        Headline(title=title, published_time=at, time_is_exact=True, tickers=(Ticker(ticker),), press="신문")
        for title in titles
    ]
    async with store.begin() as uow:
        await uow.news.add(stories, "test")
        await uow.meta.bump_generation("news")


async def titles(searched: Retriever, query: str, **wish: Any) -> list[str]:
    found = await searched.search(Wish(query=query, **{"until": NOW, **wish}))
    return [one.document.title for one in found]


def signal(**fields: Any) -> Signal:
    usual = Signal(
        signal_id="s1",
        revision=1,
        state=SignalState.ACTIVE,
        candidate=make_candidate(reasons=("거래량 마름",)),
        opened_price_krw=19_300,
        opened_on=make_candidate().as_of,
        plan_on=make_candidate().as_of,
        opened_time=NOW - timedelta(days=3),
        updated_time=NOW - timedelta(days=3),
    )
    return replace(usual, **fields)


async def test_stories_are_found_once_the_store_says_that_there_are_new_ones(store: Store) -> None:
    searched = retriever(store)
    await report(store, "대형 수주 공시", "수주 잔고 사상 최대")
    await searched.renew()
    assert len(await titles(searched, "수주")) == 2
    await report(store, "수주 취소 소식")
    await searched.renew()
    assert len(await titles(searched, "수주")) == 3
    assert await titles(searched, "취소") == ["수주 취소 소식"]


async def test_a_story_that_gains_an_instrument_is_found_under_it(store: Store) -> None:
    searched = retriever(store)
    await report(store, "조선 수주")
    await searched.renew()
    await report(store, "조선 수주", ticker="329180")
    await searched.renew()
    assert await titles(searched, "수주", tickers=(Ticker("329180"),)) == ["조선 수주"]
    assert await titles(searched, "수주") == ["조선 수주"]


async def test_a_story_stored_late_about_an_old_day_is_found(store: Store) -> None:
    searched = retriever(store)
    await report(store, "오늘 소식")
    await searched.renew()
    await report(store, "묵은 소식", at=NOW - timedelta(days=400))
    await searched.renew()
    assert await titles(searched, "묵은") == ["묵은 소식"]


async def test_nothing_after_market_time_is_found(store: Store) -> None:
    await report(store, "내일 소식", at=NOW + timedelta(hours=20))
    searched = retriever(store)
    await searched.renew()
    assert await titles(searched, "소식") == []
    assert await titles(searched, "소식", until=NOW + timedelta(days=1)) == ["내일 소식"]


async def test_a_signal_is_found_as_it_stood_at_that_time(store: Store) -> None:
    opened = signal()
    ended = signal(
        revision=2, state=SignalState.CLOSED, close_reason="TARGET", updated_time=NOW, closed_time=NOW, close_price_krw=1
    )
    async with store.begin() as uow:
        await uow.signals.add([opened])
        await uow.signal_events.append([(SignalChange.OPENED, opened)], opened.updated_time)
    searched = retriever(store)
    await searched.renew()
    async with store.begin() as uow:
        await uow.signals.change(ended)
        await uow.signal_events.append([(SignalChange.CLOSED, ended)], NOW)
    await searched.renew()
    (now,) = await titles(searched, "마름")
    assert "종료" in now
    (before,) = await titles(searched, "마름", until=NOW - timedelta(days=1))
    assert "신규" in before


async def test_signals_whose_events_were_dropped_are_found_too(store: Store) -> None:
    async with store.begin() as uow:
        await uow.signals.add([signal()])
    searched = retriever(store)
    await searched.renew()
    assert len(await titles(searched, "마름")) == 1


async def test_explanations_are_found_without_any_data(store: Store) -> None:
    searched = retriever(store, packaged=packaged_documents(Glossary.load()))
    await searched.renew()
    found = await titles(searched, "VCP 패턴입니다.", kinds=frozenset({DocumentKind.DEFINITION}))
    assert any("VCP" in title for title in found)


async def test_many_small_arrivals_end_in_few_segments(sqlite_store: Store) -> None:
    searched = retriever(sqlite_store)
    for number in range(30):
        await report(sqlite_store, f"소식 {number}")
        await searched.renew()
    assert len(searched._snapshot.segments) < 8
    assert (await titles(searched, "17"))[0] == "소식 17"


async def test_questions_are_answered_while_documents_come_in(sqlite_store: Store) -> None:
    searched = retriever(sqlite_store)
    await report(sqlite_store, *(f"수주 {number}" for number in range(800)))
    renewing = asyncio.create_task(searched.renew())
    counts = set()
    while not renewing.done():
        counts.add(len(await titles(searched, "수주", limit=50)))
    await renewing
    assert counts <= {0, 50}
    assert len(await titles(searched, "수주", limit=50)) == 50


async def test_run_keeps_it_current(sqlite_store: Store) -> None:
    clock = FakeClock(NOW)
    searched = retriever(sqlite_store, clock=clock)
    running = asyncio.create_task(searched.run())
    try:
        await report(sqlite_store, "수주 공시")
        async with asyncio.timeout(10):
            while not await titles(searched, "수주"):
                await clock.advance(2.0)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_vectors_join_the_words(sqlite_store: Store, tmp_path: Path) -> None:
    embedder = WordEmbedder(synonyms={"계약": "수주"})
    open_file = partial(VectorFile.open, tmp_path, model=embedder.name, dimension=embedder.dimension)
    searched = retriever(sqlite_store, meaning=Vectoriser(embedder, open_file))
    await report(sqlite_store, "대형 수주", "배당 발표", "휴장 안내", "계약 체결")
    await searched.renew()
    assert set((await titles(searched, "계약"))[:2]) == {"계약 체결", "대형 수주"}
    assert await titles(searched, "계약", until=NOW - timedelta(days=1)) == []


def scan(run_id: str, **options: Any) -> ScanRun:
    summary = scan_pb2.ScanRun(judged_count=2_244, detected_count=53, options=scan_pb2.ScanOptions(max_tickers=0, **options))
    return ScanRun(
        run_id=run_id,
        kind=SignalKind.VCP,
        principal="someone",
        idempotency_key=None,
        state=ScanState.COMPLETED,
        as_of=make_candidate().as_of,
        started_time=NOW - timedelta(hours=1),
        finished_time=NOW - timedelta(minutes=59),
        summary=MessageToJson(summary, indent=None),
    )


async def test_reports_of_scans_of_the_whole_market_are_found(store: Store) -> None:
    searched = retriever(store)
    await searched.renew()
    async with store.begin() as uow:
        for run in (scan("r1"), scan("r2", board=instrument_pb2.BOARD_KOSPI)):
            await uow.scans.start(run)
            await uow.scans.add_candidates(run.run_id, [make_candidate("051600", name="한전KPS", score=77.0)])
    await searched.renew()
    await searched.renew()
    (report,) = await searched.search(Wish(query="전 종목 스캔", until=NOW, kinds=frozenset({DocumentKind.REPORT})))
    assert report.document.title == "VCP 변동성 수축 전 종목 스캔 2026-04-30: 2,244종목 판정, 53종목 해당"
    assert report.document.text == "1. 한전KPS(051600) A등급 77점"
    assert await titles(searched, "스캔", tickers=(Ticker("051600"),)) == [report.document.title]
    assert await titles(searched, "스캔", until=NOW - timedelta(hours=1)) == []


async def test_reports_of_backtests_are_found_with_their_base_rate(store: Store) -> None:
    base = statistics_pb2.BaseRate(mean_net_return_bps=82)
    row = statistics_pb2.OutcomeStatistics(horizon_sessions=10, signal_count=900, filled_count=850)
    told = statistics_pb2.OutcomeStatistics(hit_rate_bps=4_810, mean_net_return_bps=144, base_rate=base)
    told.MergeFrom(row)
    few = statistics_pb2.OutcomeStatistics(grade=candidate_pb2.GRADE_S, hit_rate_bps=9_000, small_sample=True)
    few.MergeFrom(row)
    other = statistics_pb2.OutcomeStatistics(horizon_sessions=1, signal_count=7)
    finished = scanner_service_pb2.BacktestFinished(
        rows=[few, told, other], equity_horizon_sessions=10, costs="수수료 편도 0.015%", caveats=["생존 종목만"]
    )
    run = BacktestRun(
        run_id="b1",
        kind=SignalKind.VCP,
        principal="someone",
        state=BacktestState.COMPLETED,
        since=date(2024, 11, 1),
        until=date(2026, 4, 30),
        board=None,
        entry=EntryMode.NEXT_OPEN,
        seed=1,
        started_time=NOW - timedelta(hours=2),
        finished_time=NOW - timedelta(hours=1),
        result=MessageToJson(finished, indent=None),
    )
    async with store.begin() as uow:
        await uow.backtests.start(run)
    searched = retriever(store)
    await searched.renew()
    (found,) = await searched.search(Wish(query="VCP 백테스트 승률", until=NOW))
    assert found.document.title == "VCP 변동성 수축 백테스트 2024-11-01~2026-04-30, 다음 날 시가 진입"
    assert found.document.text.split("\n") == [
        "S등급 10거래일 보유: 신호 900건, 체결 850건, 표본 부족.",
        "모든 등급 10거래일 보유: 신호 900건, 체결 850건, 승률 48.1%, 순수익 평균 +1.44%, 비슷한 종목 평균 +0.82%.",
        "비용: 수수료 편도 0.015%.",
        "한계: 생존 종목만.",
    ]

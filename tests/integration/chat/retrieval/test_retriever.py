import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from servers.chat.knowledge.glossary import Glossary
from servers.chat.retrieval.document import DocumentKind, Wish
from servers.chat.retrieval.packaged_documents import packaged_documents
from servers.chat.retrieval.retriever import Retriever
from servers.chat.retrieval.vector_file import VectorFile
from servers.chat.retrieval.vectoriser import Vectoriser
from shared.market.instrument import Ticker
from shared.market.signal import Signal, SignalChange, SignalState
from shared.store.repositories.news import Headline
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

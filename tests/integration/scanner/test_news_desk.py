"""The news desk: which headlines count, that each title is judged once, and what no source at all means."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from servers.scanner.news import desk as news_desk
from servers.scanner.news.desk import NewsDesk
from shared.market.instrument import Ticker
from shared.store.repositories.news import Headline
from tests.fakes.morphemes import SpelledMorpheme, SpelledOutAnalyser
from tests.fixtures.scanner_house import OPEN, TICKERS, ScannerHouse

NOW = OPEN + timedelta(hours=6)
ONE, TWO = TICKERS[:2]


class CountingAnalyser(SpelledOutAnalyser):
    """Counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def analyse(self, text: str) -> list[SpelledMorpheme]:
        self.asked.append(text)
        return super().analyse(text)


class Source:
    """Hands out one analyser."""

    def __init__(self) -> None:
        self.analyser = CountingAnalyser()

    async def get(self) -> CountingAnalyser:
        return self.analyser


@pytest.fixture
def source() -> Source:
    return Source()


def story(title: str, *tickers: Ticker, at: datetime = NOW - timedelta(hours=1)) -> Headline:
    return Headline(title=title, published_time=at, time_is_exact=True, tickers=tickers)


async def add(house: ScannerHouse, *stories: Headline) -> None:
    async with house.store.begin() as uow:
        await uow.news.add(stories, "press")


async def counts(desk: NewsDesk, at: datetime = NOW) -> tuple[list[int], list[int]]:
    found = await desk.inputs(TICKERS[:2], at)
    assert found is not None
    return found.positive.tolist(), found.negative.tolist()


async def test_headlines_of_the_look_back_count_for_their_tickers(house: ScannerHouse, source: Source) -> None:
    await add(
        house,
        story("깜짝 실적 발표", ONE),
        story("횡령 혐의 발생", TWO, at=NOW - timedelta(hours=71)),
        story("대규모 수주 공시", ONE, at=NOW - timedelta(hours=72)),
        story("대박 계약 체결", ONE, at=NOW + timedelta(seconds=1)),
    )
    assert await counts(NewsDesk(house.store, source, hours=72)) == ([1, 0], [0, 1])


async def test_no_headline_in_the_look_back_is_no_source(house: ScannerHouse, source: Source) -> None:
    desk = NewsDesk(house.store, source, hours=72)
    assert await desk.inputs(TICKERS[:2], NOW) is None
    await add(house, story("깜짝 실적 발표", ONE, at=NOW - timedelta(days=9)))
    assert await desk.inputs(TICKERS[:2], NOW) is None
    assert source.analyser.asked == []  # nothing is loaded for nothing


async def test_a_headline_about_somebody_else_shows_that_there_is_a_source(house: ScannerHouse, source: Source) -> None:
    await add(house, story("환율 보합 마감"))
    assert await counts(NewsDesk(house.store, source, hours=72)) == ([0, 0], [0, 0])


async def test_each_title_is_judged_once(house: ScannerHouse, source: Source) -> None:
    desk = NewsDesk(house.store, source, hours=72)
    await add(house, story("깜짝 실적 발표", ONE))
    await counts(desk)
    await add(house, story("대규모 수주 공시", TWO))
    await counts(desk)
    await counts(desk, NOW + timedelta(minutes=5))
    assert [source.analyser.asked.count(title) for title in ("깜짝 실적 발표", "대규모 수주 공시")] == [1, 1]


async def test_names_in_titles_are_found_anew_under_another_master(house: ScannerHouse, source: Source) -> None:
    desk = NewsDesk(house.store, source, hours=72)
    await add(house, story("종목1 깜짝 실적"))
    assert await counts(desk) == ([0, 1], [0, 0])
    async with house.store.begin() as uow:
        await uow.meta.bump_generation("instruments")
    assert await counts(desk) == ([0, 1], [0, 0])


async def test_more_headlines_than_a_page_all_count(
    house: ScannerHouse, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news_desk, "_PAGE", 3)
    titles = ("깜짝 실적", "대규모 수주", "독점 공급", "대량 매수", "동반 순매수", "국내 최초 개발", "관리종목 해제")
    await add(house, *(story(title, ONE, at=NOW - timedelta(hours=number)) for number, title in enumerate(titles)))
    assert (await counts(NewsDesk(house.store, source, hours=72)))[0] == [7, 0]


class Contrarian:
    """Judges the first title only, and against the lexicon."""

    async def scores(self, titles: Sequence[str]) -> list[float | None]:
        return [-0.9, *[None] * (len(titles) - 1)]


async def test_another_judge_goes_before_the_lexicon_where_it_has_a_verdict(house: ScannerHouse, source: Source) -> None:
    newest, older = NOW - timedelta(hours=1), NOW - timedelta(hours=2)
    await add(house, story("깜짝 실적 발표", ONE, at=newest), story("대규모 수주 공시", TWO, at=older))
    desk = NewsDesk(house.store, source, hours=72, judge=Contrarian())
    assert await counts(desk) == ([0, 1], [1, 0])

"""Headlines of the store as what the strategies need of them; each title is judged once and remembered."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from servers.scanner.news.articles import Article, NameFinder, news_inputs, tickers_in
from servers.scanner.news.inputs import NewsInputs
from servers.scanner.news.lexicon import LexiconScorer
from servers.scanner.news.sentiment import HeadlineJudge, MorphemeAnalyser, Sentiment, SentimentScorer, label_of
from shared.market.instrument import Ticker
from shared.market.instrument_index import InstrumentIndex
from shared.store.repositories.news import Headline, NewsKey
from shared.store.store import Store

_PAGE = 2_000
_REMEMBERED = 50_000


class AnalyserSource(Protocol):
    """Where the one morpheme analyser of the process comes from."""

    async def get(self) -> MorphemeAnalyser:
        """The analyser; the first call may take seconds."""
        ...


class NewsDesk:
    """Judges the headlines before a moment."""

    def __init__(self, store: Store, analysers: AnalyserSource, *, hours: int, judge: HeadlineJudge | None = None) -> None:
        """Keep the collaborators; nothing is loaded before there are headlines to judge.

        Args:
            store: Where headlines are.
            analysers: Where the morpheme analyser comes from.
            hours: The look-back.
            judge: Whose verdict goes before the lexicon's; None for the lexicon alone.
        """
        self._judge = judge
        self._store = store
        self._analysers = analysers
        self._hours = hours
        self._turn = asyncio.Lock()
        self._scorer: SentimentScorer | None = None
        self._sentiments: dict[str, Sentiment] = {}
        self._names: tuple[int, NameFinder] | None = None
        self._named: dict[str, tuple[Ticker, ...]] = {}

    async def inputs(self, tickers: Sequence[str], as_of: datetime) -> NewsInputs | None:
        """News of each ticker as of a moment.

        Args:
            tickers: Rows of a panel.
            as_of: Moment of the decision; nothing published later counts.

        Returns:
            Counts per row; None when no source has brought a single headline in the look-back: the news are missing then.
        """
        headlines = await self._headlines(as_of)
        if not headlines:
            return None
        async with self._turn:
            await self._learn(headlines)
            articles = [
                Article(
                    title=headline.title,
                    published_time=headline.published_time,
                    tickers=headline.tickers or self._named[headline.title],
                    sentiment=self._sentiments[headline.title],
                )
                for headline in headlines
            ]
        return await asyncio.to_thread(news_inputs, articles, tickers, as_of=as_of, hours=self._hours)

    async def _headlines(self, as_of: datetime) -> list[Headline]:
        since, after = as_of - timedelta(hours=self._hours), None
        found: list[Headline] = []
        async with self._store.read() as uow:
            while True:
                page = await uow.news.page(since=since, until=as_of, after=after, limit=_PAGE)
                found += [item.headline for item in page if item.headline.published_time > since]
                if len(page) < _PAGE:
                    return found
                last = page[-1]
                after = NewsKey(published_time=last.headline.published_time, news_id=last.news_id)

    async def _learn(self, headlines: Sequence[Headline]) -> None:
        """Judge the titles that are new, and find the names in those that come without tickers."""
        if len(self._sentiments) > _REMEMBERED:
            self._sentiments.clear()
        titles = list(dict.fromkeys(headline.title for headline in headlines if headline.title not in self._sentiments))
        if titles:
            scorer = await self._get_scorer()
            verdicts = await asyncio.to_thread(scorer.score, titles)
            better = [None] * len(titles) if self._judge is None else await self._judge.scores(titles)
            self._sentiments |= {
                title: verdict if score is None else Sentiment(score=score, label=label_of(score))
                for title, verdict, score in zip(titles, verdicts, better, strict=True)
            }
        nameless = {headline.title for headline in headlines if not headline.tickers}
        if nameless:
            finder = await self._get_names()
            self._named |= await asyncio.to_thread(_find, nameless - self._named.keys(), finder)

    async def _get_scorer(self) -> SentimentScorer:
        if self._scorer is None:
            analyser = await self._analysers.get()
            self._scorer = await asyncio.to_thread(LexiconScorer, analyser)
        return self._scorer

    async def _get_names(self) -> NameFinder:
        """Names of the instruments; another master makes them be found anew."""
        async with self._store.read() as uow:
            generation = await uow.meta.generation("instruments")
            if self._names is None or self._names[0] != generation:
                known, former = await uow.instruments.list_all(), await uow.instruments.former_names()
                self._names = generation, await asyncio.to_thread(InstrumentIndex.load, known, former)
                self._named.clear()
        return self._names[1]


def _find(titles: set[str], finder: NameFinder) -> Mapping[str, tuple[Ticker, ...]]:
    return {title: tickers_in(title, finder) for title in titles}

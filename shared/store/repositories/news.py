"""Headlines, each story once however many instruments it is about."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, literal, select, tuple_

from shared.market.instrument import Ticker
from shared.market.times import kst_date
from shared.store.repositories.base import Repository, chunks
from shared.store.repositories.sources import SourceRepository
from shared.store.tables.instruments import news, news_tickers, sources
from shared.store.types import UtcTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A story from a source; without an exact time `published_time` is the end of its day; no ticker = the market."""

    title: str
    published_time: datetime
    time_is_exact: bool
    tickers: tuple[Ticker, ...] = ()
    lead: str = ""
    press: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsItem:
    """A stored story; `source` is the name of the first source that brought it."""

    news_id: int
    headline: Headline
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsKey:
    """Place of a story in lists, newest first: the last one of a page leads to the next page."""

    published_time: datetime
    news_id: int


class NewsRepository(Repository):
    """Stories by time and instrument."""

    async def add(self, headlines: Sequence[Headline], source: str) -> int:
        """Store stories that are not known yet; a known one only gains tickers and an exact time.

        Returns:
            Number of new stories.
        """
        number = await SourceRepository(self._connection).number(source)
        added = 0
        for some in chunks(headlines):
            by_key = {dedup_key(headline): headline for headline in some}
            known = await self._ids(list(by_key))
            added += len(by_key) - len(known)
            insert = self._insert(news)
            better = insert.on_conflict_do_update(
                index_elements=[news.c.dedup_key],
                set_={"published_time": insert.excluded.published_time, "time_is_exact": True},
                where=and_(insert.excluded.time_is_exact, news.c.time_is_exact.is_(False)),
            )
            await self._connection.execute(better, [_row(key, story, number) for key, story in by_key.items()])
            await self._name_tickers(some)
        return added

    async def page(
        self,
        *,
        ticker: str | None = None,
        since: datetime,
        until: datetime,
        after: NewsKey | None = None,
        limit: int,
    ) -> list[NewsItem]:
        """Stories published from `since` to `until`, newest first; `after` is the key of the last one already seen.

        Args:
            ticker: Only stories about this instrument; None = all, those about the market included.
            since: Earliest time, included.
            until: Latest time, included: what lies after market time is not known yet.
            after: Where the page before ended.
            limit: Longest answer.
        """
        query = select(news, sources.c.name.label("source")).join(sources, sources.c.source_id == news.c.source_id)
        query = query.where(news.c.published_time.between(since, until))
        if ticker is not None:
            query = query.join(news_tickers).where(news_tickers.c.ticker == ticker)
        if after is not None:
            place = tuple_(literal(after.published_time, UtcTime), after.news_id)
            query = query.where(tuple_(news.c.published_time, news.c.news_id) < place)
        return await self._items(query.order_by(news.c.published_time.desc(), news.c.news_id.desc()).limit(limit))

    async def added(self, *, after: int, limit: int) -> list[NewsItem]:
        """Stories that were stored after the one with this id, in the order in which they were stored."""
        query = select(news, sources.c.name.label("source")).join(sources, sources.c.source_id == news.c.source_id)
        return await self._items(query.where(news.c.news_id > after).order_by(news.c.news_id).limit(limit))

    async def newest_id(self) -> int:
        """Id of the story that was stored last; 0 when there is none."""
        found = await self._connection.execute(select(func.max(news.c.news_id)))
        return found.scalar_one() or 0

    async def _items(self, query: Select[tuple[object, ...]]) -> list[NewsItem]:
        rows = (await self._connection.execute(query)).mappings().all()
        tickers = await self._tickers([row["news_id"] for row in rows])
        return [
            NewsItem(
                news_id=row["news_id"],
                source=row["source"],
                headline=Headline(
                    tickers=tuple(tickers.get(row["news_id"], ())),
                    **{name: row[name] for name in ("title", "published_time", "time_is_exact", "lead", "press", "url")},
                ),
            )
            for row in rows
        ]

    async def _tickers(self, ids: Sequence[int]) -> dict[int, list[Ticker]]:
        query = select(news_tickers.c.news_id, news_tickers.c.ticker).where(news_tickers.c.news_id.in_(ids))
        named: dict[int, list[Ticker]] = {}
        for news_id, ticker in await self._connection.execute(query.order_by(news_tickers.c.ticker)):
            named.setdefault(news_id, []).append(Ticker(ticker))
        return named

    async def _ids(self, keys: Sequence[str]) -> dict[str, int]:
        found = await self._connection.execute(select(news.c.dedup_key, news.c.news_id).where(news.c.dedup_key.in_(keys)))
        return dict(found.all())

    async def _name_tickers(self, headlines: Sequence[Headline]) -> None:
        ids = await self._ids([dedup_key(headline) for headline in headlines])
        named = [
            {"ticker": ticker, "news_id": ids[dedup_key(headline)]} for headline in headlines for ticker in headline.tickers
        ]
        if named:
            await self._connection.execute(self._insert(news_tickers).on_conflict_do_nothing(), named)


def dedup_key(headline: Headline) -> str:
    """The same for the same title on the same Korean day, whatever its spaces, width and case."""
    title = "".join(unicodedata.normalize("NFKC", headline.title).casefold().split())
    return hashlib.sha256(f"{kst_date(headline.published_time)} {title}".encode()).hexdigest()


def _row(key: str, headline: Headline, source_id: int) -> dict[str, object]:
    return {
        "dedup_key": key,
        "title": headline.title,
        "lead": headline.lead,
        "press": headline.press,
        "url": headline.url,
        "published_time": headline.published_time,
        "time_is_exact": headline.time_is_exact,
        "source_id": source_id,
    }

"""What the store has that the corpus may not have yet, newest first."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from servers.chat.retrieval.document import Document
from servers.chat.retrieval.news_documents import news_document
from servers.chat.retrieval.report_documents import MOST_NAMED, backtest_document, scan_document
from servers.chat.retrieval.signal_documents import event_document, signal_document
from shared.store.repositories.news import NewsKey
from shared.store.repositories.signal_events import EventFilter
from shared.store.repositories.signals import SignalFilter, SignalOrder, signal_key
from shared.store.store import Store

_PAGE = 500
_NEWS = "news"
_MOST_REPORTS = 500
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_END = datetime(9999, 1, 1, tzinfo=UTC)

_CORRECTED_WITHIN = timedelta(days=4)
"""Stories gain instruments and exact times while they are news; what changed later is read at the next start."""


class Intake:
    """Remembers how far it has read; what it gives twice is told apart by the id of the document."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._generation = -1
        self._newest_news: int | None = None
        self._reports: set[str] = set()
        self._epoch = ""
        self._last_event = 0

    async def pages(self) -> AsyncIterator[list[Document]]:
        """Pages of documents that are new or may have changed since the last time; all of them the first time.

        Raises:
            StoreUnusable: The store cannot be read; the next call begins where this one began.
        """
        async for page in self._news():
            yield page
        async for page in self._signals():
            yield page
        if reports := await self._new_reports():
            yield reports

    async def _news(self) -> AsyncIterator[list[Document]]:
        async with self._store.read() as uow:
            generation, newest = await uow.meta.generation(_NEWS), await uow.news.newest_id()
        if generation == self._generation:
            return
        if self._newest_news is None:
            async for page in self._news_since(_BEGINNING):
                yield page
        else:
            async for page in self._news_after(self._newest_news):
                yield page
            async for page in self._news_since(await self._newest_time() - _CORRECTED_WITHIN):
                yield page
        self._generation, self._newest_news = generation, newest

    async def _news_since(self, since: datetime) -> AsyncIterator[list[Document]]:
        last: NewsKey | None = None
        while True:
            async with self._store.read() as uow:
                page = await uow.news.page(since=since, until=_END, after=last, limit=_PAGE)
            if not page:
                return
            last = NewsKey(published_time=page[-1].headline.published_time, news_id=page[-1].news_id)
            yield [news_document(item) for item in page]

    async def _news_after(self, news_id: int) -> AsyncIterator[list[Document]]:
        while True:
            async with self._store.read() as uow:
                page = await uow.news.added(after=news_id, limit=_PAGE)
            if not page:
                return
            news_id = page[-1].news_id
            yield [news_document(item) for item in page]

    async def _newest_time(self) -> datetime:
        async with self._store.read() as uow:
            page = await uow.news.page(since=_BEGINNING, until=_END, limit=1)
        return page[0].headline.published_time if page else _BEGINNING + _CORRECTED_WITHIN

    async def _signals(self) -> AsyncIterator[list[Document]]:
        async with self._store.read() as uow:
            position = await uow.signal_events.position()
        if position.epoch != self._epoch:
            self._last_event = 0
            async for page in self._all_signals():
                yield page
            self._epoch = position.epoch
        while self._last_event < position.last_event_id:
            async with self._store.read() as uow:
                events = await uow.signal_events.page(EventFilter(), after=self._last_event, limit=_PAGE)
            if not events:
                return
            yield [event_document(event) for event in events]
            self._last_event = events[-1].event_id

    async def _all_signals(self) -> AsyncIterator[list[Document]]:
        last = None
        while True:
            async with self._store.read() as uow:
                page = await uow.signals.page(SignalFilter(), order=SignalOrder.OPENED, after=last, limit=_PAGE)
            if not page:
                return
            last = signal_key(page[-1], SignalOrder.OPENED)
            yield [signal_document(signal) for signal in page]

    async def _new_reports(self) -> list[Document]:
        """The last reports that were not read yet; few, and none changes."""
        async with self._store.read() as uow:
            scans = [run_id for run_id in await uow.scans.ended(limit=_MOST_REPORTS) if run_id not in self._reports]
            backtests = [run_id for run_id in await uow.backtests.ended(limit=_MOST_REPORTS) if run_id not in self._reports]
            found = [
                scan_document(await uow.scans.get(run_id), await uow.scans.candidates(run_id, limit=MOST_NAMED))
                for run_id in scans
            ]
            found += [backtest_document(await uow.backtests.get(run_id)) for run_id in backtests]
        self._reports.update(scans, backtests)
        return [document for document in found if document is not None]

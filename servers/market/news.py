"""ListNews: headlines, newest first."""

from datetime import UTC, datetime, timedelta

from kstock.common.v1 import news_pb2
from kstock.market.v1 import market_service_pb2 as wire

from servers.market.horizon import Horizon
from shared.market.errors import InvalidInput
from shared.market.instrument import Ticker
from shared.rpc.messages.times import optional_time, timestamp_message
from shared.rpc.paging import next_page_token, page_cursor, page_size
from shared.store.repositories.news import NewsItem, NewsKey
from shared.store.store import Store
from shared.store.types import from_microseconds, to_microseconds

_BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class NewsDesk:
    """Answers ListNews."""

    def __init__(self, store: Store, horizon: Horizon) -> None:
        """Keep the collaborators."""
        self._store = store
        self._horizon = horizon

    async def page(self, ticker: Ticker | None, request: wire.ListNewsRequest) -> wire.ListNewsResponse:
        """One page; None asks for headlines of any instrument and of the market.

        Raises:
            InvalidInput: If the period ends before it begins, or the page token is of another query.
        """
        since, until = self._period(request)
        size, cursor = page_size(request), page_cursor(request, (int, int))
        after = None
        if cursor is not None:
            after = NewsKey(published_time=from_microseconds(int(cursor[0])), news_id=int(cursor[1]))
        async with self._store.read() as uow:
            found = await uow.news.page(ticker=ticker, since=since, until=until, after=after, limit=size + 1)
        page = found[:size]
        token = next_page_token(request, _key(page[-1])) if len(found) > size else ""
        return wire.ListNewsResponse(news=[_message(item) for item in page], next_page_token=token)

    def _period(self, request: wire.ListNewsRequest) -> tuple[datetime, datetime]:
        """First and last moment of publication; the request's end is not included, market time is."""
        since = optional_time(request, "since_time") or _BEGINNING
        before = optional_time(request, "until_time")
        if before is None:
            return since, self._horizon.now
        if since > before:
            raise InvalidInput("since_time", "is after until_time; give an earlier one")
        return since, min(before - _MICROSECOND, self._horizon.now)


def _key(item: NewsItem) -> tuple[int, int]:
    return to_microseconds(item.headline.published_time), item.news_id


def _message(item: NewsItem) -> news_pb2.NewsItem:
    story = item.headline
    published = timestamp_message(story.published_time)
    return news_pb2.NewsItem(
        news_id=str(item.news_id),
        tickers=story.tickers,
        title=story.title,
        lead=story.lead,
        publisher=story.press,
        url=story.url,
        publish_time=published,
        source=item.source,
    )

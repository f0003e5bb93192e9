"""Passages by words and meaning: headlines on a subject, and texts that explain."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Protocol

from kstock.chat.v1 import chat_service_pb2
from kstock.common.v1 import news_pb2

from servers.chat.peers import Peers
from servers.chat.retrieval.document import DocumentKind, Found, Wish
from servers.chat.tools.arguments import About
from servers.chat.tools.tool import Tool
from shared.market.instrument import Ticker
from shared.market.language import Language
from shared.market.times import kst_datetime
from shared.rpc.messages.times import timestamp_message

MOST_OF_IT, HALF_OF_IT = 0.6, 0.45
"""Coverage from which a headline, and a text of the house, is about what was asked; below it shares some word by chance."""


class PassageSearch(Protocol):
    """What finds passages."""

    async def search(self, wish: Wish) -> list[Found]:
        """Documents that match, best first."""
        ...


Now = Callable[[], datetime]
"""Market time: nothing that lies after it is found."""


@dataclass(frozen=True, slots=True)
class NewsSearchArguments:
    """What headlines to search for."""

    query: Annotated[str, About("words of the subject, in Korean as headlines have them")]
    ticker: Annotated[str, About("six-character code; empty for any")] = ""
    since: Annotated[date | None, About("published on or after")] = None
    limit: Annotated[int, About("most headlines", least=1, most=20)] = 5


@dataclass(frozen=True, slots=True)
class DocumentSearchArguments:
    """What texts to search for."""

    query: Annotated[str, About("the question or its words")]
    language: Annotated[Language, About("language of the texts")] = Language.KO
    limit: Annotated[int, About("most texts", least=1, most=10)] = 3


def search_news(search: PassageSearch, now: Now) -> Tool[NewsSearchArguments, tuple[news_pb2.NewsItem, ...]]:
    """The tool over headlines."""

    async def run(_: Peers, arguments: NewsSearchArguments) -> tuple[news_pb2.NewsItem, ...]:
        wish = Wish(
            query=arguments.query,
            until=now(),
            since=None if arguments.since is None else kst_datetime(arguments.since, time.min),
            tickers=(Ticker(arguments.ticker),) if arguments.ticker else (),
            kinds=frozenset({DocumentKind.NEWS}),
            limit=arguments.limit,
        )
        return tuple(_news_item(found) for found in await search.search(wish) if is_about(found, MOST_OF_IT))

    return Tool(
        name="search_news",
        domain="news",
        description="Stored headlines about a subject such as rights issues, chips or interest rates, closest first.",
        arguments=NewsSearchArguments,
        run=run,
    )


@dataclass(frozen=True, slots=True)
class RecordSearchArguments:
    """What records to search for."""

    query: Annotated[str, About("words in Korean, such as the strategy, the reason or the day")]
    ticker: Annotated[str, About("six-character code; empty for any")] = ""
    limit: Annotated[int, About("most records", least=1, most=10)] = 5


def search_records(search: PassageSearch, now: Now) -> Tool[RecordSearchArguments, tuple[chat_service_pb2.Passage, ...]]:
    """The tool over what signals, scans and backtests of the past said."""

    async def run(_: Peers, arguments: RecordSearchArguments) -> tuple[chat_service_pb2.Passage, ...]:
        wish = Wish(
            query=arguments.query,
            until=now(),
            tickers=(Ticker(arguments.ticker),) if arguments.ticker else (),
            kinds=frozenset({DocumentKind.SIGNAL, DocumentKind.REPORT}),
            limit=arguments.limit,
        )
        return tuple(passage_message(found) for found in await search.search(wish) if is_about(found, HALF_OF_IT))

    return Tool(
        name="search_records",
        domain="signals",
        description="Records of the past, closest first: why signals opened and how they ended, scans, backtests.",
        arguments=RecordSearchArguments,
        run=run,
    )


def search_documents(search: PassageSearch, now: Now) -> Tool[DocumentSearchArguments, tuple[chat_service_pb2.Passage, ...]]:
    """The tool over explanations and help."""
    return Tool(
        name="search_documents",
        domain="docs",
        description="Explanations of terms and strategies, and help on this service, closest to a question first.",
        arguments=DocumentSearchArguments,
        run=_document_reader(search, now),
    )


def _document_reader(
    search: PassageSearch, now: Now
) -> Callable[[Peers, DocumentSearchArguments], Awaitable[tuple[chat_service_pb2.Passage, ...]]]:
    async def run(_: Peers, arguments: DocumentSearchArguments) -> tuple[chat_service_pb2.Passage, ...]:
        wish = Wish(
            query=arguments.query,
            until=now(),
            kinds=frozenset({DocumentKind.DEFINITION, DocumentKind.HELP}),
            language=arguments.language,
            limit=arguments.limit,
        )
        return tuple(passage_message(found) for found in await search.search(wish) if is_about(found, HALF_OF_IT))

    return run


def is_about(found: Found, coverage: float) -> bool:
    """Whether a text is about what was asked: it has most of its words, or means nearly the same."""
    return found.coverage >= coverage or found.similarity > 0


def passage_message(found: Found) -> chat_service_pb2.Passage:
    """A found document on the wire."""
    document = found.document
    return chat_service_pb2.Passage(
        document_id=document.document_id,
        document_kind=document.kind,
        title=document.title,
        text=document.text,
        source=document.source,
        url=document.url,
        publish_time=None if document.publish_time is None else timestamp_message(document.publish_time),
        score=found.score,
        tickers=document.tickers,
    )


def _news_item(found: Found) -> news_pb2.NewsItem:
    document = found.document
    return news_pb2.NewsItem(
        news_id=document.document_id,
        tickers=document.tickers,
        title=document.title,
        lead=document.text,
        publisher=document.source,
        url=document.url,
        publish_time=None if document.publish_time is None else timestamp_message(document.publish_time),
    )

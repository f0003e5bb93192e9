"""Every tool by its name: for the planner's records, and as function declarations for a model."""

from dataclasses import dataclass
from typing import Any

from kstock.chat.v1 import chat_service_pb2
from kstock.common.v1 import news_pb2

from servers.chat.answers.speech import Phrasebook
from servers.chat.knowledge.glossary import Explanation, Glossary
from servers.chat.tools.actions import LIST_ALERTS, LIST_WATCH_ITEMS, PREVIEW_ALERT
from servers.chat.tools.digest import DigestArguments, digest_signals
from servers.chat.tools.knowledge import TermArguments, define_term
from servers.chat.tools.market import (
    GET_FLOWS,
    GET_INDEX_HISTORY,
    GET_INDEX_LEVELS,
    GET_INSTRUMENT,
    GET_MARKET_GATE,
    GET_NEWS,
    GET_SESSION,
    LIST_SESSIONS,
    SEARCH_INSTRUMENTS,
)
from servers.chat.tools.prices import GET_PRICE_HISTORY, GET_QUOTES, MAKE_CHART
from servers.chat.tools.rankings import GET_MARKET_FLOWS, RANK_BY_FLOW, RANK_BY_PRICE
from servers.chat.tools.search import (
    DocumentSearchArguments,
    NewsSearchArguments,
    Now,
    PassageSearch,
    RecordSearchArguments,
    search_documents,
    search_news,
    search_records,
)
from servers.chat.tools.signals import (
    ANALYZE,
    CHECK_DAYTRADING,
    GET_BACKTESTS,
    GET_NEWEST_SCAN,
    GET_SCOREBOARD,
    LIST_SIGNALS,
)
from servers.chat.tools.tool import Tool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTools:
    """Tools over what the chat room has itself, beside the other rooms' RPCs."""

    define_term: Tool[TermArguments, Explanation]
    search_news: Tool[NewsSearchArguments, tuple[news_pb2.NewsItem, ...]]
    search_documents: Tool[DocumentSearchArguments, tuple[chat_service_pb2.Passage, ...]]
    search_records: Tool[RecordSearchArguments, tuple[chat_service_pb2.Passage, ...]]
    digest_signals: Tool[DigestArguments, chat_service_pb2.RecommendResponse]

    @classmethod
    def over(cls, glossary: Glossary, search: PassageSearch, now: Now) -> "OwnTools":
        """The tools over a glossary and a search.

        Args:
            glossary: Terms and strategies.
            search: What finds passages.
            now: Market time; nothing later is found.
        """
        return cls(
            define_term=define_term(glossary),
            search_news=search_news(search, now),
            search_documents=search_documents(search, now),
            search_records=search_records(search, now),
            digest_signals=digest_signals(Phrasebook.load()),
        )


def build_registry(own: OwnTools) -> dict[str, Tool[Any, Any]]:
    """All tools that chat has, by name."""
    return {
        tool.name: tool
        for tool in (
            GET_SESSION,
            LIST_SESSIONS,
            GET_QUOTES,
            GET_PRICE_HISTORY,
            MAKE_CHART,
            SEARCH_INSTRUMENTS,
            GET_INSTRUMENT,
            GET_FLOWS,
            GET_MARKET_FLOWS,
            RANK_BY_FLOW,
            RANK_BY_PRICE,
            GET_NEWS,
            GET_INDEX_LEVELS,
            GET_INDEX_HISTORY,
            GET_MARKET_GATE,
            LIST_SIGNALS,
            ANALYZE,
            CHECK_DAYTRADING,
            GET_NEWEST_SCAN,
            GET_SCOREBOARD,
            GET_BACKTESTS,
            PREVIEW_ALERT,
            LIST_ALERTS,
            LIST_WATCH_ITEMS,
            own.define_term,
            own.search_news,
            own.search_documents,
            own.search_records,
            own.digest_signals,
        )
    }

"""Every tool by its name: for the planner's records, and as function declarations for a model."""

from typing import Any

from servers.chat.knowledge.glossary import Glossary
from servers.chat.tools.actions import LIST_ALERTS, LIST_WATCH_ITEMS, PREVIEW_ALERT
from servers.chat.tools.knowledge import define_term
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
from servers.chat.tools.signals import ANALYZE, CHECK_DAYTRADING, GET_NEWEST_SCAN, GET_SCOREBOARD, LIST_SIGNALS
from servers.chat.tools.tool import Tool


def build_registry(glossary: Glossary) -> dict[str, Tool[Any, Any]]:
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
            GET_NEWS,
            GET_INDEX_LEVELS,
            GET_INDEX_HISTORY,
            GET_MARKET_GATE,
            LIST_SIGNALS,
            ANALYZE,
            CHECK_DAYTRADING,
            GET_NEWEST_SCAN,
            GET_SCOREBOARD,
            PREVIEW_ALERT,
            LIST_ALERTS,
            LIST_WATCH_ITEMS,
            define_term(glossary),
        )
    }

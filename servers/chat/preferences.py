"""What users have set, asked of the alert room: the language of their answers, and the stocks that they watch."""

from collections.abc import Sequence
from dataclasses import replace

import structlog
from kstock.alert.v1 import alert_service_pb2

from servers.chat.peers import Peers
from servers.chat.understanding.intents import Intent
from servers.chat.understanding.values import StockMention, Understanding
from shared.clock import Clock
from shared.market.errors import KStockError
from shared.market.instrument import Instrument
from shared.market.language import Language
from shared.rpc.client import domain_errors

log = structlog.get_logger(__name__)

MOST_WATCHED = 10
"""Stocks of a watch list that one answer is about."""

_WITHIN_S = 0.5
_REST_S = 30.0
_WATCHED = "watchlist"


class Preferences:
    """Asks for the settings of users; where nobody answers, nobody is asked for a while, and answers do without."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._resting_until = float("-inf")

    async def language(self, peers: Peers) -> Language | None:
        """The language that the user whom `peers` speak for has set; None for that of the question."""
        if self._clock.monotonic() < self._resting_until:
            return None
        try:
            with domain_errors():
                request = alert_service_pb2.GetUserRequest(user_ref=peers.user_ref)
                response = await peers.alert.GetUser(request, timeout=_WITHIN_S)
        except KStockError as error:
            self._resting_until = self._clock.monotonic() + _REST_S
            log.info("chat_preferences_unknown", why=type(error).__name__)
            return None
        named = response.user.language
        return Language(named) if named in set(Language) else None


def asks_for_watched(understanding: Understanding) -> bool:
    """Whether a question is about the stocks that its asker watches, without naming any."""
    return Intent.WATCH_SHOW in understanding.intents and not understanding.entities.stocks


def about_watched(understanding: Understanding, watched: Sequence[Instrument]) -> Understanding:
    """The question with the watched stocks in the place of the words for them.

    What was asked about the list is answered for its stocks: flows, news or signals; their prices when it is only to be
    shown.
    """
    if not watched:
        return understanding
    mentions = (StockMention(instrument=one, words=one.name, how=_WATCHED) for one in watched[:MOST_WATCHED])
    others = [_of_stocks(intent) for intent in understanding.intents if intent is not Intent.WATCH_SHOW]
    intents = tuple(others) or (Intent.WATCH_SHOW, Intent.PRICE_QUOTE)
    return replace(understanding, intents=intents, entities=replace(understanding.entities, stocks=tuple(mentions)))


def _of_stocks(intent: Intent) -> Intent:
    """What asks for a list of the market asks the same of single stocks."""
    words = intent.value.removesuffix(".list")
    single = f"{words}.stock"
    return Intent(single) if words != intent.value and single in set(Intent) else intent

"""Which subject answers which intent, and the look-ups that a question needs."""

from collections.abc import Mapping
from dataclasses import replace

from kstock.chat.v1 import conversation_pb2

from servers.chat.answers.actions import WATCH
from servers.chat.answers.advice import decision_subject, personal_subject, promise_subject
from servers.chat.answers.alerts import ALERT_CHANGE, ALERT_CREATE, ALERT_DELETE, ALERT_LIST
from servers.chat.answers.analyses import FACTS
from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.averages import AVERAGE
from servers.chat.answers.calendars import SESSION
from servers.chat.answers.comparisons import COMPARE
from servers.chat.answers.costs import COST
from servers.chat.answers.digests import digest_subject
from servers.chat.answers.explanations import explanation_subject
from servers.chat.answers.flows import FLOW
from servers.chat.answers.gaps import GAP
from servers.chat.answers.histories import CHART, EXTREME, HISTORY, RETURN
from servers.chat.answers.markets import GATE, INDEX, SUMMARY
from servers.chat.answers.name_notes import name_notes
from servers.chat.answers.news import news_subject
from servers.chat.answers.overviews import OVERVIEW
from servers.chat.answers.part import Part
from servers.chat.answers.plain import (
    CANCEL,
    FUNDAMENTALS,
    HELP,
    OUT_OF_SCOPE,
    RESET,
    SCAN_RUN,
    SMALLTALK,
    STATUS,
    absent,
    ask_for_stock,
    ask_which,
    choice_calls,
    not_found,
    unknown_subject,
    unsupported_code,
)
from servers.chat.answers.price_streaks import STREAK
from servers.chat.answers.quotes import QUOTE
from servers.chat.answers.rankings import RANKING
from servers.chat.answers.refusals import DISTRESS, SECURITY, refusal
from servers.chat.answers.scoreboards import scoreboard_subject
from servers.chat.answers.sectors import SECTORS
from servers.chat.answers.signals import SIGNAL_LIST
from servers.chat.answers.stock_signals import SIGNAL_STOCK
from servers.chat.answers.subscriptions import SUBSCRIPTION
from servers.chat.answers.volumes import VOLUME_RATIO
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.market import SEARCH_INSTRUMENTS, SearchArguments
from servers.chat.tools.registry import OwnTools
from servers.chat.understanding.intents import Intent

MAX_INTENTS = 3
"""Intents of one question that are answered; more are more than an answer can hold."""


def build_subjects(own: OwnTools) -> Mapping[Intent, Subject]:
    """How each intent is answered; every intent but CLARIFY has an entry."""
    explain = explanation_subject(own.define_term, own.search_documents)
    digest = digest_subject(own.digest_signals)
    decision = decision_subject(digest)
    signals: dict[Intent, Subject] = {
        intent: SIGNAL_LIST if intent.value.endswith(".list") else SIGNAL_STOCK for intent in _SIGNAL_INTENTS
    }
    return {
        Intent.PRICE_QUOTE: QUOTE,
        Intent.PRICE_HISTORY: HISTORY,
        Intent.PRICE_RETURN: RETURN,
        Intent.PRICE_COMPARE: COMPARE,
        Intent.PRICE_EXTREME: EXTREME,
        Intent.PRICE_GAP: GAP,
        Intent.VOLUME_RATIO: VOLUME_RATIO,
        Intent.PRICE_AVERAGE: AVERAGE,
        Intent.PRICE_STREAK: STREAK,
        Intent.PRICE_COST: COST,
        Intent.CHART: CHART,
        Intent.RANKING: RANKING,
        Intent.MARKET_INDEX: INDEX,
        Intent.MARKET_GATE: GATE,
        Intent.MARKET_SESSION: SESSION,
        Intent.MARKET_SUMMARY: SUMMARY,
        Intent.MARKET_SECTORS: SECTORS,
        Intent.MARKET_FX: absent("plain.fx"),
        Intent.FLOW: FLOW,
        Intent.NEWS: news_subject(own.search_news),
        Intent.FACTS: FACTS,
        Intent.FUNDAMENTALS: FUNDAMENTALS,
        Intent.ANALYSIS: OVERVIEW,
        **signals,
        Intent.SIGNAL_EXPLAIN: explain,
        Intent.TERM: explain,
        Intent.SCOREBOARD: scoreboard_subject(own.define_term),
        Intent.SCAN_RUN: SCAN_RUN,
        Intent.ALERT_CREATE: ALERT_CREATE,
        Intent.ALERT_LIST: ALERT_LIST,
        Intent.ALERT_DELETE: ALERT_DELETE,
        Intent.ALERT_CHANGE: ALERT_CHANGE,
        Intent.WATCH_ADD: WATCH,
        Intent.WATCH_REMOVE: WATCH,
        Intent.WATCH_SHOW: WATCH,
        Intent.WATCH_CLEAR: WATCH,
        Intent.SUBSCRIBE: SUBSCRIPTION,
        Intent.UNSUBSCRIBE: SUBSCRIPTION,
        Intent.SUBSCRIPTIONS: SUBSCRIPTION,
        Intent.RECOMMEND_BUY: decision,
        Intent.RECOMMEND_SELL: decision,
        Intent.ADVICE: personal_subject(decision),
        Intent.STATUS: STATUS,
        Intent.CANCEL: CANCEL,
        Intent.HELP: HELP,
        Intent.SMALLTALK: SMALLTALK,
        Intent.RESET: RESET,
        Intent.OUT_OF_SCOPE: OUT_OF_SCOPE,
        Intent.INJECTION: refusal("refuse.injection"),
        Intent.PROMISE: promise_subject(digest),
        Intent.ORDER: refusal("refuse.order"),
        Intent.OTHERS_DATA: refusal("refuse.others"),
        Intent.MANIPULATION: refusal("refuse.manipulation"),
        Intent.BLAME: refusal("refusing.blame"),
        Intent.ACCOUNT: refusal("refusing.account"),
        Intent.SECURITY: SECURITY,
        Intent.DISTRESS: DISTRESS,
        Intent.UNKNOWN: unknown_subject(own.search_documents),
    }


_SIGNAL_INTENTS = tuple(
    intent for intent in Intent if intent.value.startswith("signal.") and intent is not Intent.SIGNAL_EXPLAIN
)


def plan_calls(asks: tuple[Ask, ...], subjects: Mapping[Intent, Subject]) -> tuple[PlannedCall, ...]:
    """Every look-up of a question, each once; what a question back needs when something has to be asked first."""
    understanding = asks[0].understanding
    if understanding.ambiguities:
        return choice_calls(understanding.ambiguities[0])
    searched = tuple(plan(SEARCH_INSTRUMENTS, SearchArguments(query=name.words)) for name in understanding.unresolved[:1])
    calls = (call for ask in asks if _answerable(ask) for call in subjects[ask.intent].plan(ask))
    return tuple(dict.fromkeys((*searched, *calls)))


def tell_parts(asks: tuple[Ask, ...], subjects: Mapping[Intent, Subject], lookups: Lookups) -> tuple[Part, ...]:
    """One part per intent; a question back, or that a name is unknown, stands alone."""
    first = asks[0]
    understanding = first.understanding
    if understanding.unsupported_code:
        return (unsupported_code(first),)
    if understanding.ambiguities:
        return (ask_which(first, understanding.ambiguities[0], lookups),)
    if understanding.unresolved and understanding.entities.stocks:
        return (*_told(asks, subjects, lookups), not_found(first, understanding.unresolved[0]))
    if understanding.unresolved and first.intent is not Intent.OUT_OF_SCOPE:
        return (_on_subject(first, subjects, lookups) or not_found(first, understanding.unresolved[0]),)
    if first.intent is Intent.CLARIFY:
        return (ask_for_stock(first),)
    return _told(asks, subjects, lookups)


def _told(asks: tuple[Ask, ...], subjects: Mapping[Intent, Subject], lookups: Lookups) -> tuple[Part, ...]:
    first, *others = (subjects[ask.intent].tell(ask, lookups) for ask in asks)
    return (replace(first, lead=(*name_notes(asks[0]), *first.lead)), *others)


def _on_subject(ask: Ask, subjects: Mapping[Intent, Subject], lookups: Lookups) -> Part | None:
    """Headlines on words that are no instrument's name; None without any: then the name is reported as unknown."""
    if ask.intent is not Intent.NEWS:
        return None
    part = subjects[Intent.NEWS].tell(ask, lookups)
    return part if part.outcome == conversation_pb2.ANSWER_OUTCOME_ANSWERED else None


def _answerable(ask: Ask) -> bool:
    understanding = ask.understanding
    unknown = understanding.unresolved and not understanding.entities.stocks and ask.intent is not Intent.NEWS
    blocked = understanding.unsupported_code or unknown
    return not blocked and ask.intent is not Intent.CLARIFY

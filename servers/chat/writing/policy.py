"""When a model may write: refusals, read-backs, questions back and answers without data stay what code says."""

from kstock.chat.v1 import conversation_pb2

from servers.chat.answers.composer import Composed
from servers.chat.understanding.intents import REFUSALS, WITHOUT_FACTS, Intent
from servers.chat.understanding.values import Understanding

_BY_CODE = (
    REFUSALS
    | WITHOUT_FACTS
    | {
        Intent.ALERT_CREATE,
        Intent.ALERT_LIST,
        Intent.ALERT_DELETE,
        Intent.ALERT_CHANGE,
        Intent.WATCH_ADD,
        Intent.WATCH_REMOVE,
        Intent.WATCH_SHOW,
        Intent.WATCH_CLEAR,
        Intent.ADVICE,
        Intent.RECOMMEND_BUY,
        Intent.RECOMMEND_SELL,
        Intent.STATUS,
        Intent.CANCEL,
        Intent.HELP,
        Intent.SMALLTALK,
        Intent.RESET,
        Intent.OUT_OF_SCOPE,
        Intent.CLARIFY,
    }
)
"""Intents of which one alone keeps the whole answer with code: what is refused, done, personal or not about data."""

_TOLD = frozenset({conversation_pb2.ANSWER_OUTCOME_ANSWERED, conversation_pb2.ANSWER_OUTCOME_PARTIAL})


def may_write(understanding: Understanding, composed: Composed) -> bool:
    """Whether a model may write the middle of an answer."""
    if any(intent in _BY_CODE for intent in understanding.intents):
        return False
    if understanding.ambiguities or understanding.unresolved or understanding.unsupported_code:
        return False
    return is_grounded(composed) or may_search(understanding)


def may_search(understanding: Understanding) -> bool:
    """Whether a model may try what the planner had no plan for."""
    return understanding.intent is Intent.UNKNOWN


def is_grounded(composed: Composed) -> bool:
    """Whether the look-ups of the plan gave something to write about."""
    return composed.outcome in _TOLD and bool(composed.citations)

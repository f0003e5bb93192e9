"""When a model does not answer: one error with the few reasons that make a difference."""

from datetime import timedelta
from enum import StrEnum

from shared.market.errors import KStockError


class Trouble(StrEnum):
    """Why there is no text."""

    RATE_LIMITED = "RATE_LIMITED"
    OVERLOADED = "OVERLOADED"
    UNREACHABLE = "UNREACHABLE"
    TIMEOUT = "TIMEOUT"
    REFUSED = "REFUSED"
    BLOCKED = "BLOCKED"
    MALFORMED = "MALFORMED"
    EMPTY = "EMPTY"
    BUDGET = "BUDGET"


PASSING = frozenset({Trouble.RATE_LIMITED, Trouble.OVERLOADED, Trouble.UNREACHABLE})
"""Troubles after which the same call may succeed a moment later."""


class ModelUnavailable(KStockError):
    """The model gave no usable text; an answer is then made of data alone (E3003).

    Args:
        trouble: Why.
        why: In English for the log; never a key, a prompt or a user's words.
        retry_after: When the model said that trying again makes sense; None when it did not.
    """

    def __init__(self, trouble: Trouble, why: str, retry_after: timedelta | None = None) -> None:
        super().__init__(f"the language model gave no answer ({trouble}): {why}")
        self.trouble = trouble
        self.why = why
        self.retry_after = retry_after


def trouble_of_status(status: int) -> Trouble:
    """The trouble behind an HTTP status."""
    if status == 429:
        return Trouble.RATE_LIMITED
    if status in {408, 504}:
        return Trouble.TIMEOUT
    return Trouble.OVERLOADED if status >= 500 else Trouble.REFUSED


def retry_after_header(value: str | None) -> timedelta | None:
    """A Retry-After header in seconds; its form with a date is not used by model services and counts as absent."""
    return timedelta(seconds=int(value)) if value is not None and value.isascii() and value.isdigit() else None

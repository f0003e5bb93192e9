"""Column types that keep domain values exact in SQLite and PostgreSQL alike."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Dialect, Integer, String
from sqlalchemy.types import TypeDecorator

from shared.market.times import from_yyyymmdd, to_utc, yyyymmdd

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

E = TypeVar("E", bound=StrEnum)


def to_microseconds(moment: datetime) -> int:
    """Microseconds since 1970-01-01 UTC.

    Raises:
        InvalidInput: If `moment` has no time zone: a naive time means something else on every machine.
    """
    return (to_utc(moment) - _EPOCH) // _MICROSECOND


def from_microseconds(stamp: int) -> datetime:
    """UTC time of a stamp made by `to_microseconds`."""
    return _EPOCH + timedelta(microseconds=stamp)


class TradeDate(TypeDecorator[date]):
    """A trading day, kept as the integer yyyymmdd so that columns go into numpy without conversion."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> int | None:
        """Day to integer."""
        return None if value is None else yyyymmdd(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> date | None:
        """Integer to day."""
        return None if value is None else to_day(value)


# A store has some thousand days and answers with them a hundred thousand times.
to_day = lru_cache(maxsize=32_768)(from_yyyymmdd)


class UtcTime(TypeDecorator[datetime]):
    """A moment, kept as microseconds since 1970 UTC: exact, ordered, the same in both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Aware time to microseconds."""
        return None if value is None else to_microseconds(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Microseconds to UTC time."""
        return None if value is None else from_microseconds(value)


class EnumText(TypeDecorator[E]):
    """A word of the vocabulary, kept as its text; a stored text outside of the vocabulary is an error when it is read."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__(24)
        self.words = words
        self._by_text: dict[str, E] = {word.value: word for word in words}

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        """Word to text."""
        return None if value is None else self.words(value).value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> E | None:
        """Text to word."""
        if value is None:
            return None
        return self._by_text[value] if value in self._by_text else self.words(value)

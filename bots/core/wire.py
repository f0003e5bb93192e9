"""Reading messages of the API: moments, days, words of enums. Values that are newer than this program keep their number."""

from datetime import UTC, date, datetime
from typing import Any, TypeVar

from google.protobuf.timestamp_pb2 import Timestamp
from kstock.common.v1 import local_date_pb2, quote_pb2

from shared.market.quote import Quality

_E = TypeVar("_E")


def moment(message: Timestamp) -> datetime:
    """A point in time, UTC."""
    read: datetime = message.ToDatetime(tzinfo=UTC)
    return read


def day(message: local_date_pb2.LocalDate) -> date:
    """A date in Korea."""
    return date(message.year, message.month, message.day)


def day_message(value: date) -> local_date_pb2.LocalDate:
    """A date in Korea as it travels."""
    return local_date_pb2.LocalDate(year=value.year, month=value.month, day=value.day)


def word(enum: Any, number: int) -> str:
    """Name of an enum value without the prefix that all names of the enum share, e.g. `KOSPI` for BOARD_KOSPI.

    Args:
        enum: The generated enum, e.g. `instrument_pb2.Board`.
        number: As received.
    """
    values = enum.DESCRIPTOR.values_by_number
    if number not in values:
        return str(number)
    prefix = values[0].name.removesuffix("UNSPECIFIED")
    name: str = values[number].name
    return name.removeprefix(prefix)


def number_of(enum: type[_E], name: str) -> _E:
    """The value behind a word: the reverse of `word`."""
    descriptor = enum.DESCRIPTOR  # type: ignore[attr-defined]  # every generated enum has it
    prefix = descriptor.values_by_number[0].name.removesuffix("UNSPECIFIED")
    number: _E = descriptor.values_by_name[prefix + name].number
    return number


def quality(number: int) -> Quality | None:
    """How far a price can be trusted; None when the message does not say, or says what this program does not know."""
    name = word(quote_pb2.Quality, number)
    return Quality(name) if name in Quality.__members__ else None

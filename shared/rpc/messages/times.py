"""Dates, times and durations on the wire."""

from datetime import UTC, date, datetime, timedelta

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from kstock.common.v1 import local_date_pb2

from shared.market.errors import InvalidInput

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_SECONDS = 86_400


def timestamp_message(moment: datetime) -> Timestamp:
    """A point in time; `moment` must be aware."""
    since = moment - _EPOCH
    return Timestamp(seconds=since.days * _DAY_SECONDS + since.seconds, nanos=since.microseconds * 1_000)


def read_timestamp(message: Timestamp) -> datetime:
    """A point in time, UTC, with the microseconds that Python has."""
    return _EPOCH + timedelta(seconds=message.seconds, microseconds=message.nanos // 1_000)


def duration_message(duration: timedelta) -> Duration:
    """A duration of 0 or more."""
    seconds = duration.days * _DAY_SECONDS + duration.seconds
    return Duration(seconds=seconds, nanos=duration.microseconds * 1_000)


def read_duration(message: Duration) -> timedelta:
    """A duration, with the microseconds that Python has."""
    return timedelta(seconds=message.seconds, microseconds=message.nanos // 1_000)


def local_date_message(day: date) -> local_date_pb2.LocalDate:
    """A calendar date in Korea."""
    return local_date_pb2.LocalDate(year=day.year, month=day.month, day=day.day)


def read_local_date(message: local_date_pb2.LocalDate) -> date:
    """A calendar date in Korea; requests are checked for dates that do not exist before they come here."""
    return date(message.year, message.month, message.day)


def optional_date(message: Message, field: str) -> date | None:
    """The LocalDate in a field; None when it is absent."""
    return read_local_date(getattr(message, field)) if message.HasField(field) else None


def required_date(message: Message, field: str) -> date:
    """The LocalDate in a field.

    Raises:
        InvalidInput: It is absent.
    """
    day = optional_date(message, field)
    if day is None:
        raise InvalidInput(field, "is missing; give a date")
    return day


def optional_time(message: Message, field: str) -> datetime | None:
    """The Timestamp in a field; None when it is absent."""
    return read_timestamp(getattr(message, field)) if message.HasField(field) else None


def optional_duration(message: Message, field: str) -> timedelta | None:
    """The Duration in a field; None when it is absent."""
    return read_duration(getattr(message, field)) if message.HasField(field) else None

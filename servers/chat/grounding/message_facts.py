"""Facts of messages: every number, date, name and text in them, found by the naming rules of the contract."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import cast

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from kstock.common.v1 import local_date_pb2

from servers.chat.grounding.claims import Unit
from servers.chat.grounding.facts import Fact
from servers.chat.grounding.fields import is_directed, label_of_field, unit_of_field
from shared.market.times import kst_date
from shared.rpc.messages.times import read_local_date, read_timestamp

MAX_REPEATED = 30
"""Newest elements of a list that count as known: a model is shown no more."""

_WHOLE = frozenset(
    {
        FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_INT64, FieldDescriptor.TYPE_SINT32, FieldDescriptor.TYPE_SINT64,
        FieldDescriptor.TYPE_UINT32, FieldDescriptor.TYPE_UINT64,
    }
)  # fmt: skip
_OPAQUE = frozenset(
    {"isin", "url", "rule_version", "source", "ticker", "reply", "confirm_reply", "clock_mode", "media_type"}
)
_PUBLISHED = frozenset({"NewsItem", "Passage"})
"""Messages whose texts are of the day on which they were published."""

_DAYS = ("trading_date", "date", "as_of", "last_date", "exchange_time", "publish_time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """An instrument by its code and one of its names."""

    ticker: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text in a message: whose it is, whether somebody else wrote it, and when it was published."""

    text: str
    subject: str
    reported: bool = False
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """Points of a possible total."""

    points: Decimal
    possible: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeLetter:
    """A grade that was given, and to whom."""

    letter: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where in the message the reader is."""

    subject: str = ""
    day: date | None = None
    sources: tuple[int, ...] = ()
    reported: bool = False
    published: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """One field of a message type and what its name says; `day_field` holds the day of this field alone."""

    field: FieldDescriptor
    meaning: tuple[Unit, Decimal] | None
    label: str
    directed: bool
    opaque: bool
    day_field: str


@lru_cache(maxsize=256)
def _readers(descriptor: Descriptor) -> tuple[_Reader, ...]:
    return tuple(_reader(field, descriptor) for field in descriptor.fields)


def _reader(field: FieldDescriptor, descriptor: Descriptor) -> _Reader:
    sibling = f"{field.name.split('_')[0]}_date"
    return _Reader(
        field=field,
        meaning=unit_of_field(field.name, whole=field.type in _WHOLE),
        label=label_of_field(field.name),
        directed=is_directed(field.name),
        opaque=field.name in _OPAQUE or field.name.endswith("_id"),
        day_field=sibling if sibling in descriptor.fields_by_name and sibling != field.name else "",
    )


Found = Fact | Name | Text | Total | GradeLetter | date | datetime


def read_result(result: object, sources: tuple[int, ...] = ()) -> Iterator[Found]:
    """Everything that a look-up said.

    Args:
        result: A message of the contract, a text, a date, or tuples and dataclasses of such.
        sources: Citations that it stands in.
    """
    if isinstance(result, Message):
        yield from _message(result, _Place(sources=sources))
    elif isinstance(result, str):
        yield Text(text=result, subject="")
    elif isinstance(result, date):
        yield result
    elif isinstance(result, tuple | list):
        for item in _newest(result):
            yield from read_result(item, sources)
    elif is_dataclass(result):
        for field in fields(result):
            yield from read_result(getattr(result, field.name), sources)


def _message(message: Message, place: _Place) -> Iterator[Found]:
    here = replace(
        place,
        subject=_subject(message) or place.subject,
        day=_day(message) or place.day,
        reported=place.reported or _is_report(message),
        published=message.DESCRIPTOR.name in _PUBLISHED,
    )
    yield from _names(message)
    yield from _totals(message)
    for reader in _readers(message.DESCRIPTOR):
        field = reader.field
        if field.is_repeated:
            for item in _newest(getattr(message, field.name)):
                yield from _value(reader, item, here)
        elif not field.has_presence or message.HasField(field.name):
            own = _moment_of(message, reader.day_field) if reader.day_field else None
            yield from _value(reader, getattr(message, field.name), here if own is None else replace(here, day=own))


def _value(reader: "_Reader", value: object, place: _Place) -> Iterator[Found]:
    if isinstance(value, Message):
        moment = _moment(value)
        if moment is not None:
            yield moment
        elif not isinstance(value, local_date_pb2.LocalDate | Timestamp):
            yield from _message(value, place)
    elif isinstance(value, str):
        if value and not reader.opaque:
            day = place.day if place.published else None
            yield Text(text=value, subject=place.subject, reported=place.reported, day=day)
    elif reader.field.enum_type is not None:
        yield from _grade(reader.field.enum_type, cast("int", value), place)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _number(reader, value, place)


def _grade(enum: EnumDescriptor, number: int, place: _Place) -> Iterator[GradeLetter]:
    if enum.name == "Grade" and number:
        yield GradeLetter(letter=enum.values_by_number[number].name.removeprefix("GRADE_"), subject=place.subject)


def _totals(message: Message) -> Iterator[Total]:
    names = message.DESCRIPTOR.fields_by_name
    for points, possible in (("points", "max_points"), ("score", "max_score")):
        if points in names and possible in names:
            yield Total(points=Decimal(str(getattr(message, points))), possible=Decimal(str(getattr(message, possible))))


def _number(reader: "_Reader", value: float, place: _Place) -> Iterator[Fact]:
    if reader.meaning is None:
        return
    unit, factor = reader.meaning
    tells = reader.directed and unit is not Unit.STREAK
    if value == 0 and not reader.field.has_presence and not tells:
        return  # not set, or no streak
    yield Fact(
        value=Decimal(str(value)) * factor,
        unit=unit,
        label=reader.label,
        subject=place.subject,
        day=place.day,
        sources=place.sources,
        directed=reader.directed,
    )


def _newest(items: Sequence[object]) -> Sequence[object]:
    return list(items)[-MAX_REPEATED:]


def _names(message: Message) -> Iterator[Name]:
    ticker = getattr(message, "ticker", "")
    if isinstance(ticker, str) and ticker:
        for field in ("name", "name_en"):
            name = getattr(message, field, "")
            if isinstance(name, str):
                yield Name(ticker=ticker, name=name)


def _is_report(message: Message) -> bool:
    """Whether a message holds what others wrote: a headline, a passage, or a block of headlines."""
    match message.DESCRIPTOR.name:
        case "DataBlock":
            return bool(message.HasField("news_list"))
        case "Passage":
            return bool(message.document_kind == "news")  # type: ignore[attr-defined]  # it has the field
        case name:
            return name == "NewsItem"


def _subject(message: Message) -> str:
    fields = message.DESCRIPTOR.fields_by_name
    ticker = getattr(message, "ticker", "") if "ticker" in fields else ""
    if ticker:
        return str(ticker)
    if "tickers" in fields and len(message.tickers) == 1:  # type: ignore[attr-defined]  # a text about one instrument
        return str(message.tickers[0])  # type: ignore[attr-defined]
    instrument = fields.get("instrument")
    if instrument is not None and instrument.message_type is not None and message.HasField("instrument"):
        return _subject(message.instrument)  # type: ignore[attr-defined]  # the descriptor has the field
    index = fields.get("index")
    if "content" in message.DESCRIPTOR.oneofs_by_name:
        content = message.WhichOneof("content")
        return _subject(getattr(message, content)) if content else ""
    if index is not None and index.enum_type is not None:
        value = index.enum_type.values_by_number.get(message.index)  # type: ignore[attr-defined]
        return "" if value is None or not value.number else f"index:{value.name.removeprefix('MARKET_INDEX_')}"
    return ""


def _day(message: Message) -> date | None:
    """The day that the message's numbers are of."""
    for name in _DAYS:
        if name in message.DESCRIPTOR.fields_by_name:
            moment = _moment_of(message, name)
            if moment is not None:
                return moment
    return None


def _moment_of(message: Message, name: str) -> date | None:
    value = getattr(message, name)
    found = _moment(value) if isinstance(value, Message) else None
    return kst_date(found) if isinstance(found, datetime) else found


def _moment(value: Message) -> date | datetime | None:
    if isinstance(value, local_date_pb2.LocalDate):
        return read_local_date(value) if value.year else None
    if isinstance(value, Timestamp):
        return read_timestamp(value) if value.seconds else None
    return None

"""Results of look-ups as text for a model: numbers formatted with units, times in Korea, lists cut to their newest."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import cast

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from kstock.common.v1 import local_date_pb2

from servers.chat.grounding.message_facts import MAX_REPEATED
from shared.market.language import Language
from shared.market.money import format_amount, format_percent, format_price
from shared.market.times import format_day_with_weekday, format_time, kst_date
from shared.rpc.messages.times import read_local_date, read_timestamp

_HIDDEN = frozenset({"topic_seq", "isin", "rule_version", "url", "sequence", "receive_time", "event_id", "revision"})
_AMOUNTS = ("turnover", "cap", "net", "sum", "flow")


class ResultText:
    """Renders results for one moment and language."""

    def __init__(self, now: datetime, language: Language) -> None:
        self._now = now
        self._language = language

    def of(self, result: object) -> str:
        """The result as indented `name: value` lines."""
        return "\n".join(self._lines(result, 0))

    def _lines(self, value: object, depth: int) -> Iterator[str]:
        if isinstance(value, Message):
            yield from self._message(value, depth)
        elif isinstance(value, tuple | list):
            for item in list(value)[-MAX_REPEATED:]:
                yield from self._item(item, depth)
        elif is_dataclass(value):
            for field in fields(value):
                yield from self._named(field.name, getattr(value, field.name), depth)
        elif value not in {None, ""}:
            yield f"{'  ' * depth}{self._plain(value)}"

    def _message(self, message: Message, depth: int) -> Iterator[str]:
        for each in message.DESCRIPTOR.fields:
            field = cast("FieldDescriptor", each)
            if field.name in _HIDDEN or field.name.endswith("_id"):
                continue
            value = getattr(message, field.name)
            if field.is_repeated:
                yield from self._named(field.name, list(value), depth)
            elif message.HasField(field.name) if field.has_presence else bool(value):
                yield from self._named(field.name, self._shown(field, value), depth)

    def _named(self, name: str, value: object, depth: int) -> Iterator[str]:
        if value in (None, "", [], ()):
            return
        flat = self._flat(value)
        if flat is not None:
            yield f"{'  ' * depth}{name.removesuffix('_krw').removesuffix('_bps').removesuffix('_e2')}: {flat}"
            return
        yield f"{'  ' * depth}{name}:"
        yield from self._lines(value, depth + 1)

    def _item(self, item: object, depth: int) -> Iterator[str]:
        """One element of a list on one line where it has only plain fields."""
        lines = list(self._lines(item, 0))
        if any(line.startswith(" ") for line in lines):
            yield f"{'  ' * depth}-"
            yield from (f"{'  ' * (depth + 1)}{line}" for line in lines)
        else:
            yield f"{'  ' * depth}- {' | '.join(lines)}"

    def _shown(self, field: FieldDescriptor, value: object) -> object:
        if field.enum_type is not None:
            named = field.enum_type.values_by_number.get(cast("int", value))
            return "" if named is None or not named.number else _short(named.name, field)
        if isinstance(value, int) and not isinstance(value, bool):
            return self._number(field.name, value)
        return f"{value:g}" if isinstance(value, float) else value

    def _number(self, name: str, value: int) -> str:
        if name.endswith("_krw"):
            amount = any(part in name for part in _AMOUNTS)
            return format_amount(value, self._language) if amount else format_price(value, self._language)
        if name.endswith("_bps"):
            return format_percent(value)
        if name.endswith("_e2"):
            return f"{value / 100:,.2f}"
        return f"{value:,}{'주' if name.endswith('shares') and self._language is Language.KO else ''}"

    def _flat(self, value: object) -> str | None:
        """A value that fits behind its name; None for what needs lines of its own."""
        if isinstance(value, local_date_pb2.LocalDate | Timestamp | str | int | float | date):
            return self._plain(value)
        if isinstance(value, list | tuple) and all(isinstance(item, str | int | float) for item in value):
            return ", ".join(map(str, value[-MAX_REPEATED:]))
        return None

    def _plain(self, value: object) -> str:
        if isinstance(value, local_date_pb2.LocalDate):
            value = read_local_date(value) if value.year else ""
        if isinstance(value, Timestamp):
            value = read_timestamp(value)
        if isinstance(value, datetime):
            return format_time(value, self._now, self._language)
        if isinstance(value, date):
            return format_day_with_weekday(value, kst_date(self._now), self._language)
        return str(value)


def _short(name: str, field: FieldDescriptor) -> str:
    """An enum's value without its prefix."""
    enum = field.enum_type
    assert enum is not None
    return name.removeprefix(enum.values[0].name.removesuffix("UNSPECIFIED"))

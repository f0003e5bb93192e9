"""Checks that hold for every request, whatever its method: so no servicer meets a value that has no meaning.

Checked are: known enum values, dates that exist, durations that are not negative, page sizes, characters and lengths of
strings. What a value means for its method stays with the servicer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import cast

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message

from shared.market.errors import InvalidInput

MAX_PAGE_SIZE = 500
MAX_NAME_LENGTH = 256
MAX_KEY_LENGTH = 64
MAX_PAGE_TOKEN_LENGTH = 1024

_FREE_TEXT = frozenset({"text", "query"})
"""Fields in which people write sentences: their servicers clean what is left after NUL is refused."""
_LENGTHS = {"idempotency_key": MAX_KEY_LENGTH, "change_id": MAX_KEY_LENGTH, "page_token": MAX_PAGE_TOKEN_LENGTH}
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_FIRST_SECOND, _LAST_SECOND = -62_135_596_800, 253_402_300_799  # years 1 to 9999

_Check = Callable[[object, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _FieldPlan:
    field: FieldDescriptor
    check: _Check


class RequestChecker:
    """Checks requests; what to look at is worked out once per message type."""

    def __init__(self) -> None:
        self._plans: dict[str, tuple[_FieldPlan, ...]] = {}

    def check(self, request: Message) -> None:
        """Check a request and everything in it.

        Raises:
            InvalidInput: With the path of the first unusable field, e.g. `topics[3].price.venue`.
        """
        self._check_message(request, "")

    def _check_message(self, message: object, path: str) -> None:
        if not isinstance(message, Message):
            return
        _check_well_known(message, path)
        present = {field.number: value for field, value in message.ListFields()}
        for plan in self._plan(message):
            value = present.get(plan.field.number)
            if value is None:
                continue
            here = f"{path}.{plan.field.name}" if path else plan.field.name
            if not plan.field.is_repeated:
                plan.check(value, here)
                continue
            for index, element in enumerate(value):
                plan.check(element, f"{here}[{index}]")

    def _plan(self, message: Message) -> tuple[_FieldPlan, ...]:
        descriptor = message.DESCRIPTOR
        plan = self._plans.get(descriptor.full_name)
        if plan is None:
            fields = cast("list[FieldDescriptor]", descriptor.fields)
            checks = [(field, self._check_for(field)) for field in fields]
            plan = tuple(_FieldPlan(field=field, check=check) for field, check in checks if check is not None)
            self._plans[descriptor.full_name] = plan
        return plan

    def _check_for(self, field: FieldDescriptor) -> _Check | None:
        if field.message_type is not None:
            return None if field.message_type.GetOptions().map_entry else self._check_message
        if field.enum_type is not None:
            return partial(_check_enum, field.enum_type)
        if field.name == "page_size":
            return _check_page_size
        if field.type == FieldDescriptor.TYPE_STRING:
            return _check_sentence if field.name in _FREE_TEXT else partial(_check_name, _LENGTHS.get(field.name))
        return None


def known_names(enum: EnumDescriptor) -> list[str]:
    """Names of an enum's usable values without their prefix: `VCP`, `JONGGA`."""
    prefix = enum.values_by_number[0].name.removesuffix("UNSPECIFIED")
    return [value.name.removeprefix(prefix) for value in enum.values if value.number != 0]


def _check_enum(enum: EnumDescriptor, value: object, path: str) -> None:
    # An absent field of implicit presence never comes here; a present 0 was sent on purpose.
    if value == 0 or value not in enum.values_by_number:
        raise InvalidInput(path, f"{value} is not a {enum.name}; known are {', '.join(known_names(enum))}")


def _check_page_size(value: object, path: str) -> None:
    if not isinstance(value, int) or not 0 <= value <= MAX_PAGE_SIZE:
        raise InvalidInput(path, f"is {value}; 1 to {MAX_PAGE_SIZE} are possible, 0 means the default")


def _check_name(length: int | None, value: object, path: str) -> None:
    text = str(value)
    longest = length or MAX_NAME_LENGTH
    if len(text) > longest:
        raise InvalidInput(path, f"has {len(text)} characters; at most {longest} are possible")
    found = _INVISIBLE.search(text)
    if found is not None:
        raise InvalidInput(path, f"contains the invisible character U+{ord(found.group()):04X}; remove it")


def _check_sentence(value: object, path: str) -> None:
    if "\x00" in str(value):
        raise InvalidInput(path, "contains the invisible character U+0000; remove it")


def _check_well_known(message: Message, path: str) -> None:
    check = _WELL_KNOWN.get(message.DESCRIPTOR.full_name)
    if check is not None:
        check(message, path)


def _check_date(message: object, path: str) -> None:
    year, month, day = (getattr(message, part) for part in ("year", "month", "day"))
    try:
        date(year, month, day)
    except (ValueError, OverflowError) as error:
        raise InvalidInput(path, f"{year}-{month}-{day} is not a date") from error
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise InvalidInput(path, f"the year is {year}; {_FIRST_YEAR} to {_LAST_YEAR} are possible")


def _check_timestamp(message: object, path: str) -> None:
    seconds, nanos = (getattr(message, part) for part in ("seconds", "nanos"))
    if not (_FIRST_SECOND <= seconds <= _LAST_SECOND and 0 <= nanos < 1_000_000_000):
        raise InvalidInput(path, "is not a time between the years 1 and 9999")


def _check_duration(message: object, path: str) -> None:
    seconds, nanos = (getattr(message, part) for part in ("seconds", "nanos"))
    if seconds < 0 or nanos < 0:
        raise InvalidInput(path, "is negative; give a duration of 0 s or more")
    if nanos >= 1_000_000_000 or seconds > _LAST_SECOND:
        raise InvalidInput(path, "is not a duration")


_WELL_KNOWN: dict[str, _Check] = {
    "kstock.common.v1.LocalDate": _check_date,
    "google.protobuf.Timestamp": _check_timestamp,
    "google.protobuf.Duration": _check_duration,
}

"""Arguments of tools: dataclasses that describe themselves as JSON schema and are checked when they come from outside."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from shared.market.errors import InvalidInput

A = TypeVar("A")

Schema = dict[str, "str | int | list[str] | bool | Schema"]

_JSON_TYPES: dict[type, str] = {str: "string", int: "integer", float: "number", bool: "boolean", date: "string"}


@dataclass(frozen=True, slots=True)
class About:
    """Annotation of an argument.

    Attributes:
        description: What it means, with its unit, for whoever fills it in.
        least: Smallest number, or fewest items; None for any.
        most: Largest number, or most items; None for any.
    """

    description: str
    least: int | None = None
    most: int | None = None


def schema_of(arguments: type) -> Schema:
    """JSON schema of an arguments class, as function declarations need it."""
    properties: Schema = {name: _schema(hint, about) for name, hint, about, _ in _described(arguments)}
    required = [name for name, _, _, optional in _described(arguments) if not optional]
    return {"type": "object", "properties": properties, "required": required}


def parse_arguments(arguments: type[A], given: Mapping[str, object]) -> A:
    """Build checked arguments from a JSON object.

    Raises:
        InvalidInput: An unknown or missing field, a wrong type, or a value out of range; names the field.
    """
    described = _described(arguments)
    unknown = set(given) - {name for name, _, _, _ in described}
    if unknown:
        raise InvalidInput(min(unknown), f"is no argument; there are {', '.join(name for name, *_ in described)}")
    values: dict[str, Any] = {}
    for name, hint, about, optional in described:
        if given.get(name) is not None:
            values[name] = _value(hint, given[name], name, about)
        elif not optional:
            raise InvalidInput(name, "is missing")
    return arguments(**values)


def _described(arguments: type) -> list[tuple[str, Any, About, bool]]:
    """Name, type without None, description and whether it may be left out, of every argument."""
    hints = get_type_hints(arguments, include_extras=True)
    described = []
    for item in fields(arguments):
        hint, about = get_args(hints[item.name])[:2]
        described.append((item.name, _without_none(hint), about, item.default is not MISSING))
    return described


def _schema(hint: Any, about: About) -> Schema:
    described: Schema = {"description": about.description}
    if get_origin(hint) is tuple:
        bounds = {"minItems": about.least, "maxItems": about.most}
        return {**described, "type": "array", "items": _scalar_schema(get_args(hint)[0]), **_present(bounds)}
    return {**described, **_scalar_schema(hint), **_present({"minimum": about.least, "maximum": about.most})}


def _scalar_schema(hint: Any) -> Schema:
    if issubclass(hint, StrEnum):
        return {"type": "string", "enum": [member.value for member in hint]}
    return {"type": _JSON_TYPES[hint], **({"format": "date"} if hint is date else {})}


def _present(bounds: Mapping[str, int | None]) -> dict[str, int]:
    return {name: bound for name, bound in bounds.items() if bound is not None}


def _value(hint: Any, given: object, name: str, about: About) -> object:
    if get_origin(hint) is tuple:
        if not isinstance(given, list | tuple):
            raise InvalidInput(name, "must be a list")
        _check_range(len(given), name, about)
        return tuple(_scalar(get_args(hint)[0], one, name) for one in given)
    value = _scalar(hint, given, name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        _check_range(value, name, about)
    return value


def _scalar(hint: Any, given: object, name: str) -> object:
    if hint is date:
        return _date(given, name)
    if issubclass(hint, StrEnum):
        members = {member.value: member for member in hint}
        if given not in members:
            raise InvalidInput(name, f"must be one of {', '.join(members)}")
        return members[cast("str", given)]
    accepted = (int, float) if hint is float else hint
    if not isinstance(given, accepted) or (isinstance(given, bool) and hint is not bool):
        raise InvalidInput(name, f"must be of type {_JSON_TYPES[hint]}")
    return given


def _date(given: object, name: str) -> date:
    try:
        return date.fromisoformat(str(given))
    except ValueError as error:
        raise InvalidInput(name, "must be a date such as 2026-04-30") from error


def _check_range(value: float, name: str, about: About) -> None:
    least = -float("inf") if about.least is None else about.least
    most = float("inf") if about.most is None else about.most
    if not least <= value <= most:
        raise InvalidInput(name, f"must be {least:g} to {most:g}")


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in {Union, types.UnionType}:
        return next(part for part in get_args(hint) if part is not type(None))
    return hint

"""Numbers that know their range, for the fields of parameter classes."""

import math
from dataclasses import field, fields
from typing import Any

from shared.market.errors import InvalidInput


def number(default: float, *, low: float, high: float) -> Any:
    """A field with a default and the range [low, high] in which its value must lie."""
    return field(default=default, metadata={"low": low, "high": high})


def check_ranges(section: str, parameters: Any) -> None:
    """Check every field made with `number`.

    Raises:
        InvalidInput: Naming `section.field`, if a value is no number of the field's type or out of its range.
    """
    for each in fields(parameters):
        if "low" in each.metadata:
            name, value = f"{section}.{each.name}", getattr(parameters, each.name)
            check_number(name, value, whole=isinstance(each.default, int))
            if not each.metadata["low"] <= value <= each.metadata["high"]:
                raise InvalidInput(
                    name, f"is {value}; it must be between {each.metadata['low']} and {each.metadata['high']}"
                )


def check_number(name: str, value: object, *, whole: bool) -> None:
    """Refuse what is not a finite number, and a fraction where a whole number belongs.

    Raises:
        InvalidInput: Naming `name`.
    """
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)) or not math.isfinite(value):
        raise InvalidInput(name, f"must be a {'whole ' if whole else ''}number")

"""What a field of a message means, by the naming rules of the contract: `_krw`, `_bps`, `_e2`, `_shares`, `_date`."""

import re
from decimal import Decimal

from servers.chat.grounding.claims import Unit

_HUNDREDTH = Decimal("0.01")
_SILENT = frozenset(
    {
        "topic_seq",
        "sequence",
        "number",
        "revision",
        "event_id",
        "duration_ms",
        "citations",
        "weight",
        "t_statistic",
        "sentiment",
    }
)
"""Numbers that mean nothing to a reader."""

_UNITS = tuple(
    (re.compile(pattern), unit, factor)
    for pattern, unit, factor in (
        (r"_krw$", Unit.WON, Decimal(1)),
        (r"(^|_)shares$", Unit.SHARES, Decimal(1)),
        (r"_streak_days$", Unit.STREAK, Decimal(1)),
        (r"(^|_)(days|sessions)$|^(session|day)_count$|^bars_held$", Unit.DAYS, Decimal(1)),
        (r"_bps$", Unit.PERCENT, _HUNDREDTH),
        (r"ratio.*_e2$", Unit.MULTIPLE, _HUNDREDTH),
        (r"_e2$", Unit.POINTS, _HUNDREDTH),
        (r"_factor$", Unit.MULTIPLE, Decimal(1)),
    )
)
_LABELS = (
    ("previous_close", "previous"), ("base_close", "price"), ("opened_price", "opened"), ("market_cap", "market_cap"),
    ("turnover", "turnover"), ("volume", "volume"), ("foreign_hold", "foreign_hold"), ("foreign", "foreign"),
    ("institution", "institution"), ("pension", "pension"), ("open_", "open"), ("high_", "high"), ("low_", "low"),
    ("close", "price"), ("last_close", "price"), ("price", "price"), ("stop", "stop"), ("target", "target"),
    ("entry", "entry"), ("level", "level"),
)  # fmt: skip
_DIRECTED = ("change", "_net_", "_net_return", "return", "_sum_", "adverse", "excess", "sum_krw", "hold_change", "streak")


def unit_of_field(name: str, *, whole: bool) -> tuple[Unit, Decimal] | None:
    """Unit of a numeric field and the factor of its values; None for a field that tells a reader nothing.

    Args:
        name: Name of the field.
        whole: Whether it is an integer.
    """
    if name in _SILENT or name.endswith("_id"):
        return None
    for pattern, unit, factor in _UNITS:
        if pattern.search(name):
            return unit, factor
    return (Unit.COUNT if whole and name != "level" else Unit.POINTS), Decimal(1)


def label_of_field(name: str) -> str:
    """Which figure a field holds; empty when no reader's word means it."""
    return next((label for stem, label in _LABELS if name.startswith(stem)), "")


def is_directed(name: str) -> bool:
    """Whether the sign of a field says up or down."""
    return any(part in name for part in _DIRECTED)

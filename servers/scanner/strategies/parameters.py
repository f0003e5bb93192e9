"""The tunable numbers of every strategy as versioned, validated data (strategies.md 10).

A parameter file is TOML with the sections and keys of that chapter; what it leaves out keeps its default. A signal stores
the `rule_version` it was found with: the version of the strategy's code and a hash of the numbers its kind depends on.
"""

import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import timedelta
from typing import Any

from servers.scanner.gate import GateParameters
from servers.scanner.intraday import IntradayParameters
from servers.scanner.strategies.common_parameters import CommonParameters
from servers.scanner.strategies.daytrading_parameters import DaytradingParameters
from servers.scanner.strategies.jongga_parameters import JonggaParameters
from servers.scanner.strategies.ranges import check_number
from servers.scanner.strategies.vcp_parameters import GradeParameters, VcpParameters
from shared.market.errors import InvalidInput
from shared.market.signal import Grade, SignalKind


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyParameters:
    """All sections together."""

    common: CommonParameters = field(default_factory=CommonParameters)
    vcp: VcpParameters = field(default_factory=VcpParameters)
    grade_vcp: GradeParameters = field(default_factory=GradeParameters)
    jongga: JonggaParameters = field(default_factory=JonggaParameters)
    day: DaytradingParameters = field(default_factory=DaytradingParameters)
    gate: GateParameters = field(default_factory=GateParameters)
    signal: IntradayParameters = field(default_factory=IntradayParameters)


VERSIONS: dict[SignalKind, int] = {
    SignalKind.VCP: 1,
    SignalKind.JONGGA: 1,
    SignalKind.DAYTRADING: 1,
    SignalKind.DISPARITY: 1,
    SignalKind.DROP: 1,
    SignalKind.SURGE: 1,
}
"""Version of each strategy's code; raise it with every change that can change a result."""

_DEPENDS_ON: dict[SignalKind, tuple[str, ...]] = {
    SignalKind.VCP: ("common", "vcp", "grade_vcp"),
    SignalKind.JONGGA: ("common", "vcp", "jongga"),
    SignalKind.DAYTRADING: ("common", "day"),
    SignalKind.DISPARITY: ("common", "signal"),
    SignalKind.DROP: ("common", "signal"),
    SignalKind.SURGE: ("common", "signal"),
}

# Keys of a file whose field has another name. `.` stands for a nested table.
_FIELD_OF_KEY: dict[str, dict[str, str]] = {
    "grade_vcp": {"S": "s", "A": "a", "B": "b"},
    "jongga": {
        "adv_min": "average_turnover_min",
        "value_pts": "value_points",
        "body_range": "body_of_range",
        "contract": "contraction",
        "chg_min": "change_min",
        "chg_max": "change_max",
        "tp": "take_profit",
        "sl": "stop_loss",
        "gap_tp": "gap_take_profit",
        "gap_sl": "gap_stop",
        "grade.S": "grade_s",
        "grade.A": "grade_a",
        "grade.B": "grade_b",
    },
    "day": {
        "adv_min": "average_turnover_min",
        "vol_full": "volume_full",
        "vol_half": "volume_half",
        "ma5_near": "average_near",
        "inst_full": "buying_full",
        "inst_half": "buying_half",
        "tp": "take_profit",
        "sl": "stop_loss",
        "grade.S": "grade_s",
        "grade.A": "grade_a",
        "grade.B": "grade_b",
    },
    "gate": {"gate_hyst": "hysteresis"},
    "signal": {
        "ma": "average_bars",
        "drop_min": "drop_minutes",
        "drop_pct": "drop",
        "stale_sec": "stale_after",
        "cooldown_sec": "cooldown",
    },
}

# Fields of other sections that `common` decides.
_SHARED = {"jongga": ("price_min", "exclude_warning"), "day": ("price_min", "exclude_warning")}


def parse_parameters(text: str) -> StrategyParameters:
    """Read a parameter file.

    Args:
        text: TOML, e.g. `[vcp]` and `t1_max = 0.35` under it.

    Raises:
        InvalidInput: Naming the section or key that is unknown, of the wrong type or out of range.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput("parameters", f"is no TOML: {error}") from error
    return build_parameters(tables)


def build_parameters(tables: Mapping[str, object]) -> StrategyParameters:
    """Validate sections given as mappings; see `parse_parameters`."""
    kinds = {each.name: each.default_factory for each in fields(StrategyParameters)}
    for section in tables:
        if section not in kinds:
            raise InvalidInput(section, f"is no section; there are {', '.join(kinds)}")
    common = _build("common", CommonParameters, tables, {})
    built: dict[str, Any] = {"common": common}
    for section, kind in kinds.items():
        if section != "common":
            given = {name: getattr(common, name) for name in _SHARED.get(section, ())}
            built[section] = _build(section, kind, tables, given)
    return StrategyParameters(**built)


def rule_version(kind: SignalKind, parameters: StrategyParameters) -> str:
    """What a signal of this kind was decided by, e.g. `vcp-1-3f2a9c1d04`: equal numbers give equal text."""
    numbers = {section: asdict(getattr(parameters, section)) for section in _DEPENDS_ON[kind]}
    canonical = json.dumps(numbers, sort_keys=True, default=str)
    return f"{kind.lower()}-{VERSIONS[kind]}-{hashlib.sha256(canonical.encode()).hexdigest()[:10]}"


def _build(section: str, kind: Any, tables: Mapping[str, object], given: dict[str, Any]) -> Any:
    table = tables.get(section, {})
    if not isinstance(table, Mapping):
        raise InvalidInput(section, "must be a table of keys")
    names = _FIELD_OF_KEY.get(section, {})
    renamed = set(names.values())
    known = {each.name: each for each in fields(kind) if each.name not in renamed and each.name not in given}
    known |= {key: each for each in fields(kind) for key, name in names.items() if each.name == name}
    values = dict(given)
    for key, value in _flat(table).items():
        if key not in known:
            raise InvalidInput(f"{section}.{key}", f"is no key; there are {', '.join(sorted(known))}")
        values[known[key].name] = _converted(f"{section}.{key}", known[key].default, value)
    try:
        return kind(**values)
    except InvalidInput as error:
        raise InvalidInput(_key_of(section, error.field), error.why) from error


def _key_of(section: str, field_name: str) -> str:
    """The key of the file behind `section.field`."""
    keys = {f"{section}.{name}": f"{section}.{key}" for key, name in _FIELD_OF_KEY.get(section, {}).items()}
    return keys.get(field_name, field_name)


def _flat(table: Mapping[str, object]) -> dict[str, object]:
    """Nested tables as dotted keys."""
    flat: dict[str, object] = {}
    for key, value in table.items():
        flat |= {f"{key}.{inner}": each for inner, each in value.items()} if isinstance(value, Mapping) else {key: value}
    return flat


def _converted(name: str, default: object, value: object) -> object:
    """The value in the type of the field's default."""
    for kind, convert in _CONVERSIONS:
        if isinstance(default, kind):
            return convert(name, value)
    raise InvalidInput(name, "cannot be set in a file")


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput(name, "must be true or false")
    return value


def _grade(name: str, value: object) -> Grade:
    if not isinstance(value, str) or value not in Grade.__members__:
        raise InvalidInput(name, "must be one of S, A, B, C")
    return Grade(value)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise InvalidInput(name, "must be text")
    return value


def _whole(name: str, value: object) -> int:
    check_number(name, value, whole=True)
    return int(str(value))


def _fraction(name: str, value: object) -> float:
    check_number(name, value, whole=False)
    return float(str(value))


def _seconds(name: str, value: object) -> timedelta:
    return timedelta(seconds=_fraction(name, value))


def _numbers(name: str, value: object) -> tuple[float, ...]:
    if not isinstance(value, list):
        raise InvalidInput(name, "must be a list of numbers")
    return tuple(_fraction(name, each) for each in value)


_CONVERSIONS: tuple[tuple[type, Callable[[str, object], object]], ...] = (
    (bool, _flag),
    (Grade, _grade),
    (str, _text),
    (int, _whole),
    (float, _fraction),
    (timedelta, _seconds),
    (tuple, _numbers),
)

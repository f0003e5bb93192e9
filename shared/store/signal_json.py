"""Candidates and signals as JSON text, exact in both directions."""

import json
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from shared.market.instrument import Board, Ticker
from shared.market.signal import Candidate, Component, Grade, Signal, SignalKind, SignalState
from shared.store.types import from_microseconds, to_microseconds

_TIMES = ("opened_time", "updated_time", "closed_time")
_TUPLES = ("reasons", "cautions", "missing", "flags")


def dump_candidate(candidate: Candidate) -> str:
    """Compact JSON; every field of the candidate is in it."""
    return _dump(asdict(candidate))


def load_candidate(text: str) -> Candidate:
    """The candidate behind `dump_candidate`'s text."""
    return _candidate(json.loads(text))


def dump_signal(signal: Signal) -> str:
    """Compact JSON of a signal with its candidate; times as microseconds UTC."""
    values: dict[str, Any] = {field.name: getattr(signal, field.name) for field in fields(Signal)}
    values |= {name: to_microseconds(values[name]) for name in _TIMES if values[name] is not None}
    return _dump(values | {"candidate": asdict(signal.candidate)})


def load_signal(text: str) -> Signal:
    """The signal behind `dump_signal`'s text."""
    values: dict[str, Any] = json.loads(text)
    values |= {name: from_microseconds(values[name]) for name in _TIMES if values[name] is not None}
    values |= {
        "state": SignalState(values["state"]),
        "opened_on": date.fromisoformat(values["opened_on"]),
        "plan_on": date.fromisoformat(values["plan_on"]),
        "candidate": _candidate(values["candidate"]),
        "previous_grade": Grade(values["previous_grade"]) if values["previous_grade"] else None,
    }
    return Signal(**values)


def _dump(values: dict[str, Any]) -> str:
    return json.dumps(values, default=date.isoformat, ensure_ascii=False, separators=(",", ":"))


def _candidate(values: dict[str, Any]) -> Candidate:
    values |= {name: tuple(values[name]) for name in _TUPLES}
    values |= {
        "kind": SignalKind(values["kind"]),
        "ticker": Ticker(values["ticker"]),
        "board": Board(values["board"]),
        "as_of": date.fromisoformat(values["as_of"]),
        "grade": Grade(values["grade"]),
        "components": tuple(Component(**component) for component in values["components"]),
    }
    return Candidate(**values)

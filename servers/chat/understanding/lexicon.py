"""The tables of words and cues, read once and checked: what is in them, not how they are applied."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Self

from shared.market.errors import InvalidInput

Words = dict[str, tuple[str, ...]]
"""Label -> patterns, in the order of the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A pattern, `@` and a dictionary form, or `&` and a rule over both, that speaks for an intent with `weight`."""

    pattern: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CueTable:
    """Everything that decides about one intent (see the heads of `tables/cues.toml` and `tables/acts.toml`).

    `vetoes` are cues, each of which rules the intent out.
    """

    intent: str
    cues: tuple[Cue, ...]
    features: dict[str, float]
    needs: tuple[str, ...]
    yields_to: tuple[str, ...]
    vetoes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """All tables.

    `words` by section (`kinds`, `indices`, ...); `acts` by name; `spelling` and `short_spelling` are words that typing
    errors are repaired to, `correct` others that are no errors; `stop_words` are never an instrument's name,
    `company_suffixes` end one.
    """

    words: dict[str, Words]
    acts: Words
    cue_tables: tuple[CueTable, ...]
    spelling: tuple[str, ...]
    short_spelling: tuple[str, ...]
    correct: tuple[str, ...]
    stop_words: frozenset[str]
    company_suffixes: tuple[str, ...]

    @classmethod
    @cache
    def load(cls) -> Self:
        """Read the packaged tables, once in a process: they are some 800 patterns.

        Raises:
            InvalidInput: If a pattern is no regular expression; names the table and the pattern.
        """
        words, cues, spelling = (_read(name) for name in ("words.toml", "cues.toml", "spelling.toml"))
        sections = {section: {label: tuple(rows) for label, rows in table.items()} for section, table in words.items()}
        acts = _read("acts.toml")["intents"]
        tables = tuple(_cue_table(intent, table, acts.get(intent, {})) for intent, table in cues["intents"].items())
        tables += tuple(_cue_table(intent, table, {}) for intent, table in acts.items() if intent not in cues["intents"])
        act_words = {name: tuple(rows) for name, rows in _read("act_words.toml")["words"].items()}
        for section, labels in sections.items():
            for patterns in labels.values():
                _check(f"words.toml [{section}]", patterns)
        for name, patterns in act_words.items():
            _check(f"act_words.toml [{name}]", patterns)
        for table in tables:
            _check(f"cues.toml [{table.intent}]", [cue.pattern for cue in table.cues])
        return cls(
            words=sections,
            acts=act_words,
            cue_tables=tables,
            spelling=tuple(spelling["words"]),
            short_spelling=tuple(spelling["short_words"]),
            correct=tuple(spelling["correct"]),
            stop_words=frozenset((*spelling["stop_words"], *spelling["stop_words_en"])),
            company_suffixes=tuple(spelling["company_suffixes"]),
        )


def _read(name: str) -> Any:
    """One packaged TOML table; its shape is checked by what is built from it."""
    text = (resources.files(__package__) / "tables" / name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def _cue_table(intent: str, table: Any, more: Any) -> CueTable:
    """The table of one intent, with what `acts.toml` adds to it."""
    cues = (*table["cues"], *more.get("cues", ()))
    return CueTable(
        intent=intent,
        cues=tuple(Cue(pattern=pattern, weight=float(weight)) for pattern, weight in cues),
        features={name: float(weight) for name, weight in table.get("features", {}).items()},
        needs=tuple(table.get("needs", ())),
        yields_to=(*table.get("yields_to", ()), *more.get("yields_to", ())),
        vetoes=(*table.get("vetoes", ()), *more.get("vetoes", ())),
    )


def _check(table: str, patterns: list[str] | tuple[str, ...]) -> None:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise InvalidInput(table, f"{pattern!r} is no regular expression: {error}") from error

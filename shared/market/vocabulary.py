"""The packaged tables of words: large instruments, nicknames, and the words that surround names in questions."""

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from shared.market.instrument import Board, Instrument, InstrumentKind, Ticker, parse_ticker

_DATA = files("shared.market") / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionWords:
    """Words that decide whether a name in a sentence is meant as a name.

    `particles` may follow a name directly. `cues` are what people ask about an instrument, `fillers` what may stand around a
    name without a meaning for it. `common` are names that are ordinary words as well, in the common spelling.
    """

    particles: frozenset[str]
    cues: tuple[str, ...]
    fillers: tuple[str, ...]
    common: frozenset[str]


def packaged_instruments() -> tuple[Instrument, ...]:
    """About 200 large KRX names, the most prominent first."""
    return tuple(
        Instrument(
            ticker=parse_ticker(row["ticker"]),
            name=row["name"],
            name_en=row["name_en"],
            kind=InstrumentKind(row["kind"]),
            board=Board(row["board"]),
            sector=row["sector"],
        )
        for row in _rows("instruments.csv")
    )


def packaged_nicknames() -> tuple[tuple[str, Ticker], ...]:
    """Names that people use and no master knows; a nickname of several instruments stands there several times."""
    return tuple((row["nickname"], parse_ticker(row["ticker"])) for row in _rows("nicknames.csv"))


def packaged_former_names() -> tuple[tuple[str, Ticker], ...]:
    """Official names that well-known instruments had before; a store with older tables knows others as well."""
    return tuple((row["name"], parse_ticker(row["ticker"])) for row in _rows("former_names.csv"))


def packaged_words() -> MentionWords:
    """The table behind `InstrumentIndex.find_in`."""
    table = tomllib.loads((_DATA / "mention_words.toml").read_text(encoding="utf-8"))
    words = {name: text.split() for name, text in table.items()}
    return MentionWords(
        particles=frozenset(words["particles"]),
        cues=tuple(words["cues"]),
        fillers=tuple(words["fillers"]),
        common=frozenset(words["common"]),
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)

"""The packaged words of the guard."""

import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardTables:
    """Compiled patterns: `terms` with digits that claim nothing, `outsiders` of other markets, `wording` by kind."""

    terms: re.Pattern[str]
    outsiders: re.Pattern[str]
    wording: tuple[tuple[str, re.Pattern[str]], ...]

    @classmethod
    def load(cls) -> Self:
        """Read the packaged table."""
        table = tomllib.loads((resources.files(__package__) / "tables.toml").read_text(encoding="utf-8"))
        outsiders = [
            rf"(?<![A-Za-z]){word}(?![A-Za-z])" if word[0].isascii() else rf"(?<![가-힣]){word}"
            for word in table["outsiders"]
        ]
        return cls(
            terms=_any(table["terms"]),
            outsiders=_any(outsiders),
            wording=tuple((kind, _any(patterns)) for kind, patterns in table["wording"].items()),
        )


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE | re.MULTILINE)

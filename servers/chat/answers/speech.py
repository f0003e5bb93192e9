"""The words of answers, in both languages, from tables."""

import tomllib
from functools import cache
from importlib import resources

from shared.market.language import Language

_TABLES = (
    "phrases.toml",
    "phrases_digest.toml",
    "phrases_requests.toml",
    "phrases_market.toml",
    "phrases_figures.toml",
    "phrases_signals.toml",
)
_COLUMN = {Language.KO: 0, Language.EN: 1}


class Speech:
    """Says phrases of the table in one language."""

    def __init__(self, phrases: dict[str, tuple[str, str]], language: Language) -> None:
        self._phrases = phrases
        self.language = language

    def say(self, key: str, **values: object) -> str:
        """A phrase with its values filled in.

        Args:
            key: `section.name` in the table.
            values: What the phrase's braces name.
        """
        return self._phrases[key][_COLUMN[self.language]].format(**values)

    def has(self, key: str) -> bool:
        """Whether the table has a phrase."""
        return key in self._phrases


class Phrasebook:
    """All phrases."""

    def __init__(self, phrases: dict[str, tuple[str, str]]) -> None:
        self.phrases = phrases

    @classmethod
    @cache
    def load(cls) -> "Phrasebook":
        """Read the packaged tables, once in a process."""
        sections: dict[str, dict[str, list[str]]] = {}
        for name in _TABLES:
            sections |= tomllib.loads((resources.files(__package__) / name).read_text(encoding="utf-8"))
        return cls(
            {f"{section}.{name}": (pair[0], pair[1]) for section, rows in sections.items() for name, pair in rows.items()}
        )

    def speech(self, language: Language) -> Speech:
        """The phrases in one language."""
        return Speech(self.phrases, language)

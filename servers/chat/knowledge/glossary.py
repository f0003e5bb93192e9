"""The packaged glossary: market terms and the strategies, in Korean and English."""

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from shared.market.language import Language

_TABLES = ("glossary.toml", "glossary_trading.toml", "glossary_service.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One term explained in one language; `example` and `limits` may be empty, `facts` are further lines.

    `rules` are the exact conditions and points of a strategy, for those who ask for them.
    """

    key: str
    term: str
    definition: str
    example: str
    limits: str
    facts: tuple[str, ...]
    rules: tuple[str, ...] = ()


class Glossary:
    """Look-up by key; keys are those of the understanding's table of terms and the lower-case signal kinds."""

    def __init__(self, explanations: dict[tuple[str, Language], Explanation]) -> None:
        self._explanations = explanations

    @classmethod
    def load(cls) -> "Glossary":
        """Read the packaged tables."""
        rows: dict[str, Any] = {}
        for name in _TABLES:
            rows |= tomllib.loads((resources.files(__package__) / name).read_text(encoding="utf-8"))
        explanations = {
            (key, language): Explanation(
                key=key,
                term=row[language]["term"],
                definition=row[language]["definition"],
                example=row[language].get("example", ""),
                limits=row[language].get("limits", ""),
                facts=tuple(row[language].get("facts", ())),
                rules=tuple(row[language].get("rules", ())),
            )
            for key, row in rows.items()
            for language in Language
        }
        return cls(explanations)

    def explain(self, key: str, language: Language) -> Explanation | None:
        """The explanation of a key; None when there is none."""
        return self._explanations.get((key, language))

    @property
    def keys(self) -> frozenset[str]:
        """Every key."""
        return frozenset(key for key, _ in self._explanations)

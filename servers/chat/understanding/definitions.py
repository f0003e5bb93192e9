"""What a question wants explained: terms that it asks the meaning of, and what it asks about the service's data."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Self

from servers.chat.understanding.acts import ActSheet
from servers.chat.understanding.canvas import KIND, PERIOD, STOCK, TERM, Canvas, Hit
from servers.chat.understanding.lexicon import Words

_NAMED = re.compile(f"[{STOCK}{KIND}]의?$|{PERIOD}$")
"""Before a term: then it is a figure of that instrument, strategy or day, not a word to be explained."""
_CHAIN = (
    f"(?:[{TERM}{KIND}](?:이?랑|과|와|하고|및|이나|[,/·])+)*[{TERM}{KIND}](?:패턴|전략)?(?:이?랑|하고)?(?:이라는|라는|이란|란|이면|일때는?|일경우|의|이|가|은|는|을|를|도|면|에대해서?|에대한|에관해서?)*"
    "(?:게|것|건|말|용어|단어|패턴|전략)?(?:은|는|이|가|을|를)?(?:도대체|대체|정확히|그게|좀|간단히|쉽게|짧게|한번|각각|서로|대충|뭘|무엇을|무얼|뭐를)*"
)

_ARTICLES = "(?:a |an |the |by |of |between |meant |your |that |this |term |word |phrase |in )*"
_BETWEEN = "[ \\-–—:,(]*(?:(?:would|could|does|do|might|really|actually|exactly|even) )*"
_SHOWN = " *(?:signals?|stocks|names|picks|list|scores?|grades?|candidates)"
"""After a strategy: then what it found is meant."""

Found = tuple[Hit, str]
"""Where a term stands, and its key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """What is to be explained: keys of the glossary, and whether a signal kind is asked about like a term."""

    keys: tuple[str, ...] = ()
    kinds: bool = False


class DefinitionReader:
    """Reads with the tables of terms; immutable, safe to share."""

    def __init__(self, *, terms: Words) -> None:
        """Read the packaged table.

        Args:
            terms: Words for terms that questions about data use as well.
        """
        text = (resources.files(__package__) / "tables" / "lore.toml").read_text(encoding="utf-8")
        table: Mapping[str, Any] = tomllib.loads(text)
        self._names: Words = {key: tuple(rows) for key, rows in table["names"].items()}
        self._terms = _joined(terms, table["spoken"])
        self._figures = frozenset(table["figures"]["keys"])
        self._conduct = frozenset(table["conduct"]["keys"])
        self._asking: Words = {key: tuple(rows) for key, rows in table["asking"].items()}
        self._topics: Words = {key: tuple(rows) for key, rows in table["topics"].items()}
        self._rules = tuple(table["rules"]["any"])
        self._words: Words = {key: tuple(rows) for key, rows in table["words"].items()}
        korean, english = self._asking["meaning"]
        audience = "|".join(table["audience"]["words"])
        of_something = f" *s? (?:of|for(?! (?:{audience})(?![a-z]))|on|says?|shows?|reads?|looks?|today|now|right)(?![a-z])"
        before = f"(?:{english}) {_ARTICLES}{TERM}(?!{of_something})"
        plainly = f"(?:{self._asking['defining'][0]}) {_ARTICLES}{KIND}(?!{of_something}|{_SHOWN})"
        after = f"[{TERM}{KIND}]s?(?: by [a-z]+)?{_BETWEEN}(?:{self._asking['stating'][0]})"
        which = f"which {TERM} (?:is|are|would|does|do) (?:that|this|it|those|they)"
        self._chained = (f"{_CHAIN}(?:{korean})", f"{before}|{plainly}|{after}|{which}")

    @classmethod
    def load(cls, terms: Words) -> Self:
        """The reader over the packaged table."""
        return cls(terms=terms)

    @property
    def keys(self) -> frozenset[str]:
        """Every key that can be found."""
        return frozenset((*self._names, *self._topics))

    def names(self, canvas: Canvas) -> tuple[tuple[Found, ...], Canvas]:
        """Terms that are nothing but terms, where their meaning is asked for, and the canvas with them painted over.

        Args:
            canvas: The question, instruments painted over, nothing else: `작전주에` holds no `전주`.
        """
        found = tuple((hit, key) for key, hit in self._wanted(canvas))
        for hit, _ in found:
            canvas = canvas.paint(hit.start, hit.end, TERM)
        return found, canvas

    def read(self, canvas: Canvas, names: tuple[Found, ...]) -> tuple[Definitions, Canvas]:
        """Everything that is to be explained, and the canvas with those terms painted over.

        Args:
            canvas: The question, instruments, `names`, periods and signal kinds painted over.
            names: What `names` found.
        """
        topic, found = self._topic(canvas), list(names)
        spoken, marked = self._spoken(canvas)
        chained = [hit for pattern in self._chained for hit in marked.find_all(pattern)]
        for hit, key in spoken:
            if self._is_chained(hit, chained, canvas):
                found.append((hit, key))
                canvas = canvas.paint(hit.start, hit.end, TERM)
        keys = [key for _, key in sorted(found, key=lambda pair: pair[0].start)]
        asked = dict.fromkeys((*keys, *topic))
        kinds = any(KIND in hit.words for hit in chained) or self._asks_for_rules(canvas)
        return Definitions(keys=tuple(asked), kinds=kinds), canvas

    def _wanted(self, canvas: Canvas) -> Iterator[tuple[str, Hit]]:
        """Terms that are nothing but terms, where the question asks what they are or consists of them."""
        for key, patterns in self._names.items():
            for hit in (hit for pattern in patterns for hit in canvas.find_all(pattern)):
                if self._is_wanted(key, hit, canvas):
                    yield key, hit

    def _is_wanted(self, key: str, hit: Hit, canvas: Canvas) -> bool:
        rest = canvas.text[hit.end :].replace(" ", "")
        if any(re.search(pattern, rest) for pattern in self._asking["listing"]):
            return False
        meant = self._asks("meaning", canvas)
        if key in self._conduct:
            return meant and (self._asks("protecting", canvas) or not self._asks("doing", canvas))
        if key in self._figures and not meant:
            return False
        alone = not re.sub(r"[^0-9A-Za-z가-힣◆■●№▣]|(?:이|가|은|는|좀|요)$", "", canvas.blank(hit.start, hit.end).text)
        return meant or alone or self._asks("telling", canvas)

    def _spoken(self, canvas: Canvas) -> tuple[list[Found], Canvas]:
        """Terms that are spoken of for other reasons as well, longest first, and the canvas with them painted over."""
        hits = [
            (hit, key) for key, patterns in self._terms.items() for pattern in patterns for hit in canvas.find_all(pattern)
        ]
        kept: list[Found] = []
        for hit, key in sorted(hits, key=lambda pair: pair[0].start - pair[0].end):
            if not any(hit.start < other.end and other.start < hit.end for other, _ in kept):
                kept.append((hit, key))
                canvas = canvas.paint(hit.start, hit.end, TERM)
        return kept, canvas

    @staticmethod
    def _is_chained(hit: Hit, chained: list[Hit], canvas: Canvas) -> bool:
        """Whether words for a meaning follow the term, and no instrument or day stands before it."""
        within = any(one.start <= hit.start < one.end for one in chained)
        return within and not _NAMED.search(canvas.text[: hit.start].replace(" ", ""))

    def _asks(self, row: str, canvas: Canvas) -> bool:
        return any(canvas.find(pattern) for pattern in self._asking[row])

    def _asks_for_rules(self, canvas: Canvas) -> bool:
        """Whether the conditions or the points of a strategy are asked for."""
        sheet = ActSheet(canvas, self._words, features=frozenset(), lemmas=frozenset())
        return any(sheet.find(rule) is not None for rule in self._rules)

    def _topic(self, canvas: Canvas) -> tuple[str, ...]:
        """What is asked about the service's data, at most one."""
        sheet = ActSheet(canvas, self._words, features=frozenset(), lemmas=frozenset())
        found = (key for key, rules in self._topics.items() if any(sheet.find(rule) is not None for rule in rules))
        return tuple(found)[:1]


def _joined(terms: Words, further: Mapping[str, list[str]]) -> Words:
    """Terms with further patterns for some of them."""
    return {
        key: (*terms.get(key, ()), *further.get(key, ())) for key in (*terms, *(one for one in further if one not in terms))
    }

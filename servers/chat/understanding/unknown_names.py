"""Names of instruments that the index did not find in the sentence: looked up as names, or reported as unknown."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from servers.chat.understanding.canvas import NUMBER, STOCK, Canvas
from servers.chat.understanding.entities import SHARE_CLASS
from servers.chat.understanding.lexicon import Lexicon
from servers.chat.understanding.morphology import Morpheme
from servers.chat.understanding.name_choices import NameChoices
from servers.chat.understanding.values import Ambiguity, StockMention, Unresolved
from shared.market.instrument import Instrument, InstrumentKind
from shared.market.instrument_index import InstrumentIndex
from shared.market.instrument_match import WHOLE, Match, MatchKind, is_ambiguous
from shared.market.mention import AMOUNT_AFTER
from shared.market.spelling import spell

_NAME_TAGS = frozenset({"NNG", "NNP", "SL", "SN", "XR", "XSN", "XPN", "SH"})
_CODE = re.compile(rf"(?<![0-9A-Za-z.,])[0-9]{{6}}(?![0-9A-Za-z]|[.,][0-9]|{AMOUNT_AFTER})")
_PREFIX_SHARE = 0.5
"""A beginning names an instrument when it is at least that share of the name."""
_SIMILAR_SCORE = 0.36
"""Score of a name that differs by about one letter in five (the index gives 0.45 for no difference)."""
_MAX_CHOICES = 10
_GROUP_NAME = 4
"""Letters up to which the beginning of several names is the name of a group of companies."""
_MAX_SUGGESTIONS = 3
_LEAST_COMPANY = 4
_LISTS = ("종목|목록|리스트|후보|상위|뭐있|뭐가|어떤|몇개|업종|섹터|테마|관련주", "stocks|list|which|any|sector")
_JOINT = r"\s*(?:,|/|·|&|와|과|랑|이랑|하고|및|vs|and|or)\s*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What words in the place of a name turned out to be; at most one of the last three is set.

    `start` and `end` bound the words in the canvas. `stray` words are reported whatever the question is about.
    """

    start: int = 0
    end: int = 0
    stock: StockMention | None = None
    ambiguity: Ambiguity | None = None
    unresolved: Unresolved | None = None
    stray: bool = False


def _code_in_row(text: str, canvas: Canvas) -> Finding | None:
    """A code of nothing beside a name."""
    for code in _CODE.finditer(text):
        if canvas.original[code.start()] == STOCK:
            continue
        if _in_row(canvas.original, code.start(), code.end()):
            return Finding(start=code.start(), end=code.end(), unresolved=Unresolved(words=code[0]), stray=True)
    return None


def find_code(text: str) -> Finding | None:
    """A six-digit code in a question that the index knew nothing of."""
    code = _CODE.search(text)
    if code is None:
        return None
    return Finding(start=code.start(), end=code.end(), unresolved=Unresolved(words=code[0]), stray=True)


class NameFinder:
    """Finds names among the nouns that no table knows."""

    def __init__(self, lexicon: Lexicon, index: InstrumentIndex, *, spoken: frozenset[str]) -> None:
        """Keep the tables.

        Args:
            lexicon: Its stop words and suffixes.
            index: Every instrument.
            spoken: Words of questions about data, which are no names either.
        """
        self._stop_words = lexicon.stop_words | spoken
        self._suffixes = lexicon.company_suffixes
        self._brands = lexicon.words["brands"]
        self._index = index
        self._choices = NameChoices(index)

    def find(
        self, morphemes: Sequence[Morpheme], canvas: Canvas, *, strict: bool, kinds: tuple[InstrumentKind, ...] = ()
    ) -> Finding | None:
        """The first name in a question that was not found as one.

        Args:
            morphemes: Of the canvas's text.
            canvas: The question, entities painted over.
            strict: Words that name nothing known count only when they can hardly be anything else: proper nouns and
                names with the ending of a company. For questions that may be about something else.
            kinds: Kinds of instruments that the question speaks of: 나스닥 ETF.
        """
        brand = self._brand(canvas)
        if brand is not None:
            return brand
        for run in self._runs(morphemes, canvas):
            start, end = run[0].start, run[-1].end
            share_class = SHARE_CLASS.match(canvas.original, end)
            end = share_class.end() if share_class else end
            words = canvas.original[start:end].replace(NUMBER, "")
            if len(words) < 2:
                continue
            found = self._of_kind(words, kinds) or self._look_up(words)
            if not strict or found.unresolved is None or self._looks_like_a_company(run, words):
                stray = found.unresolved is not None and self._is_company(words)
                return replace(found, start=start, end=end, stray=stray)
        return None

    def stray(self, text: str, morphemes: Sequence[Morpheme], canvas: Canvas) -> Finding | None:
        """A name of nothing that the question would be answered without: alone with what is asked, or in a row with others.

        Args:
            text: The question.
            morphemes: Of the canvas's text.
            canvas: The question, entities painted over.
        """
        names = STOCK in canvas.text
        code = _code_in_row(text, canvas)
        if code is not None:
            return code
        if not names and any(canvas.find(pattern) for pattern in _LISTS):
            return None
        for run in self._runs(morphemes, canvas):
            words = canvas.original[run[0].start : run[-1].end]
            beside = _in_row(canvas.original, run[0].start, run[-1].end)
            if self._is_company(words) and (beside or not names):
                found = self._look_up(words)
                if found.unresolved is not None or (beside and found.stock is not None):
                    return replace(found, start=run[0].start, end=run[-1].end, stray=True)
        return None

    def _brand(self, canvas: Canvas) -> Finding | None:
        """An English name of the table, the longest where several stand at one place."""
        hits = [
            (hit, korean)
            for korean, patterns in self._brands.items()
            for pattern in patterns
            if (hit := canvas.find(pattern)) is not None
        ]
        if not hits:
            return None
        hit, korean = min(hits, key=lambda pair: (pair[0].start, -pair[0].end))
        return replace(self._look_up(hit.words, korean), start=hit.start, end=hit.end)

    def _runs(self, morphemes: Sequence[Morpheme], canvas: Canvas) -> Iterator[list[Morpheme]]:
        """Stretches of nouns without a space or particle inside, stop words cut off at both ends."""
        run: list[Morpheme] = []
        for item in (*morphemes, None):
            joins = item is not None and item.tag in _NAME_TAGS and (not run or item.start == run[-1].end)
            if joins and item is not None:
                run.append(item)
                continue
            yield from self._trimmed(run, canvas)
            run = [item] if item is not None and item.tag in _NAME_TAGS else []

    def _trimmed(self, run: list[Morpheme], canvas: Canvas) -> Iterator[list[Morpheme]]:
        whole = canvas.text[run[0].start : run[-1].end] if run else ""
        if not run or whole in self._stop_words:
            return
        while run and run[-1].form.casefold() in self._stop_words:
            run = run[:-1]
        while run and (run[0].form.casefold() in self._stop_words or run[0].tag == "SN"):
            run = run[1:]
        if run and any(item.tag in {"NNG", "NNP", "SL", "XR"} for item in run):
            yield run

    def _is_company(self, words: str) -> bool:
        """Whether words end as the names of companies do, with something before that."""
        return words.endswith(self._suffixes) and len(words) >= _LEAST_COMPANY and words not in self._suffixes

    def _looks_like_a_company(self, run: list[Morpheme], words: str) -> bool:
        return words.endswith(self._suffixes) or any(item.tag == "NNP" for item in run)

    def _of_kind(self, words: str, kinds: tuple[InstrumentKind, ...]) -> Finding | None:
        choices = self._choices.of_kind(words, kinds)
        if len(choices) == 1:
            return Finding(stock=StockMention(instrument=choices[0], words=words, how=MatchKind.CONTAINS.value))
        return Finding(ambiguity=Ambiguity(words=words, choices=choices)) if choices else None

    def _look_up(self, words: str, name: str = "") -> Finding:
        """What the index knows under `name`, or without one under the words themselves."""
        matches = self._index.search(name or words, _MAX_CHOICES)
        sure = [match for match in matches if _is_sure(match, name or words)]
        sure = [match for match in sure if match.instrument.delist_date is None] or sure
        if sure and is_ambiguous(sure):
            choices = self._choices.of_group(name or words) or _instruments(sure, _MAX_CHOICES)
            return Finding(ambiguity=Ambiguity(words=words, choices=choices))
        group = () if sure and len(spell(words)) > _GROUP_NAME else self._choices.of_group(name or words)
        if group and not any(match.how in WHOLE for match in sure):
            return Finding(ambiguity=Ambiguity(words=words, choices=group))
        if sure:
            best = sure[0]
            return Finding(stock=StockMention(instrument=best.instrument, words=words, how=best.how.value))
        return Finding(unresolved=Unresolved(words=words, suggestions=_instruments(matches, _MAX_SUGGESTIONS)))


def _in_row(text: str, start: int, end: int) -> bool:
    """Whether a stretch stands beside a painted name with a joint in between."""
    before = re.search(rf"{STOCK}\s*{_JOINT}$", text[:start])
    after = re.match(rf"{_JOINT}{STOCK}", text[end:])
    return bool(before or after)


def _is_sure(match: Match, words: str) -> bool:
    key = spell(words)
    if match.how is MatchKind.PREFIX:
        return len(key) >= _PREFIX_SHARE * len(spell(match.instrument.name))
    if match.how is MatchKind.SIMILAR:
        return len(key) >= 3 and match.score >= _SIMILAR_SCORE
    return match.how in WHOLE


def _instruments(matches: Sequence[Match], limit: int) -> tuple[Instrument, ...]:
    return tuple(match.instrument for match in matches[:limit])

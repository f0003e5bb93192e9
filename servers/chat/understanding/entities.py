"""Reading everything that a question names, layer by layer: what one layer takes is painted over for the next."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import takewhile, zip_longest

from rapidfuzz.distance import OSA

from servers.chat.understanding.canvas import INDEX, KIND, STOCK, TERM, Canvas
from servers.chat.understanding.definitions import DefinitionReader
from servers.chat.understanding.lexicon import Lexicon, Words
from servers.chat.understanding.mixed_names import with_rest
from servers.chat.understanding.morphology import Morphemes
from servers.chat.understanding.numbers import NumberTable, read_quantities
from servers.chat.understanding.periods import PeriodReader
from servers.chat.understanding.screen import named_grades
from servers.chat.understanding.spelling import repair
from servers.chat.understanding.values import (
    Ambiguity,
    Aspect,
    Direction,
    Entities,
    Investor,
    Quantity,
    StockMention,
    Unit,
)
from shared.market.instrument import Instrument, InstrumentKind
from shared.market.instrument_index import InstrumentIndex
from shared.market.instrument_match import WHOLE, MatchKind, Mention
from shared.market.signal import Grade, SignalKind
from shared.market.topic import MarketIndex

MAX_CHOICES = 10
_EXACT = frozenset({MatchKind.NAME, MatchKind.SIMILAR, MatchKind.INITIALS})
"""Ways to name instruments that say nothing of others with the same beginning."""
_EXCLUDED_AFTER = (
    r"(?:\s(?:주식|종목|보통주|본주|우선주|지주사?|본사|회사|그룹|쪽|거|것))?\s?(?:은|는|을|를|가|이)?"
    r"\s?(?:말고|빼고|빼줘|뺴고|제외|아니고|아니라|대신)"
)
_EXCLUDED_BEFORE = r"\b(?:not|instead of|without|except|excluding)\s(?:the\s)?"
SHARE_CLASS = re.compile(r"[0-9№]?우B?(?:\(전환\))?(?![가-힣A-Za-z0-9])")
"""What follows a company's name in that of its preferred share; the index takes both together where it knows the share."""
_LEAST_SHARED = 2
_LEAST_GROUP = 4
_DESCRIBED = re.compile(r"(?:거기|그\s?(?:회사|기업)?)\s?.{0,12}(?:만드는|파는|짓는|하는)\s?(?:데|곳|회사|기업|계열사?)")
"""Which company of a group is meant, in other words than its name: `HLB 그 약 만드는 데`."""
_BEFORE_CODE = frozenset({"", "(", "[", "<", ",", "-", "/"})
_SPELT = 3
"""Letters of an English word from which a typing error in it can be told."""
_OTC_CODE = re.compile(r"(?<![0-9])[0-9]{10}(?![0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read, and the canvas that is left for the cues."""

    entities: Entities
    ambiguities: tuple[Ambiguity, ...]
    canvas: Canvas
    unsupported_code: str
    today: date


class EntityReader:
    """Reads entities with the tables and the instrument index of one moment."""

    def __init__(self, lexicon: Lexicon, index: InstrumentIndex, *, periods: PeriodReader, morphemes: Morphemes) -> None:
        self._words = lexicon.words
        self._spelling, self._correct = lexicon.spelling, lexicon.correct
        self._common = lexicon.stop_words
        self._english = frozenset(word for word in lexicon.stop_words if word.isascii() and len(word) >= _SPELT)
        self._index = index
        self._periods = periods
        self._morphemes = morphemes
        self._numbers = NumberTable.load()
        self._definitions = DefinitionReader.load(lexicon.words["terms"])

    def read(self, text: str, today: date, *, forward: bool = False, further: tuple[Mention, ...] = ()) -> Reading:
        """Read a normalised question.

        Args:
            text: The question.
            today: Date of market time in Korea.
            forward: Dates without a year lie ahead.
            further: Names that were found in the question by other means than reading it as it stands.
        """
        code = _OTC_CODE.search(text)
        stocks, ambiguities, canvas = self._stocks(Canvas(text), further)
        excluded = tuple(stock for stock in stocks if _is_excluded(text, stock.words))
        stocks = tuple(stock for stock in stocks if stock not in excluded)
        canvas, _ = repair(canvas, self._spelling, self._morphemes.analyse(canvas.original), correct=self._correct)
        holidays = _labels(self._without_beginnings(canvas, today), self._words["holidays"])
        names, canvas = self._definitions.names(canvas)
        periods, canvas = self._periods.read(canvas, today, forward=forward)
        terms = _labels(canvas, self._words["terms"])
        kinds, canvas = _painted(canvas, self._words["kinds"], KIND)
        terms = (*terms, *(term for term in _labels(canvas, self._words["terms"]) if term not in terms))
        graded = canvas
        definitions, canvas = self._definitions.read(canvas, names)
        # `what does S mean, are there any` asks for S; `top ▣, and what is C` does not ask for C
        if kinds and TERM + KIND not in canvas.compact:
            graded = canvas
        indices, canvas = _painted(canvas, self._words["indices"], INDEX)
        quantities, canvas = read_quantities(canvas, self._numbers)
        entities = Entities(
            stocks=stocks,
            indices=tuple(MarketIndex(label) for label in indices),
            sectors=() if stocks else _labels(canvas, self._words["sectors"]),
            kinds=tuple(SignalKind(label) for label in kinds),
            grades=tuple(dict.fromkeys((*map(Grade, _labels(graded, self._words["grades"])), *named_grades(graded)))),
            investors=tuple(Investor(label) for label in _labels(canvas, self._words["investors"])),
            aspects=tuple(Aspect(label) for label in _labels(canvas, self._words["aspects"])),
            terms=tuple(dict.fromkeys((*definitions.keys, *terms))),
            defined=definitions,
            holidays=holidays,
            instrument_kinds=tuple(InstrumentKind(label) for label in _labels(canvas, self._words["instrument_kinds"])),
            periods=periods,
            quantities=quantities,
            count=_count(quantities),
            direction=_direction(canvas, self._words["marks"]),
            excluded=excluded,
        )
        return Reading(
            entities=entities, ambiguities=ambiguities, canvas=canvas, unsupported_code=code[0] if code else "", today=today
        )

    def _without_beginnings(self, canvas: Canvas, today: date) -> Canvas:
        """The question without holidays that only say when a period began."""
        for hit, _ in self._periods.after_holidays(canvas, today):
            canvas = canvas.blank(hit.start, hit.end)
        return canvas

    def _stocks(
        self, canvas: Canvas, further: tuple[Mention, ...]
    ) -> tuple[tuple[StockMention, ...], tuple[Ambiguity, ...], Canvas]:
        stocks: dict[str, StockMention] = {}
        ambiguities: list[Ambiguity] = []
        found = tuple(mention for mention in self._mentions(canvas.original) if not self._is_no_name(mention, canvas))
        new = (m for m in further if not self._is_no_name(m, canvas) and not any(_overlap(m, other) for other in found))
        for mention in sorted((*found, *new), key=lambda mention: mention.start):
            best = mention.matches[0]
            choices = self._choices(mention, canvas.original)
            if choices:
                ambiguities.append(Ambiguity(words=mention.text, choices=choices))
            else:
                stock = StockMention(instrument=best.instrument, words=mention.text, how=best.how.value)
                stocks.setdefault(best.instrument.ticker, stock)
            canvas = canvas.paint(mention.start, mention.end, STOCK)
        return tuple(stocks.values()), tuple(ambiguities), canvas

    def _mentions(self, text: str) -> Iterator[Mention]:
        """Names and codes; a doubtful name is left out before the code that says what is meant: `삼슝전자(005930)`."""
        plain = self._index.find_in(text)
        whole = [with_rest(self._index, mention, text) or mention for mention in plain]
        found = [
            one for one, before in zip(whole, (None, *whole), strict=False) if before is None or before.end <= one.start
        ]
        for mention, after in zip_longest(found, found[1:]):
            told = after is not None and after.matches[0].how is MatchKind.CODE
            doubtful = mention.ambiguous or mention.matches[0].how not in WHOLE
            if not (told and doubtful and text[mention.end : after.start].strip() in _BEFORE_CODE):
                yield mention

    def _is_no_name(self, mention: Mention, canvas: Canvas) -> bool:
        """A guess, one letter, a common word with which a name begins (`베스트`), or a company before its share's class."""
        common = mention.text.casefold() in self._common and mention.matches[0].how not in WHOLE
        best, rest = mention.matches[0], canvas.original[mention.end :]
        other_class = bool(SHARE_CLASS.match(rest)) or (
            best.how is MatchKind.SIMILAR and mention.text.endswith("우") and not best.instrument.name.endswith(("우", "B"))
        )
        return len(mention.text) < 2 or common or other_class or _is_unbranded(mention) or self._is_guess(mention)

    def _is_guess(self, mention: Mention) -> bool:
        """English words that only resemble a name."""
        if not mention.text.isascii() or mention.matches[0].how in WHOLE:
            return False
        return all(_is_misspelt(word, self._english) for word in mention.text.casefold().split())

    def _choices(self, mention: Mention, text: str) -> tuple[Instrument, ...]:
        """What one has to choose from: close matches, or listed ones whose names begin like a delisted one's."""
        best = mention.matches[0]
        if best.how is MatchKind.NAME and _DESCRIBED.search(text):
            group = self._index.family(mention.text)
            return tuple(match.instrument for match in group[:MAX_CHOICES]) if len(group) >= _LEAST_GROUP else ()
        if mention.ambiguous and not _is_only_listed(mention):
            family = () if best.how in _EXACT else self._index.family(_shared_beginning(mention) or mention.text)
            return tuple(match.instrument for match in (family or mention.matches)[:MAX_CHOICES])
        if best.how is not MatchKind.NAME or best.instrument.delist_date is None:
            return ()
        listed = tuple(match.instrument for match in self._index.family(mention.text))
        return (*listed[: MAX_CHOICES - 1], best.instrument) if listed else ()


def _is_unbranded(mention: Mention) -> bool:
    """Whether English words only resemble the name of a fund, without its brand: `a nasdaq ETF`."""
    best = mention.matches[0]
    if best.how in WHOLE or best.instrument.kind is not InstrumentKind.ETF or not mention.text.isascii():
        return False
    return best.instrument.name.split()[0].casefold() not in mention.text.casefold().split()


def _is_only_listed(mention: Mention) -> bool:
    """Whether the best of several equally named instruments is the only one that is still listed."""
    listed = [match for match in mention.matches if match.how is MatchKind.NAME and match.instrument.delist_date is None]
    return [match.instrument for match in listed] == [mention.matches[0].instrument]


def _shared_beginning(mention: Mention) -> str:
    """How the names of all that a nickname may mean begin: 현대 for Hyundai."""
    if mention.matches[0].how is not MatchKind.NICKNAME:
        return ""
    letters = zip(*(match.instrument.name for match in mention.matches), strict=False)
    same = "".join(row[0] for row in takewhile(lambda row: len(set(row)) == 1, letters))
    return same if len(same) >= _LEAST_SHARED else ""


def _is_misspelt(word: str, known: frozenset[str]) -> bool:
    """Whether a word in Latin letters is a word of questions, with at most one typing error: `prcie`."""
    return any(OSA.distance(word, other, score_cutoff=1) <= 1 for other in known if abs(len(other) - len(word)) <= 1)


def _is_excluded(text: str, words: str) -> bool:
    """Whether the name is said to be what is not meant: `◆ 말고`, `◆ 빼고`, `not ◆`."""
    name = re.escape(words)
    return bool(re.search(rf"{name}{_EXCLUDED_AFTER}|{_EXCLUDED_BEFORE}{name}", text, re.IGNORECASE))


def _overlap(one: Mention, other: Mention) -> bool:
    return one.start < other.end and other.start < one.end


def _labels(canvas: Canvas, words: Words) -> tuple[str, ...]:
    """Labels whose patterns hold, in the order of the question."""
    found: list[tuple[int, str]] = []
    for label, patterns in words.items():
        hits = [hit for pattern in patterns if (hit := canvas.find(pattern)) is not None]
        if hits:
            found.append((min(hit.start for hit in hits), label))
    return tuple(label for _, label in sorted(found))


def _painted(canvas: Canvas, words: Words, sign: str) -> tuple[tuple[str, ...], Canvas]:
    """Labels whose patterns hold, earlier rows first where they overlap, and the canvas with them painted over."""
    found: list[tuple[int, str]] = []
    for label, pattern in ((label, pattern) for label, patterns in words.items() for pattern in patterns):
        for hit in canvas.find_all(pattern):
            found.append((hit.start, label))
            canvas = canvas.paint(hit.start, hit.end, sign)
    return tuple(dict.fromkeys(label for _, label in sorted(found))), canvas


def _count(quantities: tuple[Quantity, ...]) -> int | None:
    counts = [quantity for quantity in quantities if quantity.unit in {Unit.COUNT, Unit.RANK}]
    return max(1, int(counts[0].value)) if counts else None


def _direction(canvas: Canvas, marks: Words) -> Direction | None:
    """The first direction that the question speaks of."""
    labels = _labels(canvas, {name: marks[name] for name in ("up", "down", "buying", "selling")})
    if not labels:
        return None
    return Direction.UP if labels[0] in {"up", "buying"} else Direction.DOWN

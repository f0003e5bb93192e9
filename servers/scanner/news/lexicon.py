"""Sentiment of headlines by a lexicon of our own: polar words, directions of burdens, negation and concession.

`data/lexicon_ko.csv` was written by hand for Korean market news; nothing in it comes from a labelled corpus.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from servers.scanner.news.sentiment import Morpheme, MorphemeAnalyser, Sentiment, label_of
from shared.market.errors import InvalidInput

LEXICON_FILE = files("servers.scanner.news") / "data" / "lexicon_ko.csv"
VERSION = "lexicon-1"

_DAMPING = 0.5  # weight that stands for all the words that say nothing
_BURDEN_REACH = 5  # content morphemes between a burden and the word that says where it goes
_NEGATION_REACH = 4  # morphemes after a match in which a negation still belongs to it
_CONCESSION = 0.3  # what is left of a word that the sentence sets aside: 우려에도
_CONTENT = frozenset({"NNG", "NNP", "NR", "XR", "XPN", "XSN", "VV", "VA", "SL", "SH", "MAG"})
_LIGHT = frozenset({"하", "되", "있", "이"})
_NEGATORS = frozenset({"않", "못", "못하", "없", "아니", "말", "안"})
_NEGATOR_TAGS = frozenset({"VX", "VA", "VCN", "MAG"})
_NEGATING_PREFIXES = frozenset({("안", "MAG"), ("못", "MAG"), ("미", "XPN"), ("무", "XPN"), ("비", "XPN"), ("불", "XPN")})
_CLAUSE_ENDS = frozenset({"SF", "SP", "SE", "EF"})


class EntryKind(StrEnum):
    """How a phrase speaks: by itself, or by the direction of something that is good or a burden."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    RISE = "rise"
    FALL = "fall"
    BURDEN = "burden"


_SIGN = {
    EntryKind.POSITIVE: 1.0,
    EntryKind.NEGATIVE: -1.0,
    EntryKind.RISE: 1.0,
    EntryKind.FALL: -1.0,
    EntryKind.BURDEN: -1.0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconEntry:
    """One phrase in dictionary form and the weight of what it says."""

    phrase: str
    kind: EntryKind
    weight: float


@dataclass(frozen=True, slots=True)
class _Match:
    entry: LexiconEntry
    start: int  # first content morpheme
    end: int  # one past the last
    first: int  # the same in all morphemes
    last: int


def read_entries(text: str) -> tuple[LexiconEntry, ...]:
    """Parse the lexicon's CSV (`phrase,kind,weight`).

    Raises:
        InvalidInput: For an unknown kind, a weight outside [0, 2] or a phrase that stands twice.
    """
    entries: dict[str, LexiconEntry] = {}
    for number, row in enumerate(csv.DictReader(text.splitlines()), start=2):
        phrase, kind, weight = row["phrase"], row["kind"], float(row["weight"])
        if kind not in set(EntryKind) or not 0 <= weight <= 2 or phrase in entries:
            raise InvalidInput(f"lexicon line {number}", "needs a new phrase, a known kind and a weight between 0 and 2")
        entries[phrase] = LexiconEntry(phrase=phrase, kind=EntryKind(kind), weight=weight)
    return tuple(entries.values())


class LexiconScorer:
    """Scores Korean headlines without a network or a model.

    Args:
        analyser: Morpheme analyser; also used once on every phrase of the lexicon, so that both are cut alike.
        entries: Phrases; the packaged lexicon when None.
    """

    def __init__(self, analyser: MorphemeAnalyser, entries: Sequence[LexiconEntry] | None = None) -> None:
        self._analyser = analyser
        known = read_entries(LEXICON_FILE.read_text(encoding="utf-8")) if entries is None else entries
        self._phrases = self._keys(known)
        self._longest = max((len(key) for key in self._phrases), default=0)

    @property
    def version(self) -> str:
        """Name of the scorer and its data."""
        return VERSION

    def score(self, texts: Sequence[str]) -> tuple[Sentiment, ...]:
        """Judge texts; one without a known word is neutral."""
        return tuple(self._judge(text) for text in texts)

    def _keys(self, entries: Sequence[LexiconEntry]) -> Mapping[str, LexiconEntry]:
        # Joined forms, so that 흑자전환 and 흑자 전환 meet whatever way the analyser cuts them.
        keys = {}
        for entry in entries:
            content = _content(self._analyser.analyse(entry.phrase))
            keys["".join(form for _, form in content) or entry.phrase] = entry
        return keys

    def _judge(self, text: str) -> Sentiment:
        morphemes = self._analyser.analyse(text)
        matches = self._matches(_content(morphemes))
        values = _values(matches, morphemes)
        weight = sum(abs(value) for value in values)
        score = sum(values) / (weight + _DAMPING)
        return Sentiment(
            score=score,
            label=label_of(score),
            evidence=tuple(match.entry.phrase for match, value in zip(matches, values, strict=True) if value),
        )

    def _matches(self, content: Sequence[tuple[int, str]]) -> list[_Match]:
        matches, at = [], 0
        while at < len(content):
            match = self._longest_from(content, at)
            if match:
                matches.append(match)
            at = match.end if match else at + 1
        return matches

    def _longest_from(self, content: Sequence[tuple[int, str]], start: int) -> _Match | None:
        joined, found = "", None
        for end in range(start, len(content)):
            joined += content[end][1]
            if len(joined) > self._longest:
                break
            entry = self._phrases.get(joined)
            if entry:
                found = _Match(entry, start, end + 1, content[start][0], content[end][0])
        return found


def _content(morphemes: Sequence[Morpheme]) -> list[tuple[int, str]]:
    """Positions and forms of the morphemes that carry meaning."""
    return [
        (position, morpheme.form)
        for position, morpheme in enumerate(morphemes)
        if morpheme.tag.split("-")[0] in _CONTENT and morpheme.form not in _LIGHT
    ]


def _values(matches: Sequence[_Match], morphemes: Sequence[Morpheme]) -> list[float]:
    values = [_SIGN[match.entry.kind] * match.entry.weight for match in matches]
    conceded = [_is_conceded(match, morphemes) for match in matches]
    for index, match in enumerate(matches):
        burden = _burden_of(matches, index)
        if burden is not None and not conceded[burden]:
            values[burden] = 0.0
            if match.entry.kind in (EntryKind.RISE, EntryKind.FALL):
                values[index] = -values[index]
        if _is_negated(match, morphemes):
            values[index] = -values[index]
        if conceded[index]:
            values[index] *= _CONCESSION
    return values


def _burden_of(matches: Sequence[_Match], index: int) -> int | None:
    """The burden whose rise, fall or relief this match tells, if any: 손실이 줄다, 줄어든 손실, 부담 완화."""
    match = matches[index]
    if match.entry.kind not in (EntryKind.RISE, EntryKind.FALL, EntryKind.POSITIVE):
        return None
    if index and _is_burden(matches[index - 1]) and match.start - matches[index - 1].end < _BURDEN_REACH:
        return index - 1
    follows = index + 1 < len(matches) and matches[index + 1].start == match.end
    return index + 1 if follows and match.entry.kind is not EntryKind.POSITIVE and _is_burden(matches[index + 1]) else None


def _is_burden(match: _Match) -> bool:
    return match.entry.kind is EntryKind.BURDEN


def _is_negated(match: _Match, morphemes: Sequence[Morpheme]) -> bool:
    if match.first and (morphemes[match.first - 1].form, morphemes[match.first - 1].tag) in _NEGATING_PREFIXES:
        return True
    for morpheme in morphemes[match.last + 1 : match.last + 1 + _NEGATION_REACH]:
        if morpheme.form in _NEGATORS and morpheme.tag.split("-")[0] in _NEGATOR_TAGS:
            return True
        if morpheme.tag in _CLAUSE_ENDS or (morpheme.tag == "EC" and morpheme.form != "지"):
            return False
    return False


def _is_conceded(match: _Match, morphemes: Sequence[Morpheme]) -> bool:
    after = [morpheme.form for morpheme in morphemes[match.last + 1 : match.last + 3]]
    return after == ["에", "도"]

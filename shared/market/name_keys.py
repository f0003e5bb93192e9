"""Every way to write the name of an instrument, in the common spelling, as tables for exact, prefix and near look-ups."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

from shared.market.hangul import initials, is_initials, sounds
from shared.market.instrument import Instrument, Ticker
from shared.market.instrument_match import MatchKind
from shared.market.preferred_names import preferred_names
from shared.market.spelling import spell

_LEGAL_FORM = re.compile(
    r"[\s,.]*\b(co|ltd|inc|corp|corporation|company|limited|incorporation|plc)\b[\s,.]*$", re.IGNORECASE
)


_MOST_SIMILAR = 24
_MOST_WRONG, _LETTERS_PER_ERROR = 2, 14


class Entry(NamedTuple):
    """One instrument behind a key: its position in the index and how the key names it."""

    position: int
    how: MatchKind


class NameKeys:
    """Look-up tables over the names and nicknames of instruments; positions are those of the given sequence."""

    def __init__(
        self,
        instruments: Sequence[Instrument],
        nicknames: Iterable[tuple[str, Ticker]],
        former: Iterable[tuple[str, Ticker]] = (),
    ) -> None:
        self._exact: dict[str, list[Entry]] = {}
        self._by_initials: dict[str, list[int]] = {}
        self.longest: dict[str, int] = {}
        for position, instrument in enumerate(instruments):
            for name in _official_names(instrument):
                self._add(spell(name), Entry(position, MatchKind.NAME))
        positions = {instrument.ticker: position for position, instrument in enumerate(instruments)}
        nicknames, former = tuple(nicknames), tuple(former)
        called = _all_names(instruments, (*nicknames, *former))
        for how, pairs in ((MatchKind.FORMER, former), (MatchKind.NICKNAME, nicknames)):
            for name, ticker in pairs:
                if ticker in positions:
                    self._add(spell(name), Entry(positions[ticker], how))
        # Last: `Hyundai Corporation` without its legal form is what people call several others.
        for position, instrument in enumerate(instruments):
            if instrument.name_en:
                self._add(spell(_without_legal_form(instrument.name_en)), Entry(position, MatchKind.NAME))
        self.english = [
            (_without_legal_form(one.name_en), position) for position, one in enumerate(instruments) if one.name_en
        ]
        self._sorted = sorted(self._exact)
        # Made by rule and many: they are found as they stand, never as the beginning of a name or near one.
        for name, ticker in preferred_names(instruments, called):
            self._add(spell(name), Entry(positions[ticker], MatchKind.NICKNAME))
        self._sorted_initials = sorted(self._by_initials)
        self._letters = {key: sounds(key) for key in self._sorted}
        self._by_first: dict[str, dict[str, str]] = {}
        for key, taken_apart in self._letters.items():
            self._by_first.setdefault(taken_apart[0], {})[key] = taken_apart

    def exact(self, key: str) -> Sequence[Entry]:
        """The instruments named exactly so; official names leave out those with the same nickname."""
        return self._exact.get(key, ())

    def with_prefix(self, prefix: str) -> Iterator[tuple[str, Entry]]:
        """Every longer key that starts with `prefix`, with its instruments."""
        for key in _from(self._sorted, prefix):
            if key != prefix:
                yield from ((key, entry) for entry in self._exact[key])

    def containing(self, part: str) -> Iterator[tuple[str, Entry]]:
        """Every key that has `part` inside, not at its start."""
        for key in self._sorted:
            if key.find(part, 1) > 0 and not key.startswith(part):
                yield from ((key, entry) for entry in self._exact[key])

    def with_initials(self, consonants: str) -> Iterator[tuple[str, int]]:
        """Every name with these initial consonants or with more after them: the initials and the position."""
        for key in _from(self._sorted_initials, consonants):
            yield from ((key, position) for position in self._by_initials[key])

    def similar(self, key: str, *, at_least: float, same_start: bool) -> Iterator[tuple[float, Entry]]:
        """Keys within typing errors of `key`: similarity of the letters in 0..1 and the instrument, best first.

        Args:
            key: A name in the common spelling.
            at_least: Lowest similarity, 0..1.
            same_start: Whether the first letter must be right, which makes the look-up ten times as fast.
        """
        taken_apart = sounds(key)
        choices = self._by_first.get(taken_apart[0], {}) if same_start else self._letters
        found = process.extract(
            taken_apart, choices, scorer=Levenshtein.normalized_similarity, score_cutoff=at_least, limit=_MOST_SIMILAR
        )
        for similarity, name in ((similarity, name) for _, similarity, name in found if _is_typo(key, name)):
            yield from ((similarity, entry) for entry in self._exact[name])

    def _add(self, key: str, entry: Entry) -> None:
        if len(key) < 2:
            return
        entries = self._exact.setdefault(key, [])
        if any(known.position == entry.position or known.how is not entry.how for known in entries):
            return  # the official name of another instrument wins over a nickname
        entries.append(entry)
        head = key[:2]
        self.longest[head] = max(self.longest.get(head, 0), len(key))
        consonants = initials(key)
        if is_initials(consonants):
            self._by_initials.setdefault(consonants, []).append(entry.position)


def _all_names(
    instruments: Sequence[Instrument], others: Iterable[tuple[str, Ticker]]
) -> defaultdict[Ticker, dict[str, None]]:
    """What each instrument is called, each name once."""
    names: defaultdict[Ticker, dict[str, None]] = defaultdict(dict)
    for instrument in instruments:
        names[instrument.ticker] |= dict.fromkeys((instrument.name, _without_legal_form(instrument.name_en)))
    for name, ticker in others:
        names[ticker][name] = None
    for known in names.values():
        known.pop("", None)
    return names


def _official_names(instrument: Instrument) -> Iterator[str]:
    yield instrument.name
    if instrument.name_en:
        yield instrument.name_en


def _without_legal_form(name: str) -> str:
    while (shorter := _LEGAL_FORM.sub("", name)) != name and shorter:
        name = shorter
    return name


def _is_typo(written: str, name: str) -> bool:
    """Whether typing errors lead from one to the other: in one syllable, or few letters; never in a number."""
    if _digits(written) != _digits(name):
        return False
    if OSA.distance(written, name) <= 1:
        return True
    one, other = sounds(written), sounds(name)
    return OSA.distance(one, other) <= max(_MOST_WRONG, len(other) // _LETTERS_PER_ERROR)


def _digits(name: str) -> str:
    """A number in a name is no typing error: `신한제11호스팩` is not near `신한제12호스팩`."""
    return "".join(letter for letter in name if letter.isdigit())


def _from(keys: Sequence[str], prefix: str) -> Iterator[str]:
    for position in range(bisect_left(keys, prefix), len(keys)):
        if not keys[position].startswith(prefix):
            return
        yield keys[position]

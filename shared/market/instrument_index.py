"""Finding instruments by anything that people call them: code, name, English name, nickname, initials, with typing errors.

An ambiguous text is reported as several matches with close scores (`is_ambiguous`) and never resolved silently.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from shared.market.errors import InvalidInput
from shared.market.funds import Funds, FundWords
from shared.market.hangul import is_initials
from shared.market.instrument import Instrument, InstrumentKind, Ticker, parse_ticker
from shared.market.instrument_match import Match, MatchKind, Mention
from shared.market.latin_names import LatinNames
from shared.market.mention import MentionFinder
from shared.market.name_families import NameFamilies
from shared.market.name_keys import NameKeys
from shared.market.spelling import spell
from shared.market.vocabulary import (
    MentionWords,
    packaged_former_names,
    packaged_instruments,
    packaged_nicknames,
    packaged_words,
)

_BASE = {
    MatchKind.CODE: 1.0,
    MatchKind.NAME: 0.90,
    MatchKind.NICKNAME: 0.84,
    MatchKind.FORMER: 0.80,
    MatchKind.PREFIX: 0.70,
    MatchKind.INITIALS: 0.55,
    MatchKind.CONTAINS: 0.45,
    MatchKind.SIMILAR: 0.0,
}
"""Lowest score of each kind. Exact kinds add nothing; the others add less than the way to the next kind above."""

_LITERAL = 0.06
_SIMILAR_SHARE = 0.45
_SIMILAR_FROM = 0.72
_LATIN_FROM = 0.84
_LATIN_BEGINNING = 6
_MINOR_KIND = 0.02  # taken from what people rarely mean: preferred shares, notes, delisted names


class InstrumentIndex:
    """An immutable index over the instruments of a master; build a new one when the master changes."""

    def __init__(
        self,
        instruments: Sequence[Instrument],
        nicknames: Iterable[tuple[str, Ticker]] = (),
        *,
        former: Iterable[tuple[str, Ticker]] = (),
        prominent: Sequence[Ticker] = (),
        words: MentionWords | None = None,
    ) -> None:
        """Build the index.

        Args:
            instruments: The newest record of every instrument.
            nicknames: Pairs of nickname and ticker; a nickname of several instruments is ambiguous.
            former: Pairs of a former official name and ticker.
            prominent: The instruments that people most likely mean, first the most prominent.
            words: Words around names in sentences; None takes the packaged table.
        """
        self._instruments = tuple(instruments)
        self._by_ticker = {instrument.ticker: position for position, instrument in enumerate(self._instruments)}
        self._literals = tuple(_literal(instrument.name) for instrument in self._instruments)
        self._keys = NameKeys(self._instruments, nicknames, former)
        # 1 for the most prominent, falling to 0; what is not listed has 0 as well.
        self._prominence = {ticker: 1 - rank / len(prominent) for rank, ticker in enumerate(prominent)}
        self._families = NameFamilies(self._instruments, self._prominence)
        self._funds = Funds(self._instruments, FundWords.load())
        self._latin = LatinNames(self._instruments, self._keys.english)
        self._mentions = MentionFinder(self._keys, self, words or packaged_words())

    @classmethod
    def load(cls, instruments: Sequence[Instrument], former: Iterable[tuple[str, Ticker]] = ()) -> "InstrumentIndex":
        """Build the index with the packaged nicknames, former names and prominence.

        Args:
            instruments: The newest record of every instrument.
            former: Names that the store knows instruments to have had before.
        """
        prominent = tuple(instrument.ticker for instrument in packaged_instruments())
        return cls(instruments, packaged_nicknames(), former=(*former, *packaged_former_names()), prominent=prominent)

    def __len__(self) -> int:
        return len(self._instruments)

    def get(self, ticker: Ticker) -> Instrument | None:
        """The instrument with exactly this code; None when there is none."""
        position = self._by_ticker.get(ticker)
        return None if position is None else self._instruments[position]

    def is_prominent(self, instrument: Instrument) -> bool:
        """Whether the instrument is one of the large names."""
        return instrument.ticker in self._prominence

    def search(self, text: str, limit: int = 10) -> list[Match]:
        """Find instruments by a name or a part of one; exact code, exact name, nickname, prefix, initials, typing errors.

        Args:
            text: What somebody typed as a name; not a sentence.
            limit: Most matches to return, 1 to 100.

        Returns:
            Each instrument once, the best first; empty when nothing is near.

        Raises:
            InvalidInput: If `limit` is out of range.
        """
        if not 1 <= limit <= 100:
            raise InvalidInput("limit", "must be 1 to 100")
        composed = unicodedata.normalize("NFC", text)
        best: dict[int, Match] = {}
        for match in self._candidates(composed, limit):
            position = self._by_ticker[match.instrument.ticker]
            if position not in best or match.score > best[position].score:
                best[position] = match
        return sorted(best.values(), key=_rank)[:limit]

    def find_in(self, sentence: str) -> tuple[Mention, ...]:
        """Find the instruments that a sentence names, from left to right; positions count in its NFC form.

        The longest name wins, particles may follow it, and a name that is an ordinary word counts only beside a cue.
        """
        return self._mentions.find_in(unicodedata.normalize("NFC", sentence))

    def exact(self, key: str, written: str) -> tuple[Match, ...]:
        """Matches for a whole name in the common spelling, the best first.

        Args:
            key: The name in the common spelling.
            written: The name as it was written, which decides between names that sound alike (DGI and 디지아이).
        """
        literal = _literal(written)
        found = (
            self._match(entry.position, entry.how, _LITERAL if literal == self._literals[entry.position] else 0.0)
            for entry in self._keys.exact(key)
        )
        return tuple(sorted(_listed_first(found), key=_rank))

    def by_initials(self, consonants: str) -> tuple[Match, ...]:
        """Matches for exactly these initial consonants, the best first."""
        found = {p for key, p in self._keys.with_initials(consonants) if key == consonants}
        return tuple(sorted((self._initials_match(position, 1.0) for position in found), key=_rank))

    def near(self, key: str, *, at_least: float, same_start: bool) -> tuple[Match, ...]:
        """Matches within typing errors of a whole name in the common spelling, the best first, each instrument once."""
        best: dict[int, Match] = {}
        for similarity, entry in self._keys.similar(key, at_least=at_least, same_start=same_start):
            best.setdefault(entry.position, self._match(entry.position, MatchKind.SIMILAR, similarity * _SIMILAR_SHARE))
        return tuple(sorted(_listed_first(best.values()), key=_rank))

    def near_latin(self, text: str) -> tuple[Match, ...]:
        """Matches of a name in Latin letters: the only one that begins so, else those that sound alike, the best first."""
        begun = self._latin.beginning(text) if len(text) >= _LATIN_BEGINNING else []
        if len(begun) == 1:
            return (self._match(begun[0], MatchKind.PREFIX),)
        found = self._latin.near(text, at_least=_LATIN_FROM)
        return tuple(self._match(one.position, MatchKind.SIMILAR, one.similarity * _SIMILAR_SHARE) for one in found)

    def family(self, text: str) -> tuple[Match, ...]:
        """Companies whose names have a text in common, the largest first, all with the same score."""
        score = _BASE[MatchKind.PREFIX]
        return tuple(Match(instrument=one, score=score, how=MatchKind.PREFIX) for one in self._families.members(text))

    def funds_about(self, *said: str) -> tuple[Instrument, ...]:
        """Listed funds (ETF) in whose names all of the words are found, in the words of names, the largest first."""
        return self._funds.about(*said)

    def by_prefix(self, key: str) -> tuple[Match, ...]:
        """Matches for the beginning of a name in the common spelling, the best first, each instrument once."""
        best: dict[int, Match] = {}
        for name, entry in self._keys.with_prefix(key):
            match = self._match(entry.position, MatchKind.PREFIX, 0.1 * len(key) / len(name))
            if entry.position not in best or match.score > best[entry.position].score:
                best[entry.position] = match
        return tuple(sorted(best.values(), key=_rank))

    def _candidates(self, text: str, limit: int) -> Iterator[Match]:
        yield from self._by_code(text.strip())
        key = spell(text)
        if is_initials(key):
            for name, position in self._keys.with_initials(key):
                yield self._initials_match(position, len(key) / len(name))
            return
        if not key:
            return
        yield from self.exact(key, text)
        prefixed = self.by_prefix(key)
        yield from prefixed
        if len(prefixed) < limit and len(key) >= 2:
            for name, entry in self._keys.containing(key):
                yield self._match(entry.position, MatchKind.CONTAINS, 0.04 * len(key) / len(name))
        if len(key) >= 3:
            yield from self.near(key, at_least=_SIMILAR_FROM, same_start=False)

    def _by_code(self, text: str) -> Iterator[Match]:
        try:
            position = self._by_ticker.get(parse_ticker(text.upper()))
        except InvalidInput:
            return  # not shaped like a code, so it is a name
        if position is not None:
            yield self._match(position, MatchKind.CODE)

    def _initials_match(self, position: int, share: float) -> Match:
        prominence = self._prominence.get(self._instruments[position].ticker, 0.0)
        return self._match(position, MatchKind.INITIALS, 0.02 * share + 0.1 * prominence)

    def _match(self, position: int, how: MatchKind, extra: float = 0.0) -> Match:
        instrument = self._instruments[position]
        score = _BASE[how] + extra
        if how in (MatchKind.PREFIX, MatchKind.CONTAINS, MatchKind.SIMILAR):
            score += 0.04 * self._prominence.get(instrument.ticker, 0.0)
        if how is not MatchKind.CODE and (instrument.delist_date or instrument.kind not in _MAIN_KINDS):
            score -= _MINOR_KIND
        return Match(instrument=instrument, score=round(score, 6), how=how)


_MAIN_KINDS = frozenset({InstrumentKind.COMMON, InstrumentKind.ETF, InstrumentKind.REIT, InstrumentKind.UNKNOWN})


def _rank(match: Match) -> tuple[float, str]:
    return (-match.score, match.instrument.ticker)


def _listed_first(matches: Iterable[Match]) -> list[Match]:
    """Without those that are no longer listed where others are: `SK우` is the share of today."""
    every = list(matches)
    return [match for match in every if match.instrument.delist_date is None] or every


def _literal(name: str) -> str:
    return "".join(name.split()).upper()

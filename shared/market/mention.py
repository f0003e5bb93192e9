"""Finding the names of instruments in Korean and English sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from shared.market.doubtful_names import DoubtfulNames, NearLookup
from shared.market.hangul import is_syllable
from shared.market.instrument import Instrument, Ticker
from shared.market.instrument_match import Match, MatchKind, Mention
from shared.market.name_keys import NameKeys
from shared.market.spelling import Spelled, spell, spell_with_positions
from shared.market.vocabulary import MentionWords

AMOUNT_AFTER = (
    r"\s?(?:원|주(?![가식봉요])|만|억|조|%|개|명|krw|won|넘|돌파|이상|이하|초과|미만|[이가]?\s?되면|찍|까지|아래|위로|밑"
    r"|에\s?(?:사|팔|매))"
)
"""What makes a number an amount, so that it is no code."""
_CODE = re.compile(
    rf"(?<![0-9A-Za-z.,])A?(?P<code>[0-9][0-9A-Za-z]{{5}})(?![0-9A-Za-z]|[.,][0-9]|{AMOUNT_AFTER})", re.IGNORECASE
)
_AFTER_LETTER = re.compile(r"[A-Za-z]['’]$")
_NEXT_LATIN = re.compile(r" ([A-Za-z]{3,})")
_COUNTED = re.compile(r"[0-9]{1,3}(?:%|퍼|프로|거래일|영업일|일|주|개월|달|년|분기|월|시|분|등|위|번)")
_WORD = re.compile(r"[0-9A-Za-z가-힣ㄱ-ㅎ&]+")
_LEAST_JOINED_FILLER = 2
_LEAST_FIRST_WORD = 2  # `한 솔루션` and `a ton` are no names
_SHORT_KOREAN, _SHORT_LATIN = 2, 3  # names up to this length prove nothing unless the company is large
_LEAST_GLUED = 4  # letters of a name that follows another one without anything in between
_SURELY_NEAR = 0.9
_LONG = 5  # letters from which a name that is written in several words is no accident
_CALLED = ("라는", "이라는", "란", "이란")
_AROUND = " )]}'\"\u2019\u201d"
_WITH = frozenset({"랑", "이랑", "와", "과", "하고"})
_JOINTS = frozenset({",", "/", "·", "&", "+", "、", "vs", "vs.", "and", "or", ", and", "그리고", "하고", "또는", "아니면"})


class Lookup(NearLookup, Protocol):
    """What the finder asks of the index."""

    def get(self, ticker: Ticker) -> Instrument | None:
        """The instrument with this code."""
        ...

    def is_prominent(self, instrument: Instrument) -> bool:
        """Whether the instrument is one of the large names."""
        ...

    def exact(self, key: str, written: str) -> tuple[Match, ...]:
        """Matches of a whole name."""
        ...


@dataclass(slots=True)
class _Reading:
    """One sentence while it is read; `found` grows from left to right, `weak` holds names that need a neighbour."""

    text: str
    spelled: Spelled
    found: list[Mention]
    weak: list[Mention] = field(default_factory=list)

    def is_free(self, start: int, end: int) -> bool:
        return all(end <= mention.start or start >= mention.end for mention in self.found)


class MentionFinder:
    """Finds names by the rules of Korean spacing: a name starts a word, and what follows it is a particle or a question."""

    def __init__(self, keys: NameKeys, index: Lookup, words: MentionWords) -> None:
        self._keys = keys
        self._index = index
        self._words = words
        self._common = frozenset(word.upper() for word in words.common)
        self._doubtful = DoubtfulNames(keys, index, words)

    def find_in(self, sentence: str) -> tuple[Mention, ...]:
        """Mentions in an NFC sentence, from left to right, without overlaps."""
        reading = _Reading(sentence, spell_with_positions(sentence), [])
        reading.found.extend(self._codes(sentence))
        self._whole_names(reading)
        self._listed_with_others(reading)
        left = [word for word in _WORD.finditer(sentence) if self._is_left(reading, word)]
        asked = partial(self._has_cue, reading, firm=True)
        for mention in self._doubtful.read(sentence, left, asked):
            reading.found.append(mention)  # one by one: the next word may stand in a row with it
        return tuple(sorted(reading.found, key=lambda mention: mention.start))

    def _is_left(self, reading: _Reading, word: re.Match[str]) -> bool:
        """Whether a word belongs to no name and is no ending (`what's`)."""
        return reading.is_free(word.start(), word.end()) and not _AFTER_LETTER.search(reading.text[: word.start()])

    def _codes(self, sentence: str) -> Iterator[Mention]:
        for match in _CODE.finditer(sentence):
            instrument = self._index.get(Ticker(match["code"].upper()))
            if instrument is not None:
                found = Match(instrument=instrument, score=1.0, how=MatchKind.CODE)
                yield Mention(start=match.start(), end=match.end(), text=match[0], matches=(found,))

    def _whole_names(self, reading: _Reading) -> None:
        position, spelled = 0, reading.spelled
        while position < len(spelled.text):
            mention, length = self._longest_at(reading, position)
            if mention is not None:
                reading.found.append(mention)
            position += length

    def _longest_at(self, reading: _Reading, position: int) -> tuple[Mention | None, int]:
        spelled = reading.spelled
        begin = spelled.starts[position]
        if begin < 0 or not self._may_start(reading, begin):
            return None, 1
        longest = self._keys.longest.get(spelled.text[position : position + 2], 0)
        for length in range(min(longest, len(spelled.text) - position), 1, -1):
            end = spelled.ends[position + length - 1]
            if end < 0 or not reading.is_free(begin, end):
                continue
            matches = self._index.exact(spelled.text[position : position + length], reading.text[begin:end])
            if not matches or not self._stands_alone(reading, begin, end) or self._goes_on(reading, begin, end):
                continue
            if reading.text[begin:end] in self._words.fillers:  # `did Kakao rise`: DID in small letters
                continue
            mention = Mention(start=begin, end=end, text=reading.text[begin:end], matches=matches)
            if not self._is_weak(mention.text, matches) or self._has_cue(
                reading, begin, end, firm=self._is_common(mention.text)
            ):
                return mention, length
            reading.weak.append(mention)
        return None, 1

    def _listed_with_others(self, reading: _Reading) -> None:
        """Weak names that stand in a row with others: `솔루엠, E1, 영풍 종가`."""
        weak, before = sorted(reading.weak, key=lambda mention: mention.start), -1
        while before != len(reading.found):
            before = len(reading.found)
            for mention in weak:
                if reading.is_free(mention.start, mention.end) and self._is_in_row(reading, mention):
                    reading.found.append(mention)

    def _is_in_row(self, reading: _Reading, mention: Mention) -> bool:
        """Whether a name follows another one, or stands before one, with nothing but a joint in between."""
        if mention.matches[0].instrument.delist_date is not None:
            return False
        text, bare = reading.text, not self._is_common(mention.text)
        rest = text[mention.end :]
        tail = _word_at(rest)
        follower = _word_at(rest[len(tail) :].strip())
        last = tail in self._words.particles or not tail
        ended = last and (not follower or self._is_cue(follower) or rest[len(tail) :].lstrip()[:1] in set(",/·?!."))
        if any(one.end <= mention.start and self._joins(text[one.end : mention.start], bare=bare) for one in reading.found):
            return ended or bare
        return any(
            one.start >= mention.end and self._joins(text[mention.end : one.start], bare=bare) for one in reading.found
        )

    def _may_start(self, reading: _Reading, begin: int) -> bool:
        """A name starts a word, or goes on after a mention with its particle or after a filler written without a space."""
        before = reading.text[:begin]
        if not before or not _is_letter(before[-1]):
            return not before.endswith(("'", "’"))
        if _is_latin(before[-1]) and _is_latin(reading.text[begin]):
            return False
        head = re.split(r"[^0-9A-Za-z가-힣&]", before)[-1]
        if len(head) >= _LEAST_JOINED_FILLER and head in self._words.fillers:
            return True
        last = max((mention.end for mention in reading.found if mention.end <= begin), default=None)
        return last is not None and (last == begin or reading.text[last:begin] in self._words.particles)

    def _stands_alone(self, reading: _Reading, begin: int, end: int) -> bool:
        """Whether what follows the name is a particle, a question or nothing, so that no longer word begins with it."""
        rest, surface = reading.text[end:], reading.text[begin:end]
        if rest and _is_latin(rest[0]) and _is_latin(surface[-1]):
            return False
        return self._may_follow(_word_at(rest)) and len(surface.split()[0]) >= _LEAST_FIRST_WORD

    def _goes_on(self, reading: _Reading, begin: int, end: int) -> bool:
        """Whether the name is only the beginning of a longer one with a typing error: `한화투자증궈` is not 한화."""
        tail = _word_at(reading.text[end:])
        following = _NEXT_LATIN.match(reading.text[end:])
        if following and reading.text[begin:end].isascii() and not self._is_cue(following[1]):
            return bool(self._index.near_latin(f"{reading.text[begin:end]} {following[1]}"))
        if not tail or tail in self._words.particles:
            return False
        word = spell(reading.text[begin : end + len(tail)])
        return bool(self._index.near(word, at_least=_SURELY_NEAR, same_start=True))

    def _may_follow(self, tail: str) -> bool:
        """Whether the rest of the word is a particle, a question, or both."""
        if not tail or tail in self._words.particles or self._is_cue(tail) or self._starts_name(tail, least=_LEAST_GLUED):
            return True
        if self._keys.exact(spell(tail)):
            return True
        for length in range(min(4, len(tail) - 1), 0, -1):
            after = tail[length:]
            if tail[:length] in self._words.particles and (self._is_cue(after) or self._starts_name(after)):
                return True
        return False

    def _starts_name(self, text: str, least: int = 3) -> bool:
        key = spell(text)
        return any(self._keys.exact(key[:length]) for length in range(len(key), least - 1, -1))

    def _is_cue(self, word: str) -> bool:
        return word.lower().startswith(self._words.cues) or _COUNTED.match(word) is not None

    def _is_common(self, surface: str) -> bool:
        """Whether the name is an ordinary word as well."""
        return "".join(surface.split()).upper() in self._common

    def _is_weak(self, surface: str, matches: tuple[Match, ...]) -> bool:
        """Whether the name alone proves nothing: an ordinary word, or a short or loosely written name of a small company."""
        compact = "".join(surface.split())
        if self._is_common(surface):
            return True
        latin = compact.isascii()
        if latin and len(compact) <= _SHORT_LATIN and not compact.isupper():
            return True
        if any(self._index.is_prominent(match.instrument) for match in matches):
            return False
        if len(compact) <= (_SHORT_LATIN if latin else _SHORT_KOREAN):
            return True
        if compact != surface:
            return len(compact) < _LONG
        return latin and compact.islower()

    def _has_cue(self, reading: _Reading, begin: int, end: int, *, firm: bool = False) -> bool:
        """Whether the words around a weak name make it an instrument; `firm` when other words must not stand before it."""
        rest = reading.text[end:]
        tail = _word_at(rest)
        words = _WORD.findall(reading.text[:begin])
        before = [word for word in words if word.lower() not in self._words.fillers and not self._is_cue(word)]
        follower = rest[len(tail) :].strip(_AROUND)
        particle_with_cue = any(self._is_cue(tail[length:]) for length in range(len(tail)))
        asked = particle_with_cue or (bool(follower) and self._is_cue(follower)) or tail.startswith(_CALLED)
        asked = asked or (tail in _WITH and bool(follower))
        bare = firm and not self._is_common(reading.text[begin:end])
        follows_mention = any(
            mention.end <= begin and self._joins(reading.text[mention.end : begin], bare=bare) for mention in reading.found
        )
        alone = not before and not _WORD.findall(follower)
        return alone or (asked and (not firm or not before or follows_mention)) or (follows_mention and not follower)

    def _joins(self, between: str, *, bare: bool = False) -> bool:
        """Whether the text between two names joins them; `bare` lets a mere space do."""
        text = between.strip()
        return text in self._words.particles or text in _JOINTS or (bare and between == " ")


def _word_at(text: str) -> str:
    match = _WORD.match(text)
    return match[0] if match else ""


def _is_letter(letter: str) -> bool:
    return (letter.isascii() and letter.isalnum()) or is_syllable(letter)


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()

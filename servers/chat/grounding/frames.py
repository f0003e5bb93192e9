"""Frames: the words around a number, a date or a time in a source. In the same words only the source's own value may stand.

A known number that is put where a source has another one is found by this: `S ≥10` when the source says `S ≥80`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from servers.chat.grounding.claims import Claim, DateClaim, NumberClaim, PairClaim, Span, TimeClaim
from servers.chat.grounding.facts import Fact
from servers.chat.grounding.matching import same_sign, same_size

Slot = NumberClaim | DateClaim | TimeClaim | PairClaim

_SLOT, _GONE = "\x1d", " "
_CLAUSE = re.compile(r"[·+=:;→|]|,\s|,$|\.\s|\.$|\s-\s")
_WORD = re.compile(rf"[가-힣A-Za-z&]+|[≥≤<>%]|{_SLOT}|[0-9]+")
_PARTICLE = re.compile(r"(?<=[가-힣])(?:은|는|이|가|을|를|의|도|에|로|으로|입니다|이며|이고|이다)$")
_COUNTER = re.compile(r"[^0-9.,\s+▲△▼▽-]*$")
_PADDED = re.compile(r"(?<![0-9])0[0-9]")
_SAME = {"거래일": "일", "영업일": "일", "신호": "시그널", "외인": "외국인"}
_EMPTY = frozenset({"", "모두", "총", "전부", "현재", "약", "합계", "a", "the", "of"})
_WORDS_BEFORE, _WORDS_AFTER, _FARTHEST = 2, 1, 5


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a slot: kind and unit of the slot, the last words before it and the first behind it."""

    kind: str
    before: tuple[str, ...]
    after: tuple[str, ...]


RANK = re.compile(r"^[ \t]*(?:-[ \t]+)?\(?(?P<rank>[0-9]{1,2})[.)][ \t]+")
"""The place of a line in a list, when a name follows."""

_TO = re.compile(r"\s?(?:~|-|→|to|부터|에서)\s?")


class Frames:
    """The frames of all sources with what stands in them."""

    def __init__(self) -> None:
        self._known: dict[Frame, list[tuple[Slot, str]]] = defaultdict(list)

    def add(self, frame: Frame, slot: Slot, subject: str) -> None:
        """Know what a source has in a frame; `subject` is whose it is, empty when nobody's."""
        self._known[frame].append((slot, subject))

    def contradict(self, frame: Frame, slot: Slot, subjects: frozenset[str], *, year: int) -> bool:
        """Whether sources have this frame, about one of these subjects or nobody, and only with other values.

        Args:
            frame: The words around.
            slot: What is claimed.
            subjects: Whom it may be about; empty for anybody.
            year: Year of dates that name none.
        """
        there = [
            known for known, subject in self._known.get(frame, ()) if not subject or not subjects or subject in subjects
        ]
        return bool(there) and not any(_agree(slot, known, year) for known in there)


def frames_in(text: str, claims: Sequence[Claim], hidden: Sequence[Span]) -> Iterator[tuple[Frame, Slot]]:
    """Every slot of a line with its frame, where there are words enough to tell it from others.

    Args:
        text: The cleaned line.
        claims: What it claims, in its order.
        hidden: Names in it, which belong to no frame.
    """
    slots = [_dated(claim) for claim in claims if isinstance(claim, Slot)]
    sheet = _masked(text, slots, hidden)
    ends = [0, *(match.end() for match in _CLAUSE.finditer(sheet))]
    starts = [*(match.start() for match in _CLAUSE.finditer(sheet)), len(sheet)]
    for slot in slots:
        before = sheet[max(end for end in ends if end <= slot.start) : slot.start]
        after = sheet[slot.end : min(start for start in starts if start >= slot.end)]
        near = _words(before)[-_WORDS_BEFORE:]
        frame = Frame(_kind(slot), near, _words(after)[:_WORDS_AFTER])
        if all(word == _SLOT for word in (*frame.before, *frame.after)):
            frame = Frame(frame.kind, _since_word(_words(sheet[: slot.start])), frame.after)
        if frame.before or frame.after:
            yield frame, slot


def periods_in(text: str, claims: Sequence[Claim]) -> list[tuple[DateClaim, DateClaim]]:
    """First and last days of the periods in a line."""
    days = [claim for claim in claims if isinstance(claim, DateClaim) and claim.day is not None]
    return [(first, last) for first, last in pairwise(days) if _TO.fullmatch(text[first.end : last.start])]


def _masked(text: str, slots: Sequence[Slot], hidden: Sequence[Span]) -> str:
    """The text with a mark for each slot and nothing for names, as long as before."""
    sheet = text
    for name in hidden:
        sheet = sheet[: name.start] + _GONE * (name.end - name.start) + sheet[name.end :]
    for slot in slots:
        sheet = sheet[: slot.start] + _SLOT + _GONE * (slot.end - slot.start - 1) + sheet[slot.end :]
    return sheet


def _dated(slot: Slot) -> Slot:
    """`03/05` as the date that it is: points are not written with a zero in front."""
    if not isinstance(slot, PairClaim) or not _PADDED.search(slot.text):
        return slot
    month, day = int(slot.left), int(slot.right)
    return DateClaim(start=slot.start, end=slot.end, text=slot.text, year=None, month=month, day=day)


def _words(text: str) -> tuple[str, ...]:
    words = (_PARTICLE.sub("", word.lower()) for word in _WORD.findall(text))
    return tuple(_SAME.get(word, word) for word in words if word not in _EMPTY)


def _since_word(words: Sequence[str]) -> tuple[str, ...]:
    """The last words from one that is not a slot on; nothing where it is too far away."""
    tail = words[-_FARTHEST:]
    places = [place for place, word in enumerate(tail) if word != _SLOT]
    return tuple(tail[places[-1] :]) if places else ()


def _kind(slot: Slot) -> str:
    """Kind of a slot; numbers by unit and by the word that counts."""
    if not isinstance(slot, NumberClaim):
        return type(slot).__name__
    found = _COUNTER.search(slot.text)
    counter = "" if found is None or slot.step >= 10**4 else found[0]
    return f"{slot.unit.value} {_SAME.get(counter, counter)}"


def _agree(slot: Slot, known: Slot, year: int) -> bool:
    """Whether a claimed value is the known one after rounding."""
    match slot, known:
        case NumberClaim(), NumberClaim():
            fact = Fact(value=known.value, unit=known.unit)
            return same_size(slot, fact) and (not known.signed or same_sign(slot, fact))
        case DateClaim(), DateClaim():
            return _same_date(slot, known, year)
        case TimeClaim(), TimeClaim():
            seconds = slot.second is None or known.second is None or slot.second == known.second
            return (slot.hour % 12, slot.minute) == (known.hour % 12, known.minute) and seconds
        case PairClaim(), PairClaim():
            return (slot.left, slot.right) == (known.left, known.right)
        case _:
            return False


def _same_date(slot: DateClaim, known: DateClaim, year: int) -> bool:
    if known.month is None or known.day is None:
        return (slot.year or year, slot.month, slot.day) == (known.year or year, known.month, known.day)
    try:
        return slot.fits(date(known.year or year, known.month, known.day))
    except ValueError:  # a passage may write nonsense
        return False

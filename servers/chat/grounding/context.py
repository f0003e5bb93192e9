"""What the words around a number say about it: which figure it is, and whether it went up or down."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from servers.chat.grounding.claims import Span


class Direction(IntEnum):
    """Which way a text says that something went."""

    DOWN = -1
    NONE = 0
    UP = 1


_UP = (
    r"상승|올랐|오른|오르|오름|증가|늘었|늘어|늘고|불었|불어|급등|급증|강세|반등|뛰었|뛰어|높아졌|높습|높은|높았|순매수|사들|매수\s?우위|플러스|이익|수익을"
    r"|gain|rose|rise|rising|higher|increas|climb|jump|advanc|net\s?b(?:uy|ought)|bought|(?<![a-z])up(?![a-z])"
)
_DOWN = (
    r"하락|내렸|내린|내리|내림|감소|줄었|줄어|줄고|급락|급감|약세|떨어|밀렸|밀린|낮아졌|낮습|낮은|낮았|순매도|팔아|팔았|매도\s?우위|마이너스|손실"
    r"|fell|fall|lower|declin|decreas|drop|lost|loss|slid|net\s?s(?:ell|old)|(?<![a-z])sold|(?<![a-z])down(?![a-z])"
)
_DIRECTION = re.compile(rf"(?P<up>{_UP})|(?P<down>{_DOWN})", re.IGNORECASE)
_TRADED = re.compile(
    r"(?P<up>순매수|사들|매수\s?우위|net\s?b(?:uy|ought)|bought)|(?P<down>순매도|팔아|팔았|매도\s?우위|net\s?s(?:ell|old)|(?<![a-z])sold)",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[.!?;,]\s|[.!?;]$|(?:[고며]|지만|으나|면서|는데|거나)(?=[ ,])|\bbut\b|\bwhile\b|\band\b")
_REACH_AFTER, _REACH_BEFORE = 24, 14

_LABELS = {
    "previous": r"전일\s?종가|전일가|기준\s?종가|이전\s?종가|previous close",
    "open": r"시가(?!총)|시초가|(?<![a-z])open(?:ed|ing)?(?![a-z])",
    "high": r"고가|최고가?|장중\s?고점|(?<![a-z])high(?:est)?(?![a-z])",
    "low": r"저가|최저가?|장중\s?저점|(?<![a-z])low(?:est)?(?![a-z])",
    "price": r"현재가|종가|주가|마감가?|거래되|(?<![a-z])clos(?:e|ed|ing)(?![a-z])|(?<![a-z])price",
    "turnover": r"거래대금|turnover",
    "market_cap": r"시가\s?총액|시총|market\s?cap",
    "foreign_hold": r"외국인\s?(?:보유|지분)",
    "foreign": r"외국인|외인|foreign",
    "institution": r"기관|institution",
    "pension": r"연기금|pension",
    "opened": r"신호\s?(?:당시|발생\s?시)|opened at",
    "stop": r"손절|무효화|stop",
    "target": r"목표|(?:전략\s?)?기준가|target",
    "entry": r"진입|피벗|entry|pivot",
}
_LABEL_WORDS = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _LABELS.items())
_LABEL = re.compile(_LABEL_WORDS, re.IGNORECASE)
_LABEL_AFTER = re.compile(
    rf"(?:이|가|은|는|의|에|으로|로)?\s?(?:{_LABEL_WORDS})(?=입니|였|이었|이며|이고|이다|다[. ]|를\s?기록)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a number stands in a sentence: from `start` to `end`, between the numbers that end and begin at the others."""

    start: int
    end: int
    before_from: int
    after_to: int


def places_of(claims: Sequence[Span], length: int) -> list[Place]:
    """The places of numbers in the order of a sentence of `length` characters."""
    ends = [0, *(claim.end for claim in claims)]
    starts = [*(claim.start for claim in claims), length]
    return [
        Place(start=claim.start, end=claim.end, before_from=ends[number], after_to=starts[number + 1])
        for number, claim in enumerate(claims)
    ]


_CLOSING = re.compile(r"\s?(?:에|으로|로)\s?(?:장을\s?|거래를?\s?)?(?:마감|마쳤|마친|끝났|거래)")
_COPULA = re.compile(r"\s?(?:입니다|이다|이며|이고|이에요|예요|였습니다)")
_TOPIC = re.compile(r"\s?(?:\([^)]*\))?(?:은|는|이|가|도)?\s?(?:현재|지금|오늘)?\s?(?:약\s?)?")


def is_bare_price(text: str, place: Place, name_end: int | None) -> bool:
    """Whether won stand as the price without being called so: `삼성전자는 72,300원입니다`, `72,300원에 마감`.

    Args:
        text: The sentence.
        place: Where the amount stands.
        name_end: End of the name before it; None without one.
    """
    after = text[place.end : place.after_to]
    if _CLOSING.match(after):
        return True
    topic = "" if name_end is None else text[name_end : place.start]
    return name_end is not None and bool(_COPULA.match(after)) and bool(_TOPIC.fullmatch(topic))


def direction_at(text: str, place: Place, *, traded: bool = False) -> Direction:
    """Which way a number went by the words behind it, or else before it.

    Args:
        text: The sentence.
        place: Where the number stands.
        traded: Listen to words of buying and selling only.
    """
    words = _TRADED if traded else _DIRECTION
    after = text[place.end : min(place.after_to, place.end + _REACH_AFTER)]
    ending = _CLAUSE_END.search(after)
    found = words.search(after if ending is None else after[: ending.end()])
    if found is None:
        before = text[max(place.before_from, place.start - _REACH_BEFORE) : place.start]
        clauses = [match.end() for match in _CLAUSE_END.finditer(before)]
        found = _last(words, before[clauses[-1] :] if clauses else before)
    if found is None:
        return Direction.NONE
    return Direction.UP if found["up"] else Direction.DOWN


def label_at(text: str, place: Place) -> str:
    """Which figure a number is by the words between it and the number before it, or right behind it; else empty."""
    found = _last(_LABEL, text[place.before_from : place.start]) or _LABEL_AFTER.match(text[place.end : place.after_to])
    return "" if found is None or found.lastgroup is None else found.lastgroup


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for match in pattern.finditer(text):
        found = match
    return found

"""Rules about everything but numbers: names, dates, times, words with digits, citations, freshness."""

import re

from servers.chat.grounding.claims import CitationClaim, DateClaim, NumberClaim, PairClaim, TimeClaim, TokenClaim, Unit
from servers.chat.grounding.evidence import Evidence
from servers.chat.grounding.verdict import Sentence, Violation, ViolationKind, violation

_LIVE = re.compile(r"실시간|지금\s?이\s?시각|방금|(?<![a-z])live(?![a-z])|real[- ]?time|right now", re.IGNORECASE)
_TODAY = re.compile(r"오늘|금일|지금|(?<![a-z])today(?![a-z])|currently", re.IGNORECASE)
_NEWEST = re.compile(r"지금|currently", re.IGNORECASE)
_NO_DATA = re.compile(r"없|아닙|아니|기준|no data|(?<![a-z])not ", re.IGNORECASE)
_MARKET_UNITS = frozenset({Unit.WON, Unit.PERCENT, Unit.POINTS, Unit.SHARES})
_GRADE = re.compile(r"(?<![A-Za-z])([SABC])\s?등급|(?i:grade)\s([SABC])(?![A-Za-z])")
_IMPOSSIBLE = re.compile(
    r"(?<![0-9])(?:00?|1[3-9]|[2-9][0-9])월|[0-9]월\s?(?:00?|3[2-9]|[4-9][0-9])일"
    r"|20[0-9]{2}-(?:00|1[3-9]|[2-9][0-9])-[0-9]{2}|20[0-9]{2}-[0-9]{2}-(?:00|3[2-9]|[4-9][0-9])"
    r"|(?<![0-9:])(?:2[5-9]|[3-9][0-9]):[0-9]{2}(?![0-9])|(?<![0-9:])[0-9]{1,2}:[6-9][0-9](?![0-9])"
)
_TURNED = re.compile(
    r"(?:[▲△]|상승|올라|rose|gained)\s?(?:[0-9,.]+(?:원|\sKRW)?\s?\()?-(?=[0-9]*\.?[0-9]*[1-9])"
    r"|(?:[▼▽]|하락|내려|fell|lost)\s?(?:[0-9,.]+(?:원|\sKRW)?\s?\()?\+(?=[0-9]*\.?[0-9]*[1-9])",
    re.IGNORECASE,
)
_PADDED = re.compile(r"0[0-9]")
_GENERAL = re.compile(r"없|이면|뜻|의미|기준|이상|예:|means|no |example|if ", re.IGNORECASE)
"""Words by which a grade is explained or missed, not given."""


def unknown_names(sentence: Sentence) -> list[Violation]:
    """Companies that no source names."""
    return [violation(name, ViolationKind.NAME, "no source names it") for name in sentence.named if not name.known]


def unknown_moments(sentence: Sentence, evidence: Evidence) -> list[Violation]:
    """Dates, times and pairs that no source has."""
    violations = []
    for claim in sentence.claims:
        if isinstance(claim, DateClaim) and not any(claim.fits(known) for known in evidence.dates):
            violations.append(violation(claim, ViolationKind.DATE, "no source has this date"))
        elif isinstance(claim, TimeClaim) and not _is_known_time(claim, evidence):
            violations.append(violation(claim, ViolationKind.TIME, "no source has this time"))
        elif isinstance(claim, PairClaim) and not _is_known_pair(claim, evidence):
            violations.append(violation(claim, ViolationKind.NUMBER, "no source gives this pair"))
    return violations


def impossible_moments(sentence: Sentence) -> list[Violation]:
    """`0월`, `4월 40일`: what no calendar has."""
    return [violation(match, ViolationKind.DATE, "no calendar has it") for match in _IMPOSSIBLE.finditer(sentence.text)]


def turned_signs(sentence: Sentence) -> list[Violation]:
    """A sign against the arrow or the word in front of it: `▲ -0.41%`, `하락 +0.35%`."""
    return [
        violation(match, ViolationKind.DIRECTION, "sign and direction differ") for match in _TURNED.finditer(sentence.text)
    ]


def unknown_words(sentence: Sentence, evidence: Evidence) -> list[Violation]:
    """Words with digits, grades and citations that no source has."""
    violations = _unknown_grades(sentence, evidence)
    for claim in sentence.claims:
        if isinstance(claim, TokenClaim) and claim.text.strip(".+-&").upper() not in evidence.tokens:
            violations.append(violation(claim, ViolationKind.WORD, "no source has this word"))
        elif isinstance(claim, CitationClaim) and claim.number not in evidence.citations:
            violations.append(violation(claim, ViolationKind.CITATION, "there is no such source"))
    return violations


def _unknown_grades(sentence: Sentence, evidence: Evidence) -> list[Violation]:
    """A grade must be the instrument's; where it is explained or missed, one that a source or the asker names."""
    subjects = {subject for name in sentence.named for subject in name.subjects} or set(sentence.spoken_of)
    given = {letter for subject in subjects for letter in evidence.grades.get(subject, ())}
    general = not given or _GENERAL.search(sentence.text) is not None
    return [
        violation(match, ViolationKind.WORD, "no source gives this grade")
        for match in _GRADE.finditer(sentence.text)
        if (match[1] or match[2]).upper() not in given and not (general and evidence.says(match[0]))
    ]


def stale_figures(sentence: Sentence, evidence: Evidence) -> list[Violation]:
    """Figures that are said to be live, or of today, when none is."""
    if not any(isinstance(claim, NumberClaim) and claim.unit in _MARKET_UNITS for claim in sentence.claims):
        return []
    live = _LIVE.search(sentence.text)
    if live is not None and not evidence.live:
        return [violation(live, ViolationKind.FRESHNESS, "the data is not live")]
    today = _TODAY.search(sentence.text)
    if today is None or evidence.has_today or _NO_DATA.search(sentence.text):
        return []
    if _NEWEST.fullmatch(today[0]) and _names_newest(sentence, evidence):
        return []
    return [violation(today, ViolationKind.FRESHNESS, "the data is not of today")]


def _names_newest(sentence: Sentence, evidence: Evidence) -> bool:
    """Whether a sentence says the day of the newest figures, so that nobody takes them for newer."""
    newest = max((fact.day for fact in evidence.facts if fact.day is not None), default=None)
    days = (claim for claim in sentence.claims if isinstance(claim, DateClaim) and claim.day is not None)
    return newest is not None and any(day.fits(newest) for day in days)


def _is_known_time(claim: TimeClaim, evidence: Evidence) -> bool:
    hours = {claim.hour, claim.hour + 12} if claim.either_half else {claim.hour}
    return any(
        hour in hours and minute == claim.minute and (claim.second is None or claim.second == second)
        for hour, minute, second in evidence.times
    )


def _is_known_pair(claim: PairClaim, evidence: Evidence) -> bool:
    """Points of a total, or month and day; only the latter are written with a zero in front."""
    points = (claim.left, claim.right) in evidence.pairs and not _PADDED.match(claim.text)
    return points or any(claim.fits(known) for known in evidence.dates)

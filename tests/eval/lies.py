"""Ways to make a true line false; each gives None for a line in which it finds nothing to change."""

import random
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

_CODE = re.compile(r"(?<![0-9,.])\d{6}(?!\d)")
_COMPANY = re.compile(r"(?P<name>[가-힣A-Za-z&][가-힣A-Za-z&.-]*(?: Ent\.)?)(?P<gap>\(| )(?P<code>\d{6})(?!\d)")
_DATE = re.compile(
    r"(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)|(?<![\d/])(?P<m>\d\d)/(?P<d>\d\d)(?:\([월화수목금]\))?(?![\d/])"
)
_WON = re.compile(r"(?<![\d,.])(?P<won>\d{1,3}(?:,\d{3})+)(?P<unit>원| KRW)")
_COUNTED = re.compile(r"(?<![\d,./~-])(?P<n>[2-9])(?P<unit>개|종목|건|점)(?![가-힣]*만점)")
_STREAK = re.compile(r"(?<!\d)(?P<n>[2-9])(?:거래)?일 연속")
_NATIVE = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_DAYS = ("", "하루", "이틀", "사흘", "나흘", "닷새", "엿새", "이레", "여드레", "아흐레")
_SINO = "영일이삼사오육칠팔구"


@dataclass
class World:
    """What a liar has heard of: companies by code."""

    random: random.Random
    companies: dict[str, str] = field(default_factory=dict)

    def hear(self, lines: Iterable[str]) -> None:
        """Remember the companies of an answer."""
        self.companies.update((match["code"], match["name"]) for line in lines for match in _COMPANY.finditer(line))


Lie = Callable[[str, World], str | None]


def _one_of(pattern: str | re.Pattern[str], change: Callable[[re.Match[str], World], str]) -> Lie:
    """A lie that changes one place of those where the pattern holds."""
    compiled = re.compile(pattern)

    def lie(line: str, world: World) -> str | None:
        found = list(compiled.finditer(line))
        if not found:
            return None
        match = world.random.choice(found)
        return line[: match.start()] + change(match, world) + line[match.end() :]

    return lie


def _swapped(*pairs: tuple[str, str]) -> Lie:
    """A lie that puts one word of a pair for the other."""
    other = dict(pairs) | {second: first for first, second in pairs}
    words = "|".join(re.escape(word) for word in sorted(other, key=len, reverse=True))
    return _one_of(words, lambda match, _: other[match[0]])


def wrong_digit(line: str, world: World) -> str | None:
    """Another digit somewhere outside of codes."""
    codes = [found.span() for found in _CODE.finditer(line)]
    places = [n for n, letter in enumerate(line) if letter.isdigit() and not any(a <= n < b for a, b in codes)]
    if not places:
        return None
    place = world.random.choice(places)
    digit = world.random.choice([digit for digit in "0123456789" if digit != line[place]])
    return line[:place] + digit + line[place + 1 :]


def reworded(line: str) -> str:
    """The same in other words and another order of signs, as a model would put it."""
    plain = re.sub(r"^- ", "", line)
    plain = re.sub(r"[🔴🔵⚪⬜🟢🟡]\s?", "", plain)
    for pattern, words in _REWORDED:
        plain = pattern.sub(words, plain)
    return plain


_REWORDED = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"20\d\d-0?(\d+)-0?(\d+)", r"\1월 \2일"),
        (r"(?<![\d/])0(\d)/0?(\d+)(?:\([월화수목금]\))?(?![\d/])", r"\1월 \2일"),
        (r" · ", ", "),
        (r"(\d)거래일", r"\1일"),
        (r"입니다\.", "이었습니다."),
        (r"시그널은", "신호가 모두"),
        (r"([가-힣]+) (\d+)일 연속 순매(수|도)", r"\1은 \2거래일째 이어서 순매\3했습니다"),
        (r"동안", "사이에"),
        (r" ≥(\d+)", r"등급은 \1점 이상"),
    )
)


def _reworded_lie(line: str, world: World) -> str | None:
    return wrong_digit(reworded(line), world)


def _other_company(match: re.Match[str], world: World) -> str:
    codes = [code for code in world.companies if code != match["code"]]
    code = world.random.choice(codes) if codes else "005930"
    return f"{world.companies.get(code, '삼성전자')}{match['gap']}{code}"


def _other_day(match: re.Match[str], world: World) -> str:
    month, day = int(match["month"] or match["m"]), int(match["day"] or match["d"])
    try:
        told = date(int(match["year"] or 2026), month, day) + timedelta(days=world.random.choice([-2, -1, 1, 2]))
    except ValueError:  # `7/12` points
        return f"{month:02}/{day + 1:02}"
    return told.isoformat() if match["year"] else f"{told:%m/%d}"


def _spelled(match: re.Match[str], world: World) -> str:
    """Another amount in numerals."""
    won = int(match["won"].replace(",", ""))
    return f"{_sino(won + world.random.choice([1, 2, 5]) * 10 ** (len(str(won)) - 2))}{match['unit']}"


def _sino(number: int) -> str:
    words = ""
    for scale, name in ((10**12, "조"), (10**8, "억"), (10**4, "만"), (1, "")):
        block = number // scale % 10**4
        part = "".join(
            f"{_SINO[block // ten % 10]}{word}"
            for ten, word in ((1000, "천"), (100, "백"), (10, "십"), (1, ""))
            if block // ten % 10
        )
        words += f"{part}{name}" if part else ""
    return words


def _other_count(match: re.Match[str], world: World) -> str:
    number = world.random.choice([n for n in range(2, 10) if n != int(match["n"])])
    return f"{_NATIVE[number]} {match['unit']}"


def _other_streak(match: re.Match[str], world: World) -> str:
    return f"{_DAYS[world.random.choice([n for n in range(2, 10) if n != int(match['n'])])]} 연속"


def _numeral(line: str, world: World) -> str | None:
    """A wrong number in words."""
    lies = [_one_of(_STREAK, _other_streak), _one_of(_COUNTED, _other_count), _one_of(_WON, _spelled)]
    told = [lie for each in lies if (lie := each(line, world)) is not None]
    return world.random.choice(told) if told else None


LIES: Mapping[str, Lie] = {
    "liar": wrong_digit,
    "rewording-liar": _reworded_lie,
    "unit-liar": _one_of(
        r"(?<=\d)(?:조|억|만)(?=[ 원()]|$)|(?<=\d)[MBT](?= KRW)|(?<=\d)%p?",
        lambda match, _: {"조": "억", "억": "조", "만": "억", "M": "B", "B": "T", "T": "B", "%": "배", "%p": "%"}[match[0]],
    ),
    "sign-liar": _swapped(
        ("순매수", "순매도"), ("▲", "▼"), ("net bought", "net sold"), ("bought", "sold"), (" +", " -"), ("(+", "(-"),
    ),
    "direction-liar": _swapped(
        ("상승", "하락"), ("높습니다", "낮습니다"), ("올랐", "내렸"), ("늘었", "줄었"), ("증가", "감소"), ("최고", "최저"),
        ("고가", "저가"), ("higher", "lower"), ("rose", "fell"), ("gain", "loss"), ("above", "below"),
        ("20일선 위", "20일선 아래"), ("외국인", "기관"),
    ),
    "company-liar": _one_of(_COMPANY, _other_company),
    "day-liar": _one_of(_DATE, _other_day),
    "numeral-liar": _numeral,
}  # fmt: skip
"""Liars by name, each with its way."""

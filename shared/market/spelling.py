"""One spelling for all ways to write a name: Latin letters are written as Koreans read them, spaces and signs are dropped.

`LG전자`, `lg 전자` and `엘지전자` all become `엘지전자`; `KT&G` becomes `케이티앤지`.
"""

import re
from dataclasses import dataclass

_LETTERS = {
    "A": "에이",
    "B": "비",
    "C": "씨",
    "D": "디",
    "E": "이",
    "F": "에프",
    "G": "지",
    "H": "에이치",
    "I": "아이",
    "J": "제이",
    "K": "케이",
    "L": "엘",
    "M": "엠",
    "N": "엔",
    "O": "오",
    "P": "피",
    "Q": "큐",
    "R": "알",
    "S": "에스",
    "T": "티",
    "U": "유",
    "V": "브이",
    "W": "더블유",
    "X": "엑스",
    "Y": "와이",
    "Z": "지",
}
_WORDS = {
    "ACE": "에이스",
    "ASSET": "에셋",
    "BIO": "바이오",
    "DESIGN": "디자인",
    "ELECTRIC": "일렉트릭",
    "ENT": "엔터",
    "ENTERTAINMENT": "엔터테인먼트",
    "ETF": "이티에프",
    "FOCUS": "포커스",
    "GLOBAL": "글로벌",
    "HANARO": "하나로",
    "HOLDINGS": "홀딩스",
    "INVERSE": "인버스",
    "KAKAO": "카카오",
    "KIWOOM": "키움",
    "KOACT": "코액트",
    "KODEX": "코덱스",
    "KOREA": "코리아",
    "KOSDAQ": "코스닥",
    "KOSEF": "코세프",
    "KOSPI": "코스피",
    "LEVERAGE": "레버리지",
    "LIFE": "라이프",
    "NASDAQ": "나스닥",
    "NAVER": "네이버",
    "NICE": "나이스",
    "OIL": "오일",
    "PLUS": "플러스",
    "POSCO": "포스코",
    "RISE": "라이즈",
    "SOL": "쏠",
    "TECH": "테크",
    "TIGER": "타이거",
    "TIME": "타임",
    "TOP": "탑",
}
"""Latin words of names that are read as words, not letter by letter."""

_UNIT = re.compile(r"[A-Z]+|[0-9가-힣ㄱ-ㅎ&]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


@dataclass(frozen=True, slots=True)
class Spelled:
    """A text in the common spelling and where its characters come from.

    `starts[i]` is the position in the original at which the unit of character i begins, -1 inside a unit; `ends[i]` is the
    position after the unit, -1 where the unit goes on. Units are syllables, digits, Latin letters or words read as one.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def spell(text: str) -> str:
    """The common spelling of a name or a query."""
    return "".join(_sound(match[0]) for match in _UNIT.finditer(_folded(text)))


def spell_with_positions(text: str) -> Spelled:
    """The common spelling together with the positions in `text`, which must be in Unicode normal form NFC."""
    sounds: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _UNIT.finditer(_folded(text)):
        for begin, end, sound in _units(match):
            sounds.append(sound)
            starts.extend([begin, *[-1] * (len(sound) - 1)])
            ends.extend([*[-1] * (len(sound) - 1), end])
    return Spelled("".join(sounds), tuple(starts), tuple(ends))


def _folded(text: str) -> str:
    """Upper case and half width; both keep the length for the characters that names are made of."""
    return "".join(letter.upper() if letter.isascii() else letter for letter in text.translate(_FULL_WIDTH))


def _sound(unit: str) -> str:
    if unit == "&":
        return "앤"
    if not "A" <= unit[0] <= "Z":
        return unit
    return _WORDS.get(unit) or "".join(_LETTERS[letter] for letter in unit)


def _units(match: re.Match[str]) -> list[tuple[int, int, str]]:
    unit, begin = match[0], match.start()
    if len(unit) == 1 or unit in _WORDS:
        return [(begin, match.end(), _sound(unit))]
    return [(begin + offset, begin + offset + 1, _LETTERS[letter]) for offset, letter in enumerate(unit)]

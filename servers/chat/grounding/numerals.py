"""Values of written numbers: digits with Korean scales, Korean and English numerals; with the place of their last digit."""

import re
from dataclasses import dataclass
from decimal import Decimal

SCALES = {"십": 10, "백": 100, "천": 10**3, "만": 10**4, "억": 10**8, "조": 10**12}
_SINO = {word: digit for digit, word in enumerate("영일이삼사오육칠팔구")} | {"공": 0, "두": 2, "세": 3, "네": 4}
NATIVE_UNITS = {
    "하나": 1, "한": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "석": 3, "넷": 4, "네": 4, "넉": 4, "다섯": 5, "여섯": 6,
    "일곱": 7, "여덟": 8, "아홉": 9,
}  # fmt: skip
NATIVE_TENS = {
    "열": 10,
    "스물": 20,
    "스무": 20,
    "서른": 30,
    "마흔": 40,
    "쉰": 50,
    "예순": 60,
    "일흔": 70,
    "여든": 80,
    "아흔": 90,
}
NATIVE_DAYS = {
    "이틀": 2,
    "사흘": 3,
    "나흘": 4,
    "닷새": 5,
    "엿새": 6,
    "이레": 7,
    "여드레": 8,
    "아흐레": 9,
    "열흘": 10,
    "보름": 15,
}
ENGLISH = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "dozen": 12,
}  # fmt: skip
ENGLISH_SCALES = {
    "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "t": 10**12, "tn": 10**12,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """A value, what one more in its last written place adds, and in its last place that is not zero."""

    value: Decimal
    step: Decimal
    coarse: Decimal

    def times(self, factor: Decimal) -> "Written":
        """The same in another unit."""
        return Written(self.value * factor, self.step * factor, self.coarse * factor)


def read_digits(text: str, scale: int = 1) -> Written:
    """Digits with commas and a decimal point, times a scale."""
    compact = text.replace(",", "")
    value = Decimal(compact)
    decimals = len(compact.partition(".")[2])
    step = Decimal(1).scaleb(-decimals)
    return Written(value * scale, step * scale, _coarse(value, step) * scale)


def scale_of(letters: str) -> int:
    """`천만` is 10,000,000."""
    value = 1
    for letter in letters:
        value *= SCALES[letter]
    return value


def read_korean(text: str) -> Written:
    """Sino-Korean numerals, also with a decimal point: `칠만이천삼백`, `일점육구`."""
    compact = re.sub(r"\s", "", text)
    whole, point, decimals = compact.partition("점")
    value, step = _korean_whole(whole)
    if point:
        digits = "".join(str(_SINO[letter]) for letter in decimals)
        step = Decimal(1).scaleb(-len(digits))
        value += Decimal(int(digits)).scaleb(-len(digits))
    return Written(value, step, _coarse(value, step))


def read_native(text: str) -> int:
    """Native Korean numerals up to 99: `세`, `열두`, `스물다섯`."""
    for word, tens in NATIVE_TENS.items():
        if text.startswith(word):
            return tens + NATIVE_UNITS.get(text.removeprefix(word), 0)
    return NATIVE_UNITS[text]


def read_english(text: str) -> Written:
    """English number words: `twenty-five`, `three hundred thousand`."""
    total, block = 0, 0
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in ENGLISH:
            block += ENGLISH[word]
        elif word == "hundred":
            block = max(block, 1) * 100
        elif word in ENGLISH_SCALES:
            total += max(block, 1) * ENGLISH_SCALES[word]
            block = 0
    value = Decimal(total + block)
    return Written(value, Decimal(1), _coarse(value, Decimal(1)))


def joined(parts: list[Written]) -> Written:
    """The sum of falling parts: `12조` and `3,456억`."""
    last = parts[-1]
    return Written(sum((part.value for part in parts), Decimal(0)), last.step, last.coarse)


def _korean_whole(text: str) -> tuple[Decimal, Decimal]:
    total, block, digit, place = 0, 0, -1, 1
    for letter in text:
        if letter in _SINO:
            digit, place = _SINO[letter] if digit < 0 else digit * 10 + _SINO[letter], 1
        elif SCALES[letter] < 10**4:
            block += (1 if digit < 0 else digit) * SCALES[letter]
            digit, place = -1, SCALES[letter]
        else:
            block += max(digit, 0)
            total += (block or 1) * SCALES[letter]
            block, digit, place = 0, -1, SCALES[letter]
    return Decimal(total + block + max(digit, 0)), Decimal(place)


def _coarse(value: Decimal, step: Decimal) -> Decimal:
    """The place of the last digit that is not zero; `step` for zero itself."""
    if not value:
        return step
    count = int(value / step)
    while count % 10 == 0:
        count //= 10
        step *= 10
    return step

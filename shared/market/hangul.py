"""Taking Korean syllables apart: into letters, to measure typing errors, and into initials, as people abbreviate."""

_FIRST, _LAST = 0xAC00, 0xD7A3
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS: tuple[str, ...] = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")


def _letters_of(code: int) -> str:
    initial, rest = divmod(code - _FIRST, 588)
    return _INITIALS[initial] + _VOWELS[rest // 28] + _FINALS[rest % 28]


_TO_LETTERS = {code: _letters_of(code) for code in range(_FIRST, _LAST + 1)}
_TO_INITIAL = {code: _INITIALS[(code - _FIRST) // 588] for code in range(_FIRST, _LAST + 1)}
_HEARD = str.maketrans("ㅐㅒㅙㅚ", "ㅔㅖㅞㅞ")


def letters(text: str) -> str:
    """Every syllable as its letters: `홀딩스` is `ㅎㅗㄹㄷㅣㅇㅅㅡ`; other characters stay."""
    return text.translate(_TO_LETTERS)


def sounds(text: str) -> str:
    """Letters as they are heard: vowels that are pronounced alike, ㅐ and ㅔ or ㅙ, ㅚ and ㅞ, are one."""
    return letters(text).translate(_HEARD)


def initials(text: str) -> str:
    """Every syllable as its initial consonant: `삼성전자` is `ㅅㅅㅈㅈ`; other characters stay."""
    return text.translate(_TO_INITIAL)


def is_initials(text: str) -> bool:
    """Whether the text consists of initial consonants only."""
    return bool(text) and all(letter in _INITIALS for letter in text)


def is_syllable(letter: str) -> bool:
    """Whether the character is a whole Korean syllable."""
    return "가" <= letter <= "힣"

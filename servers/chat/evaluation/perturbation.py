"""Ways in which people spoil a question: no spaces, rude and polite endings, stretched letters, one typing error."""

import random
from collections.abc import Callable, Mapping

Spoil = Callable[[str, random.Random], str]

_FIRST_SYLLABLE, _PER_INITIAL, _PER_VOWEL = 0xAC00, 588, 28
_INITIALS, _VOWELS, _FINALS = 19, 21, 28
# Letters that sound alike or lie side by side on the keyboard, by their numbers in Unicode's syllables.
_NEAR_VOWEL = {0: 4, 4: 0, 8: 13, 13: 8, 1: 5, 5: 1, 20: 18, 18: 20}
_NEAR_FINAL = {0: 4, 4: 0, 21: 4, 16: 21}
_NEAR_INITIAL = {0: 1, 3: 4, 7: 8, 9: 10, 12: 13}
_VOWEL_ERRORS, _FINAL_ERRORS = 0.5, 0.8


def without_spaces(question: str, _chance: random.Random) -> str:
    """All words together."""
    return question.replace(" ", "")


def rude(question: str, chance: random.Random) -> str:
    """As people speak to machines that they are angry with."""
    return "야 " + question.rstrip("?.!요 ") + chance.choice([" 빨리", " 임마", " ㅡㅡ", "냐고", " 당장"])


def polite(question: str, chance: random.Random) -> str:
    """With a greeting and thanks."""
    greeting = chance.choice(["안녕하세요, ", "혹시 ", "실례지만 ", ""])
    thanks = chance.choice([" 부탁드립니다", " 감사합니다", " 알려주시면 감사하겠습니다", "^^", " 🙏"])
    return greeting + question + thanks


def stretched(question: str, _chance: random.Random) -> str:
    """With laughter and tears behind it."""
    return question + "ㅋㅋㅋㅋ ㅠㅠ ~~~!!!"


def typo(question: str, chance: random.Random) -> str:
    """One letter of one syllable replaced, mostly by one that sounds or lies near it."""
    places = [place for place, letter in enumerate(question) if "가" <= letter <= "힣"]
    if not places:
        return question
    place = chance.choice(places)
    code = ord(question[place]) - _FIRST_SYLLABLE
    initial, vowel, final = code // _PER_INITIAL, code // _PER_VOWEL % _VOWELS, code % _FINALS
    kind = chance.random()
    if kind < _VOWEL_ERRORS:
        vowel = _NEAR_VOWEL.get(vowel, (vowel + 1) % _VOWELS)
    elif kind < _FINAL_ERRORS:
        final = _NEAR_FINAL.get(final, 0)
    else:
        initial = _NEAR_INITIAL.get(initial, (initial + 1) % _INITIALS)
    wrong = chr(_FIRST_SYLLABLE + initial * _PER_INITIAL + vowel * _PER_VOWEL + final)
    return question[:place] + wrong + question[place + 1 :]


PERTURBATIONS: Mapping[str, Spoil] = {
    "nospace": without_spaces,
    "rude": rude,
    "polite": polite,
    "stretched": stretched,
    "typo": typo,
}


def spoiled(question: str, name: str, *, seed: int) -> str:
    """A question spoiled in one way; the same every time for the same seed."""
    return PERTURBATIONS[name](question, random.Random(seed))

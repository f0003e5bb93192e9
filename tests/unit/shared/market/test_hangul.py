import pytest

from shared.market.hangul import initials, is_initials, letters


def test_syllables_come_apart_into_letters() -> None:
    assert letters("홀딩스") == "ㅎㅗㄹㄷㅣㅇㅅㅡ"
    assert letters("LG전자") == "LGㅈㅓㄴㅈㅏ"
    assert letters("힣가") == "ㅎㅣㅎㄱㅏ"


def test_a_name_is_abbreviated_by_its_initials() -> None:
    assert initials("삼성전자") == "ㅅㅅㅈㅈ"
    assert initials("까치") == "ㄲㅊ"


@pytest.mark.parametrize(
    ("text", "answer"), [("ㅅㅅㅈㅈ", True), ("ㅅ", True), ("", False), ("ㅏㅏ", False), ("삼", False), ("ㅅㅅ1", False)]
)
def test_only_initial_consonants_are_initials(text: str, answer: bool) -> None:
    assert is_initials(text) is answer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.market.spelling import spell, spell_with_positions


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("LG전자", "엘지전자"),
        ("lg 전자", "엘지전자"),
        ("엘지전자", "엘지전자"),
        ("KT&G", "케이티앤지"),
        ("SK하이닉스", "에스케이하이닉스"),
        ("POSCO홀딩스", "포스코홀딩스"),
        ("KODEX 200", "코덱스200"),
        ("ＬＧ화학", "엘지화학"),
        ("S-Oil", "에스오일"),
        ("JYP Ent.", "제이와이피엔터"),
        ("Samsung Electronics", spell("SAMSUNGELECTRONICS")),
        ("!? \u202e", ""),
    ],
)
def test_all_ways_to_write_a_name_are_spelled_alike(written: str, spelled: str) -> None:
    assert spell(written) == spelled


@given(st.text(alphabet="LG전자 kt&g삼성ㅅposco200-!", max_size=20))
def test_positions_lead_back_to_the_text(text: str) -> None:
    spelled = spell_with_positions(text)
    assert spelled.text == spell(text)
    assert len(spelled.text) == len(spelled.starts) == len(spelled.ends)
    starts = [start for start in spelled.starts if start >= 0]
    ends = [end for end in spelled.ends if end >= 0]
    assert starts == sorted(starts)
    assert len(starts) == len(ends)
    assert all(start < end <= len(text) for start, end in zip(starts, ends, strict=True))

import pytest

from servers.chat.retrieval.terms import terms_of
from shared.text.kiwi import KiwiMorphemes


@pytest.mark.parametrize(
    ("question", "headline"),
    [
        ("한화오션 수주했어?", "한화오션, 카타르서 LNG선 수주"),
        ("금리 올랐나요", "기준금리 인상…금리 오르자 은행주 강세"),
        ("signals explained", "What a signal says"),
        ("알림은 몇 개까지 되나요?", "알림 만들기와 지우기"),
        ("ＨＢＭ 공급", "SK하이닉스 HBM 공급 확대"),
    ],
)
def test_a_question_and_a_headline_share_their_content_words(morphemes: KiwiMorphemes, question: str, headline: str) -> None:
    assert set(terms_of(question, morphemes)) & set(terms_of(headline, morphemes))


def test_particles_and_empty_words_do_not_count(morphemes: KiwiMorphemes) -> None:
    assert terms_of("그것은 왜 이렇게 되어 있는 것인가요?", morphemes) == []


def test_a_long_text_is_read_to_its_limit_only(morphemes: KiwiMorphemes) -> None:
    assert len(terms_of("수주 " * 50_000, morphemes)) <= 1_000

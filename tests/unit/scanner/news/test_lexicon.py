"""Behaviour of the lexicon scorer on texts whose morphemes are spelled out."""

import pytest

from servers.scanner.news.lexicon import LEXICON_FILE, EntryKind, LexiconEntry, LexiconScorer, read_entries
from servers.scanner.news.sentiment import SentimentLabel
from shared.market.errors import InvalidInput
from tests.fakes.morphemes import SpelledOutAnalyser

ENTRIES = (
    LexiconEntry(phrase="개선", kind=EntryKind.POSITIVE, weight=1.0),
    LexiconEntry(phrase="완화", kind=EntryKind.POSITIVE, weight=0.5),
    LexiconEntry(phrase="흑자 전환", kind=EntryKind.POSITIVE, weight=1.5),
    LexiconEntry(phrase="전환", kind=EntryKind.NEGATIVE, weight=0.1),
    LexiconEntry(phrase="횡령", kind=EntryKind.NEGATIVE, weight=1.5),
    LexiconEntry(phrase="늘/VV 다/EF", kind=EntryKind.RISE, weight=1.0),
    LexiconEntry(phrase="줄/VV 다/EF", kind=EntryKind.FALL, weight=1.0),
    LexiconEntry(phrase="손실", kind=EntryKind.BURDEN, weight=0.6),
    LexiconEntry(phrase="우려", kind=EntryKind.BURDEN, weight=0.7),
)
SCORER = LexiconScorer(SpelledOutAnalyser(), ENTRIES)


def score(text: str) -> float:
    return SCORER.score([text])[0].score


def label(text: str) -> SentimentLabel:
    return SCORER.score([text])[0].label


def test_a_text_without_known_words_is_neutral() -> None:
    assert SCORER.score(["회사 가/JKS 오늘", ""])[0].label is SentimentLabel.NEUTRAL
    assert [verdict.score for verdict in SCORER.score(["", "회사"])] == [0, 0]


def test_polar_words_decide_and_are_named_as_evidence() -> None:
    verdict = SCORER.score(["대표 횡령 혐의"])[0]
    assert (verdict.label, verdict.evidence) == (SentimentLabel.NEGATIVE, ("횡령",))
    assert verdict.score == pytest.approx(-1.5 / 2.0)


def test_the_longest_phrase_wins_however_it_is_cut() -> None:
    assert score("흑자 전환") == score("흑자전환") == pytest.approx(0.75)


def test_a_rise_is_good_and_a_rise_of_a_burden_is_bad() -> None:
    assert label("매출 이/JKS 늘/VV 었/EP 다/EF") is SentimentLabel.POSITIVE
    assert label("손실 이/JKS 늘/VV 었/EP 다/EF") is SentimentLabel.NEGATIVE
    assert label("손실 이/JKS 줄/VV 었/EP 다/EF") is SentimentLabel.POSITIVE
    assert label("줄/VV ㄴ/ETM 손실") is SentimentLabel.POSITIVE


def test_a_burden_far_from_the_direction_keeps_its_own_weight() -> None:
    assert score("손실 을/JKO 낸 가 나 다 라 회사 매출 이/JKS 늘/VV 다/EF") == pytest.approx((1.0 - 0.6) / 2.1)


def test_relief_of_a_burden_is_good() -> None:
    assert score("우려 완화") == pytest.approx(0.5)


@pytest.mark.parametrize(
    "text",
    [
        "실적 이/JKS 개선 되/XSV 지/EC 않/VX 었/EP 다/EF",
        "실적 개선 은/JX 없/VA 다/EF",
        "안/MAG 늘/VV 었/EP 다/EF",
        "개선 하/XSV 지/EC 못/MAG 하/VV 었/EP 다/EF",
    ],
)
def test_negation_turns_a_word_around(text: str) -> None:
    assert label(text) is SentimentLabel.NEGATIVE


def test_a_negated_worry_is_good_news() -> None:
    assert label("우려 는/JX 없/VA 다/EF") is SentimentLabel.POSITIVE


def test_negation_does_not_reach_into_the_next_clause() -> None:
    assert label("실적 개선 ,/SP 배당 없/VA 다/EF") is SentimentLabel.POSITIVE
    assert label("실적 이/JKS 개선 되/XSV 고/EC 문제 없/VA 다/EF") is SentimentLabel.POSITIVE


def test_what_a_sentence_sets_aside_counts_little() -> None:
    assert label("우려 에/JKB 도/JX 실적 이/JKS 늘/VV 었/EP 다/EF") is SentimentLabel.POSITIVE


def test_the_packaged_lexicon_is_large_and_well_formed() -> None:
    entries = read_entries(LEXICON_FILE.read_text(encoding="utf-8"))
    polar = [entry for entry in entries if entry.kind in (EntryKind.POSITIVE, EntryKind.NEGATIVE)]
    assert len(polar) >= 400
    assert {entry.kind for entry in entries} == set(EntryKind)


@pytest.mark.parametrize("line", ["호재,good,1", "호재,positive,3", "호재,positive,1\n호재,negative,1"])
def test_a_broken_lexicon_line_is_refused(line: str) -> None:
    with pytest.raises(InvalidInput, match="lexicon line"):
        read_entries(f"phrase,kind,weight\n{line}\n")

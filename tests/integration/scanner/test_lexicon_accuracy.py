"""The lexicon over the real morpheme analyser: idioms of Korean headlines, and accuracy on labelled sentences."""

from pathlib import Path

import polars as pl
import pytest

from servers.scanner.news.lexicon import LexiconScorer
from servers.scanner.news.sentiment import SentimentLabel
from shared.text.kiwi import KiwiMorphemes


@pytest.fixture(scope="module")
def scorer() -> LexiconScorer:
    return LexiconScorer(KiwiMorphemes.load())


@pytest.mark.parametrize(
    ("headline", "label"),
    [
        ("삼성전자, 3분기 어닝 서프라이즈…목표주가 상향", SentimentLabel.POSITIVE),
        ("적자 폭이 줄어들었다", SentimentLabel.POSITIVE),
        ("관세 우려에도 반도체주 급등", SentimentLabel.POSITIVE),
        ("4년 만에 흑자전환 성공", SentimentLabel.POSITIVE),
        ("실적이 개선되지 않았다", SentimentLabel.NEGATIVE),
        ("비용이 늘어 손실이 확대됐다", SentimentLabel.NEGATIVE),
        ("대표이사 횡령 혐의 발생…거래정지", SentimentLabel.NEGATIVE),
        ("공급계약 해지 공시", SentimentLabel.NEGATIVE),
        ("정기 주주총회 소집 결의", SentimentLabel.NEUTRAL),
        ("", SentimentLabel.NEUTRAL),
    ],
)
def test_headlines_of_the_market_are_understood(scorer: LexiconScorer, headline: str, label: SentimentLabel) -> None:
    assert scorer.score([headline])[0].label is label


@pytest.mark.data
def test_accuracy_on_labelled_sentences_is_measured(scorer: LexiconScorer, real_data: Path) -> None:
    # The corpus is only measured on: no entry or threshold of the lexicon comes from it.
    sentences = pl.read_parquet(real_data / "sentiment_ko.parquet")
    verdicts = scorer.score(sentences["text_ko"].to_list())
    judged = sentences.with_columns(said=pl.Series([verdict.label.value.lower() for verdict in verdicts]))
    confusion = judged.pivot(on="said", index="label", values="id", aggregate_function="len").sort("label")
    accuracy = float((judged["label"] == judged["said"]).to_numpy().mean())
    print(f"accuracy {accuracy:.3f} over {len(judged)} sentences\n{confusion}")
    majority = float(judged["label"].value_counts(normalize=True)["proportion"].to_numpy().max())
    assert accuracy > majority + 0.08

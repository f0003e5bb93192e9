"""Same stories, ticker matching and the counts that 종가베팅 uses."""

from datetime import UTC, datetime, timedelta

import pytest

from servers.scanner.news.articles import Article, distinct, is_same_story, news_inputs, tickers_in, title_words
from servers.scanner.news.sentiment import Sentiment, SentimentLabel
from shared.market.instrument import Instrument, InstrumentKind, Ticker
from shared.market.instrument_index import InstrumentIndex

NOW = datetime(2026, 4, 30, 6, 15, tzinfo=UTC)
SAMSUNG, HYNIX = Ticker("005930"), Ticker("000660")


def article(title, *, hours_ago=1.0, score=0.7, tickers=(SAMSUNG,)):
    label = SentimentLabel.POSITIVE if score > 0.2 else SentimentLabel.NEGATIVE if score < -0.2 else SentimentLabel.NEUTRAL
    return Article(
        title=title,
        published_time=NOW - timedelta(hours=hours_ago),
        tickers=tickers,
        sentiment=Sentiment(score=score, label=label),
    )


def same(first, second):
    return is_same_story(title_words(first), title_words(second))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("삼성전자, 어닝 서프라이즈!", "삼성전자 어닝 서프라이즈", True),
        ("[속보] 삼성전자 어닝 서프라이즈", "삼성전자 어닝 서프라이즈(종합)", True),
        ("ＳＫ하이닉스 수주", "sk하이닉스 수주", True),
        ("삼성전자 1분기 영업이익 6조 원 기록", "삼성전자 1분기 영업이익 6조 원", True),  # 5 of 6 words
        ("삼성전자 1분기 영업이익 6조", "삼성전자 1분기 매출 60조", False),
        ("[단독]", "[단독]", True),
    ],
)
def test_titles_of_one_story_are_recognised(first, second, expected):
    assert same(first, second) is expected


def test_of_each_story_only_the_newest_is_kept():
    stories = [
        article("수주 성공", hours_ago=5),
        article("[특징주] 수주 성공", hours_ago=2),
        article("배당 확대", hours_ago=9),
    ]
    assert [story.title for story in distinct(stories)] == ["[특징주] 수주 성공", "배당 확대"]


def test_counts_are_taken_per_ticker():
    inputs = news_inputs(
        [
            article("수주 성공", score=0.8, tickers=(SAMSUNG, HYNIX)),
            article("수주 성공 ", score=0.8),
            article("소송 제기", score=-0.5),
            article("주주총회 소집", score=0.0),
        ],
        [HYNIX, SAMSUNG, "000020"],
        as_of=NOW,
    )
    assert inputs.positive.tolist() == [1, 1, 0]
    assert inputs.negative.tolist() == [0, 1, 0]
    assert inputs.mean.tolist() == pytest.approx([0.8, 0.1, 0.0])
    assert inputs.negative_majority.tolist() == [False, True, False]


def test_the_look_back_is_open_at_its_start_and_closed_at_the_decision():
    ages = [72.0, 71.99, 0.0, -0.01]
    stories = [article(f"수주 {number}건째 소식", hours_ago=age) for number, age in enumerate(ages)]
    assert news_inputs(stories, [SAMSUNG], as_of=NOW).positive.tolist() == [2]


def test_only_the_newest_ten_stories_count():
    words = "가나다라마바사아자차카타"
    stories = [
        article(f"{word} 소식", hours_ago=number, score=-0.9 if number >= 10 else 0.9) for number, word in enumerate(words)
    ]
    inputs = news_inputs(stories, [SAMSUNG], as_of=NOW)
    assert (inputs.positive.tolist(), inputs.negative.tolist()) == ([10], [0])


def test_headlines_find_their_tickers():
    def share(ticker, name):
        return Instrument(ticker=ticker, name=name, kind=InstrumentKind.COMMON)

    index = InstrumentIndex([share(SAMSUNG, "삼성전자"), share(HYNIX, "SK하이닉스"), share(Ticker("009150"), "삼성전기")])
    assert tickers_in("SK하이닉스·삼성전자, HBM 공급 확대", index) == (HYNIX, SAMSUNG)
    assert tickers_in("코스피 2% 상승 마감", index) == ()
    assert tickers_in("삼성전자 노조 “삼성전자 파업”", index) == (SAMSUNG,)

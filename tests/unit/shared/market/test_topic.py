from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.market.errors import InvalidInput
from shared.market.instrument import Ticker
from shared.market.quote import Venue
from shared.market.signal import SignalKind
from shared.market.topic import (
    FeedStatusTopic,
    IndexTopic,
    MarketGateTopic,
    MarketIndex,
    PriceTopic,
    Topic,
    parse_signal_topic,
    parse_topic,
    signal_topic,
)

TICKERS = st.from_regex(r"[0-9][0-9A-Z]{5}", fullmatch=True).map(lambda text: Ticker(text.translate({0x0A: None})))
TOPICS: st.SearchStrategy[Topic] = st.one_of(
    st.builds(PriceTopic, TICKERS, st.sampled_from(Venue)),
    st.builds(IndexTopic, st.sampled_from(MarketIndex)),
    st.just(MarketGateTopic()),
    st.just(FeedStatusTopic()),
)


@given(TOPICS)
def test_every_topic_reads_back_as_itself(topic: Topic) -> None:
    assert parse_topic(str(topic)) == topic


@given(st.text(max_size=24))
def test_any_text_is_a_topic_or_a_named_error(text: str) -> None:
    with suppress(InvalidInput):
        topic = parse_topic(text)
        assert parse_topic(str(topic)) == topic


def test_the_error_names_the_field_and_not_the_bytes() -> None:
    with pytest.raises(InvalidInput, match=r"topics\[3\]") as caught:
        parse_topic("price:\x00\u202e12345", "topics[3]")
    assert caught.value.why.isprintable()


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("market-gate", "market-gate"),
        ("market_gate", "market-gate"),
        ("market:kospi", "market:kospi"),
        ("index:kospi", "market:kospi"),
        ("index:kosdaq", "market:kosdaq"),
        ("price:005930", "price:005930"),
        ("price:0015N0", "price:0015N0"),
        ("price:005930@consolidated", "price:005930"),
        ("price:005930@nxt", "price:005930@nxt"),
    ],
)
def test_old_spellings_are_understood_and_answered_canonically(written: str, canonical: str) -> None:
    assert str(parse_topic(written)) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "price",
        "price:",
        "price:123",
        "price:ABCDEF",
        "price:0152301010",
        "price:005930@krx2",
        "market:nikkei",
        "prices:005930",
        "PRICE:005930",
        "market-gate ",
        "index:*",
        "price:００５９３０",
    ],
)
def test_what_is_no_topic_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_topic(text)


def test_a_signal_is_not_a_value_and_the_error_says_where_signals_are() -> None:
    with pytest.raises(InvalidInput, match="WatchSignals"):
        parse_topic("signal:vcp")


@pytest.mark.parametrize("kind", list(SignalKind))
def test_every_kind_of_signal_has_a_name_that_reads_back(kind: SignalKind) -> None:
    assert parse_signal_topic(signal_topic(kind)) is kind


def test_the_old_name_of_the_closing_bet_is_understood() -> None:
    assert parse_signal_topic("signal:jongga_v2") is SignalKind.JONGGA


@pytest.mark.parametrize("text", ["vcp", "signal:", "signal:elliott", "price:vcp"])
def test_an_unknown_signal_topic_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="signal:vcp"):
        parse_signal_topic(text)

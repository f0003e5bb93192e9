"""Domain values survive the wire."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kstock.common.v1 import candidate_pb2, market_index_pb2, quote_pb2, topic_pb2
from kstock.pricestream.v1 import price_stream_service_pb2 as stream_pb2

from shared.market.errors import InvalidInput
from shared.market.instrument import Board, Instrument, InstrumentFlag, InstrumentKind, Ticker
from shared.market.quote import Quality, Quote, Venue
from shared.market.signal import (
    Candidate,
    Component,
    Grade,
    Signal,
    SignalChange,
    SignalEvent,
    SignalKind,
    SignalState,
)
from shared.market.topic import FeedStatusTopic, IndexTopic, MarketGateTopic, MarketIndex, PriceTopic, Topic
from shared.rpc.messages.chunks import envelope, read_chunk, status_chunk, update_chunk
from shared.rpc.messages.enums import EnumMap
from shared.rpc.messages.instruments import instrument_message, read_flags, read_instrument
from shared.rpc.messages.quotes import quote_message, read_quote
from shared.rpc.messages.signals import (
    candidate_message,
    read_candidate,
    read_signal,
    read_signal_event,
    signal_event_message,
    signal_message,
)
from shared.rpc.messages.times import (
    duration_message,
    local_date_message,
    read_duration,
    read_local_date,
    read_timestamp,
    timestamp_message,
)
from shared.rpc.messages.topics import read_topic, topic_message

few = settings(max_examples=20, deadline=None)
NOW = datetime(2026, 4, 30, 6, 30, 0, 123456, tzinfo=UTC)
won = st.integers(1, 2**50)
maybe_won = st.none() | st.integers(0, 2**50)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
words = st.text(max_size=8)

quotes = st.builds(
    Quote,
    ticker=st.just(Ticker("0015N0")),
    price_krw=won,
    previous_close_krw=maybe_won,
    open_krw=maybe_won,
    high_krw=maybe_won,
    low_krw=maybe_won,
    volume_shares=st.integers(0, 2**50),
    turnover_krw=st.integers(0, 2**52),
    venue=st.sampled_from(Venue),
    quality=st.sampled_from(Quality),
    exchange_time=moments,
    receive_time=moments,
    source=words,
)
points = st.floats(0, 105, allow_nan=False)
components = st.builds(
    Component,
    name=words,
    points=points,
    max_points=points,
    status=st.sampled_from(["", "passed", "partial", "failed", "missing"]),
    evidence=words,
)
texts = st.lists(words, max_size=3).map(tuple)
candidates = st.builds(
    Candidate,
    kind=st.sampled_from(SignalKind),
    ticker=st.just(Ticker("005930")),
    name=words,
    board=st.sampled_from(Board),
    as_of=st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    score=points,
    max_score=points,
    grade=st.sampled_from(Grade),
    detected=st.booleans(),
    tradable=st.booleans(),
    components=st.lists(components, max_size=3).map(tuple),
    reasons=texts,
    cautions=texts,
    missing=texts,
    flags=texts,
    setup=words,
    close_krw=won,
    entry_krw=maybe_won,
    stop_krw=maybe_won,
    target_krw=maybe_won,
    turnover_avg20_krw=won,
    market_cap_krw=maybe_won,
    volume_shares=won,
    metrics=st.dictionaries(words, st.floats(allow_nan=False), max_size=3),
    rule_version=words,
    target_return_bps=st.none() | st.integers(-3000, 3000),
)
signals = st.builds(
    Signal,
    signal_id=words,
    revision=st.integers(1, 1000),
    state=st.sampled_from(SignalState),
    candidate=candidates,
    opened_price_krw=won,
    opened_on=st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    plan_on=st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    opened_time=moments,
    updated_time=moments,
    closed_time=st.none() | moments,
    close_reason=words,
    close_price_krw=maybe_won,
    previous_grade=st.none() | st.sampled_from(Grade),
)
TOPICS: list[Topic] = [
    PriceTopic(Ticker("005930")),
    PriceTopic(Ticker("0015N0"), Venue.NXT),
    *(IndexTopic(index) for index in MarketIndex),
    MarketGateTopic(),
    FeedStatusTopic(),
]


@few
@given(quote=quotes)
def test_a_quote_survives_the_wire(quote: Quote) -> None:
    received = quote_pb2.Quote.FromString(quote_message(quote, topic_seq=7).SerializeToString())
    assert read_quote(received) == quote
    assert received.topic_seq == 7


@few
@given(quote=quotes)
def test_a_quote_carries_the_change_of_the_domain(quote: Quote) -> None:
    message = quote_message(quote)
    assert message.HasField("change_krw") == (quote.change_krw is not None)
    if message.HasField("change_bps"):
        assert message.change_bps == quote.change_bps


def test_a_change_that_the_wire_cannot_carry_is_absent() -> None:
    absurd = Quote(
        ticker=Ticker("005930"),
        price_krw=2**50,
        previous_close_krw=1,
        open_krw=None,
        high_krw=None,
        low_krw=None,
        volume_shares=0,
        turnover_krw=0,
        venue=Venue.KRX,
        quality=Quality.REALTIME,
        exchange_time=NOW,
        receive_time=NOW,
        source="",
    )
    message = quote_message(absurd)
    assert not message.HasField("change_bps")
    assert message.change_krw == 2**50 - 1


@few
@given(candidate=candidates)
def test_a_candidate_survives_the_wire(candidate: Candidate) -> None:
    received = candidate_pb2.Candidate.FromString(candidate_message(candidate).SerializeToString())
    assert read_candidate(received) == candidate


@few
@given(signal=signals)
def test_a_signal_survives_the_wire(signal: Signal) -> None:
    assert read_signal(signal_message(signal)) == signal


@few
@given(signal=signals, change=st.sampled_from(SignalChange), time=moments)
def test_an_event_survives_the_wire(signal: Signal, change: SignalChange, time: datetime) -> None:
    event = SignalEvent(event_id=2**40, change=change, signal=signal, time=time)
    assert read_signal_event(signal_event_message(event)) == event


@few
@given(
    instrument=st.builds(
        Instrument,
        ticker=st.just(Ticker("005930")),
        name=words,
        kind=st.sampled_from(InstrumentKind),
        board=st.none() | st.sampled_from(Board),
        name_en=words,
        isin=words,
        sector=words,
        industry=words,
        list_date=st.none() | st.dates(date(1956, 1, 1), date(2100, 1, 1)),
        delist_date=st.none() | st.dates(date(1956, 1, 1), date(2100, 1, 1)),
        shares=st.none() | st.integers(0, 2**50),
        market_cap_krw=maybe_won,
    ),
    flags=st.frozensets(st.sampled_from(InstrumentFlag)),
)
def test_an_instrument_survives_the_wire(instrument: Instrument, flags: frozenset[InstrumentFlag]) -> None:
    message = instrument_message(instrument, flags=flags)
    assert read_instrument(message) == instrument
    assert read_flags(message) == flags


@few
@given(moment=moments)
def test_a_time_survives_the_wire(moment: datetime) -> None:
    assert read_timestamp(timestamp_message(moment)) == moment


@few
@given(duration=st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_duration_survives_the_wire(duration: timedelta) -> None:
    assert read_duration(duration_message(duration)) == duration


@few
@given(day=st.dates())
def test_a_date_survives_the_wire(day: date) -> None:
    assert read_local_date(local_date_message(day)) == day


@pytest.mark.parametrize("topic", TOPICS, ids=str)
def test_a_topic_survives_the_wire(topic: Topic) -> None:
    assert read_topic(topic_message(topic)) == topic


def test_a_price_topic_without_a_venue_is_consolidated() -> None:
    message = topic_pb2.Topic(price=topic_pb2.PriceTopic(ticker="005930"))
    assert read_topic(message) == PriceTopic(Ticker("005930"), Venue.CONSOLIDATED)


@pytest.mark.parametrize(
    ("message", "field"),
    [
        (topic_pb2.Topic(), "topics[2]"),
        (topic_pb2.Topic(price=topic_pb2.PriceTopic(ticker="123")), "topics[2].price.ticker"),
        (topic_pb2.Topic(price=topic_pb2.PriceTopic()), "topics[2].price.ticker"),
        (topic_pb2.Topic(market_index=0), "topics[2].market_index"),
    ],
)
def test_a_topic_that_is_none_is_refused_by_path(message: topic_pb2.Topic, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_topic(message, "topics[2]")
    assert refused.value.field == field


def test_a_candidate_without_a_kind_is_refused_by_path() -> None:
    message = candidate_pb2.Candidate(as_of=local_date_message(date(2026, 4, 30)))
    with pytest.raises(InvalidInput) as refused:
        read_candidate(message, "candidates[4]")
    assert refused.value.field == "candidates[4].kind"


def test_enums_with_different_names_are_found_when_they_are_paired() -> None:
    class Weather(StrEnum):
        SUN = "SUN"

    with pytest.raises(ValueError, match="different names"):
        EnumMap(Weather, quote_pb2.Venue)


def test_joined_chunks_are_one_response() -> None:
    chunks = [
        update_chunk(quote_pb2.Quote(ticker="005930", topic_seq=1, price_krw=72_300)),
        update_chunk(market_index_pb2.IndexLevel(index=market_index_pb2.MARKET_INDEX_KOSPI, level_e2=654_321)),
        update_chunk(quote_pb2.Quote(ticker="000660", topic_seq=9, price_krw=190_000)),
        status_chunk(stream_pb2.TopicStatus(state=stream_pb2.TOPIC_STATE_CURRENT)),
    ]
    control = stream_pb2.SubscribeResponse(heartbeat=stream_pb2.StreamHeartbeat(topics=3))
    joined = b"".join([*chunks, envelope(12, NOW, control)])
    response = stream_pb2.SubscribeResponse.FromString(joined)
    assert [quote.ticker for quote in response.quotes] == ["005930", "000660"]
    assert response.indices[0].level_e2 == 654_321
    assert response.topic_statuses[0].state == stream_pb2.TOPIC_STATE_CURRENT
    assert response.stream_seq == 12
    assert read_timestamp(response.send_time) == NOW
    assert response.heartbeat.topics == 3


def test_a_chunk_can_be_read_back() -> None:
    assert read_chunk(update_chunk(quote_pb2.Quote(ticker="005930"))).quotes[0].ticker == "005930"


def test_bytes_that_are_no_chunk_are_refused() -> None:
    with pytest.raises(InvalidInput, match="chunk"):
        read_chunk(b"\xff\xff\xff")

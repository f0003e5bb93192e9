"""What is refused in every request, with the path of the field."""

from contextlib import suppress
from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import DecodeError
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given, settings
from hypothesis import strategies as st
from kstock.chat.v1 import chat_service_pb2
from kstock.common.v1 import local_date_pb2, topic_pb2
from kstock.market.v1 import market_service_pb2
from kstock.pricestream.v1 import price_stream_service_pb2
from kstock.scanner.v1 import scanner_service_pb2
from kstock.signal.v1 import signal_service_pb2

from shared.market.errors import InvalidInput
from shared.rpc.request_check import RequestChecker

PRICE = topic_pb2.Topic(price=topic_pb2.PriceTopic(ticker="005930"))
ODD_VENUE = topic_pb2.Topic(price=topic_pb2.PriceTopic(ticker="005930", venue=99))
NO_VENUE = topic_pb2.Topic(price=topic_pb2.PriceTopic(ticker="005930", venue=0))
ListBars = market_service_pb2.ListBarsRequest
LocalDate = local_date_pb2.LocalDate

REFUSED: list[tuple[Any, str]] = [
    (scanner_service_pb2.RunScanRequest(kind=99), "kind"),
    (scanner_service_pb2.RunScanRequest(kind=1, sort_by=0), "sort_by"),
    (signal_service_pb2.ListSignalsRequest(kinds=[1, 0]), "kinds[1]"),
    (signal_service_pb2.ListSignalsRequest(kinds=[1, -3]), "kinds[1]"),
    (price_stream_service_pb2.SubscribeRequest(topics=[PRICE, ODD_VENUE]), "topics[1].price.venue"),
    (price_stream_service_pb2.SubscribeRequest(topics=[NO_VENUE]), "topics[0].price.venue"),
    (ListBars(page_size=-1), "page_size"),
    (ListBars(page_size=501), "page_size"),
    (ListBars(ticker="00593\x00"), "ticker"),
    (ListBars(ticker="\u202e005930"), "ticker"),
    (ListBars(ticker="005930\u200b"), "ticker"),
    (ListBars(ticker="0" * 257), "ticker"),
    (ListBars(page_token="x" * 1025), "page_token"),
    (ListBars(since=LocalDate(year=2026, month=2, day=30)), "since"),
    (ListBars(since=LocalDate()), "since"),
    (ListBars(until=LocalDate(year=9999, month=1, day=1)), "until"),
    (ListBars(until=LocalDate(year=2**31 - 1, month=1, day=1)), "until"),
    (market_service_pb2.BatchGetQuotesRequest(tickers=["005930", "a\x1bb"]), "tickers[1]"),
    (market_service_pb2.BatchGetQuotesRequest(max_age=Duration(seconds=-1)), "max_age"),
    (market_service_pb2.BatchGetQuotesRequest(max_age=Duration(nanos=2_000_000_000)), "max_age"),
    (market_service_pb2.ListNewsRequest(since_time=Timestamp(seconds=2**60)), "since_time"),
    (scanner_service_pb2.RunScanRequest(kind=1, idempotency_key="k" * 65), "idempotency_key"),
    (chat_service_pb2.ConverseRequest(text="삼성전자\x00"), "text"),
]

ACCEPTED = [
    price_stream_service_pb2.SubscribeRequest(topics=[PRICE]),
    scanner_service_pb2.RunScanRequest(kind=1),
    ListBars(ticker="005930", page_size=500, since=LocalDate(year=2026, month=2, day=28)),
    chat_service_pb2.ConverseRequest(text="삼성전자 \u202e지금\n얼마야? 👨‍👩‍👧"),
    market_service_pb2.SearchInstrumentsRequest(query="ㅅㅅㅈㅈ"),
]


@pytest.mark.parametrize(("request_", "field"), REFUSED, ids=[f"{i}-{field}" for i, (_, field) in enumerate(REFUSED)])
def test_a_meaningless_value_is_refused_with_the_path_of_its_field(request_: Any, field: str) -> None:
    with pytest.raises(InvalidInput) as failure:
        RequestChecker().check(request_)
    assert failure.value.field == field


@pytest.mark.parametrize("request_", ACCEPTED, ids=[type(request).__name__ for request in ACCEPTED])
def test_a_meaningful_request_passes(request_: Any) -> None:
    RequestChecker().check(request_)


def test_an_unknown_enum_value_is_answered_with_the_known_names() -> None:
    with pytest.raises(InvalidInput, match=r"99 is not a SignalKind; known are VCP, JONGGA, DAYTRADING"):
        RequestChecker().check(scanner_service_pb2.RunScanRequest(kind=99))


@settings(max_examples=50, deadline=None)
@given(raw=st.binary(max_size=200))
def test_no_bytes_that_decode_make_the_checker_fail_otherwise(raw: bytes) -> None:
    request = price_stream_service_pb2.SubscribeRequest()
    with suppress(DecodeError, InvalidInput):
        request.ParseFromString(raw)
        RequestChecker().check(request)


@settings(max_examples=50, deadline=None)
@given(text=st.text(max_size=40))
def test_an_accepted_name_has_nothing_invisible_in_it(text: str) -> None:
    try:
        RequestChecker().check(ListBars(ticker=text))
    except InvalidInput:
        return
    assert not any(mark in text for mark in "\x00\u200b\u200f\u202e\u2066\ufeff")

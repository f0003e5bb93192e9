"""Facts in words: the layouts of bot_ux.md 2."""

from datetime import UTC, datetime, timedelta

import pytest
from kstock.common.v1 import candidate_pb2, instrument_pb2, market_index_pb2, quote_pb2, session_pb2
from kstock.pricestream.v1 import price_stream_service_pb2 as stream_pb2
from kstock.scanner.v1 import scan_pb2

from bots.core import render, wire

NOW = datetime(2026, 3, 11, 4, 27, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "bps", "text"),
    [
        (1_200, 169, "🔴▲1,200 (+1.69%)"),
        (-300, -41, "🔵▼300 (-0.41%)"),
        (0, 0, "⚪- (+0.00%)"),
    ],
)
def test_a_move_has_sign_arrow_and_percent(change: int, bps: int, text: str) -> None:
    quote = quote_pb2.Quote(price_krw=72_300, change_krw=change, change_bps=bps, previous_close_krw=71_100)

    assert render.move(quote) == text


@pytest.mark.parametrize(("price", "word"), [(13_000, "🔴⬆ 상한가"), (7_000, "🔵⬇ 하한가")])
def test_a_price_at_its_limit_says_so(price: int, word: str) -> None:
    change = price - 10_000
    quote = quote_pb2.Quote(price_krw=price, change_krw=change, change_bps=change, previous_close_krw=10_000)

    assert render.move(quote).startswith(word)


def test_a_move_from_an_unknown_close_is_not_invented() -> None:
    assert render.move(quote_pb2.Quote(price_krw=72_300)) == "-"


@pytest.mark.parametrize(
    ("quality", "badge"),
    [
        (quote_pb2.QUALITY_REALTIME, "🟠 지연 · 7분 전"),
        (quote_pb2.QUALITY_SIMULATED, "🟠 지연 · 7분 전 · ⬜ 모의 데이터"),
        (quote_pb2.QUALITY_REPLAYED, "🟠 지연 · 7분 전 · ⏪ 재생 2026-03-11"),
    ],
)
def test_a_silent_source_is_late_and_still_what_it_was(quality: int, badge: str) -> None:
    assert render.freshness(quality, NOW - timedelta(minutes=7), NOW, stale=True) == badge


def test_a_quality_that_this_program_does_not_know_has_a_badge() -> None:
    assert render.freshness(99, NOW, NOW) == "⬜ 출처 미상"


def test_marks_of_a_candidate_are_words_and_nothing_stands_twice() -> None:
    candidate = candidate_pb2.Candidate(flags=["수급 데이터 없음", "NEGATIVE_NEWS", "value_estimated", "flow_from_shares"])

    assert render.marks(candidate) == ["수급 데이터 없음", "수급은 주식 수에서 환산"]


def test_a_holiday_says_its_reason() -> None:
    day = session_pb2.SessionDay(reason="설날")

    assert render.phase(day, session_pb2.SESSION_PHASE_HOLIDAY) == "휴장(설날)"
    assert render.phase(day, session_pb2.SESSION_PHASE_REGULAR) == "장중"


def test_an_index_has_its_level_and_move() -> None:
    level = market_index_pb2.IndexLevel(level_e2=274_321, change_bps=-102)

    assert render.index_level(level) == "2,743.21  🔵-1.02%"


def test_a_level_that_a_strategy_does_not_set_is_a_dash() -> None:
    candidate = candidate_pb2.Candidate(entry_krw=72_300)

    assert (render.level(candidate, "entry_krw"), render.level(candidate, "stop_krw")) == ("72,300원", "-")


def test_reasons_for_leaving_out_are_counted_without_the_judged() -> None:
    counts = [
        scan_pb2.StatusCount(status=scan_pb2.TICKER_STATUS_OK, count=2_000),
        scan_pb2.StatusCount(status=scan_pb2.TICKER_STATUS_BAD_ADJUST, count=12),
        scan_pb2.StatusCount(status=scan_pb2.TICKER_STATUS_HALTED, count=0),
    ]

    assert render.status_counts(counts) == {"수정주가 불명": 12}


def test_a_rejected_topic_says_why() -> None:
    status = stream_pb2.TopicStatus(state=stream_pb2.TOPIC_STATE_REJECTED, reason="INSTRUMENT_NOT_FOUND")

    assert render.topic_state(status) == "거절됨 (없는 종목)"


def test_words_of_enums_lose_their_prefix_and_unknown_numbers_stay() -> None:
    assert wire.word(instrument_pb2.Board, instrument_pb2.BOARD_KOSDAQ) == "KOSDAQ"
    assert wire.word(instrument_pb2.Board, 77) == "77"
    assert wire.number_of(instrument_pb2.Board, "KOSDAQ") == instrument_pb2.BOARD_KOSDAQ

"""Scans through the scanner room: which bars they use, which news, and what the gate does to their verdicts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from kstock.common.v1 import market_gate_pb2
from kstock.scanner.v1 import scan_pb2, scanner_service_pb2

from shared.clock import ClockMode
from shared.market.signal import Candidate, SignalKind
from shared.rpc.messages.signals import read_candidate
from shared.rpc.messages.times import local_date_message, read_local_date, read_timestamp
from shared.store.repositories.news import Headline
from tests.fixtures.scanner_house import (
    BASE_LEVEL,
    CLOSE,
    DAYS,
    FETCHED,
    LAST,
    TICKERS,
    TODAY,
    ScannerHouse,
    bar_rows,
    index_bars,
    minute,
    walks,
)
from tests.fixtures.scanner_rooms import rooms

JONGGA, DAYTRADING, VCP, DISPARITY = SignalKind.JONGGA, SignalKind.DAYTRADING, SignalKind.VCP, SignalKind.DISPARITY
STAR = TICKERS[11]
"""A ticker that rises strongly today."""


def last_close(ticker: str) -> int:
    return int(walks()[-1, TICKERS.index(ticker)])


async def rise(house: ScannerHouse, ticker: str = STAR, *, at: float = 375) -> int:
    """A strong day on heavy turnover, closing near its high; returns the price."""
    before = last_close(ticker)
    price = round(before * 1.08)
    await house.quote(
        ticker,
        price,
        at=minute(at),
        open=round(before * 1.01),
        high=round(before * 1.085),
        low=round(before * 1.005),
        volume=9_000_000,
        turnover=700 * 10**8,
    )
    return price


async def trade_all(house: ScannerHouse, *, volume: int = 200_000) -> None:
    """Everybody trades at yesterday's close."""
    for ticker in TICKERS:
        await house.quote(ticker, last_close(ticker), volume=volume)


async def at_preview(house: ScannerHouse) -> None:
    """A quarter of an hour before the close."""
    await house.clock.advance_to(CLOSE - timedelta(minutes=15))
    await house.levels(0.006)


async def test_the_decision_before_the_close_is_made_on_live_bars(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        await at_preview(house)
        await trade_all(house)
        price = await rise(house, at=374)
        scan = await both.scan(JONGGA)
        assert read_local_date(scan.run.as_of) == TODAY
        assert read_timestamp(scan.run.live_time) == CLOSE - timedelta(minutes=15)
        star = scan.of(STAR)
        assert (star.as_of, star.close_krw, star.entry_krw) == (TODAY, price, price)
        assert star.tradable
        assert "거래대금 700억" in star.reasons
        assert "외국인 순매수" in star.reasons  # of the sessions before: today's flows are not known
        (signal,) = await both.open_signals(JONGGA)
        assert (signal.candidate.ticker, signal.opened_on) == (STAR, TODAY)


async def test_a_pattern_waits_for_completed_bars(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        await at_preview(house)
        await trade_all(house)
        for kind in (VCP, DISPARITY):
            run = (await both.scan(kind)).run
            assert read_local_date(run.as_of) == LAST
            assert not run.HasField("live_time")


async def test_who_has_not_traded_today_is_skipped_and_said_so(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        await at_preview(house)
        await rise(house)
        run = (await both.scan(JONGGA)).run
        assert run.judged_count == 1
        assert {(ticker.status, ticker.reason) for ticker in run.skipped} == {
            (scan_pb2.TICKER_STATUS_HALTED, "오늘 시세 없음")
        }


@pytest.mark.parametrize(
    ("at", "evidence"), [(3, "거래량 판단 전"), (10, "거래량 5.0배 (20일 평균 대비)"), (90, "거래량 1.3배 (20일 평균 대비)")]
)
async def test_volume_so_far_is_held_against_what_is_usual_by_then(house: ScannerHouse, at: float, evidence: str) -> None:
    async with rooms(house) as both:
        await house.clock.advance_to(minute(at))
        await trade_all(house, volume=200_000)
        scan = await both.scan(DAYTRADING)
        assert read_local_date(scan.run.as_of) == TODAY
        request = scanner_service_pb2.AnalyzeInstrumentRequest(ticker=STAR, kinds=[3])
        analysis = (await both.scanner.AnalyzeInstrument(request)).analyses[0]
        assert analysis.candidate.components[0].evidence == evidence


async def test_official_bars_take_the_place_of_live_ones(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        await at_preview(house)
        await trade_all(house)
        await rise(house)
        await house.clock.advance_to(CLOSE + timedelta(minutes=5))
        assert (await both.scan(JONGGA)).run.HasField("live_time")
        async with house.store.begin() as uow:
            await uow.bars.upsert(bar_rows(walks()[-1:] * 1.01, [TODAY]), FETCHED)
            await uow.meta.bump_generation("bars")
        official = await both.scan(JONGGA)
        assert read_local_date(official.run.as_of) == TODAY
        assert not official.run.HasField("live_time")


@pytest.mark.parametrize("clock_mode", [ClockMode.REPLAY])
async def test_a_replayed_session_does_not_see_its_own_end(house: ScannerHouse) -> None:
    async with house.store.begin() as uow:
        await uow.bars.upsert(bar_rows(walks()[-1:] * 1.29, [TODAY]), FETCHED)
        await uow.meta.bump_generation("bars")
    async with rooms(house) as both:
        await at_preview(house)
        await trade_all(house)
        live = await both.scan(JONGGA)
        assert live.run.HasField("live_time")
        assert live.candidates == []
        assert read_local_date((await both.scan(VCP)).run.as_of) == LAST


async def test_without_live_prices_the_newest_completed_session_is_scanned(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        await house.clock.advance_to(minute(100))
        run = (await both.scan(JONGGA)).run
        assert read_local_date(run.as_of) == LAST
        assert not run.HasField("live_time")


async def test_a_scan_of_completed_bars_alone_leaves_the_running_session_out(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        await at_preview(house)
        await trade_all(house)
        run = (await both.scan(JONGGA, completed_only=True)).run
        assert read_local_date(run.as_of) == LAST
        assert run.published


async def test_after_a_gap_in_the_store_live_prices_are_not_put_onto_old_bars(house: ScannerHouse) -> None:
    house.clock.shift_market(timedelta(days=1))
    async with rooms(house) as both:
        await house.clock.advance(3600)
        await house.quote(STAR, 5_000)
        assert read_local_date((await both.scan(JONGGA)).run.as_of) == LAST


async def test_an_older_session_asked_for_by_its_day_is_not_published(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        await at_preview(house)
        await trade_all(house)
        run = (await both.scan(JONGGA, as_of=local_date_message(LAST))).run
        assert read_local_date(run.as_of) == LAST
        assert not run.published


async def let_indices_fall(house: ScannerHouse) -> None:
    async with house.store.begin() as uow:
        for index in BASE_LEVEL:
            await uow.indices.upsert(index_bars(index, DAYS, drift=-0.002), replace(FETCHED, fetched_time=CLOSE))
        await uow.bars.upsert(bar_rows(walks()[-5:] * 0.8, DAYS[-5:]), replace(FETCHED, fetched_time=CLOSE))
        await uow.meta.bump_generation("index")


async def test_under_a_red_gate_nothing_is_tradable_and_scores_stay(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        green = await both.scan(DAYTRADING, min_score=0.0)
    await let_indices_fall(house)
    async with rooms(house) as both:
        red = await both.scan(DAYTRADING)
        assert green.run.gate_colour == market_gate_pb2.GATE_COLOUR_GREEN
        assert red.run.gate_colour == market_gate_pb2.GATE_COLOUR_RED
        for candidate in red.candidates:
            assert not candidate.tradable
            assert candidate.cautions[-1] == "마켓 게이트 RED – 신규 매매 보류"


async def test_the_gate_changes_neither_score_nor_detection(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        await at_preview(house)
        await trade_all(house)
        await rise(house)
        before = (await both.scan(JONGGA)).of(STAR)
        await house.levels(-0.05)
        await house.clock.advance(2)
        after = (await both.scan(JONGGA)).of(STAR)
        assert before.tradable
        assert not after.tradable
        assert plain(after) == plain(before)


def plain(candidate: Candidate) -> Candidate:
    return replace(candidate, tradable=False, cautions=())


async def test_news_count_and_their_absence_is_not_zero(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        await at_preview(house)
        await trade_all(house)
        await rise(house)
        without = (await both.scan(JONGGA)).of(STAR)
        assert (without.missing, without.max_score) == (("news",), 9.0)
        other = Headline(title="증시 마감", published_time=minute(5), time_is_exact=True)
        async with house.store.begin() as uow:
            await uow.news.add([other], "press")
        silent = (await both.scan(JONGGA)).of(STAR)
        assert (silent.missing, silent.max_score) == ((), 12.0)
        stories = [
            Headline(title=title, published_time=minute(at), time_is_exact=True, tickers=(STAR,))
            for at, title in ((10, "깜짝 실적 발표"), (20, "대규모 수주 공시"), (376, "대박 계약"))
        ]
        async with house.store.begin() as uow:
            await uow.news.add(stories, "press")
        told = (await both.scan(JONGGA)).of(STAR)
        assert told.components[0].evidence == "긍정 뉴스 2건"  # the third story lies after market time
        assert told.score == silent.score + told.components[0].points > silent.score


async def test_a_story_without_a_ticker_is_found_by_the_name_in_its_title(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        await at_preview(house)
        await trade_all(house)
        await rise(house)
        bad = Headline(title="종목11 횡령 혐의 발생", published_time=minute(5), time_is_exact=True)
        async with house.store.begin() as uow:
            await uow.news.add([bad], "press")
        request = scanner_service_pb2.AnalyzeInstrumentRequest(ticker=STAR, kinds=[2])
        verdict = read_candidate((await both.scanner.AnalyzeInstrument(request)).analyses[0].candidate)
        assert "NEGATIVE_NEWS" in verdict.flags
        assert "악재 뉴스" in verdict.cautions
        assert not verdict.tradable


async def test_an_instrument_is_analysed_on_live_bars_where_the_strategy_wants_them(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        await at_preview(house)
        await rise(house)
        answer = await both.scanner.AnalyzeInstrument(scanner_service_pb2.AnalyzeInstrumentRequest(ticker=STAR))
        days = {one.kind: read_local_date(one.candidate.as_of) for one in answer.analyses}
        assert days == {1: LAST, 2: TODAY, 3: TODAY, 4: LAST}
        assert read_local_date(answer.as_of) == TODAY
        quiet = await both.scanner.AnalyzeInstrument(
            scanner_service_pb2.AnalyzeInstrumentRequest(ticker=TICKERS[0], kinds=[2])
        )
        assert quiet.analyses[0].reason == "오늘 시세 없음"


@pytest.mark.parametrize("clock_mode", [ClockMode.FIXED])
async def test_a_fixed_clock_reports_without_publishing(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        run = (await both.scan(DAYTRADING)).run
        assert run.state == scan_pb2.SCAN_STATE_COMPLETED
        assert not run.published
        assert await both.open_signals(DAYTRADING) == []

"""A small market that the guard's tests know: a price, a comparison, flows, a signal, headlines, an index, a definition."""

from datetime import date, time

from google.protobuf.timestamp_pb2 import Timestamp
from kstock.chat.v1 import block_pb2
from kstock.common.v1 import (
    bar_pb2,
    candidate_pb2,
    flow_pb2,
    instrument_pb2,
    market_index_pb2,
    news_pb2,
    quote_pb2,
    session_pb2,
)
from kstock.signal.v1 import signal_pb2

from servers.chat.grounding.evidence import Evidence, evidence_of
from shared.market.times import kst_datetime
from shared.rpc.messages.times import local_date_message, timestamp_message

TODAY = date(2026, 4, 30)
WEDNESDAY = date(2026, 4, 29)
NOW = kst_datetime(TODAY, time(15, 45))
SAMSUNG = instrument_pb2.Instrument(ticker="005930", name="삼성전자", name_en="Samsung Electronics", sector="반도체")
HYNIX = instrument_pb2.Instrument(ticker="000660", name="SK하이닉스", name_en="SK hynix", sector="반도체")


def at(day: date, hour: int, minute: int) -> Timestamp:
    return timestamp_message(kst_datetime(day, time(hour, minute)))


def quote_block() -> block_pb2.DataBlock:
    quote = quote_pb2.Quote(
        ticker="005930", price_krw=72_300, change_krw=1_200, change_bps=169, open_krw=71_400, high_krw=72_900,
        low_krw=71_000, volume_shares=12_345_678, turnover_krw=1_284_123_456_789, previous_close_krw=71_100,
        quality=quote_pb2.QUALITY_CLOSED, exchange_time=at(TODAY, 15, 30), source="krx",
    )  # fmt: skip
    text = (
        "삼성전자 005930 종가 72,300원 🔴▲1,200 (+1.69%) ⚪ 종가 04/30\n시가 71,400원 · 고가 72,900원 · 저가 71,000원\n"
        "거래량 12,345,678주 · 거래대금 1조 2,841억원\n평균 거래량 대비 1.8배 [1]"
    )
    return block_pb2.DataBlock(
        number=1, title="삼성전자 005930", text=text, badge="⚪ 종가 04/30", citations=[1],
        quote_card=block_pb2.QuoteCard(instrument=SAMSUNG, quote=quote),
    )  # fmt: skip


def bars_block() -> block_pb2.DataBlock:
    bars = [
        bar_pb2.Bar(
            trading_date=local_date_message(date(2026, 4, 20 + number)), open_krw=180_000 + 700 * number,
            high_krw=183_000 + 900 * number, low_krw=178_000 + 500 * number, close_krw=181_000 + 800 * number,
            volume_shares=3_000_000 + 11_111 * number, turnover_krw=540_000_000_000 + 123_000_000 * number,
        )
        for number in (0, 1, 2, 3, 4, 7, 8, 9)
    ]  # fmt: skip
    summary = block_pb2.BarsSummary(
        instrument=HYNIX, first_date=bars[0].trading_date, last_date=bars[-1].trading_date, base_close_krw=190_500,
        base_date=local_date_message(date(2026, 4, 17)), last_close_krw=188_200, change_krw=-2_300, change_bps=-121,
        high_krw=191_100, high_date=local_date_message(WEDNESDAY), low_krw=178_000,
        low_date=local_date_message(date(2026, 4, 20)), session_count=8, mean_volume_shares=3_047_222, bars=bars,
    )  # fmt: skip
    text = (
        "SK하이닉스 000660 2026-04-20 ~ 2026-04-29 8거래일\n종가 188,200원 🔵▼2,300 (-1.21%)\n"
        "기간 최고 191,100원(04/29) · 최저 178,000원(04/20)"
    )
    return block_pb2.DataBlock(number=2, title="SK하이닉스 000660", text=text, citations=[2], bars_summary=summary)


def flow_block() -> block_pb2.DataBlock:
    flows = [
        flow_pb2.Flow(
            trading_date=local_date_message(date(2026, 4, day)), foreign_net_krw=foreign, institution_net_krw=institution
        )
        for day, foreign, institution in ((28, 98_900_000_000, -45_600_000_000), (29, 120_000_000_000, -3_210_000_000))
    ]
    table = block_pb2.FlowTable(
        instrument=SAMSUNG, flows=flows, foreign_sum_krw=218_900_000_000, institution_sum_krw=-48_810_000_000,
        foreign_streak_days=3, institution_streak_days=0,
    )  # fmt: skip
    text = "외국인 +2,189억원 · 기관 -488억원 (최근 2거래일)\n외국인 3거래일 연속 순매수"
    return block_pb2.DataBlock(number=3, title="수급", text=text, citations=[3], flow_table=table)


def signal_block() -> block_pb2.DataBlock:
    signal = signal_pb2.Signal(
        ticker="005930", name="삼성전자", score=71, max_score=100, grade=candidate_pb2.GRADE_A,
        as_of=local_date_message(TODAY), close_krw=72_300, stop_krw=67_200, entry_krw=73_000, target_krw=84_000,
        components=[candidate_pb2.Component(name="trend", points=18, max_points=25, evidence="5/20/60일선 정배열")],
        reasons=["변동폭이 12.4%에서 5.1%로 줄었습니다"], opened_on=local_date_message(date(2026, 4, 24)),
    )  # fmt: skip
    signals = block_pb2.SignalList(signals=[signal], total_count=3)
    text = "1. 삼성전자 005930 · A 71점 · 72,300원\n과거 120건: 승률 54.20%, 중앙값 +1.35%, 최악 -18.40%"
    return block_pb2.DataBlock(number=4, title="VCP", text=text, citations=[4], signal_list=signals)


def news_block() -> block_pb2.DataBlock:
    news = [
        news_pb2.NewsItem(
            tickers=["005930"], title="삼성전자, HBM3E 12단 엔비디아 공급… 5% 급등", publisher="한빛경제",
            lead="삼성전자가 2조원 규모의 공급 계약을 맺었다고 29일 밝혔다. 영업이익은 전년보다 30% 늘어날 전망이다.",
            url="https://news.example/1", publish_time=at(WEDNESDAY, 9, 12),
        )
    ]  # fmt: skip
    return block_pb2.DataBlock(
        number=5, title="뉴스", text=news[0].title, citations=[5], news_list=block_pb2.NewsList(news=news)
    )


def index_block() -> block_pb2.DataBlock:
    level = market_index_pb2.IndexLevel(
        index=market_index_pb2.MARKET_INDEX_KOSPI, level_e2=274_532, change_bps=-52, exchange_time=at(TODAY, 15, 30)
    )
    text = "코스피(KOSPI) 2,745.32 🔵▼ -0.52%"
    return block_pb2.DataBlock(number=6, text=text, citations=[6], index_table=block_pb2.IndexTable(levels=[level]))


def definition_block() -> block_pb2.DataBlock:
    text = "VCP는 변동성이 줄어드는 패턴입니다. S등급은 80점 이상, A등급은 65점 이상입니다."
    return block_pb2.DataBlock(
        number=7, text=text, citations=[7], definition=block_pb2.Definition(term="VCP", definition=text)
    )


def session_block() -> block_pb2.DataBlock:
    day = session_pb2.SessionDay(
        date=local_date_message(TODAY), open=True, open_time=at(TODAY, 9, 0), close_time=at(TODAY, 15, 30)
    )
    card = block_pb2.SessionCard(
        days=[day], market_time=at(TODAY, 15, 45), next_session=local_date_message(date(2026, 5, 4))
    )
    return block_pb2.DataBlock(number=8, text="정규장 09:00~15:30", citations=[8], session_card=card)


def known() -> Evidence:
    """Evidence of all blocks; the asker set a bound of 70 points over 10 sessions."""
    evidence = evidence_of((), now=NOW)
    blocks = (
        quote_block(), bars_block(), flow_block(), signal_block(), news_block(), index_block(), definition_block(),
        session_block(),
    )  # fmt: skip
    for block in blocks:
        evidence.add_result(block, tuple(block.citations))
        evidence.citations.update(block.citations)
    evidence.add_condition("70점 넘는 종목, 최근 10거래일")
    return evidence

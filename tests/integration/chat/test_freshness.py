"""When the store ends before market time: what is older is said first, and a failed room is named."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from kstock.chat.v1 import conversation_pb2

from shared.text.kiwi import LazyMorphemes
from tests.fixtures.chat_house import LAST, chat_house, close_of

MONTHS_LATER = datetime(2026, 11, 21, 1, tzinfo=UTC)
NEXT_MORNING = datetime(2026, 5, 4, 0, 30, tzinfo=UTC)  # Monday 09:30 KST, the first session after the store's last


async def test_a_price_from_months_ago_says_so_first(chat_market_file: Path, tmp_path: Path, lazy_morphemes: LazyMorphemes):
    path = Path(shutil.copyfile(chat_market_file, tmp_path / "market.db"))
    async with chat_house(path, lazy_morphemes, at=MONTHS_LATER) as house:
        reply = await house.ask("오늘 삼성전자 얼마야?")
    assert reply.lines[0] == "오늘(11/21) 데이터는 없습니다. 가장 최근 거래일 2026-04-30 기준입니다."
    assert f"{close_of('005930', LAST):,}원" in reply.lines[1]
    assert "⚪ 종가 04/30" in reply.lines[1]


async def test_a_counted_period_ends_where_the_store_ends(
    chat_market_file: Path, tmp_path: Path, lazy_morphemes: LazyMorphemes
):
    path = Path(shutil.copyfile(chat_market_file, tmp_path / "market.db"))
    async with chat_house(path, lazy_morphemes, at=MONTHS_LATER) as house:
        sessions = await house.ask("기아 최근 10거래일 종가 흐름")
        month = await house.ask("기아 이번 달 수익률")
        weeks = await house.ask("기아 최근 4주 수익률")
        written = await house.ask("기아 2026년 11월 수익률")
    assert "2026-04-17~2026-04-30 10거래일" in sessions.text
    assert month.lines[0] == (
        "이번 달(2026-11-01~2026-11-21) 데이터는 없습니다. "
        "가장 최근 거래일 2026-04-30 기준이며 기간은 2026-04-01~2026-04-30입니다."
    )
    assert "2026-04-01~2026-04-30 수익률" in month.lines[1]
    assert "2026-04-03~2026-04-30 수익률" in weeks.lines[1]
    assert "저장된 최신 거래일은 2026-04-30" in written.lines[0]
    assert written.done.outcome == conversation_pb2.ANSWER_OUTCOME_NO_EVIDENCE


async def test_todays_signals_from_months_ago_say_so_first(
    chat_market_file: Path, tmp_path: Path, lazy_morphemes: LazyMorphemes
):
    path = Path(shutil.copyfile(chat_market_file, tmp_path / "market.db"))
    async with chat_house(path, lazy_morphemes, at=MONTHS_LATER) as house:
        reply = await house.ask("오늘 VCP 시그널 상위 5개 알려줘")
    assert reply.lines[0] == "오늘(11/21) 데이터는 없습니다. 가장 최근 거래일 2026-04-30 기준입니다."


async def test_yesterdays_close_is_not_given_as_todays_price(
    chat_market_file: Path, tmp_path: Path, lazy_morphemes: LazyMorphemes
):
    path = Path(shutil.copyfile(chat_market_file, tmp_path / "market.db"))
    async with chat_house(path, lazy_morphemes, at=NEXT_MORNING) as house:
        reply = await house.ask("삼성전자 지금 얼마야")
    assert reply.lines[0].startswith("오늘(5/4) 값은 아직 없습니다. 직전 거래일 2026-04-30 기준")
    assert "지금은 장중" in reply.text


async def test_a_room_that_does_not_answer_is_named_and_the_rest_goes_on(
    chat_market_file: Path, tmp_path: Path, lazy_morphemes: LazyMorphemes
):
    path = Path(shutil.copyfile(chat_market_file, tmp_path / "market.db"))
    async with chat_house(path, lazy_morphemes, without=frozenset({"signal", "scanner"})) as house:
        price = await house.ask("기아 현재가")
        signals = await house.ask("오늘 VCP 시그널")
    assert "기아(000270)" in price.lines[0]
    assert price.done.outcome == conversation_pb2.ANSWER_OUTCOME_ANSWERED
    assert signals.done.outcome == conversation_pb2.ANSWER_OUTCOME_PARTIAL
    assert "시그널" in signals.lines[0]

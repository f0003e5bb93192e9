"""What users have set is used in their answers, and in nobody else's."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from kstock.chat.v1 import chat_service_pb2

from shared.text.kiwi import LazyMorphemes
from tests.fakes.alert_room import FakeAlertRoom
from tests.fixtures.chat_house import LAST, SIGNALLED, ChatHouse, Reply, chat_house, close_of

WATCHED = {"000270": "기아", "012450": "한화에어로스페이스"}


@pytest.fixture
def alert() -> FakeAlertRoom:
    return FakeAlertRoom(languages={"alice": "en"}, watched={"alice": WATCHED})


@pytest.fixture
async def house(
    chat_market_file: Path, tmp_path: Path, lazy_morphemes: LazyMorphemes, alert: FakeAlertRoom
) -> AsyncIterator[ChatHouse]:
    shutil.copyfile(chat_market_file, tmp_path / "market.db")
    async with chat_house(tmp_path / "market.db", lazy_morphemes, alert=alert) as house:
        yield house


async def test_a_users_language_wins_over_the_questions(house: ChatHouse) -> None:
    hers = await house.ask("기아 현재가", user_ref="alice")
    his = await house.ask("기아 현재가", user_ref="bob")
    assert hers.done.language == "en"
    assert "Kia (기아, 000270)" in hers.lines[0]
    assert his.done.language == "ko"


async def test_what_a_request_names_wins_over_both(house: ChatHouse) -> None:
    assert (await house.ask("Kia price now", user_ref="alice", language="ko")).done.language == "ko"


async def test_a_watch_list_is_shown_with_its_prices(house: ChatHouse) -> None:
    reply = await house.ask("내 관심종목 보여줘", user_ref="alice", language="ko")
    assert reply.lines[0] == "관심종목 2개입니다: 기아(000270), 한화에어로스페이스(012450)"
    assert "quote_table" in reply.blocks
    for ticker in WATCHED:
        assert f"{close_of(ticker, LAST):,}원" in reply.text


async def test_what_is_asked_about_the_list_is_answered_for_its_stocks(house: ChatHouse) -> None:
    flows = await house.ask("관심종목 수급 어때", user_ref="alice", language="ko")
    assert "기아(000270)" in flows.text
    assert "순매수" in flows.text
    signals = await house.ask("관심종목 중에 VCP 뜬 거 있어?", user_ref="alice", language="ko")
    assert "012450" in SIGNALLED
    assert "한화에어로스페이스(012450)" in signals.text
    assert not any(ticker in signals.text for ticker in set(SIGNALLED) - set(WATCHED))


async def test_one_users_list_reaches_nobody_else(house: ChatHouse, alert: FakeAlertRoom) -> None:
    for reply in (await house.ask("내 관심종목 보여줘", user_ref="bob"), await house.ask("내 관심종목 보여줘")):
        assert reply.lines[0] == "관심종목이 비어 있습니다."
        assert not any(ticker in reply.text for ticker in WATCHED)
    assert "" not in alert.asked
    assert len(set(alert.asked)) == 2


async def test_where_nobody_is_known_nothing_personal_is_looked_up(house: ChatHouse, alert: FakeAlertRoom) -> None:
    request = chat_service_pb2.ConverseRequest(text="내 관심종목 보여줘")
    bridged = house.stub.Converse(request, metadata=(("x-kstock-bridge", "1"), ("authorization", "")))
    reply = Reply(events=[event async for event in bridged])
    assert reply.lines[0].startswith("관심종목: 누구의 것인지 알 수 없어")
    assert alert.asked == []


async def test_a_missing_alert_room_costs_no_answer(
    chat_market_file: Path, tmp_path: Path, lazy_morphemes: LazyMorphemes
) -> None:
    shutil.copyfile(chat_market_file, tmp_path / "market.db")
    async with chat_house(tmp_path / "market.db", lazy_morphemes) as house:
        shown, asked = await house.ask("내 관심종목 보여줘"), await house.ask("기아 현재가")
    assert shown.lines[0] == "관심종목 기능은 아직 제공되지 않아 목록이 비어 있습니다."
    assert "기아(000270)" in asked.lines[0]

"""Answers about the market as a whole, and figures that are computed from several look-ups."""

import pytest
from kstock.chat.v1 import conversation_pb2

from tests.fixtures.chat_house import DAYS, LAST, ChatHouse, close_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANSWERED = conversation_pb2.ANSWER_OUTCOME_ANSWERED


@pytest.fixture
def house(asked_house: ChatHouse) -> ChatHouse:
    """These tests only ask, so they share one."""
    return asked_house


@pytest.mark.parametrize("question", ["요 며칠 말고 오늘 하루 가장 많이 뛴 종목들", "Top gainers today"])
async def test_the_market_is_ranked_by_what_its_closes_say(question, house: ChatHouse):
    reply = await house.ask(question)
    assert reply.blocks == ["ranking_table"]
    rows = next(event.block.ranking_table.rows for event in reply.events if event.HasField("block"))
    changes = [row.change_bps for row in rows]
    assert changes == sorted(changes, reverse=True)
    assert all(row.close_krw == close_of(row.instrument.ticker, LAST) for row in rows)
    assert LAST.isoformat() in reply.text
    assert reply.done.outcome == ANSWERED


async def test_selling_is_ranked_from_the_other_end(house: ChatHouse):
    reply = await house.ask("최근 5거래일 외국인이 제일 많이 팔아치운 종목")
    rows = next(event.block.ranking_table.rows for event in reply.events if event.HasField("block"))
    amounts = [row.foreign_net_krw for row in rows]
    assert amounts == sorted(amounts)
    assert "flow" in reply.domains


async def test_flows_of_a_board_say_that_they_were_summed(house: ChatHouse):
    reply = await house.ask("이번 주 코스피 전체에서 기관이 얼마나 샀어?")
    assert reply.blocks == ["market_flow_table"]
    table = next(event.block.market_flow_table for event in reply.events if event.HasField("block"))
    assert sum(flow.institution_net_krw for flow in table.flows) == table.institution_sum_krw
    assert "더한 값" in reply.text


async def test_volume_is_put_against_the_sessions_before(house: ChatHouse):
    reply = await house.ask("기아 거래량이 평소 대비 몇 배야?")
    assert "calculation_table" in reply.blocks
    assert "기아(000270)" in reply.lines[0]
    assert "20거래일 평균" in reply.lines[0]


async def test_a_distance_from_a_high_is_computed_from_both(house: ChatHouse):
    reply = await house.ask("기아 고점에서 얼마나 밀렸어?")
    table = next(e.block.calculation_table for e in reply.events if e.block.HasField("calculation_table"))
    high, last = (one.value for one in table.calculations[0].inputs)
    assert last == close_of("000270", LAST)
    assert table.calculations[0].value == pytest.approx(10_000 * (last / high - 1), abs=1)
    assert "prices" in reply.domains


async def test_a_return_is_told_beside_its_index(house: ChatHouse):
    reply = await house.ask(f"기아가 {DAYS[-20].month}월 이후로 코스피를 이겼어?")
    assert {"bars", "market"} <= reply.domains
    assert "%p" in reply.text


async def test_a_move_is_asked_about_with_price_news_and_flows(house: ChatHouse):
    reply = await house.ask("기아 왜 이렇게 빠지는 거야?")
    assert {"prices", "news", "flow"} <= reply.domains
    assert "quote_card" in reply.blocks


async def test_two_requests_in_one_sentence_are_both_answered(house: ChatHouse):
    reply = await house.ask("기아 관심종목에 넣고 3개월 차트도 보여줘")
    assert {"action_card", "chart_image"} <= set(reply.blocks)

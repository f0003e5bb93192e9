"""Answers that rest on what searching finds: subjects, reported causes, help, and the digest of signals."""

from datetime import timedelta

import pytest
from kstock.chat.v1 import conversation_pb2

from shared.market.instrument import Ticker
from shared.store.repositories.news import Headline
from tests.fixtures.chat_house import NOW, SIGNALLED, ChatHouse

ANSWERED = conversation_pb2.ANSWER_OUTCOME_ANSWERED
NO_EVIDENCE = conversation_pb2.ANSWER_OUTCOME_NO_EVIDENCE


async def report(house: ChatHouse, title: str, *tickers: str, days_ago: float = 0.2) -> None:
    story = Headline(
        title=title,
        published_time=NOW - timedelta(days=days_ago),
        time_is_exact=True,
        tickers=tuple(map(Ticker, tickers)),
        press="신문",
    )
    async with house.store.begin() as uow:
        await uow.news.add([story], "test")
        await uow.meta.bump_generation("news")
    await house.retriever.renew()


async def test_headlines_on_a_subject_are_found_without_an_instrument(house: ChatHouse) -> None:
    await report(house, "조선업계 대형 수주 잇따라")
    reply = await house.ask("수주 관련 소식 있어?")
    assert reply.done.outcome == ANSWERED
    assert "조선업계 대형 수주 잇따라" in reply.text
    assert "news" in reply.domains


async def test_a_subject_without_headlines_and_an_unknown_name_are_said_to_be_so(house: ChatHouse) -> None:
    reply = await house.ask("우주여행 관련 소식 있어?")
    assert reply.done.outcome == NO_EVIDENCE
    assert "news_list" not in reply.blocks


async def test_old_headlines_are_no_subject_news(house: ChatHouse) -> None:
    await report(house, "희토류 수출 통제", days_ago=200)
    assert (await house.ask("희토류 관련 뉴스 있어?")).done.outcome == NO_EVIDENCE


async def test_a_cause_is_what_was_reported_lately_with_its_source(house: ChatHouse) -> None:
    reply = await house.ask("한화오션 왜 떨어졌어?")
    assert "보도된 요인" in reply.text
    assert "원인이 확인된 것은 아닙니다" in reply.text
    cited = [event.citation.title for event in reply.events if event.HasField("citation")]
    assert "한화오션, 대형 수주 공시" in cited


async def test_an_old_headline_is_told_as_old_and_not_as_a_cause(house: ChatHouse) -> None:
    await report(house, "기아, 신차 발표", "000270", days_ago=40)
    reply = await house.ask("기아 왜 떨어졌어?")
    assert reply.done.outcome == NO_EVIDENCE
    assert "찾지 못했습니다" in reply.text
    assert "그 전의 가장 최근 기사" in reply.text
    assert "보도된 요인" not in reply.text


@pytest.mark.parametrize(
    ("question", "words"),
    [("여기서 주문도 넣을 수 있나요?", "주문 기능은 없습니다"), ("내 대화 기록은 얼마나 보관돼?", "30분")],
)
async def test_questions_about_the_service_are_answered_from_its_help(house: ChatHouse, question: str, words: str) -> None:
    reply = await house.ask(question)
    assert words in reply.text
    assert "docs" in reply.domains


async def test_the_digest_tells_reasons_levels_and_risks_and_no_instruction(house: ChatHouse) -> None:
    reply = await house.ask("오늘 살만한 종목 추천해줘")
    best = max(SIGNALLED, key=lambda ticker: SIGNALLED[ticker])
    assert best in reply.text
    assert "매수 지시가 아니" in reply.text
    assert "리스크:" in reply.text
    (block,) = [event.block for event in reply.events if event.HasField("block")]
    assert "전략 기준가" in block.text
    assert "손절 기준" in block.text
    assert "표본 부족" in block.text
    assert "signals" in reply.domains

from datetime import timedelta

import grpc
import pytest
from kstock.chat.v1 import chat_service_pb2
from kstock.common.v1 import candidate_pb2

from shared.rpc.messages.times import timestamp_message
from tests.fixtures.chat_house import NOW, SIGNALLED, ChatHouse

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def house(asked_house: ChatHouse) -> ChatHouse:
    """These tests only ask, so they share one."""
    return asked_house


async def passages(house: ChatHouse, query: str, **fields: object) -> list[chat_service_pb2.Passage]:
    request = chat_service_pb2.SearchContextRequest(query=query, **fields)
    return list((await house.stub.SearchContext(request)).passages)


async def test_headlines_explanations_signals_and_help_are_found(house: ChatHouse) -> None:
    (story, *_) = await passages(house, "한화오션 수주")
    assert story.document_kind == "news"
    assert (story.source, story.url, list(story.tickers)) == ("한국경제", "https://news.example/1", ["042660"])
    assert story.HasField("publish_time")
    assert (await passages(house, "이격도가 뭐야"))[0].document_kind == "definition"
    assert (await passages(house, "알림은 몇 개까지 되나요"))[0].document_kind == "help"
    signalled = await passages(house, "변동성 수축 시그널", tickers=["012450"])
    assert [one.document_kind for one in signalled] == ["signal"]


async def test_nothing_later_than_wished_is_found(house: ChatHouse) -> None:
    before = timestamp_message(NOW - timedelta(hours=6))
    assert "news" not in {one.document_kind for one in await passages(house, "한화오션 수주", until_time=before)}
    future = timestamp_message(NOW + timedelta(days=900))
    assert (await passages(house, "한화오션 수주", until_time=future))[0].document_kind == "news"


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("", {}),
        ("   ", {}),
        ("가" * 501, {}),
        ("수주", {"limit": 51}),
        ("수주", {"limit": -1}),
        ("수주", {"tickers": ["삼성"]}),
        ("수주", {"tickers": ["005930"] * 51}),
    ],
)
async def test_wishes_that_make_no_sense_are_refused(house: ChatHouse, query: str, fields: dict[str, object]) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await passages(house, query, **fields)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_the_digest_orders_open_signals_and_says_what_is_missing(house: ChatHouse) -> None:
    response = await house.stub.Recommend(chat_service_pb2.RecommendRequest(limit=2))
    best, second = sorted(SIGNALLED, key=lambda ticker: -SIGNALLED[ticker])[:2]
    assert [one.ticker for one in response.recommendations] == [best, second]
    for one in response.recommendations:
        assert one.reasons
        assert one.risks
        assert any("표본 부족" in reason for reason in one.reasons)
    assert "매수 지시가 아닙니다" in response.notice
    assert (response.as_of.year, response.as_of.month, response.as_of.day) == (2026, 4, 30)


async def test_a_digest_of_kinds_without_signals_is_empty_and_says_so(house: ChatHouse) -> None:
    request = chat_service_pb2.RecommendRequest(kinds=[candidate_pb2.SIGNAL_KIND_JONGGA], language="en")
    response = await house.stub.Recommend(request)
    assert not response.recommendations
    assert response.notice.startswith("No signal is open")


async def test_more_than_five_recommendations_are_refused(house: ChatHouse) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await house.stub.Recommend(chat_service_pb2.RecommendRequest(limit=6))
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT

"""The whole way of an answer over the wire: chat room, real SDK or OpenAI-compatible client, and a fake service."""

import asyncio
import random
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from kstock.chat.v1 import chat_service_pb2
from pydantic import SecretStr

from servers.chat.llm.ledger import UsageLedger
from servers.chat.llm.registry import build_embedder, build_model
from servers.chat.retrieval.registry import build_meaning
from shared.clock import WallClock
from shared.config import ChatSettings, Settings
from shared.store.origin import Origin
from shared.store.store import Store
from shared.text.kiwi import LazyMorphemes
from tests.fakes.gemini_embeddings import GeminiEmbeddings
from tests.fakes.gemini_server import GeminiServer
from tests.fakes.model_script import Ask, Behaviour, Fail, Garble, Say, Stall, Turn
from tests.fakes.openai_server import OpenAiServer
from tests.fakes.sse_server import SseModelServer
from tests.fixtures.chat_house import LAST, ChatHouse, chat_house, close_of

QUESTION = "삼성전자 최근 5거래일 수급 어때?"
GOOD = "삼성전자는 최근 5거래일 동안 외국인이 60억원을 순매수했습니다."


@dataclass
class Wired:
    """A chat room whose model is a service on this machine."""

    house: ChatHouse
    server: SseModelServer


Open = Callable[..., Awaitable[Wired]]


@pytest.fixture(params=["gemini", "openai"])
async def opened(
    request: pytest.FixtureRequest, chat_market_file: Path, tmp_path: Path, lazy_morphemes: LazyMorphemes
) -> AsyncIterator[Open]:
    path = tmp_path / "market.db"
    shutil.copyfile(chat_market_file, path)
    async with AsyncExitStack() as stack:

        async def open_house(*turns: Turn | Behaviour) -> Wired:
            kind: type[SseModelServer] = GeminiServer if request.param == "gemini" else OpenAiServer
            server = await stack.enter_async_context(kind(*turns).running())
            version = "" if request.param == "gemini" else "/v1"
            settings = ChatSettings(
                model=request.param, model_name="m", api_key=SecretStr("k"), base_url=f"{server.base_url}{version}"
            )
            model = build_model(settings, WallClock(), random.Random(1))
            house = await stack.enter_async_context(chat_house(path, lazy_morphemes, model=model, settings=settings))
            return Wired(house, server)

        yield open_house


async def test_an_answer_with_a_look_up_of_the_models_own(opened: Open) -> None:
    price = f"{close_of('005930', LAST):,}원"
    wired = await opened([Ask("get_quotes", {"tickers": ["005930"]})], [Say(f"{GOOD} 종가는 {price}입니다.")])
    reply = await wired.house.ask(QUESTION)
    assert f"종가는 {price}입니다. [2]" in reply.text
    assert reply.done.usage.model == "m"
    assert reply.done.usage.input_tokens == 200
    assert "get_quotes" in wired.server.heard[0].functions


async def test_a_liars_numbers_never_arrive(opened: Open) -> None:
    wired = await opened([Say(f"{GOOD} 기관은 999억원을 순매도했고 주가는 12.5% 올랐습니다.")])
    reply = await wired.house.ask(QUESTION)
    assert "999" not in "".join(event.text_delta.text for event in reply.events)
    assert "12.5" not in reply.text
    assert GOOD.removesuffix(".") in reply.text


async def test_an_overloaded_service_is_asked_again(opened: Open) -> None:
    wired = await opened([Fail(429, retry_after=0)], [Say(GOOD)])
    reply = await wired.house.ask(QUESTION)
    assert len(wired.server.heard) == 2
    assert GOOD.removesuffix(".") in reply.text


@pytest.mark.parametrize("turn", [[Fail(401)], [Garble()], []], ids=["refused", "garbled", "empty"])
async def test_a_useless_service_leaves_the_data(opened: Open, turn: Turn) -> None:
    wired = await opened(turn)
    reply = await wired.house.ask(QUESTION)
    assert "+60억원" in reply.text
    assert any("AI" in line for line in reply.lines)


async def test_cancelling_reaches_the_service(opened: Open) -> None:
    wired = await opened([Say("외국인은 사들였습니다. 그리고 "), Stall()])
    call = wired.house.stub.Converse(chat_service_pb2.ConverseRequest(text=QUESTION))
    async for event in call:
        if "사들였습니다" in event.text_delta.text:
            break
    began = time.monotonic()
    call.cancel()
    await asyncio.wait_for(wired.server.abandoned.wait(), 5)
    assert wired.server.abandoned_at[-1] - began < 0.1


async def test_what_means_the_same_is_found_without_a_common_word(
    chat_market_file: Path, tmp_path: Path, lazy_morphemes: LazyMorphemes
) -> None:
    shutil.copyfile(chat_market_file, tmp_path / "market.db")
    async with GeminiEmbeddings(synonyms={"인도네시아어": "수주"}).running() as service:
        wanted = {"model": "gemini", "api_key": "k", "base_url": service.base_url, "close_from": 0.4}
        settings = Settings(data_dir=tmp_path, embedding=wanted)  # type: ignore[arg-type]  # pydantic validates it
        clock = WallClock()
        async with await Store.open(str(tmp_path / "market.db"), origin=Origin.REAL, clock=clock) as store:
            embedder = build_embedder(settings, UsageLedger(store, clock), clock)
            meaning = build_meaning(embedder, settings, store)
            async with chat_house(tmp_path / "market.db", lazy_morphemes, meaning=meaning) as house:
                request = chat_service_pb2.SearchContextRequest(query="인도네시아어", tickers=["042660"])
                await house.retriever.renew()
                found = (await house.stub.SearchContext(request)).passages
    assert [one.title for one in found] == ["한화오션, 대형 수주 공시"]
    assert service.texts.count("한화오션, 대형 수주 공시") == 1
    assert {body["requests"][0]["outputDimensionality"] for body in service.bodies} == {256}

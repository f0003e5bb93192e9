"""One suite for every model: the fake in memory, Gemini through the real SDK, and an OpenAI-compatible endpoint."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest

from servers.chat.llm.errors import ModelUnavailable, Trouble
from servers.chat.llm.gemini import GeminiModel
from servers.chat.llm.openai_compatible import OpenAiCompatibleModel
from servers.chat.llm.port import (
    Finished,
    FinishReason,
    FunctionCall,
    FunctionDeclaration,
    FunctionResult,
    FunctionResults,
    Model,
    ModelEvent,
    ModelMessage,
    ModelRequest,
    TextPiece,
    TokenCount,
    UserMessage,
)
from tests.fakes.gemini_server import GeminiServer
from tests.fakes.model_script import Ask, Babble, Behaviour, End, Fail, Garble, HangUp, Heard, Say, Stall, Turn
from tests.fakes.openai_server import OpenAiServer
from tests.fakes.scripted_model import ScriptedModel

PRICE = FunctionDeclaration(
    name="get_quotes",
    description="Prices.",
    parameters={"type": "object", "properties": {"tickers": {"type": "array", "items": {"type": "string"}}}},
)
REQUEST = ModelRequest(system="Be exact.", messages=(UserMessage(text="얼마야?"),), functions=(PRICE,))
CANCEL_WITHIN_S = 0.1


@dataclass
class Bench:
    """A model under test and its other end."""

    model: Model
    heard: list[Heard]
    started: asyncio.Event
    ended: asyncio.Event


Open = Callable[..., "asynccontextmanager[Bench]"]


@asynccontextmanager
async def _scripted(*turns: Turn | Behaviour) -> AsyncIterator[Bench]:
    model = ScriptedModel(*turns)
    yield Bench(model, model.heard, model.started, model.ended)


@asynccontextmanager
async def _gemini(*turns: Turn | Behaviour) -> AsyncIterator[Bench]:
    async with GeminiServer(*turns).running() as server:
        model = GeminiModel(api_key="k", base_url=server.base_url, timeout=timedelta(seconds=5))
        yield Bench(model, server.heard, server.started, server.abandoned)
        await model.close()


@asynccontextmanager
async def _openai(*turns: Turn | Behaviour) -> AsyncIterator[Bench]:
    async with OpenAiServer(*turns).running() as server:
        model = OpenAiCompatibleModel(
            api_key="k", name="local", base_url=f"{server.base_url}/v1", timeout=timedelta(seconds=5)
        )
        yield Bench(model, server.heard, server.started, server.abandoned)
        await model.close()


@pytest.fixture(params=[_scripted, _gemini, _openai], ids=["scripted", "gemini", "openai"])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Callable[..., "asyncio.Future[Bench]"]]:
    async with AsyncExitStack() as stack:

        async def opened(*turns: Turn | Behaviour) -> Bench:
            return await stack.enter_async_context(request.param(*turns))

        yield opened


async def events_of(model: Model, request: ModelRequest = REQUEST) -> list[ModelEvent]:
    async with aclosing(model.stream(request)) as events:
        return [event async for event in events]


def text_of(events: list[ModelEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextPiece))


async def test_text_arrives_in_pieces_and_ends_with_usage_and_a_reason(bench) -> None:
    opened = await bench([Say("삼성전자는 72,300원입니다.")])
    events = await events_of(opened.model)
    assert sum(isinstance(event, TextPiece) for event in events) > 1
    assert text_of(events) == "삼성전자는 72,300원입니다."
    assert Finished(reason=FinishReason.COMPLETE) in events
    (usage,) = [event for event in events if isinstance(event, TokenCount)]
    assert usage.input_tokens == 100
    assert usage.output_tokens > 0


async def test_the_model_hears_instructions_question_and_functions(bench) -> None:
    opened = await bench([Say("네.")])
    await events_of(opened.model)
    (heard,) = opened.heard
    assert heard.system == "Be exact."
    assert heard.text == "얼마야?"
    assert heard.functions == ("get_quotes",)


async def test_a_function_call_and_its_result_go_there_and_back(bench) -> None:
    opened = await bench([Ask("get_quotes", {"tickers": ["005930"]})], [Say("알겠습니다.")])
    first = await events_of(opened.model)
    (call,) = [event for event in first if isinstance(event, FunctionCall)]
    assert (call.name, call.arguments, call.problem) == ("get_quotes", {"tickers": ["005930"]}, "")
    result = FunctionResult(call_id=call.call_id, name=call.name, text="72,300원")
    said = (*REQUEST.messages, ModelMessage(calls=(call,)), FunctionResults(results=(result,)))
    second = await events_of(opened.model, ModelRequest(system="Be exact.", messages=said, functions=(PRICE,)))
    assert text_of(second) == "알겠습니다."
    assert "72,300원" in opened.heard[1].text


async def test_two_calls_of_one_turn_stay_apart(bench) -> None:
    opened = await bench([Ask("get_quotes", {"tickers": ["005930"]}), Ask("get_quotes", {"tickers": ["000660"]})])
    calls = [event for event in await events_of(opened.model) if isinstance(event, FunctionCall)]
    assert [call.arguments["tickers"] for call in calls] == [["005930"], ["000660"]]
    assert len({call.call_id for call in calls}) == 2


async def test_malformed_arguments_are_reported_and_raise_nothing(bench) -> None:
    opened = await bench([Ask("get_quotes", written='{"tickers": [')])
    events = await events_of(opened.model)
    problems = [event.problem for event in events if isinstance(event, FunctionCall)]
    assert any(problems) or Finished(reason=FinishReason.MALFORMED) in events


@pytest.mark.parametrize("reason", [FinishReason.LENGTH, FinishReason.BLOCKED, FinishReason.OTHER])
async def test_the_reason_of_an_early_end_is_told(bench, reason: FinishReason) -> None:
    opened = await bench([Say("여기까지"), End(reason)])
    assert Finished(reason=reason) in await events_of(opened.model)


async def test_an_empty_stream_is_no_error_of_the_port(bench) -> None:
    opened = await bench([])
    assert text_of(await events_of(opened.model)) == ""


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (429, Trouble.RATE_LIMITED),
        (503, Trouble.OVERLOADED),
        (500, Trouble.OVERLOADED),
        (401, Trouble.REFUSED),
        (504, Trouble.TIMEOUT),
    ],
)
async def test_a_status_becomes_a_trouble(bench, status: int, trouble: Trouble) -> None:
    opened = await bench([Fail(status, retry_after=7)])
    with pytest.raises(ModelUnavailable) as raised:
        await events_of(opened.model)
    assert raised.value.trouble is trouble
    assert raised.value.retry_after == timedelta(seconds=7)


@pytest.mark.parametrize("step", [HangUp(), Garble(), Fail(503)], ids=["hang-up", "garble", "error"])
async def test_what_breaks_in_the_middle_is_an_error(bench, step: HangUp | Garble | Fail) -> None:
    opened = await bench([Say("절반만"), step])
    with pytest.raises(ModelUnavailable):
        await events_of(opened.model)


@pytest.mark.parametrize("step", [Stall(), Babble()], ids=["stalling", "babbling"])
async def test_cancelling_the_reader_ends_the_call(bench, step: Stall | Babble) -> None:
    opened = await bench([Say("먼저"), step])
    got_text = asyncio.Event()

    async def read() -> None:
        async with aclosing(opened.model.stream(REQUEST)) as events:
            async for _ in events:
                got_text.set()

    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(read())
        await asyncio.wait_for(got_text.wait(), 5)
        began = time.monotonic()
        task.cancel()
        await asyncio.wait_for(opened.ended.wait(), 5)
    assert time.monotonic() - began < CANCEL_WITHIN_S


async def test_closing_the_stream_early_ends_the_call(bench) -> None:
    opened = await bench([Say("먼저"), Babble()])
    async with aclosing(opened.model.stream(REQUEST)) as events:
        await anext(events)
    began = time.monotonic()
    await asyncio.wait_for(opened.ended.wait(), 5)
    assert time.monotonic() - began < CANCEL_WITHIN_S


async def test_a_model_can_be_used_by_many_at_once(bench) -> None:
    opened = await bench([Say("하나")])
    answers = await asyncio.gather(*(events_of(opened.model) for _ in range(20)))
    assert {text_of(events) for events in answers} == {"하나"}


async def test_gemini_gets_its_signature_back_and_the_wire_is_as_meant() -> None:
    async with _gemini([Ask("get_quotes", {"tickers": ["005930"]})], [Say("네.")]) as opened:
        (call,) = [event for event in await events_of(opened.model) if isinstance(event, FunctionCall)]
        result = FunctionResults(results=(FunctionResult(call_id=call.call_id, name=call.name, text="1"),))
        said = (*REQUEST.messages, ModelMessage(calls=(call,)), result)
        await events_of(opened.model, ModelRequest(system="s", messages=said, schema={"type": "object"}))
    (model_turn,) = [content for content in opened.heard[1].body["contents"] if content["role"] == "model"]
    assert model_turn["parts"][0]["thoughtSignature"] == "c2lnbmVk"
    assert opened.heard[1].body["generationConfig"]["responseMimeType"] == "application/json"
    assert "tools" not in opened.heard[1].body


async def test_functions_are_declared_to_gemini_in_its_own_words() -> None:
    asking = FunctionDeclaration(name="get_session", description="Now.", parameters={"type": "object", "properties": {}})
    async with _gemini([Say("네.")]) as opened:
        await events_of(opened.model, ModelRequest(system="s", messages=REQUEST.messages, functions=(PRICE, asking)))
    declared = {"name": "get_quotes", "description": "Prices.", "parametersJsonSchema": PRICE.parameters}
    without = {"name": "get_session", "description": "Now."}
    assert opened.heard[0].body["tools"] == [{"functionDeclarations": [declared, without]}]


async def test_keys_travel_in_headers_and_never_in_errors() -> None:
    async with GeminiServer([Fail(401)]).running() as server:
        model = GeminiModel(api_key="very-secret", base_url=server.base_url, timeout=timedelta(seconds=5))
        with pytest.raises(ModelUnavailable) as raised:
            await events_of(model)
        await model.close()
    assert server.headers[0]["x-goog-api-key"] == "very-secret"
    assert "very-secret" not in str(raised.value)
    async with OpenAiServer([Fail(401)]).running() as other:
        openai = OpenAiCompatibleModel(
            api_key="very-secret", name="m", base_url=f"{other.base_url}/v1/", timeout=timedelta(seconds=5)
        )
        with pytest.raises(ModelUnavailable) as refused:
            await events_of(openai)
        await openai.close()
    assert other.headers[0]["authorization"] == "Bearer very-secret"
    assert "very-secret" not in str(refused.value)


async def test_nobody_listening_is_unreachable() -> None:
    timeout = timedelta(seconds=2)
    for model in (
        GeminiModel(api_key="k", base_url="http://127.0.0.1:9", timeout=timeout),
        OpenAiCompatibleModel(api_key="", name="m", base_url="http://127.0.0.1:9/v1", timeout=timeout),
    ):
        with pytest.raises(ModelUnavailable) as raised:
            await events_of(model)
        assert raised.value.trouble is Trouble.UNREACHABLE
        await model.close()

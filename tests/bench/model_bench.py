"""Answers that a model writes: what we add to its own delay when twenty people chat, and how soon leaving reaches it.

`kstock up`, the model's service and the people are a process each; the way between the first two is Gemini's SDK and HTTP.
"""

import asyncio
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import grpc
from kstock.chat.v1 import chat_service_pb2 as chat
from kstock.chat.v1 import chat_service_pb2_grpc as chat_grpc

from tests.bench.chatters import CHATS, Answered, Chatters, as_guest, place, questions
from tests.bench.child_process import Lines, child
from tests.bench.figure import Figure, Spread
from tests.bench.kstock_process import SETTLED_S, KstockProcess, kstock_up
from tests.bench.model_service import FIRST_S, Asked
from tests.bench.workshop import Workshop

ROUNDS, EACH = 3, 9
LEAVING = 40
_WITHIN_ITS_SILENCE_S = FIRST_S / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round: what its people saw, what the service saw of the same questions, and what it cost the server.

    `waited_s` is how long the server's main thread had no processor.
    """

    answers: list[Answered]
    asked: dict[str, Asked]
    seconds: float
    cpu_s: float
    waited_s: float

    def added_ms(self) -> list[float]:
        """From each question to the first text on its reader's side, without the time in which the model was silent."""
        pairs = [(one, self.asked[one.question]) for one in self.answers]
        return [((one.first_text - one.asked) - (there.spoken - there.arrived)) * 1e3 for one, there in pairs]

    def block_ms(self) -> list[float]:
        """From each question to its first data block."""
        return [(one.first_block - one.asked) * 1e3 for one in self.answers]


def figures(workshop: Workshop) -> Iterator[Figure]:
    """Rounds of conversations, then calls that are left at two moments."""
    rounds, left = asyncio.run(_measured(*place(workshop)))
    added = [one.added_ms() for one in rounds]
    yield Figure(
        name=f"time to first token without the model's own delay, {CHATS} chats at once, p99",
        measured=Spread.of([_percentile(times, 99) for times in added]),
        unit="ms",
        at_most=50,
        note=f"{_notes(rounds)}; p50 {Spread.of([statistics.median(times) for times in added])} ms",
    )
    yield Figure(
        name=f"first data block, {CHATS} chats at once, p95",
        measured=Spread.of([_percentile(one.block_ms(), 95) for one in rounds]),
        unit="ms",
        at_most=300,
        note=f"p50 {Spread.of([statistics.median(one.block_ms()) for one in rounds])} ms",
    )
    yield Figure(
        name="leaving reaches the model's service, longest",
        measured=Spread.of([max(times) for times in left]),
        unit="ms",
        at_most=100,
        note=f"{LEAVING} calls left while it is silent, then {LEAVING} while it writes; "
        f"p50 {Spread.of([statistics.median(times) for times in left])} ms",
    )


def _notes(rounds: Sequence[Round]) -> str:
    pace = statistics.median(len(one.answers) / one.seconds for one in rounds)
    cost = statistics.median(one.cpu_s / len(one.answers) * 1e3 for one in rounds)
    waits = [(there.ended - there.spoken) * 1e3 for one in rounds for there in one.asked.values()]
    return (
        f"rounds of {len(rounds[0].answers)} answers, {pace:.1f} a second, {cost:.0f} ms of CPU each; "
        f"without a processor for {Spread.of([100 * one.waited_s / one.seconds for one in rounds])} % of the time; "
        f"checking the text as a whole would show it {statistics.median(waits):.0f} ms later"
    )


def _percentile(times: Sequence[float], percent: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1]


async def _measured(data_dir: Path, moment: str) -> tuple[list[Round], list[list[float]]]:
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(child("tests.bench.model_service"))
        settings = with_model(await service.readline())
        server = stack.enter_context(kstock_up(data_dir, "--at", moment, settings=settings))
        channel = await stack.enter_async_context(grpc.aio.insecure_channel(server.address))
        people = Chatters(channel)
        await asyncio.sleep(SETTLED_S)
        await people.warm()
        rounds = [await _round(people, service, server) for _ in range(ROUNDS)]
        return rounds, [await _left(channel, service, silent=silent) for silent in (True, False)]


def with_model(address: str) -> dict[str, str]:
    """Settings of a server whose model is the service at an address; nobody's day ends."""
    return {
        "KSTOCK_CHAT__MODEL": "gemini",
        "KSTOCK_CHAT__API_KEY": "bench",
        "KSTOCK_CHAT__BASE_URL": address,
        "KSTOCK_CHAT__USER_TOKENS_PER_DAY": "1000000000",
        "KSTOCK_CHAT__TOKENS_PER_DAY": "1000000000",
    }


async def _round(people: Chatters, service: Lines, server: KstockProcess) -> Round:
    people.answers = []
    await service.ask()
    began, used, waited = time.monotonic(), server.cpu_s(), server.waited_s()
    await people.chat(each=EACH)
    seconds, cpu_s, waited_s = time.monotonic() - began, server.cpu_s() - used, server.waited_s() - waited
    asked = {one.question: one for one in await _asked(service)}
    assert all(one.model for one in people.answers), "an answer without the model"
    return Round(answers=people.answers, asked=asked, seconds=seconds, cpu_s=cpu_s, waited_s=waited_s)


async def _asked(service: Lines) -> list[Asked]:
    return [Asked(**one) for one in json.loads(await service.ask())]


async def _left(channel: grpc.aio.Channel, service: Lines, *, silent: bool) -> list[float]:
    """Milliseconds from cancelling a call to its end at the model's service."""
    stub, texts, taken = chat_grpc.ChatServiceStub(channel), questions(), []
    for _ in range(LEAVING):
        await service.ask()
        call = stub.Converse(chat.ConverseRequest(text=next(texts)), metadata=as_guest(CHATS))
        await _until(call, silent=silent)
        gone = time.monotonic()
        call.cancel()
        while not (asked := await _asked(service)) or not asked[0].left:
            assert not asked or time.monotonic() - gone < 5, "leaving did not reach the service"
            await asyncio.sleep(0.01)
        taken.append((asked[0].left - gone) * 1e3)
    return taken


async def _until(call: "grpc.aio.UnaryStreamCall[chat.ConverseRequest, chat.ConverseResponse]", *, silent: bool) -> None:
    """Read until the model is being asked, or until its first text."""
    async for event in call:
        if silent and event.status.stage == chat.CONVERSE_STAGE_WRITING:
            await asyncio.sleep(_WITHIN_ITS_SILENCE_S)
            return
        if event.HasField("text_delta"):
            return

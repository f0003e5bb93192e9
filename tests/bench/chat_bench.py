"""How long an answer takes: questions through gRPC to `kstock up`, which is another process."""

import asyncio
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import grpc
from kstock.chat.v1 import chat_service_pb2 as chat
from kstock.chat.v1 import chat_service_pb2_grpc as chat_grpc

from tests.bench.chatters import place
from tests.bench.figure import Figure, Spread
from tests.bench.kstock_process import kstock_up
from tests.bench.workshop import Workshop
from tests.conftest import REPOSITORY
from tests.fixtures.question_file import read_questions

QUESTIONS, ROUNDS = 30, 5
_WARMING = 20


def figures(workshop: Workshop) -> Iterator[Figure]:
    """Rounds of different questions on the real market, or on the simulated one where its data is absent."""
    data_dir, moment = place(workshop)
    questions = _questions(_WARMING + QUESTIONS * ROUNDS)
    with kstock_up(data_dir, "--at", moment) as server:
        times = asyncio.run(_ask(server.address, questions))
    rounds = [times[start : start + QUESTIONS] for start in range(_WARMING, len(times), QUESTIONS)]
    whole = [[one.whole_ms for one in answers] for answers in rounds]
    blocks = [[one.block_ms for one in answers if one.block_ms is not None] for answers in rounds]
    medians = Spread.of([statistics.median(taken) for taken in whole])
    yield Figure(
        name="chat answer, p95 of a round",
        measured=Spread.of([_p95(taken) for taken in whole]),
        unit="ms",
        at_most=300,
        note=f"rounds of {QUESTIONS} different questions, each a conversation of its own; p50 {medians} ms, "
        f"longest {max(max(taken) for taken in whole):.0f} ms",
    )
    medians = Spread.of([statistics.median(taken) for taken in blocks])
    yield Figure(
        name="first data block, p95 of a round",
        measured=Spread.of([_p95(taken) for taken in blocks]),
        unit="ms",
        at_most=300,
        note=f"of the same answers the {sum(map(len, blocks))} with data; p50 {medians} ms",
    )


@dataclass(slots=True)
class _Times:
    """Milliseconds from a question to its first data block, None without one, and to the end of its answer."""

    block_ms: float | None = None
    whole_ms: float = 0.0


def _p95(taken: Sequence[float]) -> float:
    return statistics.quantiles(taken, n=20)[18]


def _questions(count: int) -> list[str]:
    """Questions of every kind, evenly out of the file of the tests."""
    items = read_questions(REPOSITORY / "tests" / "fixtures" / "chat_questions.yaml")
    texts = list(dict.fromkeys(item["q"] for item in items if isinstance(item.get("q"), str) and item["q"]))
    # A prime step that does not divide their number visits all of them, mixed.
    return [str(texts[place * 101 % len(texts)]) for place in range(count)]


async def _ask(address: str, questions: Sequence[str]) -> list[_Times]:
    taken = []
    async with grpc.aio.insecure_channel(address) as channel:
        stub = chat_grpc.ChatServiceStub(channel)
        for number, question in enumerate(questions):
            began, times = time.perf_counter(), _Times()
            asked = chat.ConverseRequest(text=question, idempotency_key=f"bench-{number}-{began}")
            async for event in stub.Converse(asked):
                if event.HasField("block") and times.block_ms is None:
                    times.block_ms = (time.perf_counter() - began) * 1e3
            times.whole_ms = (time.perf_counter() - began) * 1e3
            assert event.HasField("done"), question
            taken.append(times)
    return taken

"""How long an answer takes: questions through gRPC to `kstock up`, which is another process."""

import asyncio
import statistics
import time
from collections.abc import Iterator, Sequence

import grpc
from kstock.chat.v1 import chat_service_pb2 as chat
from kstock.chat.v1 import chat_service_pb2_grpc as chat_grpc

from tests.bench.figure import Figure, Spread
from tests.bench.kstock_process import kstock_up
from tests.bench.workshop import DataAbsent, Workshop
from tests.conftest import REPOSITORY
from tests.fixtures.question_file import read_questions

QUESTIONS, ROUNDS = 30, 5
_WARMING = 20
_MOMENT = "2026-04-30T18:30+09:00"


def figures(workshop: Workshop) -> Iterator[Figure]:
    """Rounds of different questions on the real market, or on the simulated one where its data is absent."""
    try:
        data_dir, options = workshop.real_store.parent, ("--at", _MOMENT)
    except DataAbsent:
        data_dir, options = workshop.new_folder("chat"), ("--simulated",)
    questions = _questions(_WARMING + QUESTIONS * ROUNDS)
    with kstock_up(data_dir, *options) as server:
        times = asyncio.run(_ask(server.address, questions))
    rounds = [times[start : start + QUESTIONS] for start in range(_WARMING, len(times), QUESTIONS)]
    medians = Spread.of([statistics.median(taken) for taken in rounds])
    yield Figure(
        name="chat answer, p95 of a round",
        measured=Spread.of([statistics.quantiles(taken, n=20)[18] for taken in rounds]),
        unit="ms",
        at_most=300,
        note=f"rounds of {QUESTIONS} different questions, each a conversation of its own; p50 {medians} ms, "
        f"longest {max(times[_WARMING:]):.0f} ms",
    )


def _questions(count: int) -> list[str]:
    """Questions of every kind, evenly out of the file of the tests."""
    items = read_questions(REPOSITORY / "tests" / "fixtures" / "chat_questions.yaml")
    texts = list(dict.fromkeys(item["q"] for item in items if isinstance(item.get("q"), str) and item["q"]))
    # A prime step that does not divide their number visits all of them, mixed.
    return [str(texts[place * 101 % len(texts)]) for place in range(count)]


async def _ask(address: str, questions: Sequence[str]) -> list[float]:
    """Milliseconds from a question to the end of its answer."""
    taken = []
    async with grpc.aio.insecure_channel(address) as channel:
        stub = chat_grpc.ChatServiceStub(channel)
        for place, question in enumerate(questions):
            began = time.perf_counter()
            asked = chat.ConverseRequest(text=question, idempotency_key=f"bench-{place}-{began}")
            events = [event async for event in stub.Converse(asked)]
            taken.append((time.perf_counter() - began) * 1e3)
            assert events[-1].HasField("done"), question
    return taken

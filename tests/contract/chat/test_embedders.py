"""Vectors from Gemini through the real SDK against a fake service, within a day's limits and with rest after failures."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import numpy as np
import pytest

from servers.chat.llm.budget import Budget, Caps, Prices
from servers.chat.llm.errors import ModelUnavailable, Trouble
from servers.chat.llm.gemini_embedder import EmbeddingModel, GeminiEmbedder
from servers.chat.llm.ledger import UsageLedger
from servers.chat.llm.patient_embedder import PRINCIPAL, PatientEmbedder
from shared.market.times import kst_date
from shared.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.gemini_embeddings import GeminiEmbeddings

DIMENSION = 128


@pytest.fixture
async def service() -> AsyncIterator[GeminiEmbeddings]:
    async with GeminiEmbeddings().running() as running:
        yield running


@pytest.fixture
async def gemini(service: GeminiEmbeddings) -> AsyncIterator[GeminiEmbedder]:
    model = EmbeddingModel(dimension=DIMENSION, close=0.7)
    embedder = GeminiEmbedder(model, api_key="very-secret", base_url=service.base_url)
    yield embedder
    await embedder.close()


async def test_each_text_gets_a_vector_of_its_own(service: GeminiEmbeddings, gemini: GeminiEmbedder) -> None:
    vectors = await gemini.embed_documents(["수주 공시", "배당 발표", "수주 공시"])
    assert vectors.shape == (3, DIMENSION)
    assert vectors.dtype == np.float32
    np.testing.assert_array_equal(vectors[0], vectors[2])
    assert not np.array_equal(vectors[0], vectors[1])
    assert service.texts == ["수주 공시", "배당 발표", "수주 공시"]


async def test_the_wire_says_what_the_vectors_are_for(service: GeminiEmbeddings, gemini: GeminiEmbedder) -> None:
    await gemini.embed_documents(["공시"])
    vector = await gemini.embed_query("뭐야")
    assert vector.shape == (DIMENSION,)
    sent = [body["requests"][0] for body in service.bodies]
    assert [one["taskType"] for one in sent] == ["RETRIEVAL_DOCUMENT", "RETRIEVAL_QUERY"]
    assert {one["outputDimensionality"] for one in sent} == {DIMENSION}
    assert service.headers[0]["x-goog-api-key"] == "very-secret"


@pytest.mark.parametrize(
    ("status", "trouble"), [(429, Trouble.RATE_LIMITED), (503, Trouble.OVERLOADED), (401, Trouble.REFUSED)]
)
async def test_a_status_becomes_a_trouble(
    service: GeminiEmbeddings, gemini: GeminiEmbedder, status: int, trouble: Trouble
) -> None:
    service.fail = (status, {"Retry-After": "7"})
    with pytest.raises(ModelUnavailable) as raised:
        await gemini.embed_query("뭐야")
    assert (raised.value.trouble, raised.value.retry_after) == (trouble, timedelta(seconds=7))
    assert "very-secret" not in str(raised.value)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda vectors: vectors[:-1],
        lambda vectors: [vector[:-1] for vector in vectors],
        lambda vectors: [[1e999, *vector[1:]] for vector in vectors],
        lambda _: [],
    ],
    ids=["one-missing", "too-short", "infinite", "none"],
)
async def test_what_are_no_vectors_is_an_error(service: GeminiEmbeddings, gemini: GeminiEmbedder, spoil: object) -> None:
    service.spoil = spoil  # type: ignore[assignment]
    with pytest.raises(ModelUnavailable) as raised:
        await gemini.embed_documents(["하나", "둘"])
    assert raised.value.trouble is Trouble.MALFORMED


async def test_cancelling_reaches_the_service(service: GeminiEmbeddings, gemini: GeminiEmbedder) -> None:
    service.stalling = True
    asking = asyncio.create_task(gemini.embed_query("뭐야"))
    await asyncio.wait_for(service.asked.wait(), 5)
    asking.cancel()
    await asyncio.wait_for(service.abandoned.wait(), 5)
    assert (await asyncio.gather(asking, return_exceptions=True))[0].__class__ is asyncio.CancelledError


def patient(gemini: GeminiEmbedder, store: Store, clock: FakeClock, *, tokens: int = 10**6) -> PatientEmbedder:
    caps = Caps(user_tokens=tokens, all_tokens=10**6)
    return PatientEmbedder(gemini, Budget(UsageLedger(store, clock), clock, caps=caps, prices=Prices()), clock)


async def test_after_a_failure_it_rests_for_the_time_named_and_then_works(
    service: GeminiEmbeddings, gemini: GeminiEmbedder, sqlite_store: Store
) -> None:
    clock = FakeClock()
    embedder = patient(gemini, sqlite_store, clock)
    service.fail = (429, {"Retry-After": "7"})
    for _ in range(3):
        with pytest.raises(ModelUnavailable):
            await embedder.embed_documents(["하나"])
    assert len(service.bodies) == 1
    service.fail = None
    await clock.advance(7.1)
    assert (await embedder.embed_documents(["하나"])).shape == (1, DIMENSION)


async def test_the_rest_grows_with_each_failure(
    service: GeminiEmbeddings, gemini: GeminiEmbedder, sqlite_store: Store
) -> None:
    clock = FakeClock()
    embedder = patient(gemini, sqlite_store, clock)
    service.fail = (503, {})
    asked = []
    for _ in range(60):
        with pytest.raises(ModelUnavailable):
            await embedder.embed_documents(["하나"])
        asked.append(len(service.bodies))
        await clock.advance(1.0)
    assert asked[0] == 1
    assert asked[-1] == 5  # after 0, 2, 6, 14 and 30 seconds


async def test_a_question_does_not_wait_long(service: GeminiEmbeddings, gemini: GeminiEmbedder, sqlite_store: Store) -> None:
    embedder = patient(gemini, sqlite_store, FakeClock())
    service.stalling = True
    with pytest.raises(ModelUnavailable) as raised:
        await asyncio.wait_for(embedder.embed_query("뭐야"), 10)
    assert raised.value.trouble is Trouble.TIMEOUT
    with pytest.raises(ModelUnavailable):
        await embedder.embed_query("뭐야")
    assert len(service.bodies) == 1


async def test_tokens_are_counted_and_end_with_the_day(
    service: GeminiEmbeddings, gemini: GeminiEmbedder, sqlite_store: Store
) -> None:
    clock = FakeClock()
    ledger = UsageLedger(sqlite_store, clock)
    budget = Budget(ledger, clock, caps=Caps(user_tokens=40, all_tokens=10**6), prices=Prices())
    embedder = PatientEmbedder(gemini, budget, clock)
    await embedder.embed_documents(["가" * 45])
    with pytest.raises(ModelUnavailable) as raised:
        await embedder.embed_documents(["가" * 45])
    assert raised.value.trouble is Trouble.BUDGET
    assert len(service.bodies) == 1
    assert ledger.used(kst_date(clock.machine_now()), PRINCIPAL).input_tokens == 31
    await clock.advance(86_400)
    assert len(await embedder.embed_documents(["가" * 45])) == 1


async def test_what_failed_costs_nothing(service: GeminiEmbeddings, gemini: GeminiEmbedder, sqlite_store: Store) -> None:
    clock = FakeClock()
    ledger = UsageLedger(sqlite_store, clock)
    caps = Caps(user_tokens=10**6, all_tokens=10**6)
    embedder = PatientEmbedder(gemini, Budget(ledger, clock, caps=caps, prices=Prices()), clock)
    service.fail = (503, {})
    with pytest.raises(ModelUnavailable):
        await embedder.embed_documents(["하나"])
    assert ledger.used(kst_date(clock.machine_now()), PRINCIPAL).tokens == 0

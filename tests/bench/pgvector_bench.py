"""The nearest of 100,000 vectors by pgvector in PostgreSQL, beside the exact pass in memory; wall clock, on one machine.

The made-up vectors lie near a space of 32 dimensions, as those of texts lie near a small one: of vectors without any
structure no index finds the nearest.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from servers.chat.retrieval.dense import DenseIndex, warm_up
from servers.chat.retrieval.embedding import Vectors
from servers.chat.retrieval.snapshot import RANKED
from shared.clock import WallClock
from shared.store.origin import Origin
from shared.store.repositories.passage_vectors import Near, Passage, VectorTable
from shared.store.store import Store
from tests.bench.figure import Beside, Figure, Spread
from tests.bench.workshop import Workshop
from tests.fixtures.postgres import PostgresServer

DOCUMENTS, DIMENSION = 100_000, 256
PAIRS = 60
_STRUCTURE, _NOISE = 32, 0.15
_TOGETHER = 2_000
_TABLE = VectorTable.of("bench", DIMENSION)
_BUILD = (
    "SET maintenance_work_mem = '512MB'; SET max_parallel_maintenance_workers = 2; "
    f"CREATE INDEX {_TABLE.name}_near ON {_TABLE.name} USING hnsw (embedding halfvec_cosine_ops)"
)


@dataclass(slots=True)
class _Taken:
    """Milliseconds of each search, and how many of the ten nearest the index found."""

    ours: list[float]
    exact: list[float]
    found: int


def figures(_: Workshop) -> Iterator[Figure]:
    """Searches over all documents and behind a filter by instrument."""
    with closing(PostgresServer()) as server:
        name = server.new_database()
        built, taken = asyncio.run(_measured(server, name))
    for what, one in taken.items():
        ratios = [exact / ours for exact, ours in zip(one.exact, one.ours, strict=True)]
        yield Figure(
            name=f"nearest of 100,000 vectors by pgvector, {what}",
            measured=Spread.of(one.ours),
            unit="ms",
            note=f"{one.found / PAIRS / 10:.1%} of the ten nearest are among its {RANKED}; "
            f"the index was built in {built:.0f} s",
            beside=Beside(what="times as fast as the exact pass in memory", ratio=Spread.of(ratios)),
        )


def _vectors(random: np.random.Generator, count: int) -> Vectors:
    directions = np.random.default_rng(3).standard_normal((_STRUCTURE, DIMENSION), dtype=np.float32)
    noise = random.standard_normal((count, DIMENSION), dtype=np.float32)
    return random.standard_normal((count, _STRUCTURE), dtype=np.float32) @ directions + _NOISE * _STRUCTURE**0.5 * noise


async def _measured(server: PostgresServer, name: str) -> tuple[float, dict[str, _Taken]]:
    random = np.random.default_rng(20)
    matrix = _vectors(random, DOCUMENTS)
    rows = np.arange(DOCUMENTS)
    index = DenseIndex.empty(DIMENSION).extended(rows.astype(np.int32), rows, matrix)
    warm_up()
    async with await Store.open(server.url(name), origin=Origin.REAL, clock=WallClock()) as store:
        await _load(store, server, name, matrix)
        began = time.perf_counter()
        server.sql(_BUILD, name)
        server.sql(f"ANALYZE {_TABLE.name}", name)
        built = time.perf_counter() - began
        everything, some = np.ones(DOCUMENTS, dtype=np.bool_), rows % 2_500 == 7
        return built, {
            "all of them": await _compare(store, index, random, everything, ()),
            "those of one instrument": await _compare(store, index, random, some, (_ticker(7),)),
        }


async def _load(store: Store, server: PostgresServer, name: str, matrix: Vectors) -> None:
    async with store.begin() as uow:
        await uow.passage_vectors.prepare(_TABLE)
    server.sql(f"DROP INDEX {_TABLE.name}_near", name)  # filling it row by row would take several times as long
    for first in range(0, DOCUMENTS, _TOGETHER):
        part = slice(first, first + _TOGETHER)
        async with store.begin() as uow:
            await uow.passage_vectors.save(_TABLE, [_passage(row) for row in range(DOCUMENTS)[part]], matrix[part])


async def _compare(
    store: Store, index: DenseIndex, random: np.random.Generator, visible: np.ndarray, tickers: tuple[str, ...]
) -> _Taken:
    taken = _Taken([], [], 0)
    for number in range(PAIRS + 5):
        vector = _vectors(random, 1)[0]
        began = time.perf_counter()
        exact = index.nearest(vector, visible, 10)
        between = time.perf_counter()
        near = Near(vector=vector, until=DOCUMENTS, since=None, tickers=tickers, kinds=(), limit=RANKED)
        async with store.read() as uow:
            found = await uow.passage_vectors.nearest(_TABLE, near)
        ended = time.perf_counter()
        if number >= 5:
            taken.exact.append((between - began) * 1e3)
            taken.ours.append((ended - between) * 1e3)
            taken.found += len({str(row) for row, _ in exact} & {document for document, _ in found})
    return taken


def _passage(row: int) -> Passage:
    return Passage(
        document_id=str(row), text_key=row.to_bytes(32, "big"), published=row, kind="news", tickers=(_ticker(row % 2_500),)
    )


def _ticker(number: int) -> str:
    return f"{number:06}"

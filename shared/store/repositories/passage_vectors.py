"""Vectors of texts in PostgreSQL, found by pgvector.

They are a cache: whoever has the texts and the model can make them again. So their tables are no part of the schema, which
SQLite shares; each model's is made when it is first used.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import TextClause, text

from shared.market.errors import StoreUnusable
from shared.store.repositories.base import Repository

NEEDED = (0, 8)
"""Version of pgvector that goes on searching when a filter has left too few."""

_LOCK = 7_406_271  # of the making of tables, among all processes
_CANDIDATES = 200
_NOT_THERE = "install pgvector there, or set KSTOCK_EMBEDDING__VECTORS=memory"

_TABLE = (
    "CREATE EXTENSION IF NOT EXISTS vector",
    """CREATE TABLE IF NOT EXISTS {table} (
        document_id text PRIMARY KEY, text_key bytea NOT NULL, published bigint NOT NULL, kind text NOT NULL,
        tickers text[] NOT NULL, embedding {type} NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS {table}_text ON {table} (text_key)",
    "CREATE INDEX IF NOT EXISTS {table}_tickers ON {table} USING gin (tickers)",
    "CREATE INDEX IF NOT EXISTS {table}_near ON {table} USING hnsw (embedding halfvec_cosine_ops)",
)
_UNKNOWN = """SELECT wanted.id FROM unnest(
        CAST(:ids AS text[]), CAST(:keys AS bytea[]), CAST(:published AS bigint[]), CAST(:kinds AS text[]),
        CAST(:tickers AS text[])) AS wanted (id, key, published, kind, tickers)
    LEFT JOIN {table} AS known ON known.document_id = wanted.id AND known.text_key = wanted.key
        AND known.published = wanted.published AND known.kind = wanted.kind
        AND array_to_string(known.tickers, ',') = wanted.tickers
    WHERE known.document_id IS NULL"""
_KNOWN_TEXTS = "SELECT DISTINCT text_key FROM {table} WHERE text_key = ANY(CAST(:keys AS bytea[]))"
_PASSAGE = """CAST(:document_id AS text), CAST(:text_key AS bytea), CAST(:published AS bigint), CAST(:kind AS text),
    CAST(:tickers AS text[])"""
_WITH_VECTOR = "VALUES (PASSAGE, CAST(CAST(:embedding AS text) AS {type}))"
_WITH_KNOWN_VECTOR = "SELECT PASSAGE, embedding FROM {table} WHERE text_key = CAST(:text_key AS bytea) LIMIT 1"
_INSERT = """INSERT INTO {table} (document_id, text_key, published, kind, tickers, embedding) SOURCE
    ON CONFLICT (document_id) DO UPDATE SET text_key = excluded.text_key, published = excluded.published,
        kind = excluded.kind, tickers = excluded.tickers, embedding = excluded.embedding"""
_SETTINGS = text(
    "SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', :candidates, true)"
)
_NEAREST = """SELECT document_id, embedding <=> CAST(CAST(:query AS text) AS {type}) AS distance FROM {table}
    WHERE published <= :until BOUNDS ORDER BY distance LIMIT :limit"""
_VERSION = text("SELECT coalesce(installed_version, default_version) FROM pg_available_extensions WHERE name = 'vector'")


@dataclass(frozen=True, slots=True)
class VectorTable:
    """Where the vectors of one model are, and how many numbers each has."""

    name: str
    dimension: int

    @classmethod
    def of(cls, model: str, dimension: int) -> "VectorTable":
        """The table of a model.

        Args:
            model: Its name, with everything that changes its vectors.
            dimension: Length of a vector.
        """
        digest = hashlib.sha256(f"{model}\n{dimension}".encode()).hexdigest()
        return cls(f"passage_vectors_{digest[:12]}", dimension)

    def statement(self, template: str) -> TextClause:
        """A statement about this table; its name and type are ours, never a caller's text."""
        return text(template.format(table=self.name, type=f"halfvec({self.dimension})"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What filters go by: `published` in microseconds since 1970, `text_key` tells equal texts."""

    document_id: str
    text_key: bytes
    published: int
    kind: str
    tickers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """What to look for: the closest of those published from `since` to `until`; empty filters allow all."""

    vector: NDArray[np.float32]
    until: int
    since: int | None
    tickers: Sequence[str]
    kinds: Collection[str]
    limit: int


class PassageVectorRepository(Repository):
    """Only on PostgreSQL."""

    async def prepare(self, table: VectorTable) -> None:
        """Make the table of a model unless it is there.

        Raises:
            StoreUnusable: No pgvector, or an old one.
        """
        await self._connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        await self._check_extension()
        for template in _TABLE:
            await self._connection.execute(table.statement(template))

    async def unknown(self, table: VectorTable, passages: Sequence[Passage]) -> set[str]:
        """Ids of passages that are not there as they are now."""
        values = {
            "ids": [one.document_id for one in passages],
            "keys": [one.text_key for one in passages],
            "published": [one.published for one in passages],
            "kinds": [one.kind for one in passages],
            "tickers": [",".join(one.tickers) for one in passages],
        }
        return set((await self._connection.execute(table.statement(_UNKNOWN), values)).scalars())

    async def known_texts(self, table: VectorTable, keys: Sequence[bytes]) -> set[bytes]:
        """Those of some texts that have a vector."""
        found = await self._connection.execute(table.statement(_KNOWN_TEXTS), {"keys": list(keys)})
        return set(found.scalars())

    async def save(self, table: VectorTable, passages: Sequence[Passage], vectors: NDArray[np.float32]) -> None:
        """Write passages with their vectors, shape (n, dimension); what is there under their ids is replaced."""
        rows = [{**_row(one), "embedding": _literal(vector)} for one, vector in zip(passages, vectors, strict=True)]
        await self._insert_all(table, _WITH_VECTOR, rows)

    async def save_known(self, table: VectorTable, passages: Sequence[Passage]) -> None:
        """Write passages whose texts have a vector already."""
        await self._insert_all(table, _WITH_KNOWN_VECTOR, [_row(one) for one in passages])

    async def nearest(self, table: VectorTable, near: Near) -> list[tuple[str, float]]:
        """Ids of the closest passages with their cosine, closest first; nearly always all of the closest."""
        await self._connection.execute(_SETTINGS, {"candidates": str(_CANDIDATES)})
        values: dict[str, object] = {"query": _literal(near.vector), "until": near.until, "limit": near.limit}
        bounds = ""
        if near.since is not None:
            bounds += " AND published >= :since"
            values["since"] = near.since
        if near.tickers:
            bounds += " AND tickers && CAST(:tickers AS text[])"
            values["tickers"] = list(near.tickers)
        if near.kinds:
            bounds += " AND kind = ANY(CAST(:kinds AS text[]))"
            values["kinds"] = sorted(near.kinds)
        found = await self._connection.execute(table.statement(_NEAREST.replace("BOUNDS", bounds)), values)
        return sorted(((row.document_id, 1.0 - row.distance) for row in found), key=lambda one: -one[1])

    async def _check_extension(self) -> None:
        version = (await self._connection.execute(_VERSION)).scalar_one_or_none()
        if version is None:
            raise StoreUnusable(f"the PostgreSQL server has no pgvector; {_NOT_THERE}")
        if tuple(map(int, version.split(".")[:2])) < NEEDED:
            raise StoreUnusable(f"the PostgreSQL server has pgvector {version}, 0.8 is needed; {_NOT_THERE}")

    async def _insert_all(self, table: VectorTable, source: str, rows: Sequence[dict[str, object]]) -> None:
        if rows:
            template = _INSERT.replace("SOURCE", source.replace("PASSAGE", _PASSAGE))
            await self._connection.execute(table.statement(template), rows)


def _row(passage: Passage) -> dict[str, object]:
    return {
        "document_id": passage.document_id,
        "text_key": passage.text_key,
        "published": passage.published,
        "kind": passage.kind,
        "tickers": list(passage.tickers),
    }


def _literal(vector: NDArray[np.float32]) -> str:
    return f"[{','.join(f'{number:.6g}' for number in vector.tolist())}]"

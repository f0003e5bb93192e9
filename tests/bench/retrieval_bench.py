"""Hybrid search over 100,000 made-up documents, beside the obvious ways of doing its two halves.

Milliseconds are CPU time of this process, of all threads that a library may use: nothing in a search waits, and on a busy
machine the wall clock measures the neighbours. The wall clock is in the notes.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import bm25s
import numpy as np

from servers.chat.retrieval.corpus import Corpus
from servers.chat.retrieval.dense import DenseIndex, warm_up
from servers.chat.retrieval.document import Document, DocumentKind, Wish
from servers.chat.retrieval.embedding import Vectors, normalised
from servers.chat.retrieval.postings import merge_segments
from servers.chat.retrieval.snapshot import RANKED, Nearest, Snapshot, Visible
from servers.chat.retrieval.terms import terms_of
from shared.market.instrument import Ticker
from shared.text.kiwi import KiwiMorphemes
from tests.bench.figure import Beside, Figure, Spread
from tests.bench.workshop import Workshop

DOCUMENTS = 100_000
WORDS = 30_000
DIMENSION, LARGE_DIMENSION = 256, 768
"""What is asked of the embedding model by default, and a size that it is often used with."""

QUERIES = 400
PAIRS = 40
NOW = datetime(2026, 4, 30, 9, 30, tzinfo=UTC)

QUESTIONS = (
    "한화오션 수주했어?",
    "반도체 업황이 왜 나빠졌는지 알려줘",
    "금리 인상이 은행주에 주는 영향",
    "SK하이닉스 HBM 공급 계약 소식 있어?",
    "외국인이 이차전지를 파는 이유가 뭐야",
    "VCP 패턴이 뭐고 언제 실패해?",
)


def figures(_: Workshop) -> Iterator[Figure]:
    """Query latency: analysis of the question, both arms, fusion and filters."""
    random = np.random.default_rng(20)
    documents, terms = _documents(random)
    corpus = _corpus(documents, terms)
    corpus.dense = _vectors(random, DIMENSION)
    snapshot = corpus.snapshot()
    warm_up()
    morphemes = KiwiMorphemes.load()
    hybrid = [_timed(lambda: _search(snapshot, morphemes, random)) for _ in range(QUERIES + 20)][20:]
    words = [_timed(lambda: _search(snapshot, morphemes, random, dense=False)) for _ in range(QUERIES)]
    what = "hybrid search over 100,000 documents"
    yield _percentile(f"{what}, p50", hybrid, 50, at_most=8.0, note=_dense_note(snapshot, random))
    yield _percentile(f"{what}, p99", hybrid, 99, at_most=25.0)
    beside = _beside_bm25s(snapshot, terms, random)
    yield _percentile("the same by words alone (no embedding model), p50", words, 50, beside=beside)
    yield _large(corpus, morphemes, random)
    yield _arrival(corpus, random)


def _search(snapshot: Snapshot, morphemes: KiwiMorphemes, random: np.random.Generator, *, dense: bool = True) -> None:
    """One question: Kiwi reads a real one, the words searched for are drawn like those of the documents."""
    question = QUESTIONS[int(random.integers(len(QUESTIONS)))]
    terms_of(question, morphemes)
    tickers = (Ticker(f"{random.integers(2_500):06}"),) if random.random() < 0.5 else ()
    size = 0 if snapshot.dense is None else snapshot.dense.matrix.shape[1]
    wish = Wish(query=question, until=NOW - timedelta(minutes=float(random.integers(500_000))), tickers=tickers)
    nearest = _nearest_to(random.standard_normal(size).astype(np.float32)) if dense else None
    snapshot.search(wish, _words(random, 6), nearest)


def _nearest_to(vector: Vectors) -> Nearest:
    """What a search by meaning takes; made-up vectors are not close to anything."""

    def nearest(snapshot: Snapshot, visible: Visible) -> list[tuple[int, float]]:
        assert snapshot.dense is not None
        return snapshot.dense.nearest(vector, visible, RANKED)

    return nearest


def _words(random: np.random.Generator, count: int) -> list[str]:
    """Words by Zipf's law, as texts have them."""
    return [f"w{min(int(rank), WORDS)}" for rank in random.zipf(1.25, count)]


def _documents(random: np.random.Generator) -> tuple[list[Document], list[list[str]]]:
    minutes = random.integers(0, 1_000_000, DOCUMENTS)
    documents = [
        Document(
            document_id=f"news:{number}",
            kind=DocumentKind.NEWS,
            title=f"story {number}",
            source="press",
            publish_time=NOW - timedelta(minutes=int(minute)),
            tickers=(Ticker(f"{number % 2_500:06}"),),
        )
        for number, minute in enumerate(minutes)
    ]
    lengths = random.integers(8, 30, DOCUMENTS)
    ranks = np.minimum(random.zipf(1.25, int(lengths.sum())), WORDS).tolist()
    ends = np.cumsum(lengths).tolist()
    terms = [[f"w{rank}" for rank in ranks[end - size : end]] for end, size in zip(ends, lengths.tolist(), strict=True)]
    return documents, terms


def _corpus(documents: Sequence[Document], terms: Sequence[Sequence[str]]) -> Corpus:
    corpus = Corpus()
    for first in range(0, DOCUMENTS, 500):
        part = slice(first, first + 500)
        corpus.add(list(zip(documents[part], terms[part], strict=True)))
        if small := corpus.mergeable():
            corpus.replace_segments(small, merge_segments(small))
    return corpus


def _large(corpus: Corpus, morphemes: KiwiMorphemes, random: np.random.Generator) -> Figure:
    corpus.dense = _vectors(random, LARGE_DIMENSION)
    snapshot = corpus.snapshot()
    taken = [_timed(lambda: _search(snapshot, morphemes, random)) for _ in range(PAIRS)]
    return _percentile(
        f"hybrid search with {LARGE_DIMENSION} dimensions, p50", taken, 50, note=_dense_note(snapshot, random)
    )


def _vectors(random: np.random.Generator, dimension: int) -> DenseIndex:
    matrix = random.standard_normal((DOCUMENTS, dimension), dtype=np.float32)
    rows = np.arange(DOCUMENTS)
    return DenseIndex.empty(dimension).extended(rows.astype(np.int32), rows, matrix)


def _dense_note(snapshot: Snapshot, random: np.random.Generator) -> str:
    """How the vector half compares with one product in full precision, and whether it finds the same."""
    dense = snapshot.dense
    assert dense is not None
    matrix, visible = normalised(dense.matrix), np.ones(DOCUMENTS, dtype=np.bool_)
    queries = random.standard_normal((PAIRS, matrix.shape[1])).astype(np.float32)
    ours = [_timed(lambda query=query: dense.nearest(query, visible, 10)).cpu_ms for query in queries]
    # Not in turns: the threads of a product go on spinning for a while.
    plain = [_timed(lambda query=query: _product(matrix, query)).cpu_ms for query in queries]
    same = sum([row for row, _ in dense.nearest(query, visible, 10)] == _product(matrix, query) for query in queries)
    return (
        f"{matrix.shape[1]} dimensions; vectors alone {np.median(ours):.1f} ms beside {np.median(plain):.1f} ms "
        f"for a float32 product, the ten nearest the same in {same} of {PAIRS}"
    )


def _product(matrix: Vectors, query: Vectors) -> list[int]:
    close = matrix @ query
    best = np.argpartition(close, -10)[-10:]
    return [int(row) for row in best[np.argsort(-close[best])]]


def _beside_bm25s(snapshot: Snapshot, terms: Sequence[Sequence[str]], random: np.random.Generator) -> Beside:
    """The library's own index over the same documents; it cannot grow, filter by time or tell what is new."""
    index = bm25s.BM25(k1=1.2, b=0.5)
    index.index([list(words) for words in terms], show_progress=False)
    ratios = []
    wish = Wish(query="", until=NOW)
    for _ in range(PAIRS):
        words = _words(random, 6)
        ours = _timed(lambda words=words: snapshot.search(wish, words))
        theirs = _timed(lambda words=words: index.retrieve([words], k=10, show_progress=False))
        ratios.append(theirs.cpu_ms / ours.cpu_ms)
    return Beside(what="times as fast as bm25s", ratio=Spread.of(ratios))


def _arrival(corpus: Corpus, random: np.random.Generator) -> Figure:
    """From analysed documents to a snapshot that finds them, when twenty arrive in a corpus of 100,000."""
    taken = []
    for number in range(20):
        new = [
            Document(
                document_id=f"new:{number}:{one}", kind=DocumentKind.NEWS, title="new", source="press", publish_time=NOW
            )
            for one in range(20)
        ]
        analysed = [(document, _words(random, 15)) for document in new]
        taken.append(_timed(lambda analysed=analysed: (corpus.add(analysed), corpus.snapshot())).cpu_ms)
    return Figure(
        name="twenty new documents become searchable", measured=Spread.of(taken), unit="ms", note="without merging"
    )


@dataclass(frozen=True, slots=True)
class _Taken:
    """What one piece of work took."""

    cpu_ms: float
    wall_ms: float


def _percentile(
    name: str,
    taken: Sequence[_Taken],
    percent: float,
    *,
    at_most: float | None = None,
    beside: Beside | None = None,
    note: str = "",
) -> Figure:
    cpu = [one.cpu_ms for one in taken]
    value = float(np.percentile(cpu, percent))
    wall = f"wall clock {np.percentile([one.wall_ms for one in taken], percent):.1f} ms"
    return Figure(
        name=name,
        measured=Spread(median=value, lowest=min(cpu), highest=max(cpu), count=len(cpu)),
        unit="ms",
        at_most=at_most,
        beside=beside,
        note=f"{wall}; {note}" if note else wall,
    )


def _timed(work: Callable[[], object]) -> _Taken:
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return _Taken(cpu_ms=(time.process_time() - cpu) * 1e3, wall_ms=(time.perf_counter() - wall) * 1e3)

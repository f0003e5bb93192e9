"""One suite for both places of vectors: a file with an index in memory, and PostgreSQL with pgvector."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from servers.chat.retrieval.corpus import Corpus
from servers.chat.retrieval.document import DocumentKind, Wish
from servers.chat.retrieval.meaning import Meaning
from servers.chat.retrieval.shared_vectors import SharedVectors
from servers.chat.retrieval.terms import terms_of
from servers.chat.retrieval.vector_file import VectorFile
from servers.chat.retrieval.vectoriser import Vectoriser
from shared.store.origin import Origin
from shared.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.embedder import WordEmbedder
from tests.fixtures.documents import NOW, WORDS, add, corpus_of, make_document

SYNONYMS = {"계약": "수주"}
Open = Callable[[WordEmbedder], Meaning]


@pytest.fixture(params=["memory", "pgvector"])
def database(request: pytest.FixtureRequest) -> str:
    return "" if request.param == "memory" else str(request.getfixturevalue("postgres_url"))


@pytest.fixture
async def opened(database: str, tmp_path: Path) -> AsyncIterator[Open]:
    if not database:
        yield lambda embedder: Vectoriser(
            embedder, partial(VectorFile.open, tmp_path, model=embedder.name, dimension=embedder.dimension)
        )
        return
    async with await Store.open(database, origin=Origin.REAL, clock=FakeClock()) as store:
        yield lambda embedder: SharedVectors(embedder, store)


async def kept_up(meaning: Meaning, corpus: Corpus) -> Meaning:
    async for _ in meaning.keep_up(corpus):
        pass
    return meaning


async def titles(meaning: Meaning, corpus: Corpus, query: str, **fields: Any) -> list[str]:
    wish = Wish(query=query, **{"until": NOW, **fields})
    found = corpus.snapshot().search(wish, terms_of(query, WORDS), await meaning.nearest(wish))
    return [one.document.title for one in found]


async def test_what_shares_no_word_with_the_question_is_found_and_what_means_something_else_is_not(opened: Open) -> None:
    corpus = corpus_of(*map(make_document, ("수주 공시", "배당 발표", "계약 소식", "휴장 안내")))
    meaning = await kept_up(opened(WordEmbedder(synonyms=SYNONYMS)), corpus)
    assert set(await titles(meaning, corpus, "계약")) == {"계약 소식", "수주 공시"}
    assert await titles(meaning, corpus, "금리") == []


async def test_filters_and_point_in_time_hold_for_meaning_too(opened: Open) -> None:
    old = make_document("수주 옛날", publish_time=NOW - timedelta(days=30))
    new = make_document("수주 공시", "042660")
    term = make_document("수주 뜻", kind=DocumentKind.DEFINITION, publish_time=None)
    corpus = corpus_of(old, new, term, make_document("수주 내일", publish_time=NOW + timedelta(days=1)))
    meaning = await kept_up(opened(WordEmbedder(synonyms=SYNONYMS)), corpus)
    assert set(await titles(meaning, corpus, "계약")) == {"수주 옛날", "수주 공시", "수주 뜻"}
    assert await titles(meaning, corpus, "계약", since=NOW - timedelta(days=2)) == ["수주 공시"]
    assert set(await titles(meaning, corpus, "계약", until=NOW - timedelta(days=2))) == {"수주 옛날", "수주 뜻"}
    assert await titles(meaning, corpus, "계약", tickers=("042660",)) == ["수주 공시"]
    assert await titles(meaning, corpus, "계약", kinds=frozenset({DocumentKind.DEFINITION})) == ["수주 뜻"]


async def test_every_text_is_embedded_once_also_over_restarts(opened: Open) -> None:
    first = WordEmbedder()
    twins = [make_document("같은 제목", document_id=str(number)) for number in range(4)]
    corpus = corpus_of(*twins, *(make_document(f"기사 {number}") for number in range(5)))
    await (await kept_up(opened(first), corpus)).close()
    assert sorted(set(first.embedded)) == sorted({"같은 제목", *(f"기사 {number}" for number in range(5))})
    again = WordEmbedder()
    corpus = corpus_of(make_document("기사 3"), make_document("기사 9"), make_document("같은 제목", document_id="다른"))
    meaning = await kept_up(opened(again), corpus)
    assert again.embedded == ["기사 9"]
    assert (await titles(meaning, corpus, "기사 3"))[0] == "기사 3"


async def test_a_silent_model_leaves_searching_by_words_and_is_asked_again(opened: Open) -> None:
    embedder = WordEmbedder(synonyms=SYNONYMS)
    corpus = corpus_of(*(make_document(f"기사 {number}") for number in range(5)))
    embedder.silent = True
    meaning = await kept_up(opened(embedder), corpus)
    assert await meaning.nearest(Wish(query="기사", until=NOW)) is None
    assert (await titles(meaning, corpus, "기사 2"))[0] == "기사 2"
    embedder.silent = False
    add(corpus, make_document("수주"))
    await kept_up(meaning, corpus)
    assert len(embedder.embedded) == 6
    assert await titles(meaning, corpus, "계약") == ["수주"]


async def test_documents_are_found_batch_by_batch_while_the_rest_waits(opened: Open) -> None:
    embedder = WordEmbedder(synonyms=SYNONYMS)
    corpus, meaning = corpus_of(make_document("수주 공시")), opened(embedder)
    await kept_up(meaning, corpus)
    add(corpus, make_document("수주 잔고"))
    await kept_up(meaning, corpus)
    assert set(await titles(meaning, corpus, "계약")) == {"수주 공시", "수주 잔고"}
    assert embedder.embedded == ["수주 공시", "수주 잔고"]


async def test_a_story_that_gains_an_instrument_is_found_under_it(opened: Open) -> None:
    embedder = WordEmbedder(synonyms=SYNONYMS)
    corpus, meaning = corpus_of(make_document("수주 공시", document_id="a")), opened(embedder)
    await kept_up(meaning, corpus)
    add(corpus, make_document("수주 공시", "042660", document_id="a"))
    await kept_up(meaning, corpus)
    assert await titles(meaning, corpus, "계약", tickers=("042660",)) == ["수주 공시"]
    assert embedder.embedded == ["수주 공시"]


async def test_processes_share_what_postgresql_keeps(postgres_url: str) -> None:
    async with await Store.open(postgres_url, origin=Origin.REAL, clock=FakeClock()) as store:
        corpora = [corpus_of(*(make_document(f"기사 {number}") for number in range(9))) for _ in range(2)]
        embedders = [WordEmbedder(), WordEmbedder()]
        meanings = [SharedVectors(embedder, store) for embedder in embedders]
        # Both make the table at once; the second one then finds what the first has written.
        await asyncio.gather(*(kept_up(meaning, Corpus()) for meaning in meanings))
        await kept_up(meanings[0], corpora[0])
        await kept_up(meanings[1], corpora[1])
        assert embedders[1].embedded == []
        assert (await titles(meanings[1], corpora[1], "기사 7"))[0] == "기사 7"


async def test_the_closest_of_many_are_found_also_behind_a_filter(postgres_url: str) -> None:
    async with await Store.open(postgres_url, origin=Origin.REAL, clock=FakeClock()) as store:
        embedder = WordEmbedder(synonyms=SYNONYMS)
        embedder.batch = 500  # type: ignore[misc]  # of the class elsewhere
        others = [make_document(f"소식 {number}", f"{number % 50:06}") for number in range(1_500)]
        corpus = corpus_of(*others, make_document("수주 공시", "000007"))
        meaning = await kept_up(SharedVectors(embedder, store), corpus)
        assert await titles(meaning, corpus, "계약") == ["수주 공시"]
        assert await titles(meaning, corpus, "계약", tickers=("000007",)) == ["수주 공시"]
        assert len(await titles(meaning, corpus, "소식", tickers=("000003",), limit=50)) == 30

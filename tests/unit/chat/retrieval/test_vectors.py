from pathlib import Path

import numpy as np
import pytest

from servers.chat.retrieval.corpus import Corpus
from servers.chat.retrieval.document import Wish
from servers.chat.retrieval.terms import terms_of
from servers.chat.retrieval.vector_file import VectorFile, text_key
from servers.chat.retrieval.vectoriser import Vectoriser
from shared.market.errors import StoreUnusable
from tests.fakes.embedder import WordEmbedder
from tests.fixtures.documents import NOW, WORDS, add, corpus_of, make_document


def open_file(folder: Path, dimension: int = 64) -> VectorFile:
    return VectorFile.open(folder, model="words", dimension=dimension)


async def vectorised(corpus: Corpus, vectoriser: Vectoriser) -> Corpus:
    async for dense in vectoriser.extended(corpus):
        corpus.dense = dense
    return corpus


async def found(corpus: Corpus, vectoriser: Vectoriser, query: str) -> list[str]:
    vector = await vectoriser.of_query(query)
    hits = corpus.snapshot().search(Wish(query=query, until=NOW), terms_of(query, WORDS), vector)
    return [hit.document.title for hit in hits]


async def test_a_vector_finds_what_shares_no_word_with_the_question(tmp_path: Path) -> None:
    corpus = corpus_of(
        make_document("수주 공시"), make_document("배당 발표"), make_document("계약 소식"), make_document("휴장 안내")
    )
    vectoriser = Vectoriser(WordEmbedder(synonyms={"계약": "수주"}), open_file(tmp_path))
    await vectorised(corpus, vectoriser)
    assert set((await found(corpus, vectoriser, "계약"))[:2]) == {"계약 소식", "수주 공시"}


async def test_every_text_is_embedded_once_also_over_restarts(tmp_path: Path) -> None:
    embedder = WordEmbedder()
    first = open_file(tmp_path)
    twins = [make_document("같은 제목", document_id=str(number)) for number in range(4)]
    corpus = corpus_of(*twins, *(make_document(f"기사 {number}") for number in range(5)))
    await vectorised(corpus, Vectoriser(embedder, first))
    first.close()
    assert sorted(embedder.embedded) == sorted({"같은 제목", *(f"기사 {number}" for number in range(5))})
    again = WordEmbedder()
    second = Vectoriser(again, open_file(tmp_path))
    corpus = corpus_of(make_document("기사 3"), make_document("기사 9"))
    await vectorised(corpus, second)
    assert again.embedded == ["기사 9"]
    assert (await found(corpus, second, "기사 3"))[0] == "기사 3"


async def test_a_silent_model_leaves_searching_by_words_and_is_asked_again(tmp_path: Path) -> None:
    embedder = WordEmbedder()
    vectoriser = Vectoriser(embedder, open_file(tmp_path))
    corpus = corpus_of(*(make_document(f"기사 {number}") for number in range(5)))
    embedder.silent = True
    await vectorised(corpus, vectoriser)
    assert await vectoriser.of_query("기사") is None
    assert (await found(corpus, vectoriser, "기사 2"))[0] == "기사 2"
    embedder.silent = False
    add(corpus, make_document("기사 5"))
    await vectorised(corpus, vectoriser)
    assert len(embedder.embedded) == 6


def test_a_row_that_a_crash_left_incomplete_is_dropped(tmp_path: Path) -> None:
    file = open_file(tmp_path, 4)
    file.append([text_key("a"), text_key("b")], np.arange(8, dtype=np.float32).reshape(2, 4))
    file.close()
    (vectors,) = tmp_path.rglob("vectors.f32")
    with vectors.open("ab") as torn:
        torn.write(b"123")
    (keys,) = tmp_path.rglob("keys.sha256")
    keys.write_bytes(keys.read_bytes()[:-5])
    reopened = open_file(tmp_path, 4)
    assert (reopened.place(text_key("a")), reopened.place(text_key("b"))) == (0, None)
    reopened.append([text_key("c")], np.full((1, 4), 7, dtype=np.float32))
    assert reopened.matrix[reopened.place(text_key("c"))].tolist() == [7.0] * 4
    assert reopened.matrix[0].tolist() == [0.0, 1.0, 2.0, 3.0]


def test_two_processes_do_not_write_the_same_vectors(tmp_path: Path) -> None:
    first = open_file(tmp_path)
    with pytest.raises(StoreUnusable):
        open_file(tmp_path)
    first.close()
    open_file(tmp_path).close()

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from servers.chat.retrieval.bm25 import QueryTerms
from servers.chat.retrieval.fusion import fuse_ranks
from servers.chat.retrieval.postings import K1, USUAL_LENGTH, B, build_segment, merge_segments

texts = st.lists(st.lists(st.integers(0, 8), max_size=12), min_size=1, max_size=12)


def reference_scores(documents: list[list[int]], query: list[int]) -> list[float]:
    """The formula as it is written in the literature, document by document."""
    scores = []
    for document in documents:
        score = 0.0
        for term in set(query):
            having = sum(term in other for other in documents)
            weight = math.log(1 + (len(documents) - having + 0.5) / (having + 0.5))
            count = document.count(term)
            score += weight * count * (K1 + 1) / (count + K1 * (1 - B + B * len(document) / USUAL_LENGTH))
        scores.append(score)
    return scores


@given(texts, st.lists(st.integers(0, 9), max_size=5), st.data())
def test_scores_are_those_of_the_formula_however_the_documents_are_split(
    documents: list[list[int]], query: list[int], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(documents)))
    numbered = dict(enumerate(documents))
    parts = [
        build_segment({row: terms for row, terms in numbered.items() if (row < cut) is first}) for first in (True, False)
    ]
    expected = reference_scores(documents, query)
    vocabulary, words = {str(term): term for term in range(9)}, [str(term) for term in query]
    for segments in (parts, [merge_segments(parts)]):
        found = QueryTerms.look_up(words, vocabulary, segments, len(documents)).scores(len(documents))
        np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_rankings_are_fused_by_rank() -> None:
    fused = fuse_ranks([[7, 3, 5], [3, 9]])
    assert [row for row, _ in fused] == [3, 7, 9, 5]
    assert fused[0][1] == 1 / 62 + 1 / 61

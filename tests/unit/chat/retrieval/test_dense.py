import numpy as np
import pytest

from servers.chat.retrieval.dense import DenseIndex


@pytest.mark.parametrize("dimension", [32, 768])
def test_the_nearest_are_those_of_full_precision(dimension: int) -> None:
    random = np.random.default_rng(5)
    matrix = random.standard_normal((5_000, dimension)).astype(np.float32) * random.uniform(0.1, 9, (5_000, 1)).astype(
        np.float32
    )
    index = DenseIndex.empty(dimension).extended(np.arange(5_000, dtype=np.int32), np.arange(5_000), matrix)
    visible = random.random(5_000) < 0.7
    for _ in range(5):
        query = random.standard_normal(dimension).astype(np.float32)
        cosines = matrix @ query / np.linalg.norm(matrix, axis=1)
        cosines[~visible] = -np.inf
        nearest = index.nearest(query, visible, 20)
        assert [row for row, _ in nearest] == np.argsort(-cosines)[:20].tolist()
        np.testing.assert_allclose(
            [cosine for _, cosine in nearest], np.sort(-cosines)[:20] / -np.linalg.norm(query), rtol=1e-4
        )


def test_an_extended_index_finds_old_and_new_vectors() -> None:
    matrix = np.eye(4, dtype=np.float32)
    index = DenseIndex.empty(4).extended(np.array([10, 11], dtype=np.int32), np.array([0, 1]), matrix[:2])
    index = index.extended(np.array([12], dtype=np.int32), np.array([3]), matrix)
    visible = np.ones(13, dtype=np.bool_)
    assert index.nearest(matrix[3], visible, 1) == [(12, 1.0)]
    assert index.nearest(matrix[1], visible, 1) == [(11, 1.0)]


def test_nothing_is_near_when_nothing_is_visible_or_known() -> None:
    index = DenseIndex.empty(4)
    assert index.nearest(np.ones(4, dtype=np.float32), np.ones(0, dtype=np.bool_), 5) == []
    one = index.extended(np.array([0], dtype=np.int32), np.array([0]), np.ones((1, 4), dtype=np.float32))
    assert one.nearest(np.zeros(4, dtype=np.float32), np.zeros(1, dtype=np.bool_), 5) == []
    assert one.nearest(np.zeros(4, dtype=np.float32), np.ones(1, dtype=np.bool_), 5) == [(0, 0.0)]

from pathlib import Path

import numpy as np
import pytest

from servers.chat.retrieval.vector_file import VectorFile, text_key
from shared.market.errors import StoreUnusable


def open_file(folder: Path, dimension: int = 64) -> VectorFile:
    return VectorFile.open(folder, model="words", dimension=dimension)


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

"""Vectors on disk, so that no text is embedded twice: a memory-mapped matrix and the keys of its rows beside it."""

import fcntl
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np

from servers.chat.retrieval.embedding import Vectors
from shared.market.errors import StoreUnusable

_KEY_BYTES = 32
_FLOAT_BYTES = 4


def text_key(text: str) -> bytes:
    """Key of a text: its SHA-256."""
    return hashlib.sha256(text.encode()).digest()


class VectorFile:
    """Appended to by one process at a time; rows are never changed."""

    def __init__(self, folder: Path, dimension: int, lock: BinaryIO) -> None:
        self._vectors_file = folder / "vectors.f32"
        self._keys_file = folder / "keys.sha256"
        self._dimension = dimension
        self._lock = lock
        self._places: dict[bytes, int] = {}
        self.matrix: Vectors = np.empty((0, dimension), dtype=np.float32)

    @classmethod
    def open(cls, folder: Path, *, model: str, dimension: int) -> "VectorFile":
        """Open or begin the file of one model.

        Args:
            folder: Where files of all models are.
            model: Name of the embedder.
            dimension: Length of its vectors.

        Raises:
            StoreUnusable: Another process has it, or the folder cannot be written.
        """
        place = folder / f"{hashlib.sha256(model.encode()).hexdigest()[:16]}-{dimension}"
        try:
            place.mkdir(parents=True, exist_ok=True)
            lock = (place / "lock").open("ab")
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreUnusable(f"another process keeps its vectors in {place}") from error
        except OSError as error:
            raise StoreUnusable(f"vectors cannot be kept in {place}: {error}") from error
        opened = cls(place, dimension, lock)
        opened._load()
        return opened

    def __len__(self) -> int:
        """Number of vectors."""
        return len(self._places)

    def place(self, key: bytes) -> int | None:
        """Row of a text in `matrix`; None when it was not embedded yet."""
        return self._places.get(key)

    def append(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        """Keep vectors; the keys must be new and different.

        Args:
            keys: From `text_key`.
            vectors: Shape (len(keys), dimension).
        """
        with self._vectors_file.open("ab") as file:
            file.write(np.ascontiguousarray(vectors, dtype=np.float32).tobytes())
        with self._keys_file.open("ab") as file:  # after its vector: a key without one would be a lie
            file.write(b"".join(keys))
        for key in keys:
            self._places[key] = len(self._places)
        self._map()

    def close(self) -> None:
        """Let other processes have the file."""
        self._lock.close()

    def _load(self) -> None:
        """Read the keys; what a crash left incomplete is cut off."""
        self._vectors_file.touch()
        self._keys_file.touch()
        row_bytes = self._dimension * _FLOAT_BYTES
        whole = min(self._keys_file.stat().st_size // _KEY_BYTES, self._vectors_file.stat().st_size // row_bytes)
        os.truncate(self._keys_file, whole * _KEY_BYTES)
        os.truncate(self._vectors_file, whole * row_bytes)
        keys = self._keys_file.read_bytes()
        self._places = {keys[row * _KEY_BYTES : (row + 1) * _KEY_BYTES]: row for row in range(whole)}
        self._map()

    def _map(self) -> None:
        if self._places:
            shape = (len(self._places), self._dimension)
            self.matrix = np.memmap(self._vectors_file, dtype=np.float32, mode="r", shape=shape)

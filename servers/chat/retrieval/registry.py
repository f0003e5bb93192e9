"""From settings to the place of vectors."""

from functools import partial
from pathlib import Path

from servers.chat.retrieval.embedding import Embedder
from servers.chat.retrieval.meaning import Meaning
from servers.chat.retrieval.shared_vectors import SharedVectors
from servers.chat.retrieval.vector_file import VectorFile
from servers.chat.retrieval.vectoriser import Vectoriser
from shared.config import Settings
from shared.market.errors import InvalidInput
from shared.store.store import Store

_FOLDER = "vectors"


def build_meaning(embedder: Embedder | None, settings: Settings, store: Store) -> Meaning | None:
    """Where the settings want vectors to be; None without an embedding model.

    Raises:
        InvalidInput: pgvector is wanted beside a store that is no PostgreSQL.
    """
    wanted = settings.embedding.vectors
    if embedder is None:
        return None
    if wanted == "pgvector" and store.is_file:
        raise InvalidInput("KSTOCK_EMBEDDING__VECTORS", "pgvector needs a PostgreSQL store; set memory or auto")
    if wanted == "memory" or store.is_file:
        return Vectoriser(embedder, partial(_open_file, settings.data_dir / _FOLDER, embedder))
    return SharedVectors(embedder, store)


def _open_file(folder: Path, embedder: Embedder) -> VectorFile:
    return VectorFile.open(folder, model=embedder.name, dimension=embedder.dimension)

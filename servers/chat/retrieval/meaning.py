"""The port to searching by meaning: documents get vectors, and questions find the closest."""

from collections.abc import AsyncIterator
from typing import Protocol

from servers.chat.retrieval.corpus import Corpus
from servers.chat.retrieval.document import Wish
from servers.chat.retrieval.snapshot import Nearest


class Meaning(Protocol):
    """Keeps vectors of documents somewhere; the in-memory form is exact, the shared one serves several processes."""

    async def nearest(self, wish: Wish) -> Nearest | None:
        """What finds the documents closest to a wish; None when the model or the place of the vectors does not answer.

        Those that are not close are not among them, so that nothing is found where nothing is.
        """
        ...

    def keep_up(self, corpus: Corpus) -> AsyncIterator[None]:
        """Give vectors to documents that have none; yields whenever more of them can be found.

        Ends early when the model is silent; the next call goes on.

        Raises:
            StoreUnusable: There is no place for vectors.
        """
        ...

    async def close(self) -> None:
        """Close connections and files; nothing may follow."""
        ...

"""The chat room's own tools over a search that finds nothing."""

from datetime import UTC, datetime

from servers.chat.knowledge.glossary import Glossary
from servers.chat.retrieval.document import Found, Wish
from servers.chat.tools.registry import OwnTools


class SilentSearch:
    """Finds nothing."""

    async def search(self, wish: Wish) -> list[Found]:
        del wish
        return []


def own_tools() -> OwnTools:
    """The tools over the packaged glossary and a silent search."""
    return OwnTools.over(Glossary.load(), SilentSearch(), lambda: datetime(2026, 4, 30, 7, tzinfo=UTC))

"""The sources of prices by name."""

from collections.abc import Callable, Mapping

from servers.feed.port import Feed, FeedParts
from servers.feed.replay.feed import ReplayFeed
from servers.feed.simulated.feed import SimulatedFeed
from shared.market.errors import InvalidInput

FEEDS: Mapping[str, Callable[[FeedParts], Feed]] = {"replay": ReplayFeed, "simulated": SimulatedFeed}


def build_feed(name: str, parts: FeedParts) -> Feed:
    """The source with this name.

    Raises:
        InvalidInput: No source has that name, or the source refuses its parts.
    """
    if name not in FEEDS:
        raise InvalidInput("feed.source", f"there is no feed {name!r}; known are {', '.join(FEEDS)}")
    return FEEDS[name](parts)

"""The sources of prices by name."""

from collections.abc import Callable, Mapping

from servers.feed.port import Feed, FeedParts, SourceParts
from servers.feed.replay.feed import ReplayFeed
from servers.feed.simulated.feed import SimulatedFeed
from servers.feed.simulated.service import SimulatedService
from shared.market.errors import InvalidInput

FEEDS: Mapping[str, Callable[[FeedParts], Feed]] = {"replay": ReplayFeed, "simulated": SimulatedFeed}

SERVICES: Mapping[str, Callable[[SourceParts], object]] = {"simulated": SimulatedService}
"""Sources that answer calls; a recorded day has nothing but its stream."""


def build_service(name: str, parts: SourceParts) -> object | None:
    """The servicer of FeedService for the source with this name; None when it answers no calls."""
    return SERVICES[name](parts) if name in SERVICES else None


def build_feed(name: str, parts: FeedParts) -> Feed:
    """The source with this name.

    Raises:
        InvalidInput: No source has that name, or the source refuses its parts.
    """
    if name not in FEEDS:
        raise InvalidInput("feed.source", f"there is no feed {name!r}; known are {', '.join(FEEDS)}")
    return FEEDS[name](parts)

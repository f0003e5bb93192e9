"""What every source of prices is, and what it is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from servers.feed.publisher import Publisher
from shared.clock import Clock
from shared.market.instrument import Ticker
from shared.market.sessions import SessionCalendar
from shared.store.store import Store


class Feed(Protocol):
    """A source of prices that publishes until it is cancelled."""

    name: str

    async def run(self) -> None:
        """Publish prices; returns only by cancellation or with an error."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedParts:
    """What a feed is built from.

    `default_tickers` are fed whether or not anybody subscribes. `day` is the day that a replay plays, `seed` the one of the
    simulated market; the other feeds ignore them.
    """

    publisher: Publisher
    store: Store
    clock: Clock
    calendar: SessionCalendar
    default_tickers: Sequence[Ticker]
    day: date | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceParts:
    """What answers calls about a source, apart from the feed that streams it; `seed` is the one of the simulated market."""

    clock: Clock
    calendar: SessionCalendar
    seed: int = 0

"""Where imported rows come from, and which of two rows for one key wins."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum


class SourceRank(IntEnum):
    """Trust in a kind of source; of two rows for one key the higher rank wins, then the newer fetch (architecture.md 6)."""

    ADJUSTED = 10  # prices that somebody adjusted already
    COLLECTED = 20  # gathered from web pages or other people's collections
    BROKER = 30
    EXCHANGE = 40  # the exchange's own table


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Origin of one bulk of rows.

    `source` is the short name that cards show, e.g. `krx`. `fetched_time` is when the source was read by whoever made the
    file; it must not depend on the order of imports. `adjusted_as_of` is the day on which an adjusted source was adjusted.
    """

    source: str
    rank: SourceRank
    fetched_time: datetime
    adjusted_as_of: date | None = None

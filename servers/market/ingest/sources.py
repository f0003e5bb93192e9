"""How far each collection is trusted, and when its files were made."""

from datetime import UTC, date, datetime, timedelta

from servers.market.ingest.reader import SourceFile
from shared.store.provenance import Provenance, SourceRank

EXCHANGE = "krx"
"""Source of every official table, whoever packed it."""

UNNAMED = "file"
"""Source of rows that do not say where they are from."""

ADJUSTED_SOURCES = {"invest_kr": date(2025, 6, 17)}
"""Collections whose prices are adjusted already, with the day as of which (shared data's README)."""


def collected(source: str | None, adjusted_on: date | None, fetched: datetime) -> Provenance:
    """Provenance of rows that somebody gathered.

    Args:
        source: What the rows say they are from; None or empty when they do not.
        adjusted_on: What the rows say about their adjustment; None leaves it to what is known of the source.
        fetched: From `fetched_time`.
    """
    name = (source or UNNAMED)[:40]
    adjusted = adjusted_on or ADJUSTED_SOURCES.get(name)
    rank = SourceRank.COLLECTED if adjusted is None else SourceRank.ADJUSTED
    return Provenance(source=name, rank=rank, fetched_time=fetched, adjusted_as_of=adjusted)


def official(fetched: datetime) -> Provenance:
    """Provenance of rows from the exchange's own table."""
    return Provenance(source=EXCHANGE, rank=SourceRank.EXCHANGE, fetched_time=fetched)


def fetched_time(source: SourceFile) -> datetime:
    """When a file was made, as far as it says: its modification time to the millisecond.

    The microseconds come from the content, so that two files written in the same millisecond still have an order that does
    not depend on which is imported first.
    """
    made = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=source.modified_ms)
    return made + timedelta(microseconds=int(source.digest[:8], 16) % 1000)

"""Splits the rows of a file into sound ones, rejected ones with a reason, and ones that the store has no place for."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from servers.market.ingest.columns import typed
from servers.market.ingest.reader import SourceFile
from servers.market.ingest.rules import OpenDays, broken_rules
from servers.market.ingest.schemas import FileKind
from servers.market.ingest.table import BROKEN, LINE

REASON = "reason"
DETAIL = "detail"
ROW = "row"

_IGNORED = {
    FileKind.DELISTING: pl.col("ticker").str.len_bytes() != 6,
    FileKind.KIS_MASTER: pl.col("code").is_null(),
    FileKind.INTRADAY_SNAPSHOTS: pl.col("price").is_null(),
}
"""Sound rows that the store has no place for: no six-character code, or no trade yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One chunk after its checks; `read` is the sum of the three heights.

    `rejected` has `line`, `reason`, `detail` (what the reason does not say) and `row`, the raw cells as JSON.
    """

    sound: pl.DataFrame
    rejected: pl.DataFrame
    ignored: int
    read: int


def checked_chunks(source: SourceFile, days: OpenDays, size: int) -> Iterator[Checked]:
    """Check a file chunk by chunk; a key that occurs twice is kept where it stands first.

    Raises:
        InvalidInput: If the file cannot be read to its end, or a column has an impossible type.
    """
    stale = _stale_moments(source, size)
    useless = _IGNORED.get(source.schema.kind, pl.lit(value=False))
    seen = pl.DataFrame(schema={_HASH: pl.UInt64, _FIRST: pl.Int64})
    for chunk in source.table.chunks(size):
        cells = typed(chunk, source.schema, file=str(source.path))
        broken = broken_rules(cells.frame, source.schema, days)
        frame = cells.frame.with_columns(cells.problem.zip_with(cells.problem.is_not_null(), broken).alias(REASON))
        if stale:
            shown_before = pl.col("ts").is_in(stale) & pl.col(REASON).is_null()
            frame = frame.with_columns(pl.when(shown_before).then(pl.lit(_STALE)).otherwise(REASON).alias(REASON))
        kept = frame.filter(pl.col(REASON).is_null() & ~useless).drop(REASON)
        repeated, seen = _repeats(kept, source.schema.key, seen)
        rejected = pl.concat([frame.drop_nulls(REASON).select(LINE, REASON, pl.lit("").alias(DETAIL)), repeated])
        yield Checked(
            sound=kept.join(repeated, on=LINE, how="anti") if repeated.height else kept,
            rejected=_with_rows(rejected, chunk),
            ignored=frame.height - kept.height - rejected.height + repeated.height,
            read=frame.height,
        )


_STALE = "the picture is of an earlier session: more volume than in the next one of the day"
_HASH, _FIRST = "hash?", "first?"


def _repeats(sound: pl.DataFrame, key: tuple[str, ...], seen: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Lines whose key stood before, as rejected rows, and the keys seen so far."""
    hashed = sound.select(pl.struct(key).hash().alias(_HASH), pl.col(LINE))
    firsts = hashed.group_by(_HASH).agg(pl.col(LINE).min().alias(_FIRST))
    known = pl.concat([seen, firsts.join(seen, on=_HASH, how="anti")])
    repeated = hashed.join(known, on=_HASH).filter(pl.col(LINE) != pl.col(_FIRST))
    reason = pl.lit(f"repeats the {' and '.join(key)} of an earlier line").alias(REASON)
    return repeated.select(LINE, reason, pl.format("line {}", pl.col(_FIRST)).alias(DETAIL)), known


def _with_rows(rejected: pl.DataFrame, chunk: pl.DataFrame) -> pl.DataFrame:
    """Add the raw cells; encoded for the rejected lines only, which are few."""
    lines = chunk.join(rejected, on=LINE, how="semi")
    raw = lines.select(LINE, pl.struct(pl.exclude(LINE, BROKEN)).struct.json_encode().alias(ROW))
    return rejected.join(raw, on=LINE, how="left").sort(LINE)


def _stale_moments(source: SourceFile, size: int) -> list[object]:
    """Moments of a snapshot file at which more volume stood than at the next moment of the same day."""
    if source.schema.kind is not FileKind.INTRADAY_SNAPSHOTS:
        return []
    sums = [
        typed(chunk, source.schema, file=str(source.path)).frame.group_by("ts").agg(pl.col("volume").sum())
        for chunk in source.table.chunks(size)
    ]
    totals = pl.concat(sums).group_by("ts").agg(pl.col("volume").sum()).sort("ts")
    following = pl.col("volume").shift(-1).over(pl.col("ts").dt.date())
    return totals.filter(pl.col("volume") > following)["ts"].to_list()

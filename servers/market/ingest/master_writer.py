"""Stores what masters say about instruments: kind, board, names, listing days, flags."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from servers.market.ingest.master_date import session_of
from servers.market.ingest.observed import DEPARTMENT_FLAGS, department_flags, flag_set
from servers.market.ingest.writer import newest_day
from shared.market.errors import InvalidInput
from shared.market.instrument import Board, InstrumentFlag, InstrumentKind, Ticker
from shared.market.sessions import SessionCalendar
from shared.store.unit_of_work import UnitOfWork
from shared.store.validity import InstrumentFacts, Observation

LISTING_SOURCE = "krx_listing"
DELISTING_SOURCE = "krx_delisting"
MASTER_SOURCE = "kis_master"

_GROUPS = {
    "외국주권": InstrumentKind.FOREIGN,
    "주식예탁증권": InstrumentKind.DEPOSITARY_RECEIPT,
    "부동산투자회사": InstrumentKind.REIT,
    "사회간접자본투융자회사": InstrumentKind.INFRA,
    "선박투자회사": InstrumentKind.FUND,
    "투자회사": InstrumentKind.FUND,
    "수익증권": InstrumentKind.FUND,
    "신주인수권증권": InstrumentKind.WARRANT,
    "신주인수권증서": InstrumentKind.WARRANT,
}
"""증권구분 that settle the kind; 주권 is split by the kind of share."""

_UNDATED = "its flags are left out: no stored bars tell its day; import it again after the daily bars"

_PREFERRED = frozenset({"구형우선주", "신형우선주", "종류주권"})


class _StatementWriter:
    """Gathers observations; masters are small, so all of a file is stored at its end."""

    generations = frozenset({"instruments"})
    complete = True

    def __init__(self) -> None:
        self.remark = ""
        self._parts: list[pl.DataFrame] = []

    def collect(self, rows: pl.DataFrame) -> None:
        """Keep a chunk."""
        self._parts.append(rows)

    async def write(self, uow: UnitOfWork, rows: pl.DataFrame) -> int:
        """Nothing yet."""
        return 0

    @property
    def _rows(self) -> pl.DataFrame:
        return pl.concat(self._parts)


class ListingWriter(_StatementWriter):
    """The table of listed instruments."""

    async def finish(self, uow: UnitOfWork) -> int:
        """Store all statements, dated by the newest listing: the table carries no date of its own."""
        if not self._parts:
            return 0
        rows = self._rows
        day = newest_day(rows, "list_date")
        if day is None:
            raise InvalidInput("list_date", "is empty in every row; the table cannot be dated without it")
        return await uow.instruments.observe(_listed(rows, day), LISTING_SOURCE)


def _listed(rows: pl.DataFrame, day: date) -> Iterator[Observation]:
    flags = department_flags(pl.col("market"), pl.col("dept")).alias("flags")
    sector = pl.coalesce("krx_sector", "theme_large").alias("sector")
    columns = (
        "ticker",
        "name",
        "market",
        "name_en",
        "isin",
        "industry",
        "list_date",
        "asset_type",
        "security_group",
        "stock_kind",
    )
    for row in rows.select(*columns, flags, sector).iter_rows(named=True):
        facts = InstrumentFacts(
            name=row["name"],
            kind=_listed_kind(row["asset_type"], row["security_group"], row["stock_kind"]),
            board=Board(row["market"]),
            name_en=row["name_en"],
            isin=row["isin"],
            sector=row["sector"],
            industry=row["industry"],
            list_date=row["list_date"],
            flags=flag_set(row["flags"]),
            flags_seen=None if row["flags"] is None else DEPARTMENT_FLAGS,
        )
        yield Observation(ticker=Ticker(row["ticker"]), day=day, facts=facts)


def _listed_kind(asset_type: str, group: str | None, share: str | None) -> InstrumentKind | None:
    """Kind as the columns state it; None where they leave it open, so that another master decides."""
    if group in _GROUPS:
        return _GROUPS[group]
    if asset_type in InstrumentKind.__members__ and asset_type != InstrumentKind.UNKNOWN:
        return InstrumentKind(asset_type)
    return InstrumentKind.PREFERRED if share in _PREFERRED else None


class DelistingWriter(_StatementWriter):
    """The table of instruments that have left the board."""

    async def finish(self, uow: UnitOfWork) -> int:
        """Store the end of each instrument and its last days of liquidation trading (정리매매)."""
        if not self._parts:
            return 0
        statements = [seen for row in self._rows.iter_rows(named=True) for seen in _delisted(row)]
        return await uow.instruments.observe(statements, DELISTING_SOURCE)


def _delisted(row: dict[str, object]) -> Iterator[Observation]:
    ticker = Ticker(str(row["ticker"]))
    end = row["DelistingDate"]
    assert isinstance(end, date)
    for column in ("ArrantEnforceDate", "ArrantEndDate"):
        day = _day(row[column])
        if day is not None and day < end:
            flags = frozenset({InstrumentFlag.LIQUIDATION})
            yield Observation(ticker=ticker, day=day, facts=InstrumentFacts(flags=flags, flags_seen=flags))
    listed, kind = row["ListingDate"], _delisted_kind(row)
    if isinstance(listed, date) and listed < end:
        # SPAC companies stand here as ordinary shares; dated by the listing, any statement of the years between wins.
        yield Observation(ticker=ticker, day=listed, facts=InstrumentFacts(kind=kind, list_date=listed))
    facts = InstrumentFacts(name=str(row["Name"]), board=Board(str(row["Market"])), delist_date=end)
    yield Observation(ticker=ticker, day=end, facts=facts)


def _delisted_kind(row: dict[str, object]) -> InstrumentKind | None:
    group, share = row["SecuGroup"], row["Kind"]
    if group in _GROUPS:
        return _GROUPS[str(group)]
    if share in _PREFERRED:
        return InstrumentKind.PREFERRED
    return InstrumentKind.COMMON if (group, share) == ("주권", "보통주") else None


def _day(cell: object) -> date | None:
    if not isinstance(cell, str):
        return None
    try:
        return date.fromisoformat(cell[:10])
    except ValueError:
        return None


class KisMasterWriter(_StatementWriter):
    """A broker's master of one board.

    Flags are facts of a day. While the store has no bars that tell the master's day, they are left out, the rest is dated
    by the newest listing, and the file is not complete.
    """

    def __init__(self, calendar: SessionCalendar) -> None:
        """The calendar gives the session after the day whose closes the master repeats."""
        super().__init__()
        self._calendar = calendar

    async def finish(self, uow: UnitOfWork) -> int:
        """Store all statements."""
        if not self._parts:
            return 0
        rows = self._rows
        session = await session_of(rows, uow, self._calendar)
        day = session or newest_day(rows, "list_date")
        if day is None:
            raise InvalidInput("list_date", "is empty in every line; the master cannot be dated without it")
        self.complete = session is not None
        self.remark = _UNDATED if session is None else f"written for the session of {session}"
        return await uow.instruments.observe(_mastered(rows, day, flagged=session is not None), MASTER_SOURCE)


def _mastered(rows: pl.DataFrame, day: date, *, flagged: bool) -> Iterator[Observation]:
    for row in rows.iter_rows(named=True):
        kind = InstrumentKind(row["kind"])
        facts = InstrumentFacts(
            name=row["name"],
            kind=None if kind is InstrumentKind.UNKNOWN else kind,
            board=Board(row["board"]),
            isin=row["isin"],
            list_date=row["list_date"],
            flags=flag_set(row["flags"] or "") if flagged else None,
        )
        yield Observation(ticker=Ticker(row["code"]), day=day, facts=facts)

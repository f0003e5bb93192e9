"""File kinds of which nothing is stored: they are compared with what the product knows."""

import polars as pl

from servers.market.ingest.writer import days
from shared.market.sessions import SessionCalendar
from shared.store.unit_of_work import UnitOfWork


class _Checker:
    generations: frozenset[str] = frozenset()
    complete = True

    def __init__(self) -> None:
        self.remark = ""
        self._parts: list[pl.DataFrame] = []

    def collect(self, rows: pl.DataFrame) -> None:
        """Keep a chunk."""
        self._parts.append(rows)

    async def write(self, uow: UnitOfWork, rows: pl.DataFrame) -> int:
        """Nothing is stored."""
        return 0


class CalendarChecker(_Checker):
    """A list of trading days; days on which the built-in calendar is closed are rejected before they come here."""

    def __init__(self, calendar: SessionCalendar) -> None:
        """The built-in calendar."""
        super().__init__()
        self._calendar = calendar

    async def finish(self, uow: UnitOfWork) -> int:
        """Count sessions of the calendar that the list lacks."""
        if self._parts:
            listed = pl.concat(self._parts)["trading_date"].sort().to_list()
            expected = {session.day for session in self._calendar.sessions_between(listed[0], listed[-1])}
            missing = sorted(expected - set(listed))
            names = ", ".join(day.isoformat() for day in missing[:5])
            self.remark = f"lacks {len(missing)} sessions of the built-in calendar: {names}" if missing else "agrees"
        return 0


class SuspicionChecker(_Checker):
    """Days on which somebody suspects a corporate action; read after the factors were derived."""

    async def finish(self, uow: UnitOfWork) -> int:
        """Count what became of each suspected day."""
        if self._parts:
            rows = pl.concat(self._parts)
            known = await uow.factors.columns(rows["date"].max(), sorted(set(rows["ticker"].to_list())))  # type: ignore[arg-type]
            found = dict(
                zip(zip(known.tickers, known.ex_date.tolist(), strict=True), known.quarantined.tolist(), strict=True)
            )
            fates = [found.get(key) for key in zip(rows["ticker"].to_list(), days(rows).tolist(), strict=True)]
            adjusted, quarantined = fates.count(False), fates.count(True)
            others = len(fates) - adjusted - quarantined
            self.remark = f"{adjusted} adjusted, {quarantined} quarantined, {others} without a traded jump on that day"
        return 0

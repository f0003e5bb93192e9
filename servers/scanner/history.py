"""Bars, factors, flows and universe facts of the whole market, from which the panel of any past moment is cut."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from servers.scanner.as_of import Published, published_by
from servers.scanner.dated_universe import FormerFacts
from servers.scanner.panel import FLOW_SESSIONS, WINDOW, Flows, Panel, judge_status
from servers.scanner.universe import FLAG_BIT, UniverseFacts, eligibility
from servers.scanner.window import Window
from shared.market.adjust import (
    FactorSpan,
    ShareCounts,
    after_listing,
    close_ratios,
    factor_spans,
    is_jump,
    row_keys,
    select_rows,
    traded,
)
from shared.market.bars import BarColumns, FactorColumns, FlowColumns
from shared.market.errors import InvalidInput
from shared.market.instrument import InstrumentFlag


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketHistory:
    """Everything a panel is cut from, indexed. Prepare it once per generation of the data, then call `panel`.

    `facts` hold now; `former` are those of earlier days on which they were others, oldest first. `bars` holds traded bars
    only, `starts` the first row of each ticker; `day_keys`, `day_turnover` cover halted rows as well. `rows_of_flows`,
    `rows_of_shares` point from the panel's rows to the tickers of those columns, -1 where absent.
    """

    facts: UniverseFacts
    bars: BarColumns
    factors: FactorColumns
    spans: tuple[FactorSpan, ...]
    flows: FlowColumns
    shares: ShareCounts
    keys: NDArray[np.int64]
    starts: NDArray[np.int64]
    jump: NDArray[np.bool_]
    day_keys: NDArray[np.int64]
    day_turnover: NDArray[np.int64]
    flow_keys: NDArray[np.int64]
    share_keys: NDArray[np.int64]
    rows_of_flows: NDArray[np.int32]
    rows_of_shares: NDArray[np.int32]
    sessions: NDArray[np.int32]
    former: tuple[FormerFacts, ...] = ()

    def facts_on(self, day: int) -> UniverseFacts:
        """Boards, sectors, types and flags as they were on a day, yyyymmdd."""
        place = bisect_left(self.former, day, key=lambda each: each.until)
        return self.former[place].facts if place < len(self.former) else self.facts

    def panel(self, as_of: date | datetime, *, window: int = WINDOW) -> Panel:
        """Cut the panel of a moment: nothing published later is in it (strategies.md 0.5).

        Args:
            as_of: A day means its end; a moment must carry a zone.
            window: Traded bars per ticker.
        """
        known = published_by(as_of)
        ends = np.searchsorted(self.keys, self._keys_on(known.bars), side="right")
        cut = Window.ending_at(self.starts, ends, window)
        sessions = self.sessions[self.sessions <= known.bars][-FLOW_SESSIONS:]
        session = int(sessions[-1]) if sessions.size else 0
        flows, facts = self._flows(sessions, known), self.facts_on(session)
        date_, jump = cut.days(self.bars.date), cut.marks(self.jump)
        present = np.isfinite(flows.turnover).sum(axis=1) > 0
        prices = [cut.numbers(column) for column in (self.bars.open, self.bars.high, self.bars.low, self.bars.close)]
        volume = cut.numbers(self.bars.volume)
        self._adjust(cut, prices, volume, today=known.today)
        return Panel(
            as_of=known.as_of,
            session=session,
            tickers=self.bars.tickers,
            names=facts.names,
            sectors=facts.sectors,
            rows={ticker: row for row, ticker in enumerate(self.bars.tickers)},
            board=facts.board,
            market_cap=self._market_cap(ends, known),
            date=date_,
            open=prices[0],
            high=prices[1],
            low=prices[2],
            close=prices[3],
            volume=volume,
            turnover=cut.numbers(self.bars.turnover),
            jump=jump,
            complete=np.ones(cut.count.size, dtype=np.bool_),
            count=cut.count,
            holes=self._holes(cut),
            status=judge_status(cut.count, date_[:, -1], jump, session=session, present=present),
            turnover_estimated=cut.marks(self.bars.turnover_estimated)[:, -20:].sum(axis=1) > 0,
            universe=eligibility(facts, session),
            flows=flows,
        )

    def _holes(self, cut: Window) -> NDArray[np.int64]:
        """Sessions between the first and the last bar of each window that have no row of the ticker at all, shape (n,)."""
        if not self.bars.date.size:
            return np.zeros(cut.count.size, dtype=np.int64)
        last = np.maximum(cut.ends - 1, 0)
        first = np.minimum(cut.ends - cut.count, last)
        sessions = np.searchsorted(self.sessions, self.bars.date[last]) - np.searchsorted(
            self.sessions, self.bars.date[first]
        )
        rows = np.searchsorted(self.day_keys, self.keys[last]) - np.searchsorted(self.day_keys, self.keys[first])
        return np.where(cut.count > 0, np.maximum(sessions - rows, 0), 0)

    def _keys_on(self, day: int) -> NDArray[np.int64]:
        tickers = np.arange(len(self.bars.tickers), dtype=np.int32)
        return row_keys(tickers, np.full_like(tickers, day))

    def _adjust(self, cut: Window, prices: list[NDArray[np.float64]], volume: NDArray[np.float64], *, today: int) -> None:
        """Apply the factors known by `today` in place."""
        for span in self.spans:
            if span.ex_date <= today:
                cells, rows = cut.cells_of(span.ticker_index, span.first, span.end)
                factor = np.where(self.bars.adjusted_as_of[rows] < span.ex_date, span.price_factor, 1.0)
                for field in prices:
                    field[span.ticker_index, cells] *= factor
                volume[span.ticker_index, cells] /= factor

    def _market_cap(self, ends: NDArray[np.int64], known: Published) -> NDArray[np.float64]:
        """Newest official share count by then (else the newest at all) times the newest raw close."""
        shares = self.facts.shares.copy()
        found = np.searchsorted(self.share_keys, _keys_at(self.rows_of_shares, known.bars), side="right") - 1
        usable = (self.rows_of_shares >= 0) & (found >= 0)
        usable[usable] &= self.shares.ticker_index[found[usable]] == self.rows_of_shares[usable]
        shares[usable] = self.shares.shares[found[usable]]
        has_bar = ends > self.starts
        cap = np.full(shares.size, np.nan)
        cap[has_bar] = shares[has_bar] * self.bars.close[ends[has_bar] - 1]
        return cap

    def _flows(self, sessions: NDArray[np.int32], known: Published) -> Flows:
        count = len(self.bars.tickers)
        dates = np.zeros(FLOW_SESSIONS, dtype=np.int32)
        dates[FLOW_SESSIONS - sessions.size :] = sessions
        foreign, institution, turnover = (np.full((count, FLOW_SESSIONS), np.nan) for _ in range(3))
        from_shares = np.zeros((count, FLOW_SESSIONS), dtype=np.bool_)
        for column, day in enumerate(dates.tolist()):
            rows, found = _find(self.day_keys, self._keys_on(day))
            turnover[rows, column] = self.day_turnover[found]
            if day <= known.flows:
                rows, found = _find(self.flow_keys, _keys_at(self.rows_of_flows, day))
                foreign[rows, column] = self.flows.foreign_net[found]
                institution[rows, column] = self.flows.institution_net[found]
                from_shares[rows, column] = self.flows.from_shares[found]
        return Flows(
            dates=dates,
            foreign_net=foreign,
            institution_net=institution,
            turnover=turnover,
            from_shares=from_shares,
            published=int((dates <= known.flows).sum()),
        )


def prepare_history(
    bars: BarColumns,
    factors: FactorColumns,
    flows: FlowColumns,
    facts: UniverseFacts,
    *,
    shares: ShareCounts | None = None,
    former: tuple[FormerFacts, ...] = (),
) -> MarketHistory:
    """Index the market's columns.

    Args:
        bars: Raw bars, halted days included; as many traded bars per ticker before the first moment asked for as the
            window holds, where they exist.
        factors: Corporate-action factors; later ones than a panel's moment do no harm.
        flows: Net buying in won.
        facts: Universe facts aligned with `bars.tickers`.
        shares: Official share counts, for the market capitalisation of a day; without them the newest count serves.
        former: Facts of earlier days where they were others, oldest first.

    Raises:
        InvalidInput: If `facts` and `bars` name different tickers.
    """
    if facts.tickers != bars.tickers:
        raise InvalidInput("facts.tickers", "must be the tickers of the bars in their order")
    counts = shares or _NO_SHARES
    kept = select_rows(bars, traded(bars))
    keys = row_keys(kept.ticker_index, kept.date)
    owners = np.arange(len(bars.tickers), dtype=np.int32)
    excused = after_listing(kept, facts.list_date) | _in_liquidation(kept, facts)
    return MarketHistory(
        facts=facts,
        bars=kept,
        factors=factors,
        spans=factor_spans(kept, factors),
        flows=flows,
        shares=counts,
        keys=keys,
        starts=np.searchsorted(keys, row_keys(owners, np.zeros_like(owners))),
        jump=is_jump(close_ratios(kept, factors)) & ~excused,
        day_keys=row_keys(bars.ticker_index, bars.date),
        day_turnover=bars.turnover,
        flow_keys=row_keys(flows.ticker_index, flows.date),
        share_keys=row_keys(counts.ticker_index, counts.date),
        rows_of_flows=_places(bars.tickers, flows.tickers),
        rows_of_shares=_places(bars.tickers, counts.tickers),
        sessions=_distinct(kept.date),
        former=former,
    )


def build_panel(
    bars: BarColumns,
    factors: FactorColumns,
    flows: FlowColumns,
    facts: UniverseFacts,
    *,
    as_of: date | datetime,
    shares: ShareCounts | None = None,
) -> Panel:
    """The panel of one moment, when no other will be asked for; see `prepare_history` and `MarketHistory.panel`."""
    return prepare_history(bars, factors, flows, facts, shares=shares).panel(as_of)


_NO_SHARES = ShareCounts(
    tickers=(),
    ticker_index=np.zeros(0, dtype=np.int32),
    date=np.zeros(0, dtype=np.int32),
    shares=np.zeros(0, dtype=np.int64),
)


def _places(tickers: tuple[str, ...], others: tuple[str, ...]) -> NDArray[np.int32]:
    place = {ticker: row for row, ticker in enumerate(others)}
    return np.array([place.get(ticker, -1) for ticker in tickers], dtype=np.int32)


def _keys_at(owners: NDArray[np.int32], day: int) -> NDArray[np.int64]:
    return row_keys(owners, np.full_like(owners, day))


def _find(keys: NDArray[np.int64], wanted: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Positions in `wanted` that occur in the ascending `keys`, and where."""
    if not keys.size:
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    found = np.searchsorted(keys, wanted)
    hits = np.flatnonzero(keys.take(found, mode="clip") == wanted)
    return hits, found[hits]


def _distinct(days: NDArray[np.int32]) -> NDArray[np.int32]:
    """Ascending distinct days; counting beats sorting on a column of one to two million rows."""
    if not days.size:
        return days
    first = int(days.min())
    return (np.flatnonzero(np.bincount(days - first)) + first).astype(np.int32)


def _in_liquidation(bars: BarColumns, facts: UniverseFacts) -> NDArray[np.bool_]:
    """Rows within a 정리매매 span, where no daily limit holds."""
    inside = np.zeros(bars.date.size, dtype=np.bool_)
    keys = row_keys(bars.ticker_index, bars.date)
    spans = np.flatnonzero(facts.flag_bit == FLAG_BIT[InstrumentFlag.LIQUIDATION])
    begins = np.searchsorted(keys, row_keys(facts.flag_row[spans], facts.flag_from[spans]), side="left")
    ends = np.searchsorted(keys, row_keys(facts.flag_row[spans], facts.flag_to[spans]), side="right")
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        inside[begin:end] = True
    return inside

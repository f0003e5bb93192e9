"""Corporate-action factors: found in jumps of the raw close, applied as of a date (strategies.md 0.1, 0.2).

A factor belongs to the first traded bar at its new scale (`ex_date`): raw prices before it times the factor compare with
prices from it on, volumes are divided by it, turnover is never touched. Every function takes the whole market as columns.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.market.bars import BarColumns, FactorColumns

JUMP_LIMIT = 0.305
"""The daily limit is 30 %; a larger change of the close is a corporate action or a data error."""

MIN_FACTOR_CHANGE = 0.1
"""A change of the share count by less cannot explain a jump beyond the limit."""

LISTING_BARS = 5
"""Bars after a listing on which a jump is no error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareCounts:
    """Official counts of listed shares, sorted by (ticker, date); arrays have shape (n,), `date` is yyyymmdd."""

    tickers: tuple[str, ...]
    ticker_index: NDArray[np.int32]
    date: NDArray[np.int32]
    shares: NDArray[np.int64]


def traded(bars: BarColumns) -> NDArray[np.bool_]:
    """Which rows are traded bars (volume > 0, open > 0, high >= low > 0); shape (n,). The others are halted days.

    A row without a close is none either: nothing could be measured on it.
    """
    return (bars.volume > 0) & (bars.open > 0) & (bars.low > 0) & (bars.high >= bars.low) & (bars.close > 0)


def row_keys(ticker_index: NDArray[np.int32], date: NDArray[np.int32]) -> NDArray[np.int64]:
    """One ascending number per row of columns sorted by (ticker, date), so that one search finds a ticker's day."""
    return ticker_index.astype(np.int64) * 100_000_000 + date


def is_jump(ratio: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether close / previous close leaves what the daily limit allows; NaN is no jump. Compared after 9 decimals."""
    return np.round(np.abs(ratio - 1.0), 9) > JUMP_LIMIT


def after_listing(bars: BarColumns, list_date: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which rows are among the first five bars of a new listing.

    Args:
        bars: Traded bars only.
        list_date: Listing day per entry of `bars.tickers`, yyyymmdd; 0 where unknown, which exempts nothing. A listing
            before the first day of the columns exempts nothing either: its first bars are not among them.

    Returns:
        Mask over the rows, shape (n,).
    """
    if not bars.date.size:
        return np.zeros(0, dtype=np.bool_)
    keys = row_keys(bars.ticker_index, bars.date)
    tickers = np.arange(len(bars.tickers), dtype=np.int32)
    first = np.searchsorted(keys, row_keys(tickers, list_date))
    ordinal = np.arange(bars.date.size) - first[bars.ticker_index]
    known = list_date >= max(int(bars.date.min()), 1)
    return known[bars.ticker_index] & (ordinal >= 0) & (ordinal < LISTING_BARS)


def derive_factors(
    bars: BarColumns,
    shares: ShareCounts,
    *,
    list_date: NDArray[np.int32] | None = None,
    exempt: NDArray[np.bool_] | None = None,
) -> FactorColumns:
    """Explain jumps of the raw close by official share counts.

    With f = shares on the nearest official day before the jump / shares on the nearest one from the jump on, a jump becomes
    a factor if |f - 1| > 0.1 and |close / previous close / f - 1| <= 0.305, else it is quarantined (strategies.md 0.2).

    Args:
        bars: Raw bars, halted days included. A jump between rows that their source has adjusted already is never given
            a factor: it is quarantined.
        shares: Official counts; tickers without any are quarantined where they jump.
        list_date: Listing day per entry of `bars.tickers` (yyyymmdd, 0 unknown).
        exempt: Rows of `bars` whose jump is genuine, e.g. 정리매매 days; shape (n,).

    Returns:
        One row per jump, sorted by (ticker, ex_date); quarantined ones have factor 1.
    """
    keep = traded(bars)
    kept = select_rows(bars, keep)
    ratio = close_ratios(kept)
    jumps = is_jump(ratio)
    if list_date is not None:
        jumps &= ~after_listing(kept, list_date)
    if exempt is not None:
        jumps &= ~exempt[keep]
    rows = np.flatnonzero(jumps)
    factor = _share_ratio(kept, rows, shares)
    explained = (np.round(np.abs(factor - 1.0), 9) > MIN_FACTOR_CHANGE) & ~is_jump(ratio[rows] / factor)
    explained &= kept.adjusted_as_of[rows - 1] < kept.date[rows]
    return FactorColumns(
        tickers=tuple(kept.tickers[index] for index in kept.ticker_index[rows].tolist()),
        ex_date=kept.date[rows],
        price_factor=np.where(explained, factor, 1.0),
        quarantined=~explained,
    )


def adjustment(bars: BarColumns, factors: FactorColumns, as_of: int) -> NDArray[np.float64]:
    """What to multiply each row's prices by (and divide its volume by) as of a day.

    Args:
        bars: Raw bars of any number of tickers, sorted by (ticker, date).
        factors: Factors of any tickers; quarantined ones change nothing.
        as_of: Day yyyymmdd; later factors are not known yet and do not apply. Rows that their source adjusted as of a
            day get no factor up to that day.

    Returns:
        Multipliers, shape (n,); 1 where nothing applies.
    """
    multiplier = np.ones(bars.date.size)
    for span in factor_spans(bars, factors):
        if span.ex_date <= as_of:
            open_rows = bars.adjusted_as_of[span.first : span.end] < span.ex_date
            multiplier[span.first : span.end][open_rows] *= span.price_factor
    return multiplier


def close_ratios(bars: BarColumns, factors: FactorColumns | None = None) -> NDArray[np.float64]:
    """Close over the previous row's close of the same ticker, after the factors between them.

    Returns:
        Ratios, shape (n,); NaN on a ticker's first row.
    """
    ratio = np.full(bars.date.size, np.nan)
    same = bars.ticker_index[1:] == bars.ticker_index[:-1]
    np.divide(bars.close[1:], bars.close[:-1], out=ratio[1:], where=same & (bars.close[:-1] > 0))
    for span in factor_spans(bars, factors) if factors is not None else ():
        if span.end < ratio.size and bars.adjusted_as_of[span.end - 1] < span.ex_date:
            ratio[span.end] /= span.price_factor
    return ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorSpan:
    """A usable factor and the rows [first, end) of its ticker that lie before `ex_date` (yyyymmdd); never empty."""

    ticker_index: int
    first: int
    end: int
    ex_date: int
    price_factor: float


def factor_spans(bars: BarColumns, factors: FactorColumns) -> tuple[FactorSpan, ...]:
    """Factors of the columns' tickers that are not quarantined and have rows before them, in the order given.

    A row in a span takes the factor unless its source adjusted it as of that day or later (`adjusted_as_of`).
    """
    place = {ticker: index for index, ticker in enumerate(bars.tickers)}
    owner = np.array([place.get(ticker, -1) for ticker in factors.tickers], dtype=np.int32)
    chosen = np.flatnonzero((owner >= 0) & ~factors.quarantined)
    keys = row_keys(bars.ticker_index, bars.date)
    starts = np.searchsorted(keys, row_keys(owner[chosen], np.zeros(chosen.size, dtype=np.int32))).tolist()
    ends = np.searchsorted(keys, row_keys(owner[chosen], factors.ex_date[chosen])).tolist()
    facts = zip(owner[chosen].tolist(), factors.ex_date[chosen].tolist(), factors.price_factor[chosen].tolist(), strict=True)
    return tuple(
        FactorSpan(ticker_index=ticker, first=first, end=end, ex_date=ex_date, price_factor=price_factor)
        for (ticker, ex_date, price_factor), first, end in zip(facts, starts, ends, strict=True)
        if first < end
    )


def select_rows(bars: BarColumns, rows: NDArray[np.bool_]) -> BarColumns:
    """The rows under a mask, tickers and their indices unchanged."""
    return BarColumns(
        tickers=bars.tickers,
        ticker_index=bars.ticker_index[rows],
        date=bars.date[rows],
        open=bars.open[rows],
        high=bars.high[rows],
        low=bars.low[rows],
        close=bars.close[rows],
        volume=bars.volume[rows],
        turnover=bars.turnover[rows],
        turnover_estimated=bars.turnover_estimated[rows],
        adjusted_as_of=bars.adjusted_as_of[rows],
    )


def _share_ratio(bars: BarColumns, rows: NDArray[np.intp], shares: ShareCounts) -> NDArray[np.float64]:
    """Shares before / shares from each row's day on, on the nearest official days; NaN where one of the two is missing."""
    place = {ticker: index for index, ticker in enumerate(shares.tickers)}
    owner_of = np.array([place.get(ticker, -1) for ticker in bars.tickers], dtype=np.int32)
    owner = owner_of[bars.ticker_index[rows]]
    keys = row_keys(shares.ticker_index, shares.date)
    after = np.searchsorted(keys, row_keys(owner, bars.date[rows]))
    before = after - 1
    found = (owner >= 0) & (before >= 0) & (after < keys.size)
    ratio = np.full(rows.size, np.nan)
    found[found] &= (shares.ticker_index[before[found]] == owner[found]) & (
        shares.ticker_index[after[found]] == owner[found]
    )
    found[found] &= (shares.shares[before[found]] > 0) & (shares.shares[after[found]] > 0)
    ratio[found] = shares.shares[before[found]] / shares.shares[after[found]]
    return ratio

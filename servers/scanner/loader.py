"""Panels out of the store, kept while the data behind them does not change."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from servers.scanner.as_of import newest_closed
from servers.scanner.dated_universe import describe_between
from servers.scanner.history import MarketHistory, prepare_history
from servers.scanner.panel import WINDOW, Panel
from servers.scanner.universe import FlagSpan, UniverseFacts, describe_universe
from servers.scanner.window import warm_up
from shared.market.adjust import traded
from shared.market.bars import BarColumns
from shared.market.errors import DataMissing
from shared.market.instrument import Ticker
from shared.market.sessions import SessionCalendar
from shared.market.times import yyyymmdd
from shared.store.store import Store
from shared.store.unit_of_work import UnitOfWork
from shared.store.validity import DatedInstrument

GENERATIONS = ("bars", "flows", "instruments")
"""Facts that a panel is cut from."""

_MARGIN = 20
_FLOW_DAYS = timedelta(days=45)
_LONG_AGO = date(1990, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loaded:
    generations: Mapping[str, int]
    session: date
    history: MarketHistory


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The market of many days, from which the panel of each can be cut, and the generations of what it was made of."""

    history: MarketHistory
    generations: Mapping[str, int]


class MarketLoader:
    """Loads the market once per generation of its data and day; several callers share one load."""

    def __init__(self, store: Store, calendar: SessionCalendar) -> None:
        """Keep the store; nothing is read before a panel is asked for."""
        self._store = store
        self._calendar = calendar
        self._loaded: _Loaded | None = None
        self._turn = asyncio.Lock()

    async def panel(self, as_of: date | datetime) -> Panel:
        """The market as it was known at a moment; a date means the end of that day.

        Raises:
            DataMissing: The store has no bars up to then.
        """
        history = await self._history(as_of)
        return await asyncio.to_thread(history.panel, as_of)

    async def stretch(self, first: date, last: date, *, until: date) -> Stretch:
        """The market of the sessions `first` to `last`, each as of its own day, with the bars that followed up to `until`.

        It is not kept: it takes seconds to load and hundreds of megabytes.
        """
        async with self._store.read() as uow:
            generations = await uow.meta.generations()
            since = self._calendar.last_sessions(first, WINDOW + _MARGIN)[0].day
            bars = await _bars(uow, since, first=first, until=until)
            timelines = await uow.instruments.between(first, last)
            flows = await uow.flows.columns(first - _FLOW_DAYS, last)
            factors = await uow.factors.columns(until)
            shares = await uow.share_counts.columns(since, last)
        facts, former = await asyncio.to_thread(describe_between, bars.tickers, timelines)
        history = await asyncio.to_thread(prepare_history, bars, factors, flows, facts, shares=shares, former=former)
        return Stretch(history=history, generations={name: generations.get(name, 0) for name in GENERATIONS})

    async def newest_session(self, until: date) -> date:
        """The newest trading day with bars, not after `until`.

        Raises:
            DataMissing: The store has none.
        """
        async with self._store.read() as uow:
            return await _newest_session(uow, until)

    async def newest_known(self, moment: datetime) -> date:
        """The newest session whose bars were out at a moment; see `newest_session`."""
        return await self.newest_session(newest_closed(moment, self._calendar))

    async def _history(self, as_of: date | datetime) -> MarketHistory:
        async with self._turn, self._store.read() as uow:
            generations = await uow.meta.generations()
            session = await _newest_session(uow, newest_closed(as_of, self._calendar))
            wanted = {name: generations.get(name, 0) for name in GENERATIONS}
            loaded = self._loaded
            if loaded is None or (loaded.generations, loaded.session) != (wanted, session):
                history = await self._load(uow, session)
                self._loaded = loaded = _Loaded(generations=wanted, session=session, history=history)
            return loaded.history

    async def _load(self, uow: UnitOfWork, session: date) -> MarketHistory:
        since = self._calendar.last_sessions(session, WINDOW + _MARGIN)[0].day
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(asyncio.to_thread(warm_up), name="scanner-warm-up")  # while the database reads
            bars = await _bars(uow, since, first=session, until=session)
        known = await uow.instruments.on(session, bars.tickers)
        flows = await uow.flows.columns(session - _FLOW_DAYS, session)
        factors = await uow.factors.columns(session)
        shares = await uow.share_counts.columns(since, session)
        facts = describe_on(session, bars.tickers, known)
        return await asyncio.to_thread(prepare_history, bars, factors, flows, facts, shares=shares)


def describe_on(day: date, tickers: Sequence[str], known: Mapping[Ticker, DatedInstrument]) -> UniverseFacts:
    """Universe facts of one day from the records that held on it."""
    flags = [
        FlagSpan(ticker=ticker, flag=flag, valid_from=day, valid_to=day)
        for ticker, dated in known.items()
        for flag in dated.flags
    ]
    recorded: dict[str, tuple[date, date | None]] = {
        ticker: (day, day) for ticker, dated in known.items() if dated.flags_known
    }
    instruments = {str(ticker): dated.instrument for ticker, dated in known.items()}
    return describe_universe(tickers, instruments, flags=flags, recorded=recorded)


async def _newest_session(uow: UnitOfWork, until: date) -> date:
    newest = await uow.bars.newest_date(until)
    if newest is None:
        raise DataMissing(f"the store has no daily bars up to {until}; import some with `kstock import PATH`")
    return newest


async def _bars(uow: UnitOfWork, since: date, *, first: date, until: date) -> BarColumns:
    """Bars from `since`, and all earlier ones of tickers that were halted so long that the window of `first` is not full."""
    bars = await uow.bars.columns(since, until)
    counted = traded(bars) & (bars.date <= yyyymmdd(first))
    counts = np.bincount(bars.ticker_index[counted], minlength=len(bars.tickers))
    short = [bars.tickers[row] for row in np.flatnonzero(counts < WINDOW).tolist()]
    earlier = await uow.bars.columns(_LONG_AGO, since - timedelta(days=1), short)
    return _joined(earlier, bars)


def _joined(earlier: BarColumns, later: BarColumns) -> BarColumns:
    if not earlier.tickers:
        return later
    place = {ticker: row for row, ticker in enumerate(later.tickers)}
    moved = np.array([place[ticker] for ticker in earlier.tickers], dtype=np.int32)[earlier.ticker_index]
    ticker_index = np.concatenate([moved, later.ticker_index]).astype(np.int32)
    order = np.argsort(ticker_index, kind="stable")  # two ascending runs, and the earlier days come first in both
    columns = {
        name: np.concatenate([getattr(earlier, name), getattr(later, name)])[order]
        for name in BarColumns.__dataclass_fields__
        if name not in {"tickers", "ticker_index"}
    }
    return BarColumns(tickers=later.tickers, ticker_index=ticker_index[order], **columns)

"""Compile the strategies into the cache on disk: `make setup` does it once, so that no first scan has to.

Compiling takes some ten seconds of a core and holds up everything else in its process meanwhile.
"""

import sys

import numpy as np

from servers.scanner.history import build_panel
from servers.scanner.strategies.registry import build_strategies
from servers.scanner.universe import describe_universe
from shared.market.bars import BarColumns, FactorColumns, FlowColumns
from shared.market.instrument import Board, Instrument, InstrumentKind, Ticker
from shared.market.sessions import SessionCalendar
from shared.market.times import from_yyyymmdd, yyyymmdd

_BARS = 300
_TICKER = "005930"


def warm_up() -> None:
    """Score one invented ticker by every strategy."""
    calendar = SessionCalendar.load()
    days = [yyyymmdd(session.day) for session in calendar.last_sessions(from_yyyymmdd(20260430), _BARS)]
    close = (10_000 + 20 * np.arange(_BARS) + 500 * np.sin(np.arange(_BARS) / 9)).astype(np.int64)
    instrument = Instrument(ticker=Ticker(_TICKER), name="warm-up", kind=InstrumentKind.COMMON, board=Board.KOSPI)
    bars = BarColumns(
        tickers=(_TICKER,),
        ticker_index=np.zeros(_BARS, dtype=np.int32),
        date=np.array(days, dtype=np.int32),
        open=close,
        high=close + 100,
        low=close - 100,
        close=close,
        volume=np.full(_BARS, 1_000_000, dtype=np.int64),
        turnover=close * 1_000_000,
        turnover_estimated=np.zeros(_BARS, dtype=np.bool_),
        adjusted_as_of=np.zeros(_BARS, dtype=np.int32),
    )
    facts = describe_universe(bars.tickers, {_TICKER: instrument})
    panel = build_panel(bars, _no_factors(), _no_flows(), facts, as_of=from_yyyymmdd(days[-1]))
    for strategy in build_strategies().values():
        strategy.score(panel, None)


def _no_factors() -> FactorColumns:
    return FactorColumns(
        tickers=(),
        ex_date=np.zeros(0, dtype=np.int32),
        price_factor=np.zeros(0),
        quarantined=np.zeros(0, dtype=np.bool_),
    )


def _no_flows() -> FlowColumns:
    nothing = np.zeros(0, dtype=np.int64)
    return FlowColumns(
        tickers=(),
        ticker_index=nothing.astype(np.int32),
        date=nothing.astype(np.int32),
        foreign_net=nothing,
        institution_net=nothing,
        from_shares=nothing.astype(np.bool_),
    )


if __name__ == "__main__":
    warm_up()
    sys.stdout.write("strategies are compiled\n")

"""Bars written into a panel as they come, and the VCP scores that follow from them, without building either anew.

A bar of the running session is put again and again under the same day and replaces itself until the session is over. The
arrays of the panel are changed in place: one writer, and no reader meanwhile.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from servers.scanner.compiled import compiled
from servers.scanner.panel import MIN_BARS, Flows, Panel, Status
from servers.scanner.strategies import vcp, vcp_signal
from servers.scanner.strategies.parameters import StrategyParameters
from servers.scanner.strategies.rs import LiveRatings, rerate
from servers.scanner.strategies.vcp_kernel import scan_rows
from servers.scanner.strategies.vcp_signal import VcpSignals
from servers.scanner.strategies.vcp_totals import combine_rows, judge_rows
from shared.market.adjust import JUMP_LIMIT
from shared.market.errors import InvalidInput

_OK, _BAD_ADJUST, _SHORT_HISTORY = int(Status.OK), int(Status.BAD_ADJUST), int(Status.SHORT_HISTORY)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveBars:
    """Bars of one session for some rows of a panel; arrays have shape (m,), rows do not repeat.

    Prices in won as traded, `volume` shares and `turnover` won so far. `complete` once the closing auction is over.
    """

    session: int
    rows: NDArray[np.int64]
    open: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]
    turnover: NDArray[np.float64]
    complete: bool = False


def begin_session(panel: Panel, session: int, as_of: datetime) -> Panel:
    """Open a new session: every ticker is HALTED until its first trade, its flows are not published yet.

    Args:
        panel: The market as of an earlier session; the new value shares its bar arrays, so drop it.
        session: Day yyyymmdd after the panel's own.
        as_of: Moment, with zone.

    Raises:
        InvalidInput: If `session` is not a later day.
    """
    if session <= panel.session:
        raise InvalidInput("session", f"{session} is not after {panel.session}")
    status = panel.status.copy()
    status[status != Status.NO_DATA] = Status.HALTED
    old, unknown = panel.flows, np.full((len(status), 1), np.nan)
    flows = Flows(
        dates=np.append(old.dates[1:], np.int32(session)),
        foreign_net=np.hstack([old.foreign_net[:, 1:], unknown]),
        institution_net=np.hstack([old.institution_net[:, 1:], unknown]),
        turnover=np.hstack([old.turnover[:, 1:], unknown]),
        from_shares=np.hstack([old.from_shares[:, 1:], np.zeros_like(unknown, dtype=np.bool_)]),
        published=old.published - 1,
    )
    return replace(panel, session=session, as_of=as_of, status=status, flows=flows)


def put_bars(panel: Panel, bars: LiveBars) -> None:
    """Write bars into the panel: append to tickers that had none this session, replace the others' newest bar.

    Rows that are no traded bars (no volume, no positive prices) are left out.

    Raises:
        InvalidInput: If the bars are not of the panel's session.
    """
    _write(panel.session, bars, _arrays(panel))


class LiveVcp:
    """VCP signals of a panel, kept current bar by bar.

    A rescan gives a ticker exactly what a scan of the whole panel would give it; ratings and totals of the others stay as
    they were until their own next bar, although the newcomer may have moved them by a rank.
    """

    def __init__(self, panel: Panel, *, parameters: StrategyParameters | None = None) -> None:
        """Score the whole panel once."""
        self.signals: VcpSignals = vcp_signal.score(panel, parameters=parameters)
        signals, pattern = self.signals, self.signals.vcp
        # The views below stay valid because every array is written in place; making them anew would cost more than a rescan.
        self._arrays = _arrays(panel)
        self._market, self._rules = vcp.market_of(pattern), pattern.parameters.rules()
        self._given, self._limits = vcp_signal.given(signals), vcp_signal.limits(signals)
        self._written = vcp_signal.written(signals)
        self._ratings = LiveRatings.of(pattern.strength, signals.tradable)

    def put(self, bars: LiveBars) -> None:
        """Write bars into the panel and score their tickers again.

        Raises:
            InvalidInput: If the bars are not of the panel's session.
        """
        _write(self.signals.panel.session, bars, self._arrays)
        self.rescan(bars.rows)

    def rescan(self, rows: NDArray[np.int64]) -> None:
        """Score `rows` again from the panel's present bars."""
        pattern, written = self.signals.vcp, self._written
        judge_rows(rows, self._given, self._limits, written)
        rerate(rows, self._given.close, written.tradable, self._ratings)
        scan_rows(rows[written.scored[rows]], self._market, self._rules, (pattern.records, pattern.legs))
        combine_rows(rows, pattern.records, (self._given, self._limits), written)


class _Session(NamedTuple):
    """Constants are handed to compiled code: what it takes from other files would be frozen in its kept machine code."""

    day: int
    complete: bool
    min_bars: int
    jump_limit: float


class _Arrays(NamedTuple):
    open: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]
    turnover: NDArray[np.float64]
    date: NDArray[np.int32]
    jump: NDArray[np.bool_]
    bars: NDArray[np.int32]
    status: NDArray[np.int8]
    complete: NDArray[np.bool_]


def _arrays(panel: Panel) -> _Arrays:
    fields = panel.open, panel.high, panel.low, panel.close, panel.volume, panel.turnover
    return _Arrays(*fields, panel.date, panel.jump, panel.count, panel.status, panel.complete)


def _write(session: int, bars: LiveBars, arrays: _Arrays) -> None:
    if bars.session != session:
        raise InvalidInput("session", f"{bars.session} is not the panel's session {session}")
    fields = bars.open, bars.high, bars.low, bars.close, bars.volume, bars.turnover
    _put(bars.rows, fields, _Session(session, bars.complete, MIN_BARS, JUMP_LIMIT), arrays)


@compiled
def _put(rows: NDArray[np.int64], fields: tuple[NDArray[np.float64], ...], session: _Session, arrays: _Arrays) -> None:
    open_, high, low, close, volume, turnover = fields
    newest = arrays.date.shape[1] - 1
    for i, row in enumerate(rows):
        if not (open_[i] > 0.0 and close[i] > 0.0 and high[i] >= low[i] > 0.0 and volume[i] > 0.0):
            continue
        if arrays.date[row, newest] != session.day:
            _shift(arrays, row)
        arrays.open[row, newest], arrays.high[row, newest], arrays.low[row, newest] = open_[i], high[i], low[i]
        arrays.close[row, newest], arrays.volume[row, newest], arrays.turnover[row, newest] = (
            close[i],
            volume[i],
            turnover[i],
        )
        arrays.date[row, newest], arrays.complete[row] = session.day, session.complete
        change = abs(close[i] / arrays.close[row, newest - 1] - 1.0)
        arrays.jump[row, newest] = np.rint(change * 1e9) / 1e9 > session.jump_limit
        arrays.status[row] = _status(arrays.jump[row], newest + 1 - arrays.bars[row], session.min_bars)


@compiled
def _shift(arrays: _Arrays, row: int) -> None:
    """Make room for a bar at the right end."""
    for field in (arrays.open, arrays.high, arrays.low, arrays.close, arrays.volume, arrays.turnover):
        field[row, :-1] = field[row, 1:]
    arrays.date[row, :-1] = arrays.date[row, 1:]
    arrays.jump[row, :-1] = arrays.jump[row, 1:]
    arrays.bars[row] = min(arrays.bars[row] + 1, arrays.date.shape[1])


@compiled
def _status(jump: NDArray[np.bool_], first: int, min_bars: int) -> int:
    """Status of a ticker that traded this session; `first` is the column of its first bar."""
    if len(jump) - first < min_bars:
        return _SHORT_HISTORY
    for column in range(first + 1, len(jump)):
        if jump[column]:
            return _BAD_ADJUST
    return _OK

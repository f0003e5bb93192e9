"""What became of a signal: entry, exit and return on the bars that followed (strategies.md 9.1-9.3), for many at once."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import NDArray

from shared.market.costs import FEE, net_return
from shared.market.errors import InvalidInput
from shared.market.paths import Paths
from shared.market.tick_size import tick_size


class EntryMode(StrEnum):
    """When a signal is bought."""

    NEXT_OPEN = "NEXT_OPEN"  # at the open of the next session
    TRIGGER = "TRIGGER"  # on the first day whose high reaches the trigger
    CLOSE = "CLOSE"  # at the close of the signal's day


class Fill(IntEnum):
    """Whether the entry happened, and if not, why."""

    FILLED = 0
    PENDING = 1  # the bars that decide are not there yet
    NOT_TRADED = 2  # the next session did not trade the instrument
    LOCKED_UP = 3  # at the upper limit all day: nobody sells
    GAP_ABOVE = 4  # opened too far above the trigger
    NOT_TRIGGERED = 5  # the trigger was not reached in time


class Exit(IntEnum):
    """How a filled signal ended."""

    NONE = 0  # not filled
    OPEN = 1  # still held on the last bar there is
    TARGET = 2
    STOP = 3
    HORIZON = 4
    DELISTED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRule:
    """How signals of a kind are judged.

    `horizon` counts traded bars from the entry, the entry's own bar included when it is bought at or after its open.
    `gap_limit` is the share above the trigger at which an opening is too far gone, `trigger_window` the bars in which the
    trigger must be reached. `fee` is per side; `slip_ticks` ticks are lost on each side.
    """

    entry: EntryMode
    horizon: int
    gap_limit: float = 0.05
    trigger_window: int = 10
    fee: float = FEE
    slip_ticks: int = 1

    def __post_init__(self) -> None:
        if self.horizon < 1 or self.trigger_window < 1:
            raise InvalidInput("horizon", "must be at least one bar, as must the trigger window")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalLevels:
    """What the signals said; shape (n,), prices in won at the scale of the signal's day, NaN where there is no level.

    A target that moves has shape (n, length): one price for every bar of the paths. `next_session` is the session after the
    signal's day (yyyymmdd), `locked_up` whether that day's own bar stood at the upper limit.
    """

    close: NDArray[np.float64]
    trigger: NDArray[np.float64]
    target: NDArray[np.float64]
    stop: NDArray[np.float64]
    next_session: NDArray[np.int32]
    locked_up: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """One row per signal, shape (n,). Prices and returns are NaN, dates 0 and counts 0 where they do not apply.

    `exit_price` is without slippage. `ambiguous` marks exits on a bar that touched stop and target; the stop counts.
    `bars_held` counts the entry's and the exit's bar. `mfe`, `mae` are the best and the worst price over the entry - 1.
    `net_return` is after fees, tax and slippage; for a position still open, after selling at its last close.
    """

    fill: NDArray[np.int8]
    exit: NDArray[np.int8]
    entry_price: NDArray[np.float64]
    entry_date: NDArray[np.int32]
    exit_price: NDArray[np.float64]
    exit_date: NDArray[np.int32]
    ambiguous: NDArray[np.bool_]
    bars_held: NDArray[np.int32]
    mfe: NDArray[np.float64]
    mae: NDArray[np.float64]
    net_return: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entries:
    """Fill, price and the path's bar on which each signal is bought; bar 0 follows a purchase at the signal's close."""

    fill: NDArray[np.int8]
    price: NDArray[np.float64]
    bar: NDArray[np.int64]


def evaluate(signals: SignalLevels, paths: Paths, rule: OutcomeRule) -> Outcomes:
    """Follow every signal from its entry to its exit.

    On each bar: an open at or below the stop sells at the open, else one at or above the target does; else a low at the stop
    sells at the stop, else a high at the target at the target; at the horizon the close counts. A bar locked at the lower
    limit cannot be sold and is carried over.

    Args:
        signals: Levels of n signals.
        paths: Their bars; a path that ends early is an open position, or a delisted one when `final_price` says so.
        rule: How signals of this kind are judged.
    """
    entries = _ENTRIES[rule.entry](signals, paths, rule)
    walk = _Walk(signals, paths, rule, entries)
    for bar in range(paths.date.shape[1]):
        walk.step(bar)
    return walk.finish()


def _at_close(signals: SignalLevels, paths: Paths, rule: OutcomeRule) -> _Entries:
    fill = np.where(signals.locked_up, Fill.LOCKED_UP, Fill.FILLED).astype(np.int8)
    return _Entries(fill=fill, price=signals.close, bar=np.zeros(fill.size, np.int64))


def _at_next_open(signals: SignalLevels, paths: Paths, rule: OutcomeRule) -> _Entries:
    first = paths.open[:, 0]
    fill = np.select(
        [
            np.isnan(first) & np.isnan(paths.final_price),
            paths.date[:, 0] != signals.next_session,
            paths.locked_up[:, 0],
            first > signals.trigger * (1.0 + rule.gap_limit),
        ],
        [Fill.PENDING, Fill.NOT_TRADED, Fill.LOCKED_UP, Fill.GAP_ABOVE],
        Fill.FILLED,
    ).astype(np.int8)
    return _Entries(fill=fill, price=first, bar=np.zeros(fill.size, np.int64))


def _at_trigger(signals: SignalLevels, paths: Paths, rule: OutcomeRule) -> _Entries:
    window = slice(0, rule.trigger_window)
    reached = paths.high[:, window] >= signals.trigger[:, None]
    bar = reached.argmax(axis=1)
    rows = np.arange(bar.size)
    hit = reached.any(axis=1)
    complete = np.isfinite(paths.close[:, window]).sum(axis=1) == rule.trigger_window
    price = np.maximum(paths.open[rows, bar], signals.trigger)
    fill = np.select(
        [
            ~hit & (complete | np.isfinite(paths.final_price)),
            ~hit,
            paths.locked_up[rows, bar],
            price > signals.trigger * (1.0 + rule.gap_limit),
        ],
        [Fill.NOT_TRIGGERED, Fill.PENDING, Fill.LOCKED_UP, Fill.GAP_ABOVE],
        Fill.FILLED,
    ).astype(np.int8)
    return _Entries(fill=fill, price=price, bar=bar.astype(np.int64))


_ENTRIES = {EntryMode.CLOSE: _at_close, EntryMode.NEXT_OPEN: _at_next_open, EntryMode.TRIGGER: _at_trigger}


class _Walk:
    """The positions on their way through the bars, column by column."""

    def __init__(self, signals: SignalLevels, paths: Paths, rule: OutcomeRule, entries: _Entries) -> None:
        count = entries.fill.size
        self._signals, self._paths, self._rule, self._entries = signals, paths, rule, entries
        self._filled = entries.fill == Fill.FILLED
        self._held = self._filled.copy()
        self._how = np.where(self._filled, Exit.OPEN, Exit.NONE).astype(np.int8)
        self._exit_price = np.full(count, np.nan)
        self._exit_date = np.zeros(count, np.int32)
        self._ambiguous = np.zeros(count, np.bool_)
        self._bars = np.zeros(count, np.int32)
        self._best = entries.price.copy()
        self._worst = entries.price.copy()
        self._last_close = entries.price.copy()

    def step(self, bar: int) -> None:
        """Let one more bar pass over every position that is held."""
        paths, signals = self._paths, self._signals
        open_, high, low, close = (column[:, bar] for column in (paths.open, paths.high, paths.low, paths.close))
        target = signals.target if signals.target.ndim == 1 else signals.target[:, bar]
        on = self._held & (bar >= self._entries.bar) & np.isfinite(close)
        self._bars += on
        sellable = on & ~paths.locked_down[:, bar]
        # A purchase inside a bar was not there yet at its open.
        at_open = sellable & ((bar > self._entries.bar) | (self._rule.entry is not EntryMode.TRIGGER))
        gap_down = at_open & (open_ <= signals.stop)
        gap_up = at_open & ~gap_down & (open_ >= target)
        inside = sellable & ~gap_down & ~gap_up
        stopped = inside & (low <= signals.stop)
        targeted = inside & (high >= target)
        due = inside & ~stopped & ~targeted & (self._bars >= self._rule.horizon)
        self._ambiguous |= stopped & targeted
        self._widen(on, np.where(gap_down | gap_up, open_, high), np.where(gap_down | gap_up, open_, low))
        self._last_close[on] = close[on]
        self._leave(gap_down, Exit.STOP, price=open_, bar=bar)
        self._leave(gap_up, Exit.TARGET, price=open_, bar=bar)
        self._leave(stopped, Exit.STOP, price=signals.stop, bar=bar)
        self._leave(targeted & ~stopped, Exit.TARGET, price=target, bar=bar)
        self._leave(due, Exit.HORIZON, price=close, bar=bar)

    def finish(self) -> Outcomes:
        """Settle delisted positions and price the ones still open."""
        gone = self._held & np.isfinite(self._paths.final_price)
        last_date = self._paths.date.max(axis=1, initial=0)
        self._how[gone] = Exit.DELISTED
        self._exit_price[gone] = self._paths.final_price[gone]
        self._exit_date[gone] = np.where(last_date > 0, last_date, self._signals.next_session)[gone]
        self._worst[gone] = np.minimum(self._worst, self._paths.final_price)[gone]
        entry = np.where(self._filled, self._entries.price, np.nan)
        rows = np.arange(entry.size)
        bought = 0 if self._rule.entry is EntryMode.CLOSE else self._paths.date[rows, self._entries.bar]
        return Outcomes(
            fill=self._entries.fill,
            exit=self._how,
            entry_price=entry,
            entry_date=np.where(self._filled, bought, 0).astype(np.int32),
            exit_price=self._exit_price,
            exit_date=self._exit_date,
            ambiguous=self._ambiguous,
            bars_held=self._bars,
            mfe=np.where(self._filled, self._best / entry - 1.0, np.nan),
            mae=np.where(self._filled, self._worst / entry - 1.0, np.nan),
            net_return=self._net(entry, last_date),
        )

    def _widen(self, on: NDArray[np.bool_], high: NDArray[np.float64], low: NDArray[np.float64]) -> None:
        self._best = np.where(on, np.maximum(self._best, high), self._best)
        self._worst = np.where(on, np.minimum(self._worst, low), self._worst)

    def _leave(self, which: NDArray[np.bool_], how: Exit, *, price: NDArray[np.float64], bar: int) -> None:
        self._how[which] = how
        self._exit_price[which] = price[which]
        self._exit_date[which] = self._paths.date[which, bar]
        self._held &= ~which

    def _net(self, entry: NDArray[np.float64], last_date: NDArray[np.int32]) -> NDArray[np.float64]:
        still_open = self._how == Exit.OPEN
        sold = np.where(still_open, self._last_close, self._exit_price)
        sold_on = np.where(still_open, last_date, self._exit_date).astype(np.int32)
        slip = self._rule.slip_ticks
        paid = entry + slip * tick_size(np.nan_to_num(entry))
        got = np.maximum(sold - slip * tick_size(np.nan_to_num(sold)), 0.0)
        result: NDArray[np.float64] = net_return(paid, got, sold_on, fee=self._rule.fee)
        return result

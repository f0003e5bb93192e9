"""What happened after a bar. Only evaluation looks ahead; nothing here reaches a strategy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from servers.scanner.history import MarketHistory
from shared.market.adjust import adjustment
from shared.market.bars import BarColumns
from shared.market.costs import net_return
from shared.market.outcome import EntryMode, OutcomeRule, Outcomes, SignalLevels, evaluate
from shared.market.paths import Paths, cut_paths, locked_bars
from shared.market.tick_size import floor_tick, tick_size

LIQUIDATION_SESSIONS = 10
"""A delisted ticker that traded within its last ten sessions went through 정리매매, so its last price could be had."""

_AT_ONCE = 100_000
_DAYS = 100_000_000  # what `row_keys` multiplies tickers by
_CARRIED = 10  # bars kept beyond the horizon, for positions that a locked limit-down bar does not let go


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchases:
    """Signals to follow, arrays of shape (s,): prices in won at the scale of the signal's day, NaN where there is no level.

    `bars` is the index of the traded bar on which each signal was given, `session` the index of that day. With a
    `moving_average` the target is on each bar where the price meets its own average of so many bars, and `target` is unused.
    """

    session: NDArray[np.int32]
    bars: NDArray[np.int64]
    trigger: NDArray[np.float64]
    target: NDArray[np.float64]
    stop: NDArray[np.float64]
    moving_average: int = 0

    def without_levels(self) -> "Purchases":
        """The same purchases, held to the horizon whatever happens."""
        nothing = np.full(self.bars.size, np.nan)
        return Purchases(session=self.session, bars=self.bars, trigger=self.trigger, target=nothing, stop=nothing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Future:
    """The whole market, to be looked at from any past bar; m traded bars, r runs of bars, k sessions.

    A run is a ticker's bars up to the next break in the data: sessions without any row of it, traded or halted, or a jump of
    the close that no corporate action explains. What a share bought before is worth behind a break is unknown, so nothing is
    followed across it.

    Attributes:
        bars: Traded bars as they were traded; their `ticker_index` is the number of the run.
        multiplier: To the scale of the newest day, shape (m,).
        sessions: Days on which anything traded, yyyymmdd, shape (k,).
        locked_up: Bars at the upper price limit all day, shape (m,).
        locked_down: Bars at the lower price limit all day, shape (m,).
        final: Price of a run's end in won: the last one of 정리매매, 0 for a ticker delisted without, NaN where it went on
            or nobody knows; shape (r,).
        left: Traded bars of the same run that follow each bar, shape (m,).
    """

    bars: BarColumns
    multiplier: NDArray[np.float64]
    sessions: NDArray[np.int32]
    locked_up: NDArray[np.bool_]
    locked_down: NDArray[np.bool_]
    final: NDArray[np.float64]
    left: NDArray[np.int64]

    @classmethod
    def of(cls, history: MarketHistory) -> "Future":
        """Lay a history out for looking ahead."""
        bars = history.bars
        multiplier = adjustment(bars, history.factors, _newest(history))
        runs = _runs(history)
        in_runs = replace(bars, ticker_index=runs)
        locked_up, locked_down = locked_bars(in_runs, multiplier)
        ends = np.flatnonzero(np.diff(runs, append=-1))
        return cls(
            bars=in_runs,
            multiplier=multiplier,
            sessions=history.sessions,
            locked_up=locked_up,
            locked_down=locked_down,
            final=_final_prices(history, ends),
            left=ends[runs] - np.arange(bars.date.size),
        )

    def follow(self, purchases: Purchases, rules: Sequence[OutcomeRule]) -> tuple[Outcomes, ...]:
        """Follow purchases to their exits, see `shared.market.outcome.evaluate`; one result per rule."""
        starts = range(0, max(purchases.bars.size, 1), _AT_ONCE)
        parts = [self._follow(slice(start, start + _AT_ONCE), purchases, rules) for start in starts]
        return tuple(_joined([part[number] for part in parts]) for number in range(len(rules)))

    def hold(self, session: NDArray[np.int32], bars: NDArray[np.int64], rule: OutcomeRule) -> NDArray[np.float64]:
        """Net returns of buying and holding to the horizon, without levels: what `follow` says of purchases that have none.

        This is the control of whole markets, so it takes the few prices it needs instead of whole paths.

        Args:
            session: Session of each signal as an index, shape (s,).
            bars: Traded bar of each signal, shape (s,).
            rule: Entry at the close or the next open, horizon and costs.

        Returns:
            Fractions, shape (s,); NaN where nothing could be bought or the end lies beyond the data.
        """
        size = self.bars.date.size
        first, due = np.minimum(bars + 1, size - 1), bars + rule.horizon
        if rule.entry is EntryMode.CLOSE:
            filled, paid = ~self.locked_up[bars], self.bars.close[bars].astype(np.float64)
        else:
            follows = (self.left[bars] > 0) & (self.bars.date[first] == np.append(self.sessions, 0)[session + 1])
            filled = follows & ~self.locked_up[first]
            paid = self.bars.open[first] * (self.multiplier[first] / self.multiplier[bars])
        for _ in range(_CARRIED):
            due += self.locked_down.take(due, mode="clip")
        last = bars + self.left[bars]
        ended = due <= last
        sold_at = np.minimum(due, last)
        sold = self.bars.close[sold_at] * (self.multiplier[sold_at] / self.multiplier[bars])
        got = np.where(ended, sold, self.final[self.bars.ticker_index[bars]] / self.multiplier[bars])
        paid += rule.slip_ticks * tick_size(paid)
        got = np.maximum(got - rule.slip_ticks * tick_size(np.nan_to_num(got)), 0.0)
        returns = net_return(paid, got, self.bars.date[sold_at], fee=rule.fee)
        return np.where(filled, returns, np.nan)

    def _follow(self, which: slice, purchases: Purchases, rules: Sequence[OutcomeRule]) -> list[Outcomes]:
        bars, session = purchases.bars[which], purchases.session[which]
        lengths = [_length(rule) for rule in rules]
        paths = cut_paths(self.bars, self.multiplier, bars, length=max(lengths))
        moving = purchases.moving_average
        levels = SignalLevels(
            close=self.bars.close[bars].astype(np.float64),
            trigger=purchases.trigger[which],
            target=self._averages(bars, max(lengths), moving) if moving else purchases.target[which],
            stop=purchases.stop[which],
            next_session=np.append(self.sessions, 0)[session + 1].astype(np.int32),
            locked_up=self.locked_up[bars],
        )
        return [
            evaluate(levels, self._shortened(paths, bars, length), rule) for rule, length in zip(rules, lengths, strict=True)
        ]

    def _averages(self, bars: NDArray[np.int64], length: int, count: int) -> NDArray[np.float64]:
        """Price on each of the bars after a signal at which it equals the mean of itself and the `count` - 1 closes before.

        That is the mean of those closes alone, known before the bar begins; shape (n, length), rounded down to a tick.
        """
        before = count - 1
        sums = np.concatenate(([0.0], np.cumsum(self.bars.close * self.multiplier)))
        places = np.minimum(bars[:, None] + np.arange(1, length + 1), self.bars.date.size - 1)
        first = places - before
        same = (first >= 0) & (self.bars.ticker_index[first] == self.bars.ticker_index[bars][:, None])
        means = (sums[places] - sums[first]) / before / self.multiplier[bars][:, None]
        # The sums run over all prices of the market and leave errors far below a hundredth of a won.
        return np.where(same, floor_tick(np.maximum(np.round(means, 2), 1.0)), np.nan)

    def _shortened(self, paths: Paths, bars: NDArray[np.int64], length: int) -> Paths:
        """The first bars of paths; only what ends within them can have been delisted."""
        final = np.where(self.left[bars] < length, self.final[self.bars.ticker_index[bars]], np.nan)
        columns = {name: getattr(paths, name)[:, :length] for name in Paths.__dataclass_fields__ if name != "final_price"}
        return Paths(final_price=final / self.multiplier[bars], **columns)


def _length(rule: OutcomeRule) -> int:
    return rule.horizon + _CARRIED + (rule.trigger_window if rule.entry is EntryMode.TRIGGER else 0)


def _joined(parts: list[Outcomes]) -> Outcomes:
    if len(parts) == 1:
        return parts[0]
    names = Outcomes.__dataclass_fields__
    return Outcomes(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def last_row_days(history: MarketHistory) -> NDArray[np.int64]:
    """Day of the last row of each ticker, traded or halted, yyyymmdd, shape (n,); 0 for one without any."""
    days = np.zeros(len(history.bars.tickers), dtype=np.int64)
    days[history.day_keys // _DAYS] = history.day_keys % _DAYS  # ascending, so the last one stays
    return days


def _runs(history: MarketHistory) -> NDArray[np.int32]:
    """Number of the run of each traded bar, ascending, shape (m,)."""
    owners, days = history.day_keys // _DAYS, history.day_keys % _DAYS
    places = np.searchsorted(history.sessions, days)
    begins = np.ones(owners.size, dtype=np.bool_)
    begins[1:] = (owners[1:] != owners[:-1]) | (np.diff(places) > 1)
    of_rows = np.cumsum(begins)[np.searchsorted(history.day_keys, history.keys)]
    of_rows += np.cumsum(history.jump & ~_in_liquidation(history))
    return np.unique(of_rows, return_inverse=True)[1].astype(np.int32)


def _in_liquidation(history: MarketHistory) -> NDArray[np.bool_]:
    """Traded bars of the last sessions before a delisting, shape (m,): 정리매매 has no daily limit, on a list or not."""
    owners = history.bars.ticker_index
    delisted = history.facts.delist_date[owners]
    gone = (delisted <= _newest(history)) & (history.facts.list_date[owners] <= delisted)
    return gone & (_sessions_between(history, history.bars.date, delisted) <= LIQUIDATION_SESSIONS)


def _final_prices(history: MarketHistory, ends: NDArray[np.int64]) -> NDArray[np.float64]:
    """Price at the end of each run, whose last traded bars are `ends`; shape (r,)."""
    facts, owners = history.facts, history.bars.ticker_index[ends]
    delisted = facts.delist_date[owners]
    gone = (delisted <= _newest(history)) & (facts.list_date[owners] <= delisted)
    gone &= np.diff(owners, append=-1) != 0
    told = last_row_days(history)[owners]
    known_to_the_end = gone & (_sessions_between(history, told, delisted) <= LIQUIDATION_SESSIONS)
    liquidated = _sessions_between(history, history.bars.date[ends], delisted) <= LIQUIDATION_SESSIONS
    return np.where(known_to_the_end, np.where(liquidated, history.bars.close[ends], 0.0), np.nan)


def _newest(history: MarketHistory) -> int:
    """Newest session as yyyymmdd; 0 without any."""
    return int(history.sessions[-1]) if history.sessions.size else 0


def _sessions_between(history: MarketHistory, first: NDArray[np.generic], last: NDArray[np.generic]) -> NDArray[np.int64]:
    return np.searchsorted(history.sessions, last) - np.searchsorted(history.sessions, first)

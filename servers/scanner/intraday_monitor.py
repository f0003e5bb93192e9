"""The intraday rules over all watched tickers of one session.

Levels that need history are computed once a day, and a trade far from every threshold of a ticker without a running alarm
costs two comparisons.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from servers.scanner.intraday import (
    AlertArm,
    DayLevels,
    IntradayParameters,
    IntradayRule,
    RuleHit,
    RuleReading,
    Trade,
    decide,
    disparity_readings,
    drop_reading,
    surge_reading,
    trigger_price,
)
from shared.market.instrument import Ticker
from shared.market.volume_curve import VolumeCurve

AUCTION_BEFORE_CLOSE = timedelta(minutes=10)
"""The closing auction; before the open nothing is evaluated at all, which covers the opening auction."""

_NOISE = 1e-8  # readings are rounded to nine decimals


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionHours:
    """Open and close of the regular session as moments; half days and late opens are the calendar's business."""

    open: datetime
    close: datetime

    def is_quiet(self, now: datetime) -> bool:
        """Whether trades are auction results or outside of the regular session, so that nothing is announced."""
        return not self.open <= now < self.close - AUCTION_BEFORE_CLOSE


@dataclass(slots=True)
class RecentTrades:
    """Trades of one ticker in one session, as far back as the rules look."""

    span: timedelta
    session: SessionHours
    _trades: deque[Trade] = field(default_factory=deque)

    def add(self, trade: Trade) -> bool:
        """Keep a trade; False when it is older than the newest one, which a feed never sends."""
        if self._trades and trade.time < self._trades[-1].time:
            return False
        self._trades.append(trade)
        border = trade.time - self.span
        while len(self._trades) > 1 and self._trades[1].time <= border:
            self._trades.popleft()
        return True

    def before(self, moment: datetime) -> tuple[float, float] | None:
        """Price and cumulative turnover at `moment`: of the last trade until then, of the open when that is earlier.

        Args:
            moment: `span` before the newest trade, so that the oldest trade kept is the one asked for.

        Returns:
            None when nothing that old was seen.
        """
        oldest = self._trades[0]
        if moment < self.session.open:
            return float(oldest.open_krw or oldest.price_krw), 0.0
        return (float(oldest.price_krw), float(oldest.turnover_krw)) if oldest.time <= moment else None


class IntradayMonitor:
    """All rules over all watched tickers of one session; feed it every trade, it returns what fired.

    Args:
        session: Hours of the session.
        levels: Day levels by ticker; a ticker without levels gets only the drop rule.
        curve: Usual accumulation of volume over a session.
        parameters: Thresholds; the defaults of strategies.md 10 when None.
        arms: Spam control to go on from after a restart.
    """

    def __init__(
        self,
        *,
        session: SessionHours,
        levels: Mapping[Ticker, DayLevels],
        curve: VolumeCurve,
        parameters: IntradayParameters | None = None,
        arms: Mapping[tuple[Ticker, IntradayRule], AlertArm] | None = None,
    ) -> None:
        self._session = session
        self._levels = levels
        self._curve = curve
        self._parameters = parameters or IntradayParameters()
        self._span = timedelta(minutes=self._parameters.drop_minutes)
        self._recent: dict[Ticker, RecentTrades] = {}
        self._arms = dict(arms or {})
        self._alarmed = {ticker for (ticker, _), arm in self._arms.items() if not arm.cleared}
        self._near = {ticker: near_price(level, self._parameters) for ticker, level in levels.items()}
        self._calm = self._parameters.rearm - min(self._parameters.drop, self._parameters.surge_drop)

    @property
    def arms(self) -> dict[tuple[Ticker, IntradayRule], AlertArm]:
        """Spam control as it stands, for storing."""
        return dict(self._arms)

    def on_trade(self, ticker: Ticker, trade: Trade, *, now: datetime) -> tuple[RuleHit, ...]:
        """Take one trade and say which rules fire on it.

        Args:
            ticker: Whose trade it is.
            trade: The trade.
            now: Market time; a trade older than `stale_after` is kept but announces nothing.
        """
        recent = self._recent.setdefault(ticker, RecentTrades(self._span, self._session))
        if self._session.is_quiet(trade.time) or not recent.add(trade):
            return ()
        if trade.single_price or now - trade.time > self._parameters.stale_after or self._session.is_quiet(now):
            return ()
        return tuple(
            RuleHit(ticker=ticker, reading=reading, price_krw=trade.price_krw, time=trade.time)
            for reading in self._readings(ticker, trade, recent)
            if self._fires(ticker, reading, trade.time)
        )

    def _fires(self, ticker: Ticker, reading: RuleReading, now: datetime) -> bool:
        before = self._arms.get((ticker, reading.rule), AlertArm())
        arm, fires = decide(before, reading, now, self._parameters)
        self._arms[ticker, reading.rule] = arm
        if fires:
            self._alarmed.add(ticker)
        elif arm.cleared and not before.cleared and all(self._is_cleared(ticker, rule) for rule in IntradayRule):
            self._alarmed.discard(ticker)
        return fires

    def _is_cleared(self, ticker: Ticker, rule: IntradayRule) -> bool:
        arm = self._arms.get((ticker, rule))
        return arm is None or arm.cleared

    def _readings(self, ticker: Ticker, trade: Trade, recent: RecentTrades) -> Iterable[RuleReading]:
        # A reading that is clearly false cannot fire, and it changes nothing for a ticker whose rules are all armed.
        alarmed, price, levels = ticker in self._alarmed, trade.price_krw, self._levels.get(ticker)
        if levels is not None and (alarmed or price <= self._near[ticker]):
            yield from disparity_readings(price, levels, self._parameters)
        earlier = recent.before(trade.time - self._span)
        if earlier is None:
            return
        price_then, turnover_then = earlier
        if not alarmed and price / price_then - 1 > self._calm + _NOISE:
            return
        drop = drop_reading(price, price_then, self._parameters)
        yield drop
        usual = 0.0 if levels is None else levels.average_turnover * self._usual_share(trade.time)
        if usual > 0:
            yield surge_reading(drop.value, (trade.turnover_krw - turnover_then) / usual, self._parameters)

    def _usual_share(self, now: datetime) -> float:
        length = self._session.close - self._session.open
        since_open = now - self._session.open
        before = max(since_open - self._span, timedelta(0))
        return self._curve.share_at(since_open, length) - self._curve.share_at(before, length)


def near_price(levels: DayLevels, parameters: IntradayParameters) -> float:
    """The price above which disparity and nearness to it are clearly false; NaN without levels."""
    bars, threshold = parameters.average_bars, parameters.disparity_threshold
    margin = 1 + parameters.proximity + parameters.rearm
    released = trigger_price(levels.previous_sum, threshold + parameters.rearm, bars)
    return max(margin * trigger_price(levels.previous_sum, threshold, bars), released) * (1 + _NOISE)

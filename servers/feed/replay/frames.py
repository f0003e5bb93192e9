"""What a recorded day consists of: moments in order, each with the prices that were known then."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.market.instrument import Ticker
from shared.market.quote import Quality, Quote, Venue
from shared.market.sessions import Session
from shared.store.repositories.minutes import MinuteBar
from shared.store.repositories.snapshots import Snapshot

COLLECTION_LAG = timedelta(minutes=20)
"""How old the values of a snapshot were when it was collected: the exchange's free pages run about 20 minutes late."""

SOURCE = "replay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Prices that become known at `moment` (market time, UTC)."""

    moment: datetime
    quotes: tuple[Quote, ...]


def is_left_over(snapshot: Sequence[Snapshot], following: Sequence[Snapshot]) -> bool:
    """Whether a snapshot still shows the day before: then most volumes fall on the way to the next one."""
    later = {row.ticker: row.volume for row in following}
    pairs = [(row.volume, later.get(row.ticker)) for row in snapshot if row.volume]
    known = [(volume, next_volume) for volume, next_volume in pairs if next_volume is not None]
    return sum(volume > next_volume for volume, next_volume in known) * 2 > len(known)


def snapshot_frame(moment: datetime, rows: Iterable[Snapshot], session: Session) -> Frame:
    """The prices of one snapshot; rows without a price, from before the opening, are left out."""
    happened = min(max(moment - COLLECTION_LAG, session.opens), session.closes)
    quotes = tuple(_of_snapshot(row, happened, moment) for row in rows if row.price)
    return Frame(moment=moment, quotes=quotes)


@dataclass(slots=True)
class _Day:
    """One ticker's day so far."""

    open: int
    high: int
    low: int
    volume: int = 0
    turnover: int = 0


class MinuteFrames:
    """Turns minute bars into prices: each bar becomes known when it ends, never earlier and never in between."""

    def __init__(self, previous_closes: dict[Ticker, int]) -> None:
        self._previous = previous_closes
        self._days: dict[Ticker, _Day] = {}

    def frame(self, moment: datetime, bars: Iterable[MinuteBar]) -> Frame:
        """The prices at the moment at which these bars end; bars without volume bring none."""
        return Frame(moment=moment, quotes=tuple(self._quote(bar, moment) for bar in bars if bar.volume > 0))

    def _quote(self, bar: MinuteBar, moment: datetime) -> Quote:
        day = self._days.setdefault(bar.ticker, _Day(open=bar.open, high=bar.high, low=bar.low))
        day.high, day.low = max(day.high, bar.high), min(day.low, bar.low)
        day.volume += bar.volume
        # The bars carry no turnover; the mean price of each bar is the nearest estimate.
        day.turnover += (bar.open + bar.high + bar.low + bar.close) * bar.volume // 4
        return Quote(
            ticker=bar.ticker,
            price_krw=bar.close,
            previous_close_krw=self._previous.get(bar.ticker),
            open_krw=day.open,
            high_krw=day.high,
            low_krw=day.low,
            volume_shares=day.volume,
            turnover_krw=day.turnover,
            venue=Venue.CONSOLIDATED,
            quality=Quality.REPLAYED,
            exchange_time=moment,
            receive_time=moment,
            source=SOURCE,
        )


def _of_snapshot(row: Snapshot, happened: datetime, moment: datetime) -> Quote:
    assert row.price is not None
    return Quote(
        ticker=row.ticker,
        price_krw=row.price,
        previous_close_krw=None if row.change is None else row.price - row.change,
        # A halted instrument has zeros here.
        open_krw=row.open or None,
        high_krw=row.high or None,
        low_krw=row.low or None,
        volume_shares=row.volume or 0,
        turnover_krw=row.turnover or 0,
        venue=Venue.CONSOLIDATED,
        quality=Quality.REPLAYED,
        exchange_time=happened,
        receive_time=moment,
        source=SOURCE,
    )

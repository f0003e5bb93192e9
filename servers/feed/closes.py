"""Official closes as the values of topics, for the time when a feed has nothing newer."""

from collections.abc import Sequence
from datetime import datetime

from shared.market.index_level import IndexLevel
from shared.market.quote import Quality, Quote, Venue
from shared.market.sessions import SessionCalendar
from shared.store.repositories.bars import DailyBar
from shared.store.repositories.indices import IndexBar


def closing_quote(bars: Sequence[DailyBar], calendar: SessionCalendar, now: datetime) -> Quote:
    """The close of the newest of these bars.

    Args:
        bars: One or two bars of a ticker, oldest first; the older one gives the change.
        calendar: Says when the session closed.
        now: Market time at which the value is published.
    """
    bar = bars[-1]
    return Quote(
        ticker=bar.ticker,
        price_krw=bar.close,
        previous_close_krw=bars[-2].close if len(bars) > 1 else None,
        # A halted day has zeros here.
        open_krw=bar.open or None,
        high_krw=bar.high or None,
        low_krw=bar.low or None,
        volume_shares=bar.volume,
        turnover_krw=bar.turnover,
        venue=Venue.CONSOLIDATED,
        quality=Quality.CLOSED,
        exchange_time=calendar.latest_session(bar.day).closes,
        receive_time=now,
        source=bar.source,
    )


def closing_level(bars: Sequence[IndexBar], calendar: SessionCalendar, now: datetime, source: str) -> IndexLevel:
    """The close of the newest of these index bars; see `closing_quote`."""
    bar = bars[-1]
    return IndexLevel(
        index=bar.index_name,
        level_e2=bar.close_e2,
        previous_close_e2=bars[-2].close_e2 if len(bars) > 1 else None,
        open_e2=bar.open_e2,
        high_e2=bar.high_e2,
        low_e2=bar.low_e2,
        volume_shares=bar.volume,
        turnover_krw=bar.turnover,
        quality=Quality.CLOSED,
        exchange_time=calendar.latest_session(bar.day).closes,
        receive_time=now,
        source=source,
    )

"""Which prices of a source are news: the accept rule per ticker of realtime.md 2.4. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.market.quote import Quote, Venue
from shared.market.times import kst_date


@dataclass(frozen=True, slots=True)
class _Last:
    day: date
    time: datetime
    volume: int


class Acceptance:
    """Remembers the last accepted (trade time, cumulative volume) of every ticker and venue.

    Within a trading day a quote is news only if it lies after that pair; equal ones are duplicates, and a volume that falls
    is an old or a broken frame. A later trading day is a new base.
    """

    def __init__(self) -> None:
        self._last: dict[tuple[str, Venue], _Last] = {}

    def take(self, quote: Quote) -> bool:
        """Whether the quote is news; if so it becomes the base of the next decision."""
        key = (quote.ticker, quote.venue)
        mine = _Last(kst_date(quote.exchange_time), quote.exchange_time, quote.volume_shares)
        last = self._last.get(key)
        if last is not None and not _follows(mine, last):
            return False
        self._last[key] = mine
        return True


def _follows(mine: _Last, last: _Last) -> bool:
    if mine.day != last.day:
        return mine.day > last.day
    return mine.volume >= last.volume and (mine.time, mine.volume) > (last.time, last.volume)

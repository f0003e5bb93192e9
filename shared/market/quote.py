"""The current price picture of one instrument and how far it can be trusted."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.market.instrument import Ticker


class Quality(StrEnum):
    """How fresh a price is; every price that leaves the house carries one."""

    REALTIME = "REALTIME"
    POLLED = "POLLED"
    DELAYED = "DELAYED"
    STALE = "STALE"
    CLOSED = "CLOSED"
    REPLAYED = "REPLAYED"
    SIMULATED = "SIMULATED"


class Venue(StrEnum):
    """Where a trade happened."""

    KRX = "KRX"
    NXT = "NXT"
    CONSOLIDATED = "CONSOLIDATED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Price picture of one ticker.

    Prices in won, `volume_shares` and `turnover_krw` cumulative over the session. `change_krw` is against
    `previous_close_krw`. `open`/`high`/`low` are None before the first trade. Both times are UTC: `exchange_time` is when
    the exchange says it happened, `receive_time` when we got it. `source` names the feed or file family, e.g. `kis`, `krx`.
    """

    ticker: Ticker
    price_krw: int
    previous_close_krw: int | None
    open_krw: int | None
    high_krw: int | None
    low_krw: int | None
    volume_shares: int
    turnover_krw: int
    venue: Venue
    quality: Quality
    exchange_time: datetime
    receive_time: datetime
    source: str

    @property
    def change_krw(self) -> int | None:
        """Won against the previous close; None when that is unknown."""
        return None if self.previous_close_krw is None else self.price_krw - self.previous_close_krw

    @property
    def change_bps(self) -> int | None:
        """Change in basis points, rounded half away from zero; None without a positive previous close."""
        base = self.previous_close_krw
        if base is None or base <= 0:
            return None
        change = self.price_krw - base
        sign = -1 if change < 0 else 1
        return sign * ((abs(change) * 20_000 + base) // (2 * base))

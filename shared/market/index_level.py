"""The current level of a market index."""

from dataclasses import dataclass
from datetime import datetime

from shared.market.quote import Quality
from shared.market.topic import MarketIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexLevel:
    """Picture of one index, in index points x 100.

    `open_e2`, `high_e2`, `low_e2` are None before the first value of the session, `volume_shares` and `turnover_krw` where
    the source has none. Both times are UTC, as on a `Quote`.
    """

    index: MarketIndex
    level_e2: int
    previous_close_e2: int | None
    open_e2: int | None
    high_e2: int | None
    low_e2: int | None
    volume_shares: int | None
    turnover_krw: int | None
    quality: Quality
    exchange_time: datetime
    receive_time: datetime
    source: str

    @property
    def change_e2(self) -> int | None:
        """Points x 100 against the previous close; None when that is unknown."""
        return None if self.previous_close_e2 is None else self.level_e2 - self.previous_close_e2

    @property
    def change_bps(self) -> int | None:
        """Change in basis points, rounded half away from zero; None without a positive previous close."""
        base = self.previous_close_e2
        if base is None or base <= 0:
            return None
        change = self.level_e2 - base
        sign = -1 if change < 0 else 1
        return sign * ((abs(change) * 20_000 + base) // (2 * base))

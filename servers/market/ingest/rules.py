"""What a readable row must fulfil to be stored, as polars conditions per file kind.

A condition is true for a bad row, false or null for a good one; the first true one names the reason of the rejection.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Self

import polars as pl

from servers.market.ingest.schemas import FileKind, FileSchema
from shared.market.sessions import SessionCalendar
from shared.market.times import to_kst

MAX_PRICE_KRW = 100_000_000
"""Above any price the exchange has seen (about 4 million won in 2026); more is a unit error."""

MAX_INDEX_POINTS = 1_000_000

MAX_SHARES = 10**12

MAX_KRW = 10**16
"""Ten times the capitalisation of the whole market, and exact in every number that passes through here."""

TURNOVER_FACTOR = 50
"""Turnover differs from close times volume by no more than this (2.3 times in real data); more is a unit error."""

USDKRW_RANGE = (100, 10_000)

_DAY, _OPENS, _CLOSES = "day?", "opens?", "closes?"

_Rule = tuple[pl.Expr, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDays:
    """The calendar as a frame: one row per session, `day` with its regular hours on Korean clocks."""

    sessions: pl.DataFrame
    first_year: int
    last_year: int

    @classmethod
    def of(cls, calendar: SessionCalendar) -> Self:
        """Every session that the calendar holds."""
        first, last = date(calendar.first_year, 1, 1), date(calendar.last_year, 12, 31)
        rows = [
            (session.day, to_kst(session.opens).replace(tzinfo=None), to_kst(session.closes).replace(tzinfo=None))
            for session in calendar.sessions_between(first, last)
        ]
        schema = pl.Schema([(_DAY, pl.Date()), (_OPENS, pl.Datetime("us")), (_CLOSES, pl.Datetime("us"))])
        return cls(
            sessions=pl.DataFrame(rows, schema=schema, orient="row"),
            first_year=calendar.first_year,
            last_year=calendar.last_year,
        )


def broken_rules(frame: pl.DataFrame, schema: FileSchema, days: OpenDays) -> pl.Series:
    """Reason per row of a typed chunk why it must not be stored; null for a sound row."""
    day = _DAY_OF.get(schema.kind)
    dated = frame if day is None else frame.with_columns(day.alias(_DAY)).join(days.sessions, on=_DAY, how="left")
    rules = [*(() if day is None else _day_rules(days)), *_RULES[schema.kind]()]
    reasons = [pl.when(bad).then(pl.lit(reason)) for bad, reason in rules]
    return dated.select(pl.coalesce([*reasons, pl.lit(None, pl.String)]).alias("reason")).to_series()


_DAY_OF = {
    FileKind.TRADING_CALENDAR: pl.col("trading_date"),
    FileKind.OFFICIAL_TABLE: pl.col("date"),
    FileKind.DAILY_BARS: pl.col("date"),
    FileKind.SUSPECTED_ACTIONS: pl.col("date"),
    FileKind.INDEX_BARS: pl.col("date"),
    FileKind.FLOWS_WON: pl.col("date"),
    FileKind.FLOWS_SHARES: pl.col("date"),
    FileKind.MARKET_FLOWS: pl.col("date"),
    FileKind.MINUTE_BARS: pl.col("ts").dt.date(),
    FileKind.INTRADAY_SNAPSHOTS: pl.col("ts").dt.date(),
}
"""The column that must be a session; kinds that are not listed may carry any day."""


def _day_rules(days: OpenDays) -> Iterator[_Rule]:
    held = pl.col(_DAY).dt.year().is_between(days.first_year, days.last_year)
    yield ~held, f"the day is outside the exchange calendar, which holds {days.first_year} to {days.last_year}"
    yield pl.col(_OPENS).is_null(), "the exchange was closed on that day"


def _board_rule() -> _Rule:
    return ~pl.col("market").is_in(["KOSPI", "KOSDAQ", "KONEX"]), "market is none of KOSPI, KOSDAQ, KONEX"


def _price_rules(highest: float) -> Iterator[_Rule]:
    prices = [pl.col(name) for name in ("open", "high", "low", "close")]
    yield pl.any_horizontal(price < 0 for price in prices), "a price is negative"
    yield pl.any_horizontal(price > highest for price in prices), f"a price is above {highest:,}"
    yield pl.col("close") == 0, "close is zero"
    yield (
        (pl.col("open") == 0) & (pl.max_horizontal("high", "low") == 0) & (pl.col("volume") > 0),
        ("shares were traded but open, high and low are zero"),
    )
    day_moved = pl.max_horizontal("open", "high", "low") > 0
    yield day_moved & (pl.min_horizontal("open", "high", "low") == 0), "one of open, high and low is zero"
    yield day_moved & (pl.col("high") < pl.col("low")), "high is below low"
    for name in ("open", "close"):
        yield day_moved & ~pl.col(name).is_between(pl.col("low"), pl.col("high")), f"{name} is outside low to high"


def _volume_rules() -> Iterator[_Rule]:
    yield pl.col("volume") < 0, "volume is negative"
    yield pl.col("volume") > MAX_SHARES, f"volume is above {MAX_SHARES:,}"


def _turnover_rules() -> Iterator[_Rule]:
    yield pl.col("amount") < 0, "amount is negative"
    share = pl.col("amount") / (pl.col("close") * pl.col("volume"))
    fits = share.is_between(1 / TURNOVER_FACTOR, TURNOVER_FACTOR)
    yield (pl.col("volume") > 0) & (pl.col("amount") > 0) & ~fits, "amount does not fit close times volume"


def _capital_rules() -> Iterator[_Rule]:
    yield ~pl.col("shares").is_between(1, MAX_SHARES), f"shares are not between 1 and {MAX_SHARES:,}"
    yield ~pl.col("marcap").is_between(1, MAX_KRW), f"marcap is not between 1 and {MAX_KRW:,}"


def _official_table() -> Iterator[_Rule]:
    yield _board_rule()
    yield from _volume_rules()
    given = pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.Int8) for name in ("open", "high", "low"))
    yield given.is_in([1, 2]), "open, high and low must be given or empty together"
    yield from _price_rules(MAX_PRICE_KRW)
    yield from _turnover_rules()
    yield from _capital_rules()


def _daily_bars() -> Iterator[_Rule]:
    yield _board_rule()
    yield from _volume_rules()
    yield from _price_rules(MAX_PRICE_KRW)
    yield from _turnover_rules()
    official = pl.col("marcap_src") == "krx"
    yield from ((official & bad, reason) for bad, reason in _capital_rules())


def _index_bars() -> Iterator[_Rule]:
    yield ~pl.col("index").is_in(["KOSPI", "KOSDAQ", "KOSPI200"]), "index is none of KOSPI, KOSDAQ, KOSPI200"
    yield pl.min_horizontal("open", "high", "low", "close") <= 0, "a level is not positive"
    yield pl.max_horizontal("open", "high", "low", "close") > MAX_INDEX_POINTS, f"a level is above {MAX_INDEX_POINTS:,}"
    yield pl.col("high") < pl.col("low"), "high is below low"
    for name in ("open", "close"):
        yield ~pl.col(name).is_between(pl.col("low"), pl.col("high")), f"{name} is outside low to high"
    yield pl.min_horizontal("volume", "amount") < 0, "volume or amount is negative"


def _minute_bars() -> Iterator[_Rule]:
    yield ~pl.col("interval").is_in(["1m", "3m", "5m", "10m", "15m", "30m", "60m"]), "interval is not 1m to 60m"
    outside = (pl.col("ts") < pl.col(_OPENS)) | (pl.col("ts") >= pl.col(_CLOSES))
    yield outside, "the bar starts outside of the regular session"
    yield from _volume_rules()
    yield from _price_rules(MAX_PRICE_KRW)
    yield pl.col("open") == 0, "open, high and low are zero"


def _snapshots() -> Iterator[_Rule]:
    yield from _volume_rules()
    yield pl.col("price") <= 0, "price is not positive"
    yield pl.max_horizontal("price", "open", "high", "low") > MAX_PRICE_KRW, f"a price is above {MAX_PRICE_KRW:,}"
    traded = pl.col("low") > 0
    yield traded & (pl.col("high") < pl.col("low")), "high is below low"
    yield traded & ~pl.col("price").is_between(pl.col("low"), pl.col("high")), "price is outside low to high"
    yield pl.col("amount") < 0, "amount is negative"


def _flows_won() -> Iterator[_Rule]:
    for name in ("foreign_net", "inst_net", "pension_net"):
        yield pl.col(name).abs() > MAX_KRW, f"{name} is beyond {MAX_KRW:,}"


def _flows_shares() -> Iterator[_Rule]:
    yield ~pl.col("close").is_between(1, MAX_PRICE_KRW), f"close is not between 1 and {MAX_PRICE_KRW:,}"
    for name in ("foreign_net_shares", "inst_net_shares"):
        yield pl.col(name).abs() > MAX_SHARES, f"{name} is beyond {MAX_SHARES:,}"
    yield pl.col("foreign_hold_shares") < 0, "foreign_hold_shares is negative"


def _board_only() -> Iterator[_Rule]:
    yield _board_rule()


def _fx_rates() -> Iterator[_Rule]:
    low, high = USDKRW_RANGE
    yield ~pl.col("usdkrw").is_between(low, high), f"usdkrw is not between {low:,} and {high:,}"


def _news() -> Iterator[_Rule]:
    yield ~pl.col("time").str.contains(r"^([01]\d|2[0-3]):[0-5]\d$"), "time is no HH:MM"


def _suspected_actions() -> Iterator[_Rule]:
    yield pl.min_horizontal("prev_close", "close") <= 0, "a price is not positive"
    yield pl.col("prev_date") >= pl.col("date"), "prev_date is not before date"


def _delisting() -> Iterator[_Rule]:
    yield ~pl.col("Market").is_in(["KOSPI", "KOSDAQ", "KONEX"]), "Market is none of KOSPI, KOSDAQ, KONEX"
    yield pl.col("ListingDate") > pl.col("DelistingDate"), "ListingDate is after DelistingDate"


def _no_rules() -> Iterator[_Rule]:
    return iter(())


_RULES: dict[FileKind, Callable[[], Iterator[_Rule]]] = {
    FileKind.TRADING_CALENDAR: _no_rules,
    FileKind.LISTING_MASTER: _board_only,
    FileKind.DELISTING: _delisting,
    FileKind.KIS_MASTER: _no_rules,
    FileKind.OFFICIAL_TABLE: _official_table,
    FileKind.DAILY_BARS: _daily_bars,
    FileKind.SUSPECTED_ACTIONS: _suspected_actions,
    FileKind.INDEX_BARS: _index_bars,
    FileKind.FX_RATES: _fx_rates,
    FileKind.FLOWS_WON: _flows_won,
    FileKind.FLOWS_SHARES: _flows_shares,
    FileKind.MARKET_FLOWS: _board_only,
    FileKind.NEWS: _news,
    FileKind.MINUTE_BARS: _minute_bars,
    FileKind.INTRADAY_SNAPSHOTS: _snapshots,
}

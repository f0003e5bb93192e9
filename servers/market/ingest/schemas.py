"""The file kinds that an import understands, declared once: columns, types, units and keys.

A file is recognised by its columns, never by its name. `docs/import.md` prints these tables.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class FileKind(StrEnum):
    """What the rows of a file are. The order is the order in which a folder is read; no result depends on it."""

    TRADING_CALENDAR = "TRADING_CALENDAR"
    LISTING_MASTER = "LISTING_MASTER"
    DELISTING = "DELISTING"
    KIS_MASTER = "KIS_MASTER"
    OFFICIAL_TABLE = "OFFICIAL_TABLE"
    DAILY_BARS = "DAILY_BARS"
    SUSPECTED_ACTIONS = "SUSPECTED_ACTIONS"
    INDEX_BARS = "INDEX_BARS"
    FX_RATES = "FX_RATES"
    FLOWS_WON = "FLOWS_WON"
    FLOWS_SHARES = "FLOWS_SHARES"
    MARKET_FLOWS = "MARKET_FLOWS"
    NEWS = "NEWS"
    MINUTE_BARS = "MINUTE_BARS"
    INTRADAY_SNAPSHOTS = "INTRADAY_SNAPSHOTS"


class ColumnType(StrEnum):
    """How a column's cells are read."""

    TEXT = "text"
    TICKER = "ticker"
    DATE = "date"
    TIME = "time (KST)"
    WHOLE = "whole number"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a file kind.

    `required` columns must exist in the file, and by them it is recognised; `nullable` cells may be empty. `unit` is the
    unit or the meaning that the name does not say.
    """

    name: str
    type: ColumnType
    unit: str = ""
    required: bool = True
    nullable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSchema:
    """One file kind: its columns and the columns whose values may occur only once in a file."""

    kind: FileKind
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def required(self) -> frozenset[str]:
        """Names without which a file is not of this kind."""
        return frozenset(column.name for column in self.columns if column.required)


def _need(name: str, type_: ColumnType, unit: str = "") -> Column:
    return Column(name=name, type=type_, unit=unit)


def _empty(name: str, type_: ColumnType, unit: str = "") -> Column:
    return Column(name=name, type=type_, unit=unit, nullable=True)


def _may(name: str, type_: ColumnType, unit: str = "") -> Column:
    return Column(name=name, type=type_, unit=unit, required=False, nullable=True)


_DATE = _need("date", ColumnType.DATE, "trading day")
_TICKER = _need("ticker", ColumnType.TICKER, "KRX short code, text of six characters")
_SOURCE = _may("src", ColumnType.TEXT, "where the row was collected")

SCHEMAS: tuple[FileSchema, ...] = (
    FileSchema(
        kind=FileKind.TRADING_CALENDAR,
        title="trading days",
        columns=(_need("trading_date", ColumnType.DATE, "an open day; only compared with the built-in calendar"),),
        key=("trading_date",),
    ),
    FileSchema(
        kind=FileKind.LISTING_MASTER,
        title="listed instruments",
        columns=(
            _TICKER,
            _need("name", ColumnType.TEXT, "Korean short name"),
            _need("market", ColumnType.TEXT, "KOSPI, KOSDAQ or KONEX"),
            _need("asset_type", ColumnType.TEXT, "COMMON, PREFERRED, ETF, ETN, REIT, SPAC or UNKNOWN"),
            _empty("isin", ColumnType.TEXT),
            _empty("list_date", ColumnType.DATE),
            _may("security_group", ColumnType.TEXT, "증권구분: 주권, 외국주권, 주식예탁증권, 부동산투자회사 ..."),
            _may("dept", ColumnType.TEXT, "소속부; carries 관리종목 and 투자주의환기종목"),
            _may("stock_kind", ColumnType.TEXT, "보통주, 구형우선주, 신형우선주, 종류주권"),
            _may("full_name", ColumnType.TEXT, "Korean full name"),
            _may("name_en", ColumnType.TEXT, "English name"),
            _may("krx_sector", ColumnType.TEXT, "KRX sector"),
            _may("theme_large", ColumnType.TEXT, "broad theme"),
            _may("theme_mid", ColumnType.TEXT, "narrow theme"),
            _may("industry", ColumnType.TEXT, "industry"),
            _may("products", ColumnType.TEXT, "main products"),
            _may("settle_month", ColumnType.TEXT, "month of settlement"),
            _may("region", ColumnType.TEXT, "seat"),
        ),
        key=("ticker",),
    ),
    FileSchema(
        kind=FileKind.DELISTING,
        title="delisted instruments",
        columns=(
            _need("ticker", ColumnType.TEXT, "KRX short code; longer codes (rights, funds) are left out"),
            _need("Name", ColumnType.TEXT, "Korean name at the end"),
            _need("Market", ColumnType.TEXT, "KOSPI, KOSDAQ or KONEX"),
            _need("DelistingDate", ColumnType.DATE, "first day off the board"),
            _empty("ListingDate", ColumnType.DATE),
            _empty("SecuGroup", ColumnType.TEXT, "증권구분"),
            _may("Kind", ColumnType.TEXT, "보통주, 구형우선주, ..."),
            _may("Reason", ColumnType.TEXT, "why it was delisted"),
            _may("Industry", ColumnType.TEXT, "industry"),
            _may("ParValue", ColumnType.NUMBER, "won a share"),
            _may("ListingShares", ColumnType.NUMBER, "shares"),
            _may("ToSymbol", ColumnType.TEXT, "code of the successor"),
            _may("ToName", ColumnType.TEXT, "name of the successor"),
            _may("ArrantEnforceDate", ColumnType.TEXT, "first day of liquidation trading"),
            _may("ArrantEndDate", ColumnType.TEXT, "last day of liquidation trading"),
        ),
        key=("ticker", "DelistingDate"),
    ),
    FileSchema(
        kind=FileKind.OFFICIAL_TABLE,
        title="official daily tables of the whole market",
        columns=(
            _DATE,
            _TICKER,
            _need("name", ColumnType.TEXT, "Korean short name of that day"),
            _need("market", ColumnType.TEXT, "KOSPI, KOSDAQ or KONEX"),
            _empty("dept", ColumnType.TEXT, "소속부; carries 관리종목 and 투자주의환기종목"),
            _may("open", ColumnType.WHOLE, "won; empty together with high and low where the table has none"),
            _may("high", ColumnType.WHOLE, "won"),
            _may("low", ColumnType.WHOLE, "won"),
            _need("close", ColumnType.WHOLE, "won"),
            _may("change", ColumnType.WHOLE, "won against the base price"),
            _need("volume", ColumnType.WHOLE, "shares"),
            _need("amount", ColumnType.WHOLE, "turnover, won"),
            _need("marcap", ColumnType.WHOLE, "market capitalisation, won"),
            _need("shares", ColumnType.WHOLE, "listed shares"),
            _SOURCE,
        ),
        key=("date", "ticker"),
    ),
    FileSchema(
        kind=FileKind.DAILY_BARS,
        title="collected daily bars",
        columns=(
            _DATE,
            _TICKER,
            _may("name", ColumnType.TEXT, "newest known Korean name"),
            _may("market", ColumnType.TEXT, "KOSPI, KOSDAQ or KONEX"),
            _need("open", ColumnType.WHOLE, "won, unadjusted; 0 with high, low and volume 0 is a halted day"),
            _need("high", ColumnType.WHOLE, "won"),
            _need("low", ColumnType.WHOLE, "won"),
            _need("close", ColumnType.WHOLE, "won; the last price on a halted day"),
            _need("volume", ColumnType.WHOLE, "shares"),
            _may("amount", ColumnType.WHOLE, "turnover, won"),
            _may("amount_src", ColumnType.TEXT, "krx = the exchange's figure, anything else is an estimate"),
            _may("marcap", ColumnType.WHOLE, "market capitalisation, won; used where marcap_src is krx"),
            _may("marcap_src", ColumnType.TEXT, "krx = the exchange's figure, anything else is an estimate"),
            _may("shares", ColumnType.WHOLE, "listed shares; used where marcap_src is krx"),
            _may("adjusted_on", ColumnType.DATE, "day as of which the row is adjusted already; empty = unadjusted"),
            _SOURCE,
        ),
        key=("date", "ticker"),
    ),
    FileSchema(
        kind=FileKind.SUSPECTED_ACTIONS,
        title="suspected corporate actions",
        columns=(
            _need("ticker", ColumnType.TICKER),
            _need("prev_date", ColumnType.DATE, "last trading day before the jump"),
            _need("date", ColumnType.DATE, "day of the jump"),
            _need("prev_close", ColumnType.WHOLE, "won"),
            _need("close", ColumnType.WHOLE, "won"),
            _need("ratio", ColumnType.NUMBER, "close / prev_close"),
            _may("after_halt", ColumnType.TEXT, "true when the days before had no trade"),
            _may("name", ColumnType.TEXT),
            _SOURCE,
        ),
        key=("date", "ticker"),
    ),
    FileSchema(
        kind=FileKind.INDEX_BARS,
        title="daily index bars",
        columns=(
            _DATE,
            _need("index", ColumnType.TEXT, "KOSPI, KOSDAQ or KOSPI200"),
            _need("open", ColumnType.NUMBER, "index points"),
            _need("high", ColumnType.NUMBER, "index points"),
            _need("low", ColumnType.NUMBER, "index points"),
            _need("close", ColumnType.NUMBER, "index points"),
            _may("volume", ColumnType.NUMBER, "shares"),
            _may("amount", ColumnType.NUMBER, "turnover, won"),
            _may("marcap", ColumnType.NUMBER, "market capitalisation, won"),
            _SOURCE,
        ),
        key=("date", "index"),
    ),
    FileSchema(
        kind=FileKind.FX_RATES,
        title="dollar rate",
        columns=(_DATE, _need("usdkrw", ColumnType.NUMBER, "won a US dollar, close of the day")),
        key=("date",),
    ),
    FileSchema(
        kind=FileKind.FLOWS_WON,
        title="net buying of investor groups in won",
        columns=(
            _DATE,
            _TICKER,
            _need("foreign_net", ColumnType.WHOLE, "net buying of foreigners, won"),
            _need("inst_net", ColumnType.WHOLE, "net buying of institutions with pension funds, won"),
            _may("pension_net", ColumnType.WHOLE, "pension funds' part of inst_net, won"),
        ),
        key=("date", "ticker"),
    ),
    FileSchema(
        kind=FileKind.FLOWS_SHARES,
        title="net buying of investor groups in shares",
        columns=(
            _DATE,
            _TICKER,
            _need("close", ColumnType.WHOLE, "won; turns shares into won"),
            _need("inst_net_shares", ColumnType.WHOLE, "net buying of institutions, shares"),
            _need("foreign_net_shares", ColumnType.WHOLE, "net buying of foreigners, shares"),
            _may("ret_pct", ColumnType.NUMBER, "change of the day, percent"),
            _may("volume", ColumnType.NUMBER, "shares"),
            _may("foreign_hold_shares", ColumnType.WHOLE, "shares held by foreigners"),
            _may("foreign_hold_pct", ColumnType.NUMBER, "share held by foreigners, percent"),
        ),
        key=("date", "ticker"),
    ),
    FileSchema(
        kind=FileKind.MARKET_FLOWS,
        title="net buying by investor group, whole board",
        columns=(
            _DATE,
            _need("market", ColumnType.TEXT, "KOSPI or KOSDAQ"),
            _need("개인", ColumnType.NUMBER, "individuals, 100 million won"),
            _need("외국인", ColumnType.NUMBER, "foreigners, 100 million won"),
            _need("기관계", ColumnType.NUMBER, "institutions, 100 million won"),
            _may("금융투자", ColumnType.NUMBER, "securities firms, 100 million won"),
            _may("보험", ColumnType.NUMBER, "insurers, 100 million won"),
            _may("투신", ColumnType.NUMBER, "investment trusts, 100 million won"),
            _may("은행", ColumnType.NUMBER, "banks, 100 million won"),
            _may("기타금융", ColumnType.NUMBER, "other finance, 100 million won"),
            _may("연기금등", ColumnType.NUMBER, "pension funds, 100 million won"),
            _may("기타법인", ColumnType.NUMBER, "other corporations, 100 million won"),
        ),
        key=("date", "market"),
    ),
    FileSchema(
        kind=FileKind.NEWS,
        title="headlines",
        columns=(
            _need("date", ColumnType.DATE, "day of publication, any day"),
            _empty("ticker", ColumnType.TICKER, "empty = about the market"),
            _need("title", ColumnType.TEXT, "headline"),
            _may("lead", ColumnType.TEXT, "first words of the story"),
            _may("time", ColumnType.TEXT, "HH:MM, KST; empty = end of the day"),
            _may("press", ColumnType.TEXT, "publisher"),
            _SOURCE,
        ),
        key=("date", "ticker", "title"),
    ),
    FileSchema(
        kind=FileKind.MINUTE_BARS,
        title="minute bars",
        columns=(
            _need("ts", ColumnType.TIME, "start of the bar"),
            _TICKER,
            _need("interval", ColumnType.TEXT, "1m, 3m, 5m, 10m, 15m, 30m or 60m"),
            _need("open", ColumnType.WHOLE, "won"),
            _need("high", ColumnType.WHOLE, "won"),
            _need("low", ColumnType.WHOLE, "won"),
            _need("close", ColumnType.WHOLE, "won"),
            _need("volume", ColumnType.WHOLE, "shares in the bar"),
        ),
        key=("ticker", "interval", "ts"),
    ),
    FileSchema(
        kind=FileKind.INTRADAY_SNAPSHOTS,
        title="price pictures of a running day",
        columns=(
            _need("ts", ColumnType.TIME, "when it was collected"),
            _TICKER,
            _empty("price", ColumnType.WHOLE, "won; empty before the first trade"),
            _empty("volume", ColumnType.WHOLE, "shares since the open"),
            _may("amount", ColumnType.WHOLE, "turnover since the open, won"),
            _may("change", ColumnType.WHOLE, "won against the previous close"),
            _may("change_pct", ColumnType.NUMBER, "percent against the previous close"),
            _may("open", ColumnType.WHOLE, "won"),
            _may("high", ColumnType.WHOLE, "won"),
            _may("low", ColumnType.WHOLE, "won"),
            _may("shares", ColumnType.WHOLE, "listed shares"),
            _may("name", ColumnType.TEXT),
            _may("market", ColumnType.TEXT),
        ),
        key=("ticker", "ts"),
    ),
)


def recognise(columns: Collection[str]) -> FileSchema | None:
    """Return the kind whose required columns are all there; of several the one that requires most, None for no match."""
    present = frozenset(columns)
    matches = [schema for schema in SCHEMAS if schema.required <= present]
    return max(matches, key=lambda schema: len(schema.required), default=None)


def explain_unrecognised(columns: Collection[str]) -> str:
    """Say why no kind fits: the columns that the nearest kind still needs, or that nothing is near."""
    present = frozenset(columns)
    nearest = max(SCHEMAS, key=lambda schema: _likeness(schema, present))
    if 2 * len(nearest.required & present) < len(nearest.required):
        return "its columns are of no known file kind; docs/import.md lists the kinds"
    missing = ", ".join(column.name for column in nearest.columns if column.required and column.name not in present)
    return f"looks like {nearest.title} but lacks the column(s) {missing}"


def _likeness(schema: FileSchema, present: frozenset[str]) -> int:
    known = frozenset(column.name for column in schema.columns)
    return len(known & present) - len(present - known) - len(schema.required - present)

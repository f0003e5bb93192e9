"""Instruments: what is listed, where, of which kind. The kind comes from a master file, never from the code's letters."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

from shared.market.errors import InvalidInput

Ticker = NewType("Ticker", str)
"""Six ASCII characters `[0-9A-Z]` with at least one digit; an opaque key into the instrument master."""

_TICKER = re.compile(r"(?=.*[0-9])[0-9A-Z]{6}", re.ASCII)


class Board(StrEnum):
    """Where an instrument is listed (시장구분)."""

    KOSPI = "KOSPI"
    KOSDAQ = "KOSDAQ"
    KONEX = "KONEX"


class InstrumentKind(StrEnum):
    """What an instrument is. UNKNOWN means that no master has said so yet."""

    COMMON = "COMMON"
    PREFERRED = "PREFERRED"
    ETF = "ETF"
    ETN = "ETN"
    ELW = "ELW"
    REIT = "REIT"
    INFRA = "INFRA"
    SPAC = "SPAC"
    FUND = "FUND"
    DEPOSITARY_RECEIPT = "DEPOSITARY_RECEIPT"
    FOREIGN = "FOREIGN"
    WARRANT = "WARRANT"
    UNKNOWN = "UNKNOWN"


class InstrumentFlag(StrEnum):
    """A dated trading status; an instrument can carry several at once."""

    ADMINISTRATIVE = "ADMINISTRATIVE"  # 관리종목
    HALTED = "HALTED"  # 거래정지
    LIQUIDATION = "LIQUIDATION"  # 정리매매
    INVESTMENT_RISK = "INVESTMENT_RISK"  # 투자위험
    INVESTMENT_WARNING = "INVESTMENT_WARNING"  # 투자경고
    INVESTMENT_CAUTION = "INVESTMENT_CAUTION"  # 투자주의·투자주의환기
    OVERHEATED = "OVERHEATED"  # 단기과열


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One listed thing as the newest master describes it.

    `list_date` and `delist_date` are trading days; None when no master says. `shares` is the newest official count of
    listed shares, `market_cap_krw` the newest official capitalisation in won; None when unknown.
    """

    ticker: Ticker
    name: str
    kind: InstrumentKind
    board: Board | None = None
    name_en: str = ""
    isin: str = ""
    sector: str = ""
    industry: str = ""
    list_date: date | None = None
    delist_date: date | None = None
    shares: int | None = None
    market_cap_krw: int | None = None


def parse_ticker(text: str, field: str = "ticker") -> Ticker:
    """Check the shape of a ticker; whether it exists is the master's business.

    Args:
        text: Six characters; lower case is not accepted.
        field: Name used in the error.

    Raises:
        InvalidInput: Empty, not six characters, a ten-digit K-OTC code, no digit, or a character outside `[0-9A-Z]`.
    """
    if not text:
        raise InvalidInput(field, "is empty; give a six-character KRX code such as 005930")
    if len(text) == 10 and text.isascii() and text.isdigit():
        raise InvalidInput(field, "ten-digit K-OTC codes are not supported")
    if len(text) != 6:
        raise InvalidInput(field, f"has {len(text)} characters; a KRX code has six, such as 005930")
    if not _TICKER.fullmatch(text):
        raise InvalidInput(field, "must be six of 0-9 and A-Z with at least one digit, such as 005930 or 0015N0")
    return Ticker(text)

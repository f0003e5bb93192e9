"""Who may be scanned (strategies.md 1.1): by the master's type and by the flags valid on the day, never by the code.

Only without a master record do code and name decide, and then the result says `estimated`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from shared.market.instrument import Board, Instrument, InstrumentFlag, InstrumentKind
from shared.market.times import yyyymmdd

FOREVER = 99_991_231
"""Day yyyymmdd that stands for an open end."""


class Exclusion(IntEnum):
    """Why a ticker is not eligible; NONE means that it is."""

    NONE = 0
    PREFERRED = 1
    ETF = 2
    ETN = 3
    ELW = 4
    REIT = 5
    INFRA = 6
    SPAC = 7
    FUND = 8
    WARRANT = 9
    KONEX = 10
    DELISTED = 11
    ADMINISTRATIVE = 12
    HALTED = 13
    LIQUIDATION = 14
    INVESTMENT_RISK = 15


EXCLUSION_WORDS: dict[Exclusion, str] = {
    Exclusion.PREFERRED: "우선주",
    Exclusion.ETF: "ETF",
    Exclusion.ETN: "ETN",
    Exclusion.ELW: "ELW",
    Exclusion.REIT: "리츠",
    Exclusion.INFRA: "인프라펀드",
    Exclusion.SPAC: "스팩",
    Exclusion.FUND: "펀드",
    Exclusion.WARRANT: "신주인수권",
    Exclusion.KONEX: "코넥스",
    Exclusion.DELISTED: "상장폐지",
    Exclusion.ADMINISTRATIVE: "관리종목",
    Exclusion.HALTED: "거래정지",
    Exclusion.LIQUIDATION: "정리매매",
    Exclusion.INVESTMENT_RISK: "투자위험",
}
"""How people are told of it."""

BOARDS: tuple[Board | None, ...] = (None, Board.KOSPI, Board.KOSDAQ, Board.KONEX)
"""What the codes of `UniverseFacts.board` mean."""

# Common shares of foreign issuers and receipts over them trade as common stock and are on no list of exclusions.
_KIND_EXCLUSION: dict[InstrumentKind, Exclusion] = {
    InstrumentKind.COMMON: Exclusion.NONE,
    InstrumentKind.FOREIGN: Exclusion.NONE,
    InstrumentKind.DEPOSITARY_RECEIPT: Exclusion.NONE,
    InstrumentKind.PREFERRED: Exclusion.PREFERRED,
    InstrumentKind.ETF: Exclusion.ETF,
    InstrumentKind.ETN: Exclusion.ETN,
    InstrumentKind.ELW: Exclusion.ELW,
    InstrumentKind.REIT: Exclusion.REIT,
    InstrumentKind.INFRA: Exclusion.INFRA,
    InstrumentKind.SPAC: Exclusion.SPAC,
    InstrumentKind.FUND: Exclusion.FUND,
    InstrumentKind.WARRANT: Exclusion.WARRANT,
}

_FLAG_EXCLUSION: dict[InstrumentFlag, Exclusion] = {
    InstrumentFlag.ADMINISTRATIVE: Exclusion.ADMINISTRATIVE,
    InstrumentFlag.HALTED: Exclusion.HALTED,
    InstrumentFlag.LIQUIDATION: Exclusion.LIQUIDATION,
    InstrumentFlag.INVESTMENT_RISK: Exclusion.INVESTMENT_RISK,
}

FLAG_BIT: dict[InstrumentFlag, int] = {flag: 1 << position for position, flag in enumerate(InstrumentFlag)}
"""Bit of each flag in `Eligibility.flags`."""

WARNING_BITS = (
    FLAG_BIT[InstrumentFlag.INVESTMENT_WARNING]
    | FLAG_BIT[InstrumentFlag.INVESTMENT_CAUTION]
    | FLAG_BIT[InstrumentFlag.OVERHEATED]
)
"""Flags that leave a ticker in the universe but bar it from 단타 and 종가베팅 while `exclude_warning` is set."""

_SPAC_WORD = "스팩"
_REIT_NAME = re.compile(r"(?<!메)리츠$|리츠코크렙")
_ETF_BRAND = re.compile(
    r"(KODEX|TIGER|KBSTAR|RISE|ACE|ARIRANG|PLUS|HANARO|SOL|KOSEF|KIWOOM|TIMEFOLIO|WON|1Q|FOCUS|TREX|파워) "
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagSpan:
    """A flag of one ticker and the days on which it held; `valid_to` is included, None while it still holds."""

    ticker: str
    flag: InstrumentFlag
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UniverseFacts:
    """What is known of the tickers whose bars are scanned, aligned with them; arrays have shape (n,), days are yyyymmdd.

    `exclusion` is the timeless part (type, board), `guessed` marks tickers without a master record of their type. Flag
    spans are rows of their own: `flag_row` points into the tickers, `flag_bit` is a bit of `FLAG_BIT`. `known_from` and
    `known_to` bound the days for which a record of the ticker's flags exists. `shares` is the newest count or NaN.
    """

    tickers: tuple[str, ...]
    names: tuple[str, ...]
    sectors: tuple[str, ...]
    board: NDArray[np.int8]
    exclusion: NDArray[np.int8]
    guessed: NDArray[np.bool_]
    list_date: NDArray[np.int32]
    delist_date: NDArray[np.int32]
    shares: NDArray[np.float64]
    known_from: NDArray[np.int32]
    known_to: NDArray[np.int32]
    flag_row: NDArray[np.int32]
    flag_bit: NDArray[np.int32]
    flag_from: NDArray[np.int32]
    flag_to: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """The universe of one day; arrays have shape (n,).

    `estimated` marks tickers judged without a record for the day (no flags assumed) or without a master's type.
    """

    exclusion: NDArray[np.int8]
    flags: NDArray[np.int32]
    estimated: NDArray[np.bool_]

    @property
    def eligible(self) -> NDArray[np.bool_]:
        """Members of the universe."""
        return np.equal(self.exclusion, Exclusion.NONE)

    @property
    def warned(self) -> NDArray[np.bool_]:
        """Tickers with 투자경고, 투자주의(환기) or 단기과열: eligible, but not for every strategy."""
        return np.asarray(self.flags & WARNING_BITS, dtype=np.bool_)

    def flags_of(self, row: int) -> tuple[InstrumentFlag, ...]:
        """Flags of one ticker."""
        return tuple(flag for flag, bit in FLAG_BIT.items() if int(self.flags[row]) & bit)

    def counts(self) -> dict[Exclusion, int]:
        """How many tickers each reason keeps out; reasons that keep nobody out are left away."""
        numbers = np.bincount(self.exclusion, minlength=len(Exclusion)).tolist()
        return {reason: numbers[reason] for reason in Exclusion if reason and numbers[reason]}


def describe_universe(
    tickers: Sequence[str],
    instruments: Mapping[str, Instrument],
    *,
    flags: Iterable[FlagSpan] = (),
    recorded: Mapping[str, tuple[date, date | None]] | None = None,
) -> UniverseFacts:
    """Line the master's facts up with the tickers of the bars.

    Args:
        tickers: Order of the panel's rows.
        instruments: Master records by ticker; type and listing day do not change, so a later master may be used.
        flags: Dated flags of any tickers.
        recorded: Days for which a record of a ticker's flags exists, None as an open end; absent tickers have none.
    """
    known = [instruments.get(ticker) for ticker in tickers]
    kinds = [_kind_of(ticker, instrument) for ticker, instrument in zip(tickers, known, strict=True)]
    boards = [BOARDS.index(instrument.board if instrument else None) for instrument in known]
    exclusion = np.array([_KIND_EXCLUSION[kind] for kind, _ in kinds], dtype=np.int8)
    board = np.array(boards, dtype=np.int8)
    exclusion[(exclusion == Exclusion.NONE) & (board == BOARDS.index(Board.KONEX))] = Exclusion.KONEX
    spans = _spans(tickers, flags)
    records = recorded or {}
    covered = [records.get(ticker) for ticker in tickers]
    return UniverseFacts(
        tickers=tuple(tickers),
        names=tuple(instrument.name if instrument else "" for instrument in known),
        sectors=tuple(instrument.sector if instrument else "" for instrument in known),
        board=board,
        exclusion=exclusion,
        guessed=np.array([guessed for _, guessed in kinds], dtype=np.bool_),
        list_date=_days([instrument.list_date if instrument else None for instrument in known], 0),
        delist_date=_days([instrument.delist_date if instrument else None for instrument in known], FOREVER),
        shares=np.array([instrument.shares if instrument and instrument.shares else np.nan for instrument in known]),
        known_from=_days([record[0] if record else None for record in covered], FOREVER),
        known_to=_days([record[1] if record else None for record in covered], FOREVER),
        flag_row=spans[0],
        flag_bit=spans[1],
        flag_from=spans[2],
        flag_to=spans[3],
    )


def eligibility(facts: UniverseFacts, day: int) -> Eligibility:
    """The universe as it was on `day` (yyyymmdd): flags and delisting of that day, type of any day."""
    flags = flags_on(facts, day)
    exclusion = facts.exclusion.copy()
    # A listing day after `day` excludes nobody: a move to another board gives a share a new one, and its bars go on.
    _exclude(exclusion, (facts.list_date <= facts.delist_date) & (facts.delist_date <= day), Exclusion.DELISTED)
    for flag, reason in _FLAG_EXCLUSION.items():
        _exclude(exclusion, (flags & FLAG_BIT[flag]) != 0, reason)
    recorded = (facts.known_from <= day) & (day <= facts.known_to)
    return Eligibility(exclusion=exclusion, flags=flags, estimated=facts.guessed | ~recorded)


def flags_on(facts: UniverseFacts, day: int) -> NDArray[np.int32]:
    """Flags valid on `day` as bits of `FLAG_BIT`, shape (n,)."""
    flags = np.zeros(len(facts.tickers), dtype=np.int32)
    valid = (facts.flag_from <= day) & (day <= facts.flag_to)
    np.bitwise_or.at(flags, facts.flag_row[valid], facts.flag_bit[valid])
    return flags


def guess_kind(ticker: str, name: str) -> InstrumentKind:
    """The type of a ticker that no master describes: keywords of the name, then the last character of the code."""
    if "ETN" in name:
        return InstrumentKind.ETN
    if _SPAC_WORD in name:
        return InstrumentKind.SPAC
    if _REIT_NAME.search(name):
        return InstrumentKind.REIT
    if _ETF_BRAND.match(name):
        return InstrumentKind.ETF
    return InstrumentKind.COMMON if ticker.endswith("0") else InstrumentKind.PREFERRED


def _kind_of(ticker: str, instrument: Instrument | None) -> tuple[InstrumentKind, bool]:
    if instrument is None or instrument.kind is InstrumentKind.UNKNOWN:
        return guess_kind(ticker, instrument.name if instrument else ""), True
    return instrument.kind, False


def _exclude(exclusion: NDArray[np.int8], where: NDArray[np.bool_], reason: Exclusion) -> None:
    exclusion[where & (exclusion == Exclusion.NONE)] = reason


def _days(days: Sequence[date | None], missing: int) -> NDArray[np.int32]:
    return np.array([missing if day is None else yyyymmdd(day) for day in days], dtype=np.int32)


def _spans(tickers: Sequence[str], flags: Iterable[FlagSpan]) -> tuple[NDArray[np.int32], ...]:
    place = {ticker: row for row, ticker in enumerate(tickers)}
    spans = [span for span in flags if span.ticker in place]
    return (
        np.array([place[span.ticker] for span in spans], dtype=np.int32),
        np.array([FLAG_BIT[span.flag] for span in spans], dtype=np.int32),
        _days([span.valid_from for span in spans], 0),
        _days([span.valid_to for span in spans], FOREVER),
    )

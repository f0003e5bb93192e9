from kstock.common.v1 import local_date_pb2 as _local_date_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Board(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BOARD_UNSPECIFIED: _ClassVar[Board]
    BOARD_KOSPI: _ClassVar[Board]
    BOARD_KOSDAQ: _ClassVar[Board]
    BOARD_KONEX: _ClassVar[Board]

class InstrumentKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INSTRUMENT_KIND_UNSPECIFIED: _ClassVar[InstrumentKind]
    INSTRUMENT_KIND_COMMON: _ClassVar[InstrumentKind]
    INSTRUMENT_KIND_PREFERRED: _ClassVar[InstrumentKind]
    INSTRUMENT_KIND_ETF: _ClassVar[InstrumentKind]
    INSTRUMENT_KIND_ETN: _ClassVar[InstrumentKind]
    INSTRUMENT_KIND_ELW: _ClassVar[InstrumentKind]
    INSTRUMENT_KIND_REIT: _ClassVar[InstrumentKind]
    INSTRUMENT_KIND_INFRA: _ClassVar[InstrumentKind]
    INSTRUMENT_KIND_SPAC: _ClassVar[InstrumentKind]
    INSTRUMENT_KIND_FUND: _ClassVar[InstrumentKind]
    INSTRUMENT_KIND_DEPOSITARY_RECEIPT: _ClassVar[InstrumentKind]
    INSTRUMENT_KIND_FOREIGN: _ClassVar[InstrumentKind]
    INSTRUMENT_KIND_WARRANT: _ClassVar[InstrumentKind]
    INSTRUMENT_KIND_UNKNOWN: _ClassVar[InstrumentKind]

class InstrumentFlag(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INSTRUMENT_FLAG_UNSPECIFIED: _ClassVar[InstrumentFlag]
    INSTRUMENT_FLAG_ADMINISTRATIVE: _ClassVar[InstrumentFlag]
    INSTRUMENT_FLAG_HALTED: _ClassVar[InstrumentFlag]
    INSTRUMENT_FLAG_LIQUIDATION: _ClassVar[InstrumentFlag]
    INSTRUMENT_FLAG_INVESTMENT_RISK: _ClassVar[InstrumentFlag]
    INSTRUMENT_FLAG_INVESTMENT_WARNING: _ClassVar[InstrumentFlag]
    INSTRUMENT_FLAG_INVESTMENT_CAUTION: _ClassVar[InstrumentFlag]
    INSTRUMENT_FLAG_OVERHEATED: _ClassVar[InstrumentFlag]
BOARD_UNSPECIFIED: Board
BOARD_KOSPI: Board
BOARD_KOSDAQ: Board
BOARD_KONEX: Board
INSTRUMENT_KIND_UNSPECIFIED: InstrumentKind
INSTRUMENT_KIND_COMMON: InstrumentKind
INSTRUMENT_KIND_PREFERRED: InstrumentKind
INSTRUMENT_KIND_ETF: InstrumentKind
INSTRUMENT_KIND_ETN: InstrumentKind
INSTRUMENT_KIND_ELW: InstrumentKind
INSTRUMENT_KIND_REIT: InstrumentKind
INSTRUMENT_KIND_INFRA: InstrumentKind
INSTRUMENT_KIND_SPAC: InstrumentKind
INSTRUMENT_KIND_FUND: InstrumentKind
INSTRUMENT_KIND_DEPOSITARY_RECEIPT: InstrumentKind
INSTRUMENT_KIND_FOREIGN: InstrumentKind
INSTRUMENT_KIND_WARRANT: InstrumentKind
INSTRUMENT_KIND_UNKNOWN: InstrumentKind
INSTRUMENT_FLAG_UNSPECIFIED: InstrumentFlag
INSTRUMENT_FLAG_ADMINISTRATIVE: InstrumentFlag
INSTRUMENT_FLAG_HALTED: InstrumentFlag
INSTRUMENT_FLAG_LIQUIDATION: InstrumentFlag
INSTRUMENT_FLAG_INVESTMENT_RISK: InstrumentFlag
INSTRUMENT_FLAG_INVESTMENT_WARNING: InstrumentFlag
INSTRUMENT_FLAG_INVESTMENT_CAUTION: InstrumentFlag
INSTRUMENT_FLAG_OVERHEATED: InstrumentFlag

class Instrument(_message.Message):
    __slots__ = ("ticker", "name", "name_en", "isin", "kind", "board", "sector", "industry", "list_date", "delist_date", "shares", "market_cap_krw", "flags", "realtime_supported")
    TICKER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NAME_EN_FIELD_NUMBER: _ClassVar[int]
    ISIN_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    BOARD_FIELD_NUMBER: _ClassVar[int]
    SECTOR_FIELD_NUMBER: _ClassVar[int]
    INDUSTRY_FIELD_NUMBER: _ClassVar[int]
    LIST_DATE_FIELD_NUMBER: _ClassVar[int]
    DELIST_DATE_FIELD_NUMBER: _ClassVar[int]
    SHARES_FIELD_NUMBER: _ClassVar[int]
    MARKET_CAP_KRW_FIELD_NUMBER: _ClassVar[int]
    FLAGS_FIELD_NUMBER: _ClassVar[int]
    REALTIME_SUPPORTED_FIELD_NUMBER: _ClassVar[int]
    ticker: str
    name: str
    name_en: str
    isin: str
    kind: InstrumentKind
    board: Board
    sector: str
    industry: str
    list_date: _local_date_pb2.LocalDate
    delist_date: _local_date_pb2.LocalDate
    shares: int
    market_cap_krw: int
    flags: _containers.RepeatedScalarFieldContainer[InstrumentFlag]
    realtime_supported: bool
    def __init__(self, ticker: _Optional[str] = ..., name: _Optional[str] = ..., name_en: _Optional[str] = ..., isin: _Optional[str] = ..., kind: _Optional[_Union[InstrumentKind, str]] = ..., board: _Optional[_Union[Board, str]] = ..., sector: _Optional[str] = ..., industry: _Optional[str] = ..., list_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., delist_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., shares: _Optional[int] = ..., market_cap_krw: _Optional[int] = ..., flags: _Optional[_Iterable[_Union[InstrumentFlag, str]]] = ..., realtime_supported: _Optional[bool] = ...) -> None: ...

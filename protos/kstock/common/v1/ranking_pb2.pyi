from kstock.common.v1 import instrument_pb2 as _instrument_pb2
from kstock.common.v1 import local_date_pb2 as _local_date_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RankMeasure(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RANK_MEASURE_UNSPECIFIED: _ClassVar[RankMeasure]
    RANK_MEASURE_CHANGE: _ClassVar[RankMeasure]
    RANK_MEASURE_TURNOVER: _ClassVar[RankMeasure]
    RANK_MEASURE_VOLUME: _ClassVar[RankMeasure]
    RANK_MEASURE_MARKET_CAP: _ClassVar[RankMeasure]
    RANK_MEASURE_VOLUME_RATIO: _ClassVar[RankMeasure]
    RANK_MEASURE_FOREIGN_NET: _ClassVar[RankMeasure]
    RANK_MEASURE_INSTITUTION_NET: _ClassVar[RankMeasure]
    RANK_MEASURE_BOTH_NET: _ClassVar[RankMeasure]
    RANK_MEASURE_NEW_HIGH: _ClassVar[RankMeasure]
    RANK_MEASURE_NEW_LOW: _ClassVar[RankMeasure]
    RANK_MEASURE_LIMIT_UP: _ClassVar[RankMeasure]
    RANK_MEASURE_LIMIT_DOWN: _ClassVar[RankMeasure]
RANK_MEASURE_UNSPECIFIED: RankMeasure
RANK_MEASURE_CHANGE: RankMeasure
RANK_MEASURE_TURNOVER: RankMeasure
RANK_MEASURE_VOLUME: RankMeasure
RANK_MEASURE_MARKET_CAP: RankMeasure
RANK_MEASURE_VOLUME_RATIO: RankMeasure
RANK_MEASURE_FOREIGN_NET: RankMeasure
RANK_MEASURE_INSTITUTION_NET: RankMeasure
RANK_MEASURE_BOTH_NET: RankMeasure
RANK_MEASURE_NEW_HIGH: RankMeasure
RANK_MEASURE_NEW_LOW: RankMeasure
RANK_MEASURE_LIMIT_UP: RankMeasure
RANK_MEASURE_LIMIT_DOWN: RankMeasure

class RankedInstrument(_message.Message):
    __slots__ = ("rank", "instrument", "base_close_krw", "close_krw", "change_bps", "volume_shares", "turnover_krw", "market_cap_krw", "volume_ratio_e2", "foreign_net_krw", "institution_net_krw")
    RANK_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    BASE_CLOSE_KRW_FIELD_NUMBER: _ClassVar[int]
    CLOSE_KRW_FIELD_NUMBER: _ClassVar[int]
    CHANGE_BPS_FIELD_NUMBER: _ClassVar[int]
    VOLUME_SHARES_FIELD_NUMBER: _ClassVar[int]
    TURNOVER_KRW_FIELD_NUMBER: _ClassVar[int]
    MARKET_CAP_KRW_FIELD_NUMBER: _ClassVar[int]
    VOLUME_RATIO_E2_FIELD_NUMBER: _ClassVar[int]
    FOREIGN_NET_KRW_FIELD_NUMBER: _ClassVar[int]
    INSTITUTION_NET_KRW_FIELD_NUMBER: _ClassVar[int]
    rank: int
    instrument: _instrument_pb2.Instrument
    base_close_krw: int
    close_krw: int
    change_bps: int
    volume_shares: int
    turnover_krw: int
    market_cap_krw: int
    volume_ratio_e2: int
    foreign_net_krw: int
    institution_net_krw: int
    def __init__(self, rank: _Optional[int] = ..., instrument: _Optional[_Union[_instrument_pb2.Instrument, _Mapping]] = ..., base_close_krw: _Optional[int] = ..., close_krw: _Optional[int] = ..., change_bps: _Optional[int] = ..., volume_shares: _Optional[int] = ..., turnover_krw: _Optional[int] = ..., market_cap_krw: _Optional[int] = ..., volume_ratio_e2: _Optional[int] = ..., foreign_net_krw: _Optional[int] = ..., institution_net_krw: _Optional[int] = ...) -> None: ...

class MarketFlow(_message.Message):
    __slots__ = ("trading_date", "foreign_net_krw", "institution_net_krw", "individual_net_krw", "pension_net_krw", "summed_count")
    TRADING_DATE_FIELD_NUMBER: _ClassVar[int]
    FOREIGN_NET_KRW_FIELD_NUMBER: _ClassVar[int]
    INSTITUTION_NET_KRW_FIELD_NUMBER: _ClassVar[int]
    INDIVIDUAL_NET_KRW_FIELD_NUMBER: _ClassVar[int]
    PENSION_NET_KRW_FIELD_NUMBER: _ClassVar[int]
    SUMMED_COUNT_FIELD_NUMBER: _ClassVar[int]
    trading_date: _local_date_pb2.LocalDate
    foreign_net_krw: int
    institution_net_krw: int
    individual_net_krw: int
    pension_net_krw: int
    summed_count: int
    def __init__(self, trading_date: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., foreign_net_krw: _Optional[int] = ..., institution_net_krw: _Optional[int] = ..., individual_net_krw: _Optional[int] = ..., pension_net_krw: _Optional[int] = ..., summed_count: _Optional[int] = ...) -> None: ...

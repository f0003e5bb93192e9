from kstock.common.v1 import candidate_pb2 as _candidate_pb2
from kstock.common.v1 import local_date_pb2 as _local_date_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BaseRate(_message.Message):
    __slots__ = ("mean_net_return_bps", "hit_rate_bps", "band_low_bps", "band_high_bps")
    MEAN_NET_RETURN_BPS_FIELD_NUMBER: _ClassVar[int]
    HIT_RATE_BPS_FIELD_NUMBER: _ClassVar[int]
    BAND_LOW_BPS_FIELD_NUMBER: _ClassVar[int]
    BAND_HIGH_BPS_FIELD_NUMBER: _ClassVar[int]
    mean_net_return_bps: int
    hit_rate_bps: int
    band_low_bps: int
    band_high_bps: int
    def __init__(self, mean_net_return_bps: _Optional[int] = ..., hit_rate_bps: _Optional[int] = ..., band_low_bps: _Optional[int] = ..., band_high_bps: _Optional[int] = ...) -> None: ...

class OutcomeStatistics(_message.Message):
    __slots__ = ("kind", "grade", "horizon_sessions", "signal_count", "filled_count", "mean_net_return_bps", "median_net_return_bps", "worst_net_return_bps", "hit_rate_bps", "mean_favourable_bps", "mean_adverse_bps", "target_before_stop_bps", "profit_factor", "ambiguous_count", "day_count", "base_rate", "excess_bps", "t_statistic", "small_sample", "since", "until", "target_return_bps", "unresolved_count", "signals_per_day", "held_net_return_bps", "held_hit_rate_bps", "first_half_excess_bps", "second_half_excess_bps", "claim")
    KIND_FIELD_NUMBER: _ClassVar[int]
    GRADE_FIELD_NUMBER: _ClassVar[int]
    HORIZON_SESSIONS_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    FILLED_COUNT_FIELD_NUMBER: _ClassVar[int]
    MEAN_NET_RETURN_BPS_FIELD_NUMBER: _ClassVar[int]
    MEDIAN_NET_RETURN_BPS_FIELD_NUMBER: _ClassVar[int]
    WORST_NET_RETURN_BPS_FIELD_NUMBER: _ClassVar[int]
    HIT_RATE_BPS_FIELD_NUMBER: _ClassVar[int]
    MEAN_FAVOURABLE_BPS_FIELD_NUMBER: _ClassVar[int]
    MEAN_ADVERSE_BPS_FIELD_NUMBER: _ClassVar[int]
    TARGET_BEFORE_STOP_BPS_FIELD_NUMBER: _ClassVar[int]
    PROFIT_FACTOR_FIELD_NUMBER: _ClassVar[int]
    AMBIGUOUS_COUNT_FIELD_NUMBER: _ClassVar[int]
    DAY_COUNT_FIELD_NUMBER: _ClassVar[int]
    BASE_RATE_FIELD_NUMBER: _ClassVar[int]
    EXCESS_BPS_FIELD_NUMBER: _ClassVar[int]
    T_STATISTIC_FIELD_NUMBER: _ClassVar[int]
    SMALL_SAMPLE_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    TARGET_RETURN_BPS_FIELD_NUMBER: _ClassVar[int]
    UNRESOLVED_COUNT_FIELD_NUMBER: _ClassVar[int]
    SIGNALS_PER_DAY_FIELD_NUMBER: _ClassVar[int]
    HELD_NET_RETURN_BPS_FIELD_NUMBER: _ClassVar[int]
    HELD_HIT_RATE_BPS_FIELD_NUMBER: _ClassVar[int]
    FIRST_HALF_EXCESS_BPS_FIELD_NUMBER: _ClassVar[int]
    SECOND_HALF_EXCESS_BPS_FIELD_NUMBER: _ClassVar[int]
    CLAIM_FIELD_NUMBER: _ClassVar[int]
    kind: _candidate_pb2.SignalKind
    grade: _candidate_pb2.Grade
    horizon_sessions: int
    signal_count: int
    filled_count: int
    mean_net_return_bps: int
    median_net_return_bps: int
    worst_net_return_bps: int
    hit_rate_bps: int
    mean_favourable_bps: int
    mean_adverse_bps: int
    target_before_stop_bps: int
    profit_factor: float
    ambiguous_count: int
    day_count: int
    base_rate: BaseRate
    excess_bps: int
    t_statistic: float
    small_sample: bool
    since: _local_date_pb2.LocalDate
    until: _local_date_pb2.LocalDate
    target_return_bps: int
    unresolved_count: int
    signals_per_day: float
    held_net_return_bps: int
    held_hit_rate_bps: int
    first_half_excess_bps: int
    second_half_excess_bps: int
    claim: Claim
    def __init__(self, kind: _Optional[_Union[_candidate_pb2.SignalKind, str]] = ..., grade: _Optional[_Union[_candidate_pb2.Grade, str]] = ..., horizon_sessions: _Optional[int] = ..., signal_count: _Optional[int] = ..., filled_count: _Optional[int] = ..., mean_net_return_bps: _Optional[int] = ..., median_net_return_bps: _Optional[int] = ..., worst_net_return_bps: _Optional[int] = ..., hit_rate_bps: _Optional[int] = ..., mean_favourable_bps: _Optional[int] = ..., mean_adverse_bps: _Optional[int] = ..., target_before_stop_bps: _Optional[int] = ..., profit_factor: _Optional[float] = ..., ambiguous_count: _Optional[int] = ..., day_count: _Optional[int] = ..., base_rate: _Optional[_Union[BaseRate, _Mapping]] = ..., excess_bps: _Optional[int] = ..., t_statistic: _Optional[float] = ..., small_sample: _Optional[bool] = ..., since: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., until: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., target_return_bps: _Optional[int] = ..., unresolved_count: _Optional[int] = ..., signals_per_day: _Optional[float] = ..., held_net_return_bps: _Optional[int] = ..., held_hit_rate_bps: _Optional[int] = ..., first_half_excess_bps: _Optional[int] = ..., second_half_excess_bps: _Optional[int] = ..., claim: _Optional[_Union[Claim, _Mapping]] = ...) -> None: ...

class Claim(_message.Message):
    __slots__ = ("positive", "significant", "monotone", "both_halves", "works")
    POSITIVE_FIELD_NUMBER: _ClassVar[int]
    SIGNIFICANT_FIELD_NUMBER: _ClassVar[int]
    MONOTONE_FIELD_NUMBER: _ClassVar[int]
    BOTH_HALVES_FIELD_NUMBER: _ClassVar[int]
    WORKS_FIELD_NUMBER: _ClassVar[int]
    positive: bool
    significant: bool
    monotone: bool
    both_halves: bool
    works: bool
    def __init__(self, positive: _Optional[bool] = ..., significant: _Optional[bool] = ..., monotone: _Optional[bool] = ..., both_halves: _Optional[bool] = ..., works: _Optional[bool] = ...) -> None: ...

import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from kstock.chat.v1 import block_pb2 as _block_pb2
from kstock.common.v1 import candidate_pb2 as _candidate_pb2
from kstock.common.v1 import local_date_pb2 as _local_date_pb2
from kstock.common.v1 import market_index_pb2 as _market_index_pb2
from kstock.common.v1 import quote_pb2 as _quote_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AnswerOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ANSWER_OUTCOME_UNSPECIFIED: _ClassVar[AnswerOutcome]
    ANSWER_OUTCOME_ANSWERED: _ClassVar[AnswerOutcome]
    ANSWER_OUTCOME_CLARIFY: _ClassVar[AnswerOutcome]
    ANSWER_OUTCOME_NO_EVIDENCE: _ClassVar[AnswerOutcome]
    ANSWER_OUTCOME_DECLINED: _ClassVar[AnswerOutcome]
    ANSWER_OUTCOME_OUT_OF_SCOPE: _ClassVar[AnswerOutcome]
    ANSWER_OUTCOME_PARTIAL: _ClassVar[AnswerOutcome]

class TurnRole(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TURN_ROLE_UNSPECIFIED: _ClassVar[TurnRole]
    TURN_ROLE_USER: _ClassVar[TurnRole]
    TURN_ROLE_ASSISTANT: _ClassVar[TurnRole]
ANSWER_OUTCOME_UNSPECIFIED: AnswerOutcome
ANSWER_OUTCOME_ANSWERED: AnswerOutcome
ANSWER_OUTCOME_CLARIFY: AnswerOutcome
ANSWER_OUTCOME_NO_EVIDENCE: AnswerOutcome
ANSWER_OUTCOME_DECLINED: AnswerOutcome
ANSWER_OUTCOME_OUT_OF_SCOPE: AnswerOutcome
ANSWER_OUTCOME_PARTIAL: AnswerOutcome
TURN_ROLE_UNSPECIFIED: TurnRole
TURN_ROLE_USER: TurnRole
TURN_ROLE_ASSISTANT: TurnRole

class Citation(_message.Message):
    __slots__ = ("number", "source", "as_of_time", "title", "url", "quality")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    AS_OF_TIME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    number: int
    source: str
    as_of_time: _timestamp_pb2.Timestamp
    title: str
    url: str
    quality: _quote_pb2.Quality
    def __init__(self, number: _Optional[int] = ..., source: _Optional[str] = ..., as_of_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., title: _Optional[str] = ..., url: _Optional[str] = ..., quality: _Optional[_Union[_quote_pb2.Quality, str]] = ...) -> None: ...

class DateRange(_message.Message):
    __slots__ = ("since", "until", "session_count")
    SINCE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    SESSION_COUNT_FIELD_NUMBER: _ClassVar[int]
    since: _local_date_pb2.LocalDate
    until: _local_date_pb2.LocalDate
    session_count: int
    def __init__(self, since: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., until: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., session_count: _Optional[int] = ...) -> None: ...

class InstrumentEntity(_message.Message):
    __slots__ = ("ticker", "name")
    TICKER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ticker: str
    name: str
    def __init__(self, ticker: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class Entity(_message.Message):
    __slots__ = ("text", "instrument", "index", "kind", "grade", "period", "number", "sector", "unit", "from_context")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    GRADE_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    SECTOR_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    FROM_CONTEXT_FIELD_NUMBER: _ClassVar[int]
    text: str
    instrument: InstrumentEntity
    index: _market_index_pb2.MarketIndex
    kind: _candidate_pb2.SignalKind
    grade: _candidate_pb2.Grade
    period: DateRange
    number: float
    sector: str
    unit: str
    from_context: bool
    def __init__(self, text: _Optional[str] = ..., instrument: _Optional[_Union[InstrumentEntity, _Mapping]] = ..., index: _Optional[_Union[_market_index_pb2.MarketIndex, str]] = ..., kind: _Optional[_Union[_candidate_pb2.SignalKind, str]] = ..., grade: _Optional[_Union[_candidate_pb2.Grade, str]] = ..., period: _Optional[_Union[DateRange, _Mapping]] = ..., number: _Optional[float] = ..., sector: _Optional[str] = ..., unit: _Optional[str] = ..., from_context: _Optional[bool] = ...) -> None: ...

class ToolCall(_message.Message):
    __slots__ = ("tool", "domain", "arguments_json", "ok", "error_reason", "duration")
    TOOL_FIELD_NUMBER: _ClassVar[int]
    DOMAIN_FIELD_NUMBER: _ClassVar[int]
    ARGUMENTS_JSON_FIELD_NUMBER: _ClassVar[int]
    OK_FIELD_NUMBER: _ClassVar[int]
    ERROR_REASON_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    tool: str
    domain: str
    arguments_json: str
    ok: bool
    error_reason: str
    duration: _duration_pb2.Duration
    def __init__(self, tool: _Optional[str] = ..., domain: _Optional[str] = ..., arguments_json: _Optional[str] = ..., ok: _Optional[bool] = ..., error_reason: _Optional[str] = ..., duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class Usage(_message.Message):
    __slots__ = ("model", "input_tokens", "output_tokens", "cost_micro_usd", "duration")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    INPUT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    COST_MICRO_USD_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    model: str
    input_tokens: int
    output_tokens: int
    cost_micro_usd: int
    duration: _duration_pb2.Duration
    def __init__(self, model: _Optional[str] = ..., input_tokens: _Optional[int] = ..., output_tokens: _Optional[int] = ..., cost_micro_usd: _Optional[int] = ..., duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class Turn(_message.Message):
    __slots__ = ("turn_id", "conversation_id", "role", "text", "blocks", "citations", "outcome", "create_time")
    TURN_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    BLOCKS_FIELD_NUMBER: _ClassVar[int]
    CITATIONS_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    turn_id: str
    conversation_id: str
    role: TurnRole
    text: str
    blocks: _containers.RepeatedCompositeFieldContainer[_block_pb2.DataBlock]
    citations: _containers.RepeatedCompositeFieldContainer[Citation]
    outcome: AnswerOutcome
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, turn_id: _Optional[str] = ..., conversation_id: _Optional[str] = ..., role: _Optional[_Union[TurnRole, str]] = ..., text: _Optional[str] = ..., blocks: _Optional[_Iterable[_Union[_block_pb2.DataBlock, _Mapping]]] = ..., citations: _Optional[_Iterable[_Union[Citation, _Mapping]]] = ..., outcome: _Optional[_Union[AnswerOutcome, str]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

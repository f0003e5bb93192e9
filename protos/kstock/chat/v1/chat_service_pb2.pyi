import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from kstock.chat.v1 import block_pb2 as _block_pb2
from kstock.chat.v1 import conversation_pb2 as _conversation_pb2
from kstock.common.v1 import candidate_pb2 as _candidate_pb2
from kstock.common.v1 import local_date_pb2 as _local_date_pb2
from kstock.common.v1 import market_gate_pb2 as _market_gate_pb2
from kstock.common.v1 import statistics_pb2 as _statistics_pb2
from kstock.signal.v1 import signal_pb2 as _signal_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ConverseStage(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONVERSE_STAGE_UNSPECIFIED: _ClassVar[ConverseStage]
    CONVERSE_STAGE_QUEUED: _ClassVar[ConverseStage]
    CONVERSE_STAGE_UNDERSTANDING: _ClassVar[ConverseStage]
    CONVERSE_STAGE_LOOKING_UP: _ClassVar[ConverseStage]
    CONVERSE_STAGE_SEARCHING: _ClassVar[ConverseStage]
    CONVERSE_STAGE_WRITING: _ClassVar[ConverseStage]
    CONVERSE_STAGE_CHECKING: _ClassVar[ConverseStage]
CONVERSE_STAGE_UNSPECIFIED: ConverseStage
CONVERSE_STAGE_QUEUED: ConverseStage
CONVERSE_STAGE_UNDERSTANDING: ConverseStage
CONVERSE_STAGE_LOOKING_UP: ConverseStage
CONVERSE_STAGE_SEARCHING: ConverseStage
CONVERSE_STAGE_WRITING: ConverseStage
CONVERSE_STAGE_CHECKING: ConverseStage

class ConverseRequest(_message.Message):
    __slots__ = ("conversation_id", "text", "user_ref", "language", "idempotency_key", "include_images")
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    USER_REF_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_IMAGES_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    text: str
    user_ref: str
    language: str
    idempotency_key: str
    include_images: bool
    def __init__(self, conversation_id: _Optional[str] = ..., text: _Optional[str] = ..., user_ref: _Optional[str] = ..., language: _Optional[str] = ..., idempotency_key: _Optional[str] = ..., include_images: _Optional[bool] = ...) -> None: ...

class ConverseResponse(_message.Message):
    __slots__ = ("sequence", "opened", "status", "block", "text_delta", "citation", "done")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    OPENED_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    BLOCK_FIELD_NUMBER: _ClassVar[int]
    TEXT_DELTA_FIELD_NUMBER: _ClassVar[int]
    CITATION_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    opened: ConverseOpened
    status: ConverseStatus
    block: _block_pb2.DataBlock
    text_delta: TextDelta
    citation: _conversation_pb2.Citation
    done: ConverseDone
    def __init__(self, sequence: _Optional[int] = ..., opened: _Optional[_Union[ConverseOpened, _Mapping]] = ..., status: _Optional[_Union[ConverseStatus, _Mapping]] = ..., block: _Optional[_Union[_block_pb2.DataBlock, _Mapping]] = ..., text_delta: _Optional[_Union[TextDelta, _Mapping]] = ..., citation: _Optional[_Union[_conversation_pb2.Citation, _Mapping]] = ..., done: _Optional[_Union[ConverseDone, _Mapping]] = ...) -> None: ...

class ConverseOpened(_message.Message):
    __slots__ = ("conversation_id", "turn_id", "attached")
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    TURN_ID_FIELD_NUMBER: _ClassVar[int]
    ATTACHED_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    turn_id: str
    attached: bool
    def __init__(self, conversation_id: _Optional[str] = ..., turn_id: _Optional[str] = ..., attached: _Optional[bool] = ...) -> None: ...

class ConverseStatus(_message.Message):
    __slots__ = ("stage", "text")
    STAGE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    stage: ConverseStage
    text: str
    def __init__(self, stage: _Optional[_Union[ConverseStage, str]] = ..., text: _Optional[str] = ...) -> None: ...

class TextDelta(_message.Message):
    __slots__ = ("text", "replace")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    REPLACE_FIELD_NUMBER: _ClassVar[int]
    text: str
    replace: bool
    def __init__(self, text: _Optional[str] = ..., replace: _Optional[bool] = ...) -> None: ...

class ConverseDone(_message.Message):
    __slots__ = ("conversation_id", "turn_id", "outcome", "usage", "intents", "entities", "tools", "text", "language", "suggestions", "market_time")
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    TURN_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    USAGE_FIELD_NUMBER: _ClassVar[int]
    INTENTS_FIELD_NUMBER: _ClassVar[int]
    ENTITIES_FIELD_NUMBER: _ClassVar[int]
    TOOLS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    SUGGESTIONS_FIELD_NUMBER: _ClassVar[int]
    MARKET_TIME_FIELD_NUMBER: _ClassVar[int]
    conversation_id: str
    turn_id: str
    outcome: _conversation_pb2.AnswerOutcome
    usage: _conversation_pb2.Usage
    intents: _containers.RepeatedScalarFieldContainer[str]
    entities: _containers.RepeatedCompositeFieldContainer[_conversation_pb2.Entity]
    tools: _containers.RepeatedCompositeFieldContainer[_conversation_pb2.ToolCall]
    text: str
    language: str
    suggestions: _containers.RepeatedScalarFieldContainer[str]
    market_time: _timestamp_pb2.Timestamp
    def __init__(self, conversation_id: _Optional[str] = ..., turn_id: _Optional[str] = ..., outcome: _Optional[_Union[_conversation_pb2.AnswerOutcome, str]] = ..., usage: _Optional[_Union[_conversation_pb2.Usage, _Mapping]] = ..., intents: _Optional[_Iterable[str]] = ..., entities: _Optional[_Iterable[_Union[_conversation_pb2.Entity, _Mapping]]] = ..., tools: _Optional[_Iterable[_Union[_conversation_pb2.ToolCall, _Mapping]]] = ..., text: _Optional[str] = ..., language: _Optional[str] = ..., suggestions: _Optional[_Iterable[str]] = ..., market_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class SearchContextRequest(_message.Message):
    __slots__ = ("query", "tickers", "until_time", "limit")
    QUERY_FIELD_NUMBER: _ClassVar[int]
    TICKERS_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    query: str
    tickers: _containers.RepeatedScalarFieldContainer[str]
    until_time: _timestamp_pb2.Timestamp
    limit: int
    def __init__(self, query: _Optional[str] = ..., tickers: _Optional[_Iterable[str]] = ..., until_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., limit: _Optional[int] = ...) -> None: ...

class Passage(_message.Message):
    __slots__ = ("document_id", "document_kind", "title", "text", "source", "url", "publish_time", "score", "tickers")
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_KIND_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    PUBLISH_TIME_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    TICKERS_FIELD_NUMBER: _ClassVar[int]
    document_id: str
    document_kind: str
    title: str
    text: str
    source: str
    url: str
    publish_time: _timestamp_pb2.Timestamp
    score: float
    tickers: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, document_id: _Optional[str] = ..., document_kind: _Optional[str] = ..., title: _Optional[str] = ..., text: _Optional[str] = ..., source: _Optional[str] = ..., url: _Optional[str] = ..., publish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., score: _Optional[float] = ..., tickers: _Optional[_Iterable[str]] = ...) -> None: ...

class SearchContextResponse(_message.Message):
    __slots__ = ("passages",)
    PASSAGES_FIELD_NUMBER: _ClassVar[int]
    passages: _containers.RepeatedCompositeFieldContainer[Passage]
    def __init__(self, passages: _Optional[_Iterable[_Union[Passage, _Mapping]]] = ...) -> None: ...

class RecommendRequest(_message.Message):
    __slots__ = ("user_ref", "limit", "kinds", "language")
    USER_REF_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    user_ref: str
    limit: int
    kinds: _containers.RepeatedScalarFieldContainer[_candidate_pb2.SignalKind]
    language: str
    def __init__(self, user_ref: _Optional[str] = ..., limit: _Optional[int] = ..., kinds: _Optional[_Iterable[_Union[_candidate_pb2.SignalKind, str]]] = ..., language: _Optional[str] = ...) -> None: ...

class Recommendation(_message.Message):
    __slots__ = ("ticker", "name", "signals", "reasons", "risks", "contradictions", "statistics", "weight")
    TICKER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SIGNALS_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    RISKS_FIELD_NUMBER: _ClassVar[int]
    CONTRADICTIONS_FIELD_NUMBER: _ClassVar[int]
    STATISTICS_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    ticker: str
    name: str
    signals: _containers.RepeatedCompositeFieldContainer[_signal_pb2.Signal]
    reasons: _containers.RepeatedScalarFieldContainer[str]
    risks: _containers.RepeatedScalarFieldContainer[str]
    contradictions: _containers.RepeatedScalarFieldContainer[str]
    statistics: _statistics_pb2.OutcomeStatistics
    weight: float
    def __init__(self, ticker: _Optional[str] = ..., name: _Optional[str] = ..., signals: _Optional[_Iterable[_Union[_signal_pb2.Signal, _Mapping]]] = ..., reasons: _Optional[_Iterable[str]] = ..., risks: _Optional[_Iterable[str]] = ..., contradictions: _Optional[_Iterable[str]] = ..., statistics: _Optional[_Union[_statistics_pb2.OutcomeStatistics, _Mapping]] = ..., weight: _Optional[float] = ...) -> None: ...

class RecommendResponse(_message.Message):
    __slots__ = ("recommendations", "gate", "as_of", "notice")
    RECOMMENDATIONS_FIELD_NUMBER: _ClassVar[int]
    GATE_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    NOTICE_FIELD_NUMBER: _ClassVar[int]
    recommendations: _containers.RepeatedCompositeFieldContainer[Recommendation]
    gate: _market_gate_pb2.MarketGate
    as_of: _local_date_pb2.LocalDate
    notice: str
    def __init__(self, recommendations: _Optional[_Iterable[_Union[Recommendation, _Mapping]]] = ..., gate: _Optional[_Union[_market_gate_pb2.MarketGate, _Mapping]] = ..., as_of: _Optional[_Union[_local_date_pb2.LocalDate, _Mapping]] = ..., notice: _Optional[str] = ...) -> None: ...

class ListTurnsRequest(_message.Message):
    __slots__ = ("user_ref", "conversation_id", "page_size", "page_token")
    USER_REF_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    user_ref: str
    conversation_id: str
    page_size: int
    page_token: str
    def __init__(self, user_ref: _Optional[str] = ..., conversation_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListTurnsResponse(_message.Message):
    __slots__ = ("turns", "next_page_token")
    TURNS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    turns: _containers.RepeatedCompositeFieldContainer[_conversation_pb2.Turn]
    next_page_token: str
    def __init__(self, turns: _Optional[_Iterable[_Union[_conversation_pb2.Turn, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DeleteConversationRequest(_message.Message):
    __slots__ = ("user_ref", "conversation_id")
    USER_REF_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    user_ref: str
    conversation_id: str
    def __init__(self, user_ref: _Optional[str] = ..., conversation_id: _Optional[str] = ...) -> None: ...

class DeleteConversationResponse(_message.Message):
    __slots__ = ("deleted_count",)
    DELETED_COUNT_FIELD_NUMBER: _ClassVar[int]
    deleted_count: int
    def __init__(self, deleted_count: _Optional[int] = ...) -> None: ...

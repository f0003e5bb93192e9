import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class NewsItem(_message.Message):
    __slots__ = ("news_id", "tickers", "title", "lead", "publisher", "url", "publish_time", "receive_time", "source", "sentiment")
    NEWS_ID_FIELD_NUMBER: _ClassVar[int]
    TICKERS_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    LEAD_FIELD_NUMBER: _ClassVar[int]
    PUBLISHER_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    PUBLISH_TIME_FIELD_NUMBER: _ClassVar[int]
    RECEIVE_TIME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    SENTIMENT_FIELD_NUMBER: _ClassVar[int]
    news_id: str
    tickers: _containers.RepeatedScalarFieldContainer[str]
    title: str
    lead: str
    publisher: str
    url: str
    publish_time: _timestamp_pb2.Timestamp
    receive_time: _timestamp_pb2.Timestamp
    source: str
    sentiment: float
    def __init__(self, news_id: _Optional[str] = ..., tickers: _Optional[_Iterable[str]] = ..., title: _Optional[str] = ..., lead: _Optional[str] = ..., publisher: _Optional[str] = ..., url: _Optional[str] = ..., publish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., receive_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., source: _Optional[str] = ..., sentiment: _Optional[float] = ...) -> None: ...

from kstock.common.v1 import market_index_pb2 as _market_index_pb2
from kstock.common.v1 import quote_pb2 as _quote_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PriceTopic(_message.Message):
    __slots__ = ("ticker", "venue")
    TICKER_FIELD_NUMBER: _ClassVar[int]
    VENUE_FIELD_NUMBER: _ClassVar[int]
    ticker: str
    venue: _quote_pb2.Venue
    def __init__(self, ticker: _Optional[str] = ..., venue: _Optional[_Union[_quote_pb2.Venue, str]] = ...) -> None: ...

class MarketGateTopic(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class FeedStatusTopic(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Topic(_message.Message):
    __slots__ = ("price", "market_gate", "market_index", "feed_status")
    PRICE_FIELD_NUMBER: _ClassVar[int]
    MARKET_GATE_FIELD_NUMBER: _ClassVar[int]
    MARKET_INDEX_FIELD_NUMBER: _ClassVar[int]
    FEED_STATUS_FIELD_NUMBER: _ClassVar[int]
    price: PriceTopic
    market_gate: MarketGateTopic
    market_index: _market_index_pb2.MarketIndex
    feed_status: FeedStatusTopic
    def __init__(self, price: _Optional[_Union[PriceTopic, _Mapping]] = ..., market_gate: _Optional[_Union[MarketGateTopic, _Mapping]] = ..., market_index: _Optional[_Union[_market_index_pb2.MarketIndex, str]] = ..., feed_status: _Optional[_Union[FeedStatusTopic, _Mapping]] = ...) -> None: ...

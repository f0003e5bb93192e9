"""Quotes on the wire, and the chunks in which price streams carry them."""

from kstock.common.v1 import quote_pb2

from shared.market.instrument import Ticker
from shared.market.quote import Quote
from shared.rpc.messages.enums import QUALITY, VENUE
from shared.rpc.messages.present import optional_int
from shared.rpc.messages.times import read_timestamp, timestamp_message

_LARGEST_BPS = 2**31 - 1


def quote_message(
    quote: Quote, *, topic_seq: int = 0, origin: quote_pb2.QuoteOrigin = quote_pb2.QUOTE_ORIGIN_UNSPECIFIED
) -> quote_pb2.Quote:
    """A quote as it travels.

    Args:
        quote: The quote.
        topic_seq: Its number in its topic; 0 when it did not come by the bus.
        origin: How an answer to BatchGetQuotes came by it.
    """
    return quote_pb2.Quote(
        ticker=quote.ticker,
        topic_seq=topic_seq,
        price_krw=quote.price_krw,
        change_krw=quote.change_krw,
        change_bps=_representable(quote.change_bps),
        open_krw=quote.open_krw,
        high_krw=quote.high_krw,
        low_krw=quote.low_krw,
        volume_shares=quote.volume_shares,
        turnover_krw=quote.turnover_krw,
        venue=VENUE.to_wire(quote.venue),
        quality=QUALITY.to_wire(quote.quality),
        exchange_time=timestamp_message(quote.exchange_time),
        receive_time=timestamp_message(quote.receive_time),
        source=quote.source,
        previous_close_krw=quote.previous_close_krw,
        origin=origin,
    )


def read_quote(message: quote_pb2.Quote) -> Quote:
    """The quote in a message.

    Raises:
        InvalidInput: If its venue or quality is unknown to this program.
    """
    return Quote(
        ticker=Ticker(message.ticker),
        price_krw=message.price_krw,
        previous_close_krw=optional_int(message, "previous_close_krw"),
        open_krw=optional_int(message, "open_krw"),
        high_krw=optional_int(message, "high_krw"),
        low_krw=optional_int(message, "low_krw"),
        volume_shares=message.volume_shares,
        turnover_krw=message.turnover_krw,
        venue=VENUE.from_wire(message.venue, "quote.venue"),
        quality=QUALITY.from_wire(message.quality, "quote.quality"),
        exchange_time=read_timestamp(message.exchange_time),
        receive_time=read_timestamp(message.receive_time),
        source=message.source,
    )


def _representable(change_bps: int | None) -> int | None:
    """A change that the wire can carry; a base of a few won under a price of millions has none worth showing."""
    return change_bps if change_bps is not None and abs(change_bps) <= _LARGEST_BPS else None

"""The way to the feed's room for what does not come by the stream: its master and the record of a session."""

from datetime import date

import grpc
from kstock.feed.v1 import feed_service_pb2, feed_service_pb2_grpc

from shared.rpc.errors import NotServed, domain_errors
from shared.rpc.messages.times import local_date_message


class FeedLine:
    """Asks the running feed; a house or a feed without such answers is no error."""

    def __init__(self, channel: grpc.aio.Channel | None) -> None:
        """Keep the channel; None is a house without a feed."""
        self._stub = None if channel is None else feed_service_pb2_grpc.FeedServiceStub(channel)

    async def instruments(self) -> feed_service_pb2.FetchInstrumentsResponse | None:
        """The feed's master; None when it has none.

        Raises:
            KStockError: The feed does not answer.
        """
        if self._stub is None:
            return None
        try:
            with domain_errors():
                return await self._stub.FetchInstruments(feed_service_pb2.FetchInstrumentsRequest())
        except NotServed:
            return None

    async def session(self, day: date) -> feed_service_pb2.FetchSessionResponse | None:
        """The record of a session as far as it is published; None when the feed keeps no records.

        Raises:
            KStockError: The feed does not answer, or has no session on that day.
        """
        if self._stub is None:
            return None
        try:
            with domain_errors():
                return await self._stub.FetchSession(
                    feed_service_pb2.FetchSessionRequest(trading_date=local_date_message(day))
                )
        except NotServed:
            return None

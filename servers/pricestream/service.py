"""PriceStreamService: latest values of prices, indices, market gate and feed states on one stream per client."""

from collections.abc import AsyncGenerator
from datetime import timedelta

from grpc.aio import ServicerContext
from kstock.pricestream.v1 import price_stream_service_pb2 as wire

from servers.pricestream.hub import Hub
from servers.pricestream.limits import StreamLimits
from servers.pricestream.requests import read_subscription
from servers.pricestream.streams import Streams
from shared.rpc.call import current_principal
from shared.rpc.limits import StreamSlots

_Context = ServicerContext[object, object]


class PriceStreamServicer:
    """Answers the three methods; hosted with `Subscribe` as an encoded method, since its responses are joined bytes."""

    def __init__(self, streams: Streams, hub: Hub, *, limits: StreamLimits, slots: StreamSlots) -> None:
        self._streams = streams
        self._hub = hub
        self._limits = limits
        self._slots = slots

    def Subscribe(self, request: wire.SubscribeRequest, context: _Context) -> AsyncGenerator[bytes, None]:  # noqa: N802
        """Open a stream; see the contract."""
        return self._streams.serve(read_subscription(request, self._limits), current_principal().name)

    async def UpdateSubscription(  # noqa: N802
        self, request: wire.UpdateSubscriptionRequest, context: _Context
    ) -> wire.UpdateSubscriptionResponse:
        """Pass a change on to its stream, wherever it is."""
        change_id = await self._streams.update(request, current_principal().name)
        return wire.UpdateSubscriptionResponse(change_id=change_id)

    async def GetLimits(self, request: wire.GetLimitsRequest, context: _Context) -> wire.GetLimitsResponse:  # noqa: N802
        """Limits, and what the caller uses of them on this replica."""
        caller = current_principal().name
        limits = self._limits
        held = (stream for stream in self._hub.subscribers.values() if stream.terms.principal == caller)
        return wire.GetLimitsResponse(
            max_streams=self._slots.per_caller,
            streams_in_use=self._slots.open_for(caller),
            max_topics_per_stream=limits.max_topics,
            topics_in_use=sum(len(stream.outbox.audience.topics) for stream in held),
            max_changes_per_second=limits.max_changes_per_second,
            max_request_bytes=limits.max_request_bytes,
            min_update_interval=timedelta(seconds=limits.min_window_s),
            default_update_interval=timedelta(seconds=limits.window_s(None)),
            min_heartbeat_interval=timedelta(seconds=limits.min_heartbeat_s),
            max_heartbeat_interval=timedelta(seconds=limits.max_heartbeat_s),
            min_credit_bytes=limits.min_credit_bytes,
            max_credit_bytes=limits.max_credit_bytes,
            max_forced_quotes_per_minute=limits.max_forced_quotes_per_minute,
        )

"""One channel to the servers of a store that share the rooms between them."""

from collections.abc import Mapping, Sequence
from typing import Any

import grpc

_PACKAGE = "kstock"


class RoutedChannel(grpc.aio.Channel):
    """Leads each call to the server that has its room; calls to no room, e.g. for health, to the first server."""

    def __init__(self, channels: Sequence[grpc.aio.Channel], rooms: Mapping[str, grpc.aio.Channel]) -> None:
        """Keep the ways.

        Args:
            channels: One for each server; whoever opened them closes them.
            rooms: Name of each room that runs, e.g. `market`, and the way to it.
        """
        self._channels = tuple(channels)
        self._rooms = dict(rooms)

    def unary_unary(self, method: str, *args: Any, **options: Any) -> Any:
        """A call with one answer."""
        return self._way(method).unary_unary(method, *args, **options)

    def unary_stream(self, method: str, *args: Any, **options: Any) -> Any:
        """A call with a stream of answers."""
        return self._way(method).unary_stream(method, *args, **options)

    def stream_unary(self, method: str, *args: Any, **options: Any) -> Any:
        """A stream of requests with one answer."""
        return self._way(method).stream_unary(method, *args, **options)

    def stream_stream(self, method: str, *args: Any, **options: Any) -> Any:
        """A stream of requests with a stream of answers."""
        return self._way(method).stream_stream(method, *args, **options)

    async def __aenter__(self) -> "RoutedChannel":
        """Enter; the ways are open already."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave the ways to whoever opened them."""

    async def close(self, grace: float | None = None) -> None:
        """Leave the ways to whoever opened them."""

    def get_state(self, try_to_connect: bool = False) -> grpc.ChannelConnectivity:  # gRPC's signature
        """State of the first way."""
        return self._channels[0].get_state(try_to_connect)

    async def wait_for_state_change(self, last_observed_state: grpc.ChannelConnectivity) -> None:
        """Wait for the first way to change."""
        await self._channels[0].wait_for_state_change(last_observed_state)

    async def channel_ready(self) -> None:
        """Wait until every way is ready."""
        for channel in self._channels:
            await channel.channel_ready()

    def _way(self, method: str) -> grpc.aio.Channel:
        package, _, rest = method.lstrip("/").partition(".")
        room = rest.partition(".")[0] if package == _PACKAGE else ""
        return self._rooms.get(room, self._channels[0])

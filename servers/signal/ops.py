"""What operators see of this process's signal streams, and the switch that ends one."""

from datetime import timedelta

from kstock.ops.v1 import ops_service_pb2 as ops

from servers.signal.service import SignalService
from servers.signal.watch import Watch
from shared.market.errors import NotFound
from shared.market.signal import SignalKind
from shared.rpc.messages.times import timestamp_message

_AT_ONCE = timedelta(0)


class WatchOps:
    """The signal room's part of OpsService; paging is the servicer's."""

    def __init__(self, service: SignalService) -> None:
        self._service = service

    def list_streams(self) -> list[ops.StreamInfo]:
        """Open streams, oldest first."""
        return [_describe(watch) for watch in self._service.watches]

    def close_stream(self, stream_id: str) -> None:
        """Send one stream away.

        Raises:
            NotFound: No such stream in this process.
        """
        for watch in self._service.watches:
            if watch.stream_id == stream_id:
                watch.end("CLOSED_BY_OPERATOR", _AT_ONCE)
                return
        raise NotFound("STREAM", stream_id)


def _describe(watch: Watch) -> ops.StreamInfo:
    return ops.StreamInfo(
        stream_id=watch.stream_id,
        kind=ops.STREAM_KIND_SIGNAL,
        principal=watch.principal,
        state="LIVE",
        topics=len(watch.kinds) or len(SignalKind),
        open_time=timestamp_message(watch.opened),
        stream_seq=watch.stream_seq,
        offered_updates=watch.delivered,
        delivered_updates=watch.delivered,
    )

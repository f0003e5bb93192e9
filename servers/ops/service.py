"""OpsService of one process: what its rooms tell about their streams, the state of the feeds, and the switch to drain."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Protocol, TypeVar

from grpc.aio import ServicerContext
from kstock.ops.v1 import ops_service_pb2 as ops

from shared.bus.base import EventBus
from shared.market.errors import InvalidInput, NotFound
from shared.market.topic import FeedStatusTopic
from shared.rpc.messages.chunks import read_chunk
from shared.rpc.messages.times import optional_duration
from shared.rpc.paging import Cursor, next_page_token, page_cursor, page_size

MAX_GRACE = timedelta(seconds=60)
DEFAULT_GRACE = timedelta(seconds=10)

_Context = ServicerContext[object, object]
_Row = TypeVar("_Row")
_FEED_STATUS = str(FeedStatusTopic())


class StreamSource(Protocol):
    """A room with streams."""

    def list_streams(self) -> list[ops.StreamInfo]:
        """Its open streams."""
        ...

    def close_stream(self, stream_id: str) -> None:
        """Send one stream away.

        Raises:
            NotFound: It is not one of this room's.
        """
        ...


class TopicSource(Protocol):
    """A room with topics."""

    def list_topics(self) -> list[ops.TopicInfo]:
        """Its subscribed topics."""
        ...


class JobDesk(Protocol):
    """The schedule of this process."""

    async def list_jobs(self) -> list[ops.JobInfo]:
        """Its jobs in the order of the day."""
        ...

    async def run_job(self, name: str) -> ops.JobRun:
        """Begin a job; its end is seen in the list.

        Raises:
            NotFound: No job has that name.
        """
        ...


class OpsServicer:
    """Answers for one process.

    Args:
        streams: Rooms of this process that hold streams.
        topics: The price stream of this process; None where it does not run.
        bus: Has the newest state of the feeds.
        jobs: The schedule of this process; None where it does not run.
        max_streams: Streams that this process allows.
        drain: Begins to end this process within a grace, without waiting for the end.
    """

    def __init__(
        self,
        *,
        streams: Sequence[StreamSource],
        topics: TopicSource | None,
        bus: EventBus,
        jobs: JobDesk | None = None,
        max_streams: int,
        drain: Callable[[timedelta], None],
    ) -> None:
        self._streams = streams
        self._topics = topics
        self._bus = bus
        self._jobs = jobs
        self._max_streams = max_streams
        self._drain = drain

    async def ListFeeds(self, request: ops.ListFeedsRequest, context: _Context) -> ops.ListFeedsResponse:  # noqa: N802
        """What the feeds last said about themselves."""
        entry = (await self._bus.latest([_FEED_STATUS])).get(_FEED_STATUS)
        return ops.ListFeedsResponse(feeds=read_chunk(entry.chunk).feed_statuses if entry else ())

    async def ListStreams(self, request: ops.ListStreamsRequest, context: _Context) -> ops.ListStreamsResponse:  # noqa: N802
        """Open streams, oldest first."""
        kinds = {request.kind} if request.HasField("kind") else set(ops.StreamKind.values())
        found = [stream for room in self._streams for stream in room.list_streams() if stream.kind in kinds]
        page, token = _page(request, found, lambda one: (one.open_time.ToMicroseconds(), one.stream_id), (int, str))
        return ops.ListStreamsResponse(
            streams=page, next_page_token=token, total_count=len(found), max_streams=self._max_streams
        )

    async def ListTopics(self, request: ops.ListTopicsRequest, context: _Context) -> ops.ListTopicsResponse:  # noqa: N802
        """Subscribed topics, most subscribers first."""
        found = self._topics.list_topics() if self._topics is not None else []
        page, token = _page(request, found, lambda one: (-one.subscribers, one.text), (int, str))
        return ops.ListTopicsResponse(topics=page, next_page_token=token, total_count=len(found))

    async def CloseStream(self, request: ops.CloseStreamRequest, context: _Context) -> ops.CloseStreamResponse:  # noqa: N802
        """Send one stream away, whichever room of this process has it."""
        if not request.stream_id:
            raise InvalidInput("stream_id", "is empty; ListStreams shows the names")
        for room in self._streams:
            if any(stream.stream_id == request.stream_id for stream in room.list_streams()):
                room.close_stream(request.stream_id)
                return ops.CloseStreamResponse()
        raise NotFound("STREAM", request.stream_id)

    async def ListJobs(self, request: ops.ListJobsRequest, context: _Context) -> ops.ListJobsResponse:  # noqa: N802
        """Scheduled jobs with their last and next runs."""
        return ops.ListJobsResponse(jobs=await self._jobs.list_jobs() if self._jobs is not None else ())

    async def RunJob(self, request: ops.RunJobRequest, context: _Context) -> ops.RunJobResponse:  # noqa: N802
        """Begin a job."""
        if not request.job:
            raise InvalidInput("job", "is empty; ListJobs shows the names")
        if self._jobs is None:
            raise NotFound("JOB", request.job)
        return ops.RunJobResponse(run=await self._jobs.run_job(request.job))

    async def Drain(self, request: ops.DrainRequest, context: _Context) -> ops.DrainResponse:  # noqa: N802
        """Begin to end this process."""
        grace = optional_duration(request, "grace")
        if grace is not None and grace > MAX_GRACE:
            raise InvalidInput("grace", f"is longer than {MAX_GRACE.total_seconds():g} s")
        held = sum(len(room.list_streams()) for room in self._streams)
        self._drain(DEFAULT_GRACE if grace is None else grace)
        return ops.DrainResponse(streams=held)


def _page(
    request: ops.ListStreamsRequest | ops.ListTopicsRequest,
    rows: Iterable[_Row],
    key: Callable[[_Row], Cursor],
    key_types: tuple[type, ...],
) -> tuple[list[_Row], str]:
    """The asked page of rows in the order of their keys, and the token of the next one; empty on the last page."""
    after = page_cursor(request, key_types)
    size = page_size(request)
    left = sorted((row for row in rows if after is None or key(row) > after), key=key)
    page = left[:size]
    return page, next_page_token(request, key(page[-1])) if len(left) > size else ""

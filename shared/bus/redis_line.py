"""Listening to Redis pub/sub on a connection that comes back by itself."""

import asyncio
import random
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import OutOfMemoryError, ReadOnlyError
from redis.exceptions import TimeoutError as RedisTimeoutError

from shared.bus.base import BusBatch, ControlMessage
from shared.bus.wire import unpack_batch
from shared.clock import Clock

log = structlog.get_logger()

ANSWER_S = 3.0
"""A command or connection that takes longer has failed."""

LOST = (RedisConnectionError, RedisTimeoutError, ReadOnlyError, OutOfMemoryError, OSError)
"""Ways of learning that the server does not serve us now; Python's own TimeoutError is an OSError."""

NUMBER_WIDTH = 16
"""Hexadecimal digits of the batch number in front of each batch."""

_SILENCE_S = 5.0  # a quiet line is asked for a sign of life after this long and dropped after as long again
_RECONNECT_BASE_S = 0.05
_RECONNECT_CAP_S = 5.0


class RedisLine:
    """One pub/sub connection that comes back by itself; its one reader drives it, others may join and leave channels."""

    def __init__(self, client: Redis, clock: Clock, *channels: str) -> None:
        self._client = client
        self._clock = clock
        self._wanted = set(channels)
        self._pubsub: PubSub | None = None
        self._early: deque[tuple[str, bytes]] = deque()
        self._confirmations: dict[str, asyncio.Future[None]] = {}
        self._asked = False

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Connect if the server answers, so that nothing sent from now on is missed; let go at the end."""
        try:
            await self._connect()
        except LOST as error:
            log.warning("bus_line_lost", why=type(error).__name__)
        try:
            yield
        finally:
            await self._drop()

    async def messages(self) -> AsyncGenerator[tuple[str, bytes] | None, None]:
        """Channel and payload of each message; None first and after each new connection, when some may have been missed."""
        failures = 0
        while True:
            try:
                if self._pubsub is None:
                    await self._connect()
                yield None
                failures = 0
                while True:
                    message = self._early.popleft() if self._early else await self._next()
                    if message is not None:
                        yield message
            except LOST as error:
                if failures == 0:
                    log.warning("bus_line_lost", why=type(error).__name__)
                failures += 1
            await self._drop()
            await self._clock.sleep_machine(random.uniform(0, min(_RECONNECT_CAP_S, _RECONNECT_BASE_S * 2**failures)))

    async def join(self, channel: str) -> bool:
        """Listen to one more channel; whether the server has confirmed it."""
        self._wanted.add(channel)
        if self._pubsub is None:
            return False
        confirmed = self._confirmations.setdefault(channel, asyncio.get_running_loop().create_future())
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._pubsub.subscribe(channel)
                await confirmed
        except LOST:
            return False
        finally:
            self._confirmations.pop(channel, None)
        return True

    async def leave(self, channel: str) -> None:
        """Listen no more to a channel."""
        self._wanted.discard(channel)
        if self._pubsub is not None:
            try:
                async with asyncio.timeout(ANSWER_S):
                    await self._pubsub.unsubscribe(channel)
            except LOST as error:
                log.info("bus_leave_unsent", why=type(error).__name__)  # the next connection does not join it again

    async def _connect(self) -> None:
        pubsub = self._client.pubsub()
        asked = set(self._wanted)
        try:
            async with asyncio.timeout(ANSWER_S):
                await pubsub.subscribe(*asked)
                await self._await_confirmations(pubsub, len(asked))
                if late := self._wanted - asked:
                    await pubsub.subscribe(*late)
        except BaseException:
            await pubsub.aclose()  # type: ignore[no-untyped-call]
            raise
        self._asked = False
        self._pubsub = pubsub

    async def _await_confirmations(self, pubsub: PubSub, missing: int) -> None:
        while missing:
            message = await pubsub.get_message(timeout=ANSWER_S)
            if message is None:
                raise RedisTimeoutError("the subscription was not confirmed")
            if message["type"] == "subscribe":
                missing -= 1
            elif message["type"] == "message":
                self._early.append((message["channel"].decode(), message["data"]))

    async def _next(self) -> tuple[str, bytes] | None:
        if self._pubsub is None:
            raise RedisConnectionError("the line was let go")
        message = await self._pubsub.get_message(timeout=_SILENCE_S)
        if message is None:
            await self._ask_for_life(self._pubsub)
            return None
        self._asked = False
        if message["type"] == "subscribe":
            confirmed = self._confirmations.get(message["channel"].decode())
            if confirmed is not None and not confirmed.done():
                confirmed.set_result(None)
        return (message["channel"].decode(), message["data"]) if message["type"] == "message" else None

    async def _ask_for_life(self, pubsub: PubSub) -> None:
        if self._asked:
            raise RedisTimeoutError("the server gave no sign of life")
        self._asked = True
        async with asyncio.timeout(ANSWER_S):
            await pubsub.ping()

    async def _drop(self) -> None:
        pubsub, self._pubsub = self._pubsub, None
        self._early.clear()
        if pubsub is not None:
            await pubsub.aclose()  # type: ignore[no-untyped-call]


class RedisInbox:
    """Control messages of the channels that were joined."""

    def __init__(self, line: RedisLine, prefix: str) -> None:
        self.messages = self._read()
        self._line = line
        self._prefix = prefix

    async def join(self, channel: str) -> bool:
        """See `ControlInbox.join`."""
        return await self._line.join(self._prefix + channel)

    async def leave(self, channel: str) -> None:
        """See `ControlInbox.leave`."""
        await self._line.leave(self._prefix + channel)

    def __aiter__(self) -> AsyncIterator[ControlMessage]:
        """See `ControlInbox`."""
        return self.messages

    async def _read(self) -> AsyncGenerator[ControlMessage, None]:
        async with aclosing(self._line.messages()) as messages:
            async for message in messages:
                if message is not None:
                    channel, payload = message
                    yield ControlMessage(channel=channel.removeprefix(self._prefix), payload=payload)


async def batches(line: RedisLine) -> AsyncGenerator[BusBatch, None]:
    """What is published on a line; a gap in the numbering asks for a reload."""
    expected: int | None = None
    async with aclosing(line.messages()) as messages:
        async for message in messages:
            if message is None:
                expected = None
                yield BusBatch(epoch="", reload=True)
                continue
            try:
                number = int(message[1][:NUMBER_WIDTH], 16)
                batch = unpack_batch(message[1][NUMBER_WIDTH:], reload=expected not in {None, number})
            except ValueError:
                log.warning("bus_message_unreadable", size=len(message[1]))
                batch = BusBatch(epoch="", reload=True)
            else:
                expected = number + 1
            yield batch

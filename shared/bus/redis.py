"""The bus between processes, on Redis or Valkey: pub/sub for what changes, a hash for the latest values, keys for leases.

Pub/sub forgets whom it cannot reach, so every interruption and every gap in the numbering of the batches makes a follower
reload the hash. A server that lost its memory is filled again by the publisher.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from shared.bus.base import BusBatch, BusEntry, BusUnavailable, EpochSuperseded, one_epoch, publisher_of
from shared.bus.redis_line import ANSWER_S, LOST, RedisInbox, RedisLine, batches
from shared.bus.wire import pack_batch, pack_value, unpack_value
from shared.clock import Clock

log = structlog.get_logger()

_FORMAT = "1"  # version of keys and bytes; new ones must not meet old ones
_ENTRIES_PER_CALL = 500  # keeps the server free for others and stays below Lua's stack limit

# KEYS: epoch, latest, batch number. ARGV: epoch, channel, batch, "1" if an unset epoch may be claimed, then topic, value ...
_PUBLISH = """
local epoch = redis.call('GET', KEYS[1])
if not epoch and ARGV[4] == '1' then
  redis.call('SET', KEYS[1], ARGV[1])
elseif not epoch then
  return -1
elseif epoch ~= ARGV[1] then
  return 0
end
for i = 5, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
redis.call('PUBLISH', ARGV[2], string.format('%016x', redis.call('INCR', KEYS[3])) .. ARGV[3])
return 1
"""
# KEYS: epoch, batch number. ARGV: epoch, channel, batch
_BEGIN = """
redis.call('SET', KEYS[1], ARGV[1])
redis.call('PUBLISH', ARGV[2], string.format('%016x', redis.call('INCR', KEYS[2])) .. ARGV[3])
"""
_RENEW = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) else return 0 end"
_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end"


@dataclass(slots=True, kw_only=True)
class _Epoch:
    """What this process publishes: everything so far, to refill an emptied server, and what was not yet taken."""

    name: str
    published: dict[str, BusEntry] = field(default_factory=dict)
    unsent: dict[str, BusEntry] = field(default_factory=dict)


class RedisBus:
    """A bus on one Redis or Valkey server.

    Args:
        url: `redis://`, `rediss://` or `unix://` address.
        namespace: Houses with different namespaces share a server without hearing each other.
        clock: Machine time of reconnections.
    """

    def __init__(self, url: str, *, namespace: str, clock: Clock) -> None:
        # No timeout of the vendor's: it waits with asyncio.wait_for, which on Python 3.11 can swallow a cancellation.
        self._client: Redis = Redis.from_url(
            url, socket_timeout=None, socket_connect_timeout=ANSWER_S, retry=Retry(NoBackoff(), 0), protocol=2
        )
        self._clock = clock
        self._prefix = f"kstock:{_FORMAT}:{namespace}:"
        self._scripts = {text: self._client.register_script(text) for text in (_PUBLISH, _BEGIN, _RENEW, _RELEASE)}
        self._epochs: dict[str, _Epoch] = {}

    async def begin_epoch(self, epoch: str) -> None:
        """See `EventBus.begin_epoch`."""
        keys = (self._key(f"epoch:{publisher_of(epoch)}"), self._key("batches"))
        await self._run(_BEGIN, keys, epoch, self._key("entries"), pack_batch(BusBatch(epoch=epoch)))
        self._epochs[publisher_of(epoch)] = _Epoch(name=epoch)

    async def publish(self, entries: Sequence[BusEntry]) -> None:
        """See `EventBus.publish`."""
        if not entries:
            for epoch in self._epochs.values():
                await self._publish_unsent(epoch)
            return
        epoch = self._own(one_epoch(entries))
        epoch.unsent.update((entry.topic, entry) for entry in entries)
        await self._publish_unsent(epoch)

    async def latest(self, topics: Collection[str] | None = None) -> dict[str, BusEntry]:
        """See `EventBus.latest`."""
        key = self._key("latest")
        async with _answering():
            if topics is None:
                stored = await self._client.hgetall(key)
                found = {_bytes(topic).decode(): _bytes(value) for topic, value in stored.items()}
            else:
                values = await self._client.hmget(key, list(topics)) if topics else []
                found = {topic: _bytes(value) for topic, value in zip(topics, values, strict=True) if value is not None}
        return {topic: unpack_value(topic, value) for topic, value in found.items()}

    async def current_epoch(self, publisher: str) -> str | None:
        """See `EventBus.current_epoch`."""
        return await self._text(f"epoch:{publisher}")

    @asynccontextmanager
    async def subscribe(self) -> AsyncIterator[AsyncIterator[BusBatch]]:
        """See `EventBus.subscribe`."""
        line = RedisLine(self._client, self._clock, self._key("entries"))
        async with line.opened(), aclosing(batches(line)) as published:
            yield published

    async def send_control(self, channel: str, payload: bytes) -> int:
        """See `EventBus.send_control`."""
        async with _answering():
            return int(await self._client.publish(self._key(f"control:{channel}"), payload))

    @asynccontextmanager
    async def listen_control(self, *channels: str) -> AsyncIterator[RedisInbox]:
        """See `EventBus.listen_control`."""
        prefix = self._key("control:")
        line = RedisLine(self._client, self._clock, prefix, *(prefix + channel for channel in channels))
        inbox = RedisInbox(line, prefix)
        async with line.opened(), aclosing(inbox.messages):
            yield inbox

    async def acquire_lease(self, name: str, owner: str, ttl: timedelta) -> bool:
        """See `EventBus.acquire_lease`."""
        async with _answering():
            taken = await self._client.set(self._key(f"lease:{name}"), owner, nx=True, px=ttl)
        return bool(taken) or await self.renew_lease(name, owner, ttl)

    async def renew_lease(self, name: str, owner: str, ttl: timedelta) -> bool:
        """See `EventBus.renew_lease`."""
        milliseconds = round(ttl.total_seconds() * 1000)
        return await self._run(_RENEW, (self._key(f"lease:{name}"),), owner, milliseconds) == 1

    async def release_lease(self, name: str, owner: str) -> bool:
        """See `EventBus.release_lease`."""
        return await self._run(_RELEASE, (self._key(f"lease:{name}"),), owner) == 1

    async def lease_owner(self, name: str) -> str | None:
        """See `EventBus.lease_owner`."""
        return await self._text(f"lease:{name}")

    async def close(self) -> None:
        """Close every connection of commands."""
        await self._client.aclose()

    def _own(self, name: str) -> _Epoch:
        epoch = self._epochs.get(publisher_of(name))
        if epoch is None or epoch.name != name:
            raise EpochSuperseded("begin an epoch before publishing its entries")
        return epoch

    async def _publish_unsent(self, epoch: _Epoch) -> None:
        if not epoch.unsent:
            return
        epoch.published.update(epoch.unsent)
        if not await self._send(epoch.name, tuple(epoch.unsent.values()), claim=False):
            log.warning("bus_refilled", topics=len(epoch.published))
            await self._send(epoch.name, tuple(epoch.published.values()), claim=True)
        epoch.unsent.clear()

    async def _send(self, epoch: str, entries: Sequence[BusEntry], *, claim: bool) -> bool:
        """Publish in portions; False when the server has forgotten the epoch and `claim` does not allow to set it."""
        keys = (self._key(f"epoch:{publisher_of(epoch)}"), self._key("latest"), self._key("batches"))
        for start in range(0, len(entries), _ENTRIES_PER_CALL):
            portion = tuple(entries[start : start + _ENTRIES_PER_CALL])
            batch = BusBatch(epoch=epoch, entries=portion)
            values = [part for entry in portion for part in (entry.topic, pack_value(entry))]
            answer = await self._run(
                _PUBLISH, keys, epoch, self._key("entries"), pack_batch(batch), "1" if claim else "0", *values
            )
            if answer == 0:
                raise EpochSuperseded("another publisher has taken over; stop publishing and acquire the lease again")
            if answer == -1:
                return False
        return True

    async def _run(self, script: str, keys: Sequence[str], *values: str | bytes | int) -> object:
        async with _answering():
            answer: object = await self._scripts[script](keys, values)
            return answer

    async def _text(self, name: str) -> str | None:
        async with _answering():
            value = await self._client.get(self._key(name))
        return None if value is None else _bytes(value).decode()

    def _key(self, name: str) -> str:
        return self._prefix + name


@asynccontextmanager
async def _answering() -> AsyncIterator[None]:
    """Wait only so long, and turn the vendor's ways of saying "no answer" into ours."""
    try:
        async with asyncio.timeout(ANSWER_S):
            yield
    except LOST as error:
        raise BusUnavailable(f"no answer ({type(error).__name__})") from error


def _bytes(value: bytes | str) -> bytes:
    """Answers are bytes with our settings; the vendor's types allow text."""
    return value.encode() if isinstance(value, str) else value

"""Answers being given: one question of a caller at a time, a few waiting, and repeated calls join the same answer."""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from kstock.chat.v1 import chat_service_pb2

from shared.clock import Clock
from shared.market.errors import InvalidInput, LimitExceeded
from shared.rpc.errors import ServerUnavailable

MAX_WAITING = 3
"""Questions of one caller that wait behind the one being answered."""

LINGERING_S = 5.0
"""How long an answer with a key goes on without a reader, who may come back after a lost connection."""

_KEPT = 500
_KEPT_FOR_S = 600.0
_MAX_KEY = 64
_RETRY_AFTER = timedelta(seconds=5)

Emit = Callable[[chat_service_pb2.ConverseResponse], Awaitable[None]]
Answering = Callable[[Emit], Awaitable[None]]


@dataclass(slots=True)
class _Answer:
    """One answer: its events so far, and whether it has ended."""

    events: list[chat_service_pb2.ConverseResponse] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    ended_at: float | None = None
    error: Exception | None = None
    task: asyncio.Task[None] | None = None
    readers: int = 1

    async def emit(self, event: chat_service_pb2.ConverseResponse) -> None:
        """Add the next event."""
        event.sequence = len(self.events) + 1
        self.events.append(event)
        self.wake()

    def wake(self) -> None:
        """Let every reader look."""
        self.changed.set()
        self.changed = asyncio.Event()

    def end_if_unread(self) -> None:
        """Stop answering where nobody reads."""
        if not self.readers and self.task is not None:
            self.task.cancel()


@dataclass(slots=True)
class _Lane:
    """The questions of one caller: at work and waiting."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    answers: list[_Answer] = field(default_factory=list)


class AnswerDesk:
    """Owns the tasks that answer; `run` must be running for questions to be taken."""

    name = "chat-desk"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lanes: defaultdict[str, _Lane] = defaultdict(_Lane)
        self._answers: OrderedDict[tuple[str, str], _Answer] = OrderedDict()
        self._tasks: asyncio.TaskGroup | None = None
        self._open = asyncio.Event()

    async def run(self) -> None:
        """Take questions until cancelled; answers that are being given then end with it."""
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            self._open.set()
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                self._open.clear()

    async def follow(
        self, owner: str, key: str, answering: Answering
    ) -> AsyncIterator[tuple[bool, chat_service_pb2.ConverseResponse]]:
        """Events of an answer from its first on, with whether it had been asked before.

        An answer ends when its last reader leaves. One with a key goes on for some seconds, so that its reader can come
        back; it gives way as soon as its owner asks something else.

        Args:
            owner: Whose question.
            key: Idempotency key; empty always asks anew. An answer is kept for ten minutes under its key.
            answering: Gives the answer by emitting its events.

        Raises:
            InvalidInput: The key is too long.
            LimitExceeded: The caller has too many questions waiting.
        """
        if len(key) > _MAX_KEY:
            raise InvalidInput("idempotency_key", f"has {len(key)} characters; up to {_MAX_KEY} are possible")
        await self._open.wait()
        known = self._kept(owner, key)
        if known is None:
            answer = self._start(owner, key, answering)
        else:
            answer, known.readers = known, known.readers + 1
        try:
            async for event in self._events(answer):
                yield known is not None, event
        finally:
            answer.readers -= 1
            if not key:
                answer.end_if_unread()
            elif not answer.readers and answer.ended_at is None and self._tasks is not None:
                self._tasks.create_task(self._linger(answer))

    def forget(self, owner: str) -> None:
        """Do not repeat any answer that was given to a caller."""
        for place in [place for place, answer in self._answers.items() if place[0] == owner and answer.ended_at is not None]:
            del self._answers[place]

    def _kept(self, owner: str, key: str) -> _Answer | None:
        now = self._clock.monotonic()
        while self._answers:
            oldest = next(iter(self._answers.values()))
            if oldest.ended_at is None or (now - oldest.ended_at < _KEPT_FOR_S and len(self._answers) <= _KEPT):
                break
            self._answers.popitem(last=False)
        return self._answers.get((owner, key)) if key else None

    def _start(self, owner: str, key: str, answering: Answering) -> _Answer:
        lane = self._lanes[owner]
        for other in lane.answers:
            other.end_if_unread()
        if len(lane.answers) > MAX_WAITING:
            raise LimitExceeded("RATE_LIMITED", f"1 question at work and {MAX_WAITING} waiting", _RETRY_AFTER)
        assert self._tasks is not None
        answer = _Answer()
        lane.answers.append(answer)
        answer.task = self._tasks.create_task(self._answer(lane, answer, answering))
        # Not in the task itself, which would do nothing at all when it is cancelled before its first step.
        answer.task.add_done_callback(lambda task: self._end(owner, answer, broken_off=task.cancelled()))
        if key:
            self._answers[owner, key] = answer
        return answer

    async def _answer(self, lane: _Lane, answer: _Answer, answering: Answering) -> None:
        try:
            async with lane.lock:
                await answering(answer.emit)
        except Exception as error:  # noqa: BLE001  # reaches every reader of this answer, and only them: as an error of their call
            answer.error = error

    def _end(self, owner: str, answer: _Answer, *, broken_off: bool) -> None:
        lane = self._lanes[owner]
        lane.answers.remove(answer)
        if not lane.answers:
            del self._lanes[owner]
        if broken_off:
            self._drop(answer)
            answer.error = ServerUnavailable("DRAINING", "the answer was ended", _RETRY_AFTER)
        answer.ended_at = self._clock.monotonic()
        answer.wake()

    async def _linger(self, answer: _Answer) -> None:
        await self._clock.sleep_machine(LINGERING_S)
        if answer.ended_at is None:
            answer.end_if_unread()

    def _drop(self, answer: _Answer) -> None:
        """An answer that was broken off is given anew when it is asked for again."""
        for place in [place for place, kept in self._answers.items() if kept is answer]:
            del self._answers[place]

    async def _events(self, answer: _Answer) -> AsyncIterator[chat_service_pb2.ConverseResponse]:
        position = 0
        while True:
            while position < len(answer.events):
                yield answer.events[position]
                position += 1
            if answer.ended_at is None:
                await answer.changed.wait()
            elif answer.error is not None:
                raise answer.error
            else:
                return

"""Answers being given: one question of a caller at a time, a few waiting, and repeated calls join the same answer."""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from kstock.chat.v1 import chat_service_pb2

from shared.clock import Clock
from shared.market.errors import InvalidInput, LimitExceeded

MAX_WAITING = 3
"""Questions of one caller that wait behind the one being answered."""

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
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    ended_at: float | None = None
    error: Exception | None = None
    task: asyncio.Task[None] | None = None
    readers: int = 0


@dataclass(slots=True)
class _Lane:
    """The questions of one caller."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


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
        answer = known or self._start(owner, key, answering)
        answer.readers += 1
        try:
            async for event in self._events(answer):
                yield known is not None, event
        finally:
            answer.readers -= 1
            if not key and not answer.readers and answer.task is not None:
                answer.task.cancel()

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
        if lane.waiting > MAX_WAITING:
            raise LimitExceeded("RATE_LIMITED", f"1 question at work and {MAX_WAITING} waiting", _RETRY_AFTER)
        assert self._tasks is not None
        answer = _Answer()
        lane.waiting += 1
        answer.task = self._tasks.create_task(self._answer(owner, answer, answering))
        if key:
            self._answers[owner, key] = answer
        return answer

    async def _answer(self, owner: str, answer: _Answer, answering: Answering) -> None:
        lane = self._lanes[owner]

        async def emit(event: chat_service_pb2.ConverseResponse) -> None:
            async with answer.changed:
                event.sequence = len(answer.events) + 1
                answer.events.append(event)
                answer.changed.notify_all()

        try:
            async with lane.lock:
                await answering(emit)
        except Exception as error:  # noqa: BLE001  # reaches every reader of this answer, and only them: as an error of their call
            answer.error = error
        finally:
            lane.waiting -= 1
            if not lane.waiting:
                self._lanes.pop(owner, None)
            answer.ended_at = self._clock.monotonic()
            async with answer.changed:
                answer.changed.notify_all()

    async def _events(self, answer: _Answer) -> AsyncIterator[chat_service_pb2.ConverseResponse]:
        position = 0
        while True:
            async with answer.changed:
                await answer.changed.wait_for(
                    lambda: len(answer.events) > position or answer.ended_at is not None  # noqa: B023
                )
            while position < len(answer.events):
                yield answer.events[position]
                position += 1
            if answer.ended_at is not None and position == len(answer.events):
                if answer.error is not None:
                    raise answer.error
                return

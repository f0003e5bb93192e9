"""A model with patience and its limits: deadlines, retries before the first word, and rest after failures."""

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta

import structlog

from servers.chat.llm.errors import PASSING, ModelUnavailable, Trouble
from servers.chat.llm.port import Model, ModelEvent, ModelRequest
from shared.clock import Clock

log = structlog.get_logger(__name__)

_FIRST_DELAY_S = 0.5
_LONGEST_REST_S = 60.0
_OF_THE_SERVICE = PASSING | {Trouble.TIMEOUT, Trouble.REFUSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a model may take, in machine time.

    Attributes:
        first_event: From the request to the first event, retries included.
        silence: Between two events.
        turn: From the request to the end.
        attempts: Requests of one turn at most.
        failures: Turns that fail one after another before the model is left alone for `rest`.
        rest: How long; where the model names a time, that counts, up to a minute.
    """

    first_event: timedelta = timedelta(seconds=10)
    silence: timedelta = timedelta(seconds=8)
    turn: timedelta = timedelta(seconds=25)
    attempts: int = 3
    failures: int = 3
    rest: timedelta = timedelta(seconds=15)


@dataclass(slots=True, kw_only=True)
class _Turn:
    """One turn under way: when its first event and its end are due, and how far it is."""

    first: float
    last: float
    attempt: int = 1
    began: bool = False


class ResilientModel:
    """Wraps a model; every turn either ends in time or raises ModelUnavailable."""

    def __init__(self, model: Model, clock: Clock, *, patience: Patience, rng: random.Random) -> None:
        self._model = model
        self._clock = clock
        self._patience = patience
        self._rng = rng
        self._failures = 0
        self._resting_until = float("-inf")
        self.name = model.name

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        """One turn; see the port. Only a request that has given no event yet is repeated."""
        turn = self._begin()
        while True:
            try:
                async with aclosing(self._once(request, turn)) as events:
                    async for event in events:
                        yield event
            except ModelUnavailable as error:
                delay = self._delay_before_next(error, turn)
            else:
                self._failures = 0
                return
            turn.attempt += 1
            await self._clock.sleep_machine(delay)

    async def close(self) -> None:
        """Close the model."""
        await self._model.close()

    def _begin(self) -> _Turn:
        now = self._clock.monotonic()
        if now < self._resting_until:
            raise ModelUnavailable(Trouble.OVERLOADED, "left alone after failures")
        patience = self._patience
        return _Turn(first=now + patience.first_event.total_seconds(), last=now + patience.turn.total_seconds())

    async def _once(self, request: ModelRequest, turn: _Turn) -> AsyncGenerator[ModelEvent, None]:
        silence = self._patience.silence.total_seconds()
        async with aclosing(self._model.stream(request)) as events:
            while True:
                due = self._clock.monotonic() + silence if turn.began else turn.first
                event = await self._next(events, min(due, turn.last))
                if event is None:
                    return
                turn.began = True
                yield event

    async def _next(self, events: AsyncGenerator[ModelEvent, None], until: float) -> ModelEvent | None:
        try:
            async with asyncio.timeout(max(0.0, until - self._clock.monotonic())):
                return await anext(events, None)
        except TimeoutError:
            raise ModelUnavailable(Trouble.TIMEOUT, "took too long") from None

    def _delay_before_next(self, error: ModelUnavailable, turn: _Turn) -> float:
        """Seconds until the next attempt; raises the error when there is none.

        The time that the model named, or half a second doubled each time, with full jitter.
        """
        delay = self._rng.uniform(0, _FIRST_DELAY_S * 2 ** (turn.attempt - 1))
        if error.retry_after is not None:
            delay += error.retry_after.total_seconds()
        in_time = self._clock.monotonic() + delay < turn.first
        if turn.began or error.trouble not in PASSING or turn.attempt >= self._patience.attempts or not in_time:
            self._failed(error)
            raise error
        return delay

    def _failed(self, error: ModelUnavailable) -> None:
        """Count a failed turn; after several, or when the model says for how long, do not ask for a while.

        What depends on the question does not count: nobody shall be able to silence the model for others.
        """
        if error.trouble not in _OF_THE_SERVICE:
            return
        self._failures += 1
        named = error.retry_after.total_seconds() if error.retry_after is not None else 0.0
        tired = self._failures >= self._patience.failures
        rest = max(named, self._patience.rest.total_seconds() if tired else 0.0)
        if rest:
            self._resting_until = self._clock.monotonic() + min(rest, _LONGEST_REST_S)
            log.warning("chat_model_resting", trouble=error.trouble.value, rest_s=round(rest, 1), failures=self._failures)

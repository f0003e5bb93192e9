"""Keeps calls out while the server drains, and callers within their limits."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta

from shared.clock import Clock
from shared.rpc.call import Call
from shared.rpc.errors import ServerUnavailable
from shared.rpc.limits import RateLimiter, StreamSlots
from shared.rpc.methods import Scope

_COME_BACK = timedelta(seconds=5)
_SECOND = timedelta(seconds=1)


class Drain:
    """Refuses new calls while the server drains, and ends the ones that do not end by themselves.

    Health and reflection stay reachable until the end.
    """

    def __init__(self) -> None:
        self.draining = False
        self._scopes: set[asyncio.Timeout] = set()
        self._working = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @asynccontextmanager
    async def around(self, call: Call) -> AsyncIterator[None]:
        """Let the call in unless the server drains."""
        is_work = call.policy.scope is not None
        if self.draining and is_work:
            raise _draining()
        scope = asyncio.timeout(None)
        try:
            async with scope:
                with self._counted(scope, is_work=is_work):
                    yield
        except TimeoutError:
            if not scope.expired():
                raise
            raise _draining() from None

    async def idle(self) -> None:
        """Return once no call but health and reflection is being answered."""
        await self._idle.wait()

    def end_remaining(self) -> None:
        """End every call that is left with UNAVAILABLE, which is kinder than cancelling its handler."""
        for scope in self._scopes:
            scope.reschedule(0)

    @contextmanager
    def _counted(self, scope: asyncio.Timeout, *, is_work: bool) -> Iterator[None]:
        self._scopes.add(scope)
        self._working += is_work
        if is_work:
            self._idle.clear()
        try:
            yield
        finally:
            self._scopes.discard(scope)
            self._working -= is_work
            if self._working == 0:
                self._idle.set()


def _draining() -> ServerUnavailable:
    return ServerUnavailable("DRAINING", "the server is about to stop; call another one or come back", _COME_BACK)


class CallerLimits:
    """Counts streams and paces methods that have a rate."""

    def __init__(self, slots: StreamSlots, clock: Clock) -> None:
        self._slots = slots
        self._clock = clock
        self._limiters: dict[str, RateLimiter] = {}

    @asynccontextmanager
    async def around(self, call: Call) -> AsyncIterator[None]:
        """Take what the call needs from its caller's allowance for as long as it lasts."""
        caller = call.principal.name
        if call.policy.calls_per_second is not None:
            self._limiter(call.method, call.policy.calls_per_second).take(caller)
        async with AsyncExitStack() as held:
            if call.policy.is_stream:
                held.enter_context(self._slots.hold(caller, exempt=Scope.INTERNAL in call.principal.scopes))
            yield

    def _limiter(self, method: str, calls_per_second: int) -> RateLimiter:
        limiter = self._limiters.get(method)
        if limiter is None:
            limiter = self._limiters[method] = RateLimiter(calls_per_second, _SECOND, self._clock)
        return limiter

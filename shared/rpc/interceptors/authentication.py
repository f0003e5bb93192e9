"""Finds out who calls and denies what the caller may not do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from shared.rpc.call import Call
from shared.rpc.principals import PrincipalResolver


class Authentication:
    """Resolves the principal of a call and checks it against the method's policy."""

    def __init__(self, resolver: PrincipalResolver) -> None:
        self._resolver = resolver

    @asynccontextmanager
    async def around(self, call: Call) -> AsyncIterator[None]:
        """Let the call in as its principal, or refuse it."""
        if call.policy.scope is not None:
            call.principal = self._resolver.resolve(call.metadata, call.context.peer())
            call.principal.require(call.policy)
            structlog.contextvars.bind_contextvars(principal=call.principal.name)
        yield

"""What the plumbing knows about the call that is being answered."""

import math
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import grpc
from grpc.aio import ServicerContext

from shared.clock import Clock
from shared.rpc.methods import MethodPolicy
from shared.rpc.principals import Principal

_NOBODY = Principal(name="nobody", scopes=frozenset())


@dataclass(slots=True, kw_only=True)
class Call:
    """One incoming call; the stages of the pipeline fill it in on the way to the servicer.

    Attributes:
        method: Full name, e.g. `/kstock.market.v1.MarketService/ListBars`.
        policy: Its rules.
        context: The gRPC context.
        metadata: Text metadata, lower-case keys.
        request_id: Id of this call in logs and answers.
        principal: Who calls; nobody until authenticated.
        ends_at: Monotonic machine time at which it must have ended, by its cap or its caller's deadline.
        code: How it ended, once it has.
    """

    method: str
    policy: MethodPolicy
    context: ServicerContext[Any, Any]
    metadata: dict[str, str]
    request_id: str = ""
    principal: Principal = field(default=_NOBODY)
    ends_at: float = math.inf
    code: grpc.StatusCode = grpc.StatusCode.OK

    def remaining(self, clock: Clock) -> float:
        """Seconds of machine time left, at least 0: what brokers and models behind this call may take."""
        return max(0.0, self.ends_at - clock.monotonic())


_CURRENT: ContextVar[Call] = ContextVar("kstock_call")


def current_call() -> Call:
    """The call that this task answers.

    Raises:
        LookupError: Outside a call.
    """
    return _CURRENT.get()


def current_principal() -> Principal:
    """Who makes the call that this task answers."""
    return _CURRENT.get().principal


def set_current_call(call: Call) -> None:
    """Let everything that this task does from now on know its call; each call has a task of its own."""
    _CURRENT.set(call)

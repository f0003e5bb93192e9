"""One interceptor that leads every call through the same stages, unary and streaming alike.

The stages are context managers around the whole call, entered in order: the first one sees everything that happens in the
later ones. A method that is not in the policy table is denied.
"""

import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NoReturn, Protocol, TypeAlias

import grpc
from google.protobuf.message import DecodeError, Message
from grpc.aio import ServerInterceptor, ServicerContext

from shared.market.errors import InvalidInput, KStockError, LimitExceeded, NotAllowed
from shared.rpc.call import Call, set_current_call
from shared.rpc.errors import NotServed
from shared.rpc.methods import MethodPolicy
from shared.rpc.request_check import RequestChecker

Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"  # generic for the type checker only
Context = ServicerContext[Any, Any]
_UNKNOWN = "unknown"
"""In logs and metrics, instead of whatever name a caller made up."""
_UNLISTED = MethodPolicy(scope=None, deadline=timedelta(seconds=3))


class Stage(Protocol):
    """Something that surrounds every call."""

    def around(self, call: Call) -> AbstractAsyncContextManager[None]:
        """Do what is due before the call, and after it however it ends; raise to refuse it."""
        ...


@dataclass(frozen=True, slots=True)
class _Unusable:
    """What the deserializer returns for bytes that are no request; raised inside the stages, so that it is mapped."""

    error: KStockError


class CallPipeline(ServerInterceptor):
    """Leads calls through stages and checks their requests."""

    def __init__(self, stages: Sequence[Stage], policies: Mapping[str, MethodPolicy]) -> None:
        """Set the pipeline up.

        Args:
            stages: Outermost first.
            policies: Full method name -> rules; the methods that may be called at all.
        """
        self._stages = tuple(stages)
        self._policies = policies
        self._checker = RequestChecker()

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable["Handler | None"]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> "Handler | None":
        """Wrap the handler of a call; see `grpc.aio.ServerInterceptor`."""
        handler = await continuation(handler_call_details)
        method = str(handler_call_details.method)
        policy = self._policies.get(method)
        if handler is None:
            return grpc.unary_unary_rpc_method_handler(
                _NotHosted(self, method if policy else "", policy or _UNLISTED).answer
            )
        line = _CallLine(self, method, policy or _UNLISTED, handler, listed=policy is not None)
        return line.handler()

    def call_of(self, method: str, policy: MethodPolicy, context: Context) -> Call:
        """The description of a call that begins."""
        metadata = {key: value for key, value in context.invocation_metadata() or () if isinstance(value, str)}
        return Call(method=method, policy=policy, context=context, metadata=metadata)

    async def enter(self, call: Call, stack: AsyncExitStack) -> None:
        """Enter all stages."""
        set_current_call(call)
        for stage in self._stages:
            await stack.enter_async_context(stage.around(call))

    def check(self, request: object, call: Call) -> None:
        """Refuse a request that was not readable, has meaningless values or speaks for somebody else."""
        if isinstance(request, _Unusable):
            raise request.error
        if isinstance(request, Message):
            self._checker.check(request)
            call.principal.acting_for(getattr(request, "user_ref", ""))


@dataclass(frozen=True, slots=True)
class _NotHosted:
    """A method that no service of this server has; an error looks the same to callers of a stream and of one answer."""

    pipeline: CallPipeline
    method: str
    policy: MethodPolicy

    async def answer(self, _request: object, context: Context) -> NoReturn:
        async with AsyncExitStack() as stack:
            await self.pipeline.enter(self.pipeline.call_of(self.method or _UNKNOWN, self.policy, context), stack)
            raise NotServed(self.method)


@dataclass(frozen=True, slots=True)
class _CallLine:
    """One method's handler inside the pipeline."""

    pipeline: CallPipeline
    method: str
    policy: MethodPolicy
    inner: Handler
    listed: bool

    def handler(self) -> Handler:
        inner = self.inner
        if inner.request_streaming and inner.response_streaming:  # server reflection
            return grpc.stream_stream_rpc_method_handler(self._stream, inner.request_deserializer, inner.response_serializer)
        if inner.request_streaming:
            return grpc.stream_unary_rpc_method_handler(self._denied)
        if inner.response_streaming:
            return grpc.unary_stream_rpc_method_handler(self._stream, self._deserialize, inner.response_serializer)
        return grpc.unary_unary_rpc_method_handler(self._unary, self._deserialize, inner.response_serializer)

    async def _unary(self, request: object, context: Context) -> object:
        async with AsyncExitStack() as stack:
            await self._admit(request, context, stack)
            behaviour: Any = self.inner.unary_unary
            return await behaviour(request, context)

    async def _stream(self, request: object, context: Context) -> None:
        async with AsyncExitStack() as stack:
            await self._admit(request, context, stack)
            behaviour: Any = self.inner.unary_stream or self.inner.stream_stream
            answer = behaviour(request, context)
            if inspect.isawaitable(answer):
                await answer
            else:
                await _write_all(answer, context)

    async def _denied(self, request: object, context: Context) -> object:
        async with AsyncExitStack() as stack:
            call = self.pipeline.call_of(self.method, self.policy, context)
            await self.pipeline.enter(call, stack)
            raise NotAllowed("a listed method")

    async def _admit(self, request: object, context: Context, stack: AsyncExitStack) -> None:
        call = self.pipeline.call_of(self.method, self.policy, context)
        await self.pipeline.enter(call, stack)
        if not self.listed:
            raise NotAllowed("a listed method")
        self.pipeline.check(request, call)

    def _deserialize(self, raw: bytes) -> object:
        if len(raw) > self.policy.request_bytes:
            limit = f"{self.policy.request_bytes} bytes per request"
            return _Unusable(LimitExceeded("REQUEST_TOO_LARGE", limit))
        try:
            return self.inner.request_deserializer(raw) if self.inner.request_deserializer else raw
        except DecodeError:
            return _Unusable(InvalidInput("request", "is not an encoded message of this method; check the contract"))


async def _write_all(messages: AsyncGenerator[object, None], context: Context) -> None:
    async with aclosing(messages) as source:
        async for message in source:
            await context.write(message)

"""From a servicer to method handlers, built from the service's descriptor.

Unlike the generated `add_...Servicer_to_server` this lets a streaming method write responses that are encoded already, and
answers a method that the servicer does not have with NOT_SERVED instead of an untyped error.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn

import grpc
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from shared.rpc.errors import NotServed

_GENERATED_SUFFIX = "_pb2_grpc"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedService:
    """A service and who answers it.

    Attributes:
        descriptor: The service, e.g. `market_service_pb2.DESCRIPTOR.services_by_name["MarketService"]`; reflection and
            clients see it as it is, whatever is encoded here.
        servicer: Has an async method per RPC, `async def ListBars(self, request, context)`; a streaming one is either an
            async generator or a coroutine that calls `context.write`. What it lacks answers UNIMPLEMENTED.
        encoded: Streaming methods whose responses are `bytes`, each a whole encoded response message.
    """

    descriptor: ServiceDescriptor
    servicer: object
    encoded: frozenset[str] = frozenset()


def service_handler(service: HostedService) -> grpc.GenericRpcHandler:
    """Handlers for every method of a service: what `Server.add_generic_rpc_handlers` takes."""
    methods = service.descriptor.methods
    unknown = service.encoded - {method.name for method in methods}
    if unknown:
        raise ValueError(f"{service.descriptor.full_name} has no method {sorted(unknown)}")
    return grpc.method_handlers_generic_handler(
        service.descriptor.full_name, {method.name: _method_handler(method, service) for method in methods}
    )


def serves(servicer: object, method: MethodDescriptor) -> bool:
    """Whether a servicer has its own implementation of a method."""
    found = getattr(type(servicer), method.name, None)
    return found is not None and not found.__module__.endswith(_GENERATED_SUFFIX)


def _behaviour(method: MethodDescriptor, servicer: object) -> Callable[..., Any]:
    if serves(servicer, method):
        found: Callable[..., Any] = getattr(servicer, method.name)
        return found
    return partial(_not_served, method.full_name)


async def _not_served(method: str, request: Message, context: object) -> NoReturn:
    raise NotServed(method)


def _method_handler(method: MethodDescriptor, service: HostedService) -> "grpc.RpcMethodHandler[Any, Any]":
    if method.client_streaming:
        raise ValueError(f"{method.full_name}: the contract has no client streams; browsers could not use them")
    behaviour = _behaviour(method, service.servicer)
    deserializer = GetMessageClass(method.input_type).FromString
    serializer = None if method.name in service.encoded else _serialize
    if method.server_streaming:
        return grpc.unary_stream_rpc_method_handler(behaviour, deserializer, serializer)
    return grpc.unary_unary_rpc_method_handler(behaviour, deserializer, serializer)


def _serialize(message: Message) -> bytes:
    return message.SerializeToString()

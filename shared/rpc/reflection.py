"""Server reflection under both of its names, so that `buf curl` and older tools list the services."""

from collections.abc import Iterable, Sequence
from typing import Any

import grpc
from grpc_reflection.v1alpha import reflection, reflection_pb2

REFLECTION_NAMES = ("grpc.reflection.v1.ServerReflection", reflection.SERVICE_NAME)
"""The messages of v1 are byte for byte those of v1alpha; the Python package only ships the latter."""

_METHOD = "ServerReflectionInfo"
REFLECTION_METHODS = tuple(f"/{name}/{_METHOD}" for name in REFLECTION_NAMES)


def reflection_handlers(service_names: Iterable[str]) -> Sequence[grpc.GenericRpcHandler]:
    """Handlers that describe the named services from the loaded descriptors."""
    servicer = reflection.aio.ReflectionServicer([*service_names, reflection.SERVICE_NAME])
    handler: grpc.RpcMethodHandler[Any, Any] = grpc.stream_stream_rpc_method_handler(
        servicer.ServerReflectionInfo,
        reflection_pb2.ServerReflectionRequest.FromString,
        reflection_pb2.ServerReflectionResponse.SerializeToString,
    )
    return [grpc.method_handlers_generic_handler(name, {_METHOD: handler}) for name in REFLECTION_NAMES]

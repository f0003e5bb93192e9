"""Health per service, `List` included, which grpcio's own servicer leaves out."""

from typing import Any

from grpc.aio import ServicerContext
from grpc_health.v1 import health, health_pb2

_WHOLE_SERVER = ""


class HealthServicer(health.aio.HealthServicer):  # type: ignore[misc]  # its package has no types
    """Answers `grpc.health.v1.Health`."""

    def __init__(self) -> None:
        super().__init__()
        self._names = [_WHOLE_SERVER]

    async def set(self, service: str, status: health_pb2.HealthCheckResponse.ServingStatus) -> None:
        """Report the health of a service."""
        if service not in self._names:
            self._names.append(service)
        await super().set(service, status)

    async def List(  # noqa: N802  # the name of the RPC
        self, request: health_pb2.HealthListRequest, context: ServicerContext[Any, Any]
    ) -> health_pb2.HealthListResponse:
        """Every service with its health; the empty name is the server as a whole."""
        asked = {name: health_pb2.HealthCheckRequest(service=name) for name in self._names}
        statuses = {name: await self.Check(one, context) for name, one in asked.items()}
        return health_pb2.HealthListResponse(statuses=statuses)

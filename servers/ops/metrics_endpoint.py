"""Metrics over HTTP for Prometheus; a small server of its own, because gRPC's port speaks gRPC only."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

import structlog
from prometheus_client import CONTENT_TYPE_LATEST

from shared.market.errors import InvalidInput
from shared.metrics import Metrics
from shared.rpc.listen import parse_listen

log = structlog.get_logger(__name__)

_PATHS = ("/metrics", "/")
_HEAD_BYTES = 16 * 1024
_READ_S = 5.0
_END_OF_HEAD = b"\r\n\r\n"


@asynccontextmanager
async def metrics_endpoint(listen: str, metrics: Metrics) -> AsyncIterator[int]:
    """Answer `GET /metrics` while the block runs.

    Args:
        listen: `host:port`, port 0 for any; empty for no endpoint.
        metrics: What is shown.

    Yields:
        The port; 0 without an endpoint.

    Raises:
        InvalidInput: The address cannot be used.
    """
    if not listen:
        yield 0
        return
    address = parse_listen(listen, "metrics.listen")

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(await _response(reader, metrics))
            await writer.drain()
        except (ConnectionError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            log.debug("metrics_reader_lost")
        finally:
            writer.close()

    try:
        server = await asyncio.start_server(answer, address.host, address.port, limit=_HEAD_BYTES)
    except OSError as error:
        why = f"{listen} cannot be used; stop the program that has it, choose another address, or empty for none"
        raise InvalidInput("metrics.listen", why) from error
    async with server:
        port: int = server.sockets[0].getsockname()[1]
        log.info("metrics_served", host=address.host, port=port)
        yield port


async def _response(reader: asyncio.StreamReader, metrics: Metrics) -> bytes:
    async with asyncio.timeout(_READ_S):
        head = await reader.readuntil(_END_OF_HEAD)
    method, _, rest = head.partition(b" ")
    path = rest.partition(b" ")[0].partition(b"?")[0].decode("latin-1")
    if method != b"GET":
        return _message(HTTPStatus.METHOD_NOT_ALLOWED, b"only GET is answered\n")
    if path not in _PATHS:
        return _message(HTTPStatus.NOT_FOUND, b"the metrics are at /metrics\n")
    return _message(HTTPStatus.OK, metrics.exposition(), CONTENT_TYPE_LATEST)


def _message(status: HTTPStatus, body: bytes, kind: str = "text/plain; charset=utf-8") -> bytes:
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body

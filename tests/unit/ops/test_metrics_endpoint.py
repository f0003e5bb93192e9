"""Metrics over HTTP, as Prometheus reads them."""

import asyncio

import grpc
import pytest

from servers.ops.metrics_endpoint import metrics_endpoint
from shared.market.errors import InvalidInput
from shared.metrics import Metrics


async def ask(port: int, request: str) -> tuple[str, str]:
    """First line and body of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request.encode())
    answer = (await reader.read()).decode()
    writer.close()
    head, _, body = answer.partition("\r\n\r\n")
    assert f"Content-Length: {len(body)}" in head
    return head.splitlines()[0], body


async def test_the_registry_is_shown() -> None:
    metrics = Metrics()
    metrics.stream.updates_in.inc(3)
    metrics.calls.call_ended("/kstock.market.v1.MarketService/ListBars", grpc.StatusCode.OK, 0.002)

    async with metrics_endpoint("127.0.0.1:0", metrics) as port:
        status, body = await ask(port, "GET /metrics?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n")

    assert status == "HTTP/1.1 200 OK"
    assert "kstock_stream_updates_in_total 3.0" in body
    assert 'kstock_rpc_calls_total{code="OK",method="/kstock.market.v1.MarketService/ListBars"} 1.0' in body


@pytest.mark.parametrize(
    ("line", "status"), [("GET /secrets", "404 Not Found"), ("POST /metrics", "405 Method Not Allowed"), ("", "405")]
)
async def test_nothing_else_is_answered(line: str, status: str) -> None:
    async with metrics_endpoint("127.0.0.1:0", Metrics()) as port:
        first, _ = await ask(port, f"{line} HTTP/1.1\r\n\r\n")

    assert status in first


async def test_a_reader_that_goes_away_or_talks_nonsense_does_no_harm() -> None:
    async with metrics_endpoint("127.0.0.1:0", Metrics()) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /metr")
        writer.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"x" * 100_000)
        assert await reader.read() == b""
        writer.close()
        status, _ = await ask(port, "GET /metrics HTTP/1.1\r\n\r\n")

    assert status == "HTTP/1.1 200 OK"


async def test_a_port_in_use_is_named_with_its_setting() -> None:
    async with metrics_endpoint("127.0.0.1:0", Metrics()) as port:
        with pytest.raises(InvalidInput, match=f"metrics.listen: 127.0.0.1:{port} cannot be used"):
            async with metrics_endpoint(f"127.0.0.1:{port}", Metrics()):
                pass


async def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"metrics.listen: must be host:port"):
        async with metrics_endpoint("9464", Metrics()):
            pass


async def test_empty_means_no_endpoint() -> None:
    async with metrics_endpoint("", Metrics()) as port:
        assert port == 0

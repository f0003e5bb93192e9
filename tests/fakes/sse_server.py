"""A local HTTP server that streams events; it notices at once when a client goes away."""

import asyncio
import json
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from aiohttp import web

from tests.fakes.model_script import Behaviour, Fail, Heard, Script, Turn


class SseModelServer(ABC):
    """A fake model service on a free port of this machine. Subclasses speak the wire of one service.

    `base_url` is where it listens, `headers` what the requests carried, `abandoned_at` the monotonic times at which clients
    went away before their answer had ended.
    """

    path: str

    def __init__(self, *turns: Turn | Behaviour) -> None:
        self.script = Script(*turns)
        self.headers: list[dict[str, str]] = []
        self.abandoned_at: list[float] = []
        self.abandoned = asyncio.Event()
        self.started = asyncio.Event()
        self.base_url = ""

    @property
    def heard(self) -> list[Heard]:
        return self.script.heard

    @abstractmethod
    def hear(self, body: dict[str, Any]) -> Heard:
        """The request as the script sees it."""

    @abstractmethod
    def error(self, fail: Fail) -> dict[str, Any]:
        """The body of an error."""

    @abstractmethod
    def frames(self, turn: Turn) -> AsyncIterator[str | None]:
        """Payloads of the events; None drops the connection."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        app = web.Application(client_max_size=8 * 2**20)
        app.router.add_post(self.path, self._answer)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            host, port = runner.addresses[0][:2]
            self.base_url = f"http://{host}:{port}"
            yield self
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        turn = self.script.next(self.hear(await request.json()))
        self.started.set()
        if turn and isinstance(turn[0], Fail):
            headers = {} if turn[0].retry_after is None else {"Retry-After": str(turn[0].retry_after)}
            return web.json_response(self.error(turn[0]), status=turn[0].status, headers=headers)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        try:
            async for frame in self.frames(turn):
                if frame is None:
                    assert request.transport is not None
                    request.transport.close()
                    return response
                await response.write(f"data: {frame}\r\n\r\n".encode())
        except (asyncio.CancelledError, ConnectionResetError):
            self.abandoned_at.append(time.monotonic())
            self.abandoned.set()
            raise
        await response.write_eof()
        return response


def dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)

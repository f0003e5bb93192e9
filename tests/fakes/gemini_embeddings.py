"""A fake of Gemini's embedding calls: `POST /v1/models/{model}:batchEmbedContents`.

Written from what the SDK sends and reads; nothing was compared with the real service.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Self

from aiohttp import web

from tests.fakes.embedder import WordEmbedder


class GeminiEmbeddings:
    """Answers with vectors in which texts with common words are close.

    `bodies` and `headers` are what was sent; `fail` is a status with its headers to answer with instead, `spoil` changes the
    vectors, `stalling` never answers; `asked` is set by the first request, `abandoned` when a client went away from one.
    """

    def __init__(self, synonyms: dict[str, str] | None = None) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.fail: tuple[int, dict[str, str]] | None = None
        self.spoil: Callable[[list[list[float]]], list[list[float]]] = lambda vectors: vectors
        self.stalling = False
        self.asked = asyncio.Event()
        self.abandoned = asyncio.Event()
        self.base_url = ""
        self._synonyms = synonyms

    @property
    def texts(self) -> list[str]:
        """Every text that was sent."""
        return [part["text"] for body in self.bodies for one in body["requests"] for part in one["content"]["parts"]]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        app = web.Application()
        app.router.add_post(r"/v1/models/{model:.+}:batchEmbedContents", self._answer)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host, port = runner.addresses[0][:2]
            self.base_url = f"http://{host}:{port}"
            yield self
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        body = await request.json()
        self.bodies.append(body)
        self.asked.set()
        if self.stalling:
            try:
                await asyncio.Event().wait()
            finally:
                self.abandoned.set()
        if self.fail is not None:
            status, headers = self.fail
            error = {"error": {"code": status, "message": "fake", "status": "UNAVAILABLE"}}
            return web.json_response(error, status=status, headers=headers)
        words = WordEmbedder(body["requests"][0]["outputDimensionality"], self._synonyms)
        texts = ["".join(part["text"] for part in one["content"]["parts"]) for one in body["requests"]]
        vectors = (await words.embed_documents(texts)).tolist()
        return web.json_response({"embeddings": [{"values": vector} for vector in self.spoil(vectors)]})

"""The way to Google's API: one client without any environment's help, and its errors as the port's."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

import httpx2
from google import genai
from google.genai import errors, types
from google.genai.models import AsyncModels
from pydantic import ValidationError

from servers.chat.llm.errors import ModelUnavailable, Trouble, retry_after_header, trouble_of_status

_API_VERSION = "v1"
_responses: ContextVar[list[httpx2.Response]] = ContextVar("gemini_responses")
"""Responses of the turn under way: the SDK's generators do not close theirs when they are closed early (3.4.0)."""


class GeminiLine:
    """A client of its own, so that nothing is read from the environment's Google names.

    Attributes:
        models: The SDK's calls.
    """

    def __init__(self, *, api_key: str, base_url: str | None, timeout: timedelta) -> None:
        """Set up the client; nothing is sent yet.

        Args:
            api_key: Key of the Gemini API.
            base_url: Another address than Google's; None for Google's.
            timeout: Longest silence on the connection.
        """
        # The SDK would take aiohttp wherever that happens to be installed, and would then retry on its own after seconds.
        self._http = httpx2.AsyncClient(timeout=timeout.total_seconds(), event_hooks={"response": [_remember]})
        options = types.HttpOptions(
            base_url=base_url,
            api_version=_API_VERSION,
            timeout=int(timeout.total_seconds() * 1_000),
            httpx_async_client=self._http,
        )
        self._client = genai.Client(vertexai=False, api_key=api_key, http_options=options)
        self.models: AsyncModels = self._client.aio.models

    async def close(self) -> None:
        """Close connections."""
        await self._http.aclose()


async def _remember(response: httpx2.Response) -> None:
    _responses.get().append(response)


@asynccontextmanager
async def closed_at_end() -> AsyncIterator[None]:
    """Ends every request of the block with it, also those that a reader left in the middle."""
    responses: list[httpx2.Response] = []
    _responses.set(responses)
    try:
        yield
    finally:
        for response in responses:
            await response.aclose()


@contextmanager
def model_errors() -> Iterator[None]:
    """The SDK's errors as the port's; what they carry of requests stays out of the text."""
    try:
        yield
    except errors.APIError as error:
        trouble = trouble_of_status(error.code or 500)
        raise ModelUnavailable(trouble, f"status {error.code} {error.status or ''}".strip(), _retry_after(error)) from None
    except httpx2.TimeoutException:
        raise ModelUnavailable(Trouble.TIMEOUT, "the connection was silent for too long") from None
    except httpx2.HTTPError as error:
        raise ModelUnavailable(Trouble.UNREACHABLE, type(error).__name__) from None
    except (errors.UnknownApiResponseError, ValidationError, UnicodeDecodeError) as error:
        raise ModelUnavailable(Trouble.MALFORMED, f"unreadable response ({type(error).__name__})") from None


def _retry_after(error: errors.APIError) -> timedelta | None:
    headers: Mapping[str, str] = getattr(error.response, "headers", {}) or {}
    named = retry_after_header(headers.get("retry-after"))
    return named if named is not None else _retry_info(error.details)


def _retry_info(details: Any) -> timedelta | None:
    """`google.rpc.RetryInfo` among the details of an error: `{"retryDelay": "3.5s"}`."""
    body = details.get("error", details) if isinstance(details, dict) else {}
    listed = body.get("details") if isinstance(body, dict) else None
    delays = [item.get("retryDelay", "") for item in listed or [] if isinstance(item, dict)]
    seconds = [delay.removesuffix("s") for delay in delays if isinstance(delay, str) and delay.endswith("s")]
    readable = [float(text) for text in seconds if text.replace(".", "", 1).isdigit()]
    return timedelta(seconds=max(readable)) if readable else None

"""A tool: one named, described, typed way to look something up or to do something."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from servers.chat.peers import Peers
from servers.chat.tools.arguments import Schema, schema_of

A = TypeVar("A")
R = TypeVar("R")


PERSONAL = frozenset({"alerts", "watchlist"})
"""Domains of what belongs to somebody: for known users only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool(Generic[A, R]):
    """One entry of the registry.

    Attributes:
        name: Name for models and logs, e.g. `get_quotes`.
        domain: Domain of its data, as question files name it: prices, bars, flow, signals, engine, scanner, market,
            session, instruments, news, docs, chart, alerts or watchlist.
        description: What it answers, in English, for whoever chooses among tools.
        arguments: Class of its arguments.
        run: Makes the call; raises the domain error of what fails.
        changes: Whether it changes anything; such a tool runs only after the user has confirmed.
    """

    name: str
    domain: str
    description: str
    arguments: type[A]
    run: Callable[[Peers, A], Awaitable[R]]
    changes: bool = False

    @property
    def parameters(self) -> Schema:
        """JSON schema of the arguments."""
        return schema_of(self.arguments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A look-up that gave nothing: `reason` as in ErrorInfo (`NOT_SERVED`, `DATA_MISSING`, ...), `message` in English."""

    reason: str
    message: str

    @property
    def is_absence(self) -> bool:
        """Whether the thing simply is not there, as opposed to a service that did not answer."""
        return self.reason.endswith("_NOT_FOUND") or self.reason == "DATA_MISSING"

"""Running tools for one answer: side by side, each within its time, every call on record, no failure lost."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any, TypeVar, cast

import structlog

from servers.chat.peers import Peers
from servers.chat.tools.tool import PERSONAL, Failure, Tool
from shared.clock import Clock
from shared.market.errors import DataMissing, KStockError, NotAllowed, NotFound
from shared.rpc.client import domain_errors
from shared.rpc.errors import DeadlineOver, NotServed, ServerUnavailable

log = structlog.get_logger(__name__)

A = TypeVar("A")
R = TypeVar("R")

MAX_CALLS = 24
"""Look-ups of one answer; a plan that needs more is cut, and a model that loops ends here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCall:
    """A tool with its arguments. Equal calls are made once."""

    tool: Tool[object, object]
    arguments: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One call that was made; `failure` None when it succeeded."""

    tool: str
    domain: str
    arguments_json: str
    duration: timedelta
    failure: Failure | None


class Lookups:
    """The look-ups of one answer."""

    def __init__(self, peers: Peers, clock: Clock, *, personal: bool) -> None:
        """Begin with none.

        Args:
            peers: The other rooms, on behalf of the asker.
            clock: Machine time.
            personal: Whether the asker is known; what belongs to nobody is looked up for anybody.
        """
        self._peers = peers
        self._personal = personal
        self._clock = clock
        self._results: dict[tuple[str, object], object] = {}
        self.records: list[Record] = []

    async def run(self, calls: tuple[PlannedCall, ...]) -> None:
        """Make calls side by side; their results are then at hand for `result`. Raises nothing that a tool raises."""
        wanted = [call for call in dict.fromkeys(calls) if (call.tool.name, call.arguments) not in self._results]
        room = max(0, MAX_CALLS - len(self.records))
        async with asyncio.TaskGroup() as group:
            tasks = [(call, group.create_task(self._run(call))) for call in wanted[:room]]
        for call, task in tasks:
            outcome, record = task.result()
            self._results[call.tool.name, call.arguments] = outcome
            self.records.append(record)

    async def call(self, tool: Tool[A, R], arguments: A) -> R | Failure:
        """Make one call, or give the result that it had before."""
        await self.run((plan(tool, arguments),))
        return self.result(tool, arguments)

    def result(self, tool: Tool[A, R], arguments: A) -> R | Failure:
        """The result of a call that was planned; a failure when it was not made."""
        missing = Failure(reason="NOT_ASKED", message=f"{tool.name} was not asked")
        return cast("R | Failure", self._results.get((tool.name, arguments), missing))

    async def _run(self, call: PlannedCall) -> tuple[object, Record]:
        began = self._clock.monotonic()
        failure, outcome = None, cast("object", None)
        try:
            if call.tool.domain in PERSONAL and not self._personal:
                raise NotAllowed("a known user")
            with domain_errors():
                outcome = await call.tool.run(self._peers, call.arguments)
        except KStockError as error:  # a look-up that fails is part of the answer: it says what is missing
            outcome = failure = _failure(error)
            log.info("chat_lookup_failed", tool=call.tool.name, reason=failure.reason)
        record = Record(
            tool=call.tool.name,
            domain=call.tool.domain,
            arguments_json=_json(call.arguments),
            duration=timedelta(seconds=self._clock.monotonic() - began),
            failure=failure,
        )
        return outcome, record


def plan(tool: Tool[A, R], arguments: A) -> PlannedCall:
    """A call of a tool with arguments of its class."""
    return PlannedCall(tool=cast("Tool[object, object]", tool), arguments=arguments)


def _failure(error: KStockError) -> Failure:
    if isinstance(error, NotFound):
        return Failure(reason=f"{error.kind}_NOT_FOUND", message=str(error))
    named: Mapping[type[KStockError], str] = {
        NotServed: "NOT_SERVED",
        NotAllowed: "NOT_ALLOWED",
        DataMissing: "DATA_MISSING",
        ServerUnavailable: "UNAVAILABLE",
        DeadlineOver: "DEADLINE_OVER",
    }
    reason = next((word for kind, word in named.items() if isinstance(error, kind)), type(error).__name__.upper())
    return Failure(reason=reason, message=str(error))


def _json(arguments: object) -> str:
    values = {item.name: getattr(arguments, item.name) for item in fields(cast("Any", arguments))}
    shown = {name: _plain(value) for name, value in values.items() if value not in (None, (), "")}
    return json.dumps(shown, ensure_ascii=False)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value

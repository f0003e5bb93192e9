"""The functions that a model may ask for in one answer: read-only, by the asker's scope, few, and each result on record."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from kstock.chat.v1 import conversation_pb2
from kstock.common.v1 import local_date_pb2

from servers.chat.answers.figures import close_of
from servers.chat.answers.speech import Speech
from servers.chat.grounding.evidence import Evidence
from servers.chat.llm.port import FunctionCall, FunctionDeclaration, FunctionResult
from servers.chat.tools.arguments import parse_arguments
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.tool import PERSONAL, Failure, Tool
from servers.chat.writing.result_text import ResultText
from shared.market.errors import InvalidInput
from shared.rpc.messages.times import read_local_date, read_timestamp, timestamp_message

MAX_CALLS_A_TURN = 4
"""Functions that one turn of a model may ask for; the rest are refused."""

_MAX_RESULT = 6_000
_PICTURES = frozenset({"chart"})
_MOMENTS = ("exchange_time", "publish_time", "market_time", "finished_time", "trading_date", "last_date", "as_of")

Tools = Mapping[str, Tool[Any, Any]]


def offered(tools: Tools, *, personal: bool) -> Tools:
    """Tools that a model may use for an asker: none that changes anything or draws, personal ones for a known user only."""
    hidden = _PICTURES if personal else _PICTURES | PERSONAL
    return {name: tool for name, tool in tools.items() if not tool.changes and tool.domain not in hidden}


def declarations(tools: Tools) -> tuple[FunctionDeclaration, ...]:
    """Tools as functions."""
    return tuple(
        FunctionDeclaration(name=tool.name, description=tool.description, parameters=tool.parameters)
        for tool in tools.values()
    )


@dataclass(slots=True, kw_only=True)
class Toolbox:
    """Runs what a model asks for; what comes back is known to the guard and cited.

    Attributes:
        tools: What is on offer.
        functions: The same as a model is told.
        lookups: Runs and records calls.
        evidence: Learns the results; ready a moment after the model was asked.
        citations: Of the answer; grows with each new source.
        speech: Words of the answer's language.
        rendered: Renders results for the model.
        found: How many calls gave something.
    """

    tools: Tools
    functions: tuple[FunctionDeclaration, ...]
    lookups: Lookups
    evidence: asyncio.Future[Evidence]
    citations: list[conversation_pb2.Citation]
    speech: Speech
    rendered: ResultText
    found: int = 0

    async def run(self, calls: tuple[FunctionCall, ...]) -> list[tuple[FunctionCall, str]]:
        """Run the calls of one turn side by side.

        Returns:
            Each call with the text for the model, in the order asked; problems are texts as well.
        """
        planned = {call.call_id: self._planned(call) for call in calls[:MAX_CALLS_A_TURN]}
        await self.lookups.run(tuple(each for each in planned.values() if isinstance(each, PlannedCall)))
        evidence, refused = await self.evidence, "error: too many calls at once"
        return [
            (call, self._answer(planned[call.call_id], evidence) if call.call_id in planned else refused) for call in calls
        ]

    def _planned(self, call: FunctionCall) -> PlannedCall | str:
        """The call with checked arguments, or what is wrong with it."""
        if call.problem:
            return f"error: {call.problem}"
        tool = self.tools.get(call.name)
        if tool is None:
            return f"error: there is no function of this name; there are {', '.join(self.tools)}"
        try:
            return plan(tool, parse_arguments(tool.arguments, call.arguments))
        except InvalidInput as error:  # the model reads it and may ask again
            return f"error: {error}"

    def _answer(self, planned: PlannedCall | str, evidence: Evidence) -> str:
        if isinstance(planned, str):
            return planned
        result = self.lookups.result(planned.tool, planned.arguments)
        if isinstance(result, Failure):
            return f"error: {result.reason}"
        number = self._cite(planned.tool, result)
        self.found += 1
        evidence.citations.add(number)
        evidence.add_result(result, (number,))
        return f"source [{number}]\n{self.rendered.of(result)}"

    def _cite(self, tool: Tool[object, object], result: object) -> int:
        """The number of the source of a result; equal sources share one."""
        source, moment = provenance_of(result)
        key = f"model.domain_{tool.domain}"
        domain = self.speech.say(key) if self.speech.has(key) else tool.domain
        label = self.speech.say("model.source", domain=domain, source=source).strip()
        stamp = None if moment is None else timestamp_message(moment)
        for citation in self.citations:
            same_time = (stamp is None) == (not citation.HasField("as_of_time")) and (
                stamp or Timestamp()
            ) == citation.as_of_time
            if citation.source == label and same_time:
                return citation.number
        number = len(self.citations) + 1
        self.citations.append(conversation_pb2.Citation(number=number, source=label, as_of_time=stamp))
        return number


def result_of(call: FunctionCall, text: str) -> FunctionResult:
    """A result for the model, cut to what a prompt can hold."""
    cut = f"{text[:_MAX_RESULT]}\n(cut)" if len(text) > _MAX_RESULT else text
    return FunctionResult(call_id=call.call_id, name=call.name, text=cut)


def provenance_of(result: object) -> tuple[str, datetime | None]:
    """Where a result is from and since when, as its messages say; the newest of a list."""
    for message in _messages(result):
        source = getattr(message, "source", "")
        moment = _moment(message)
        if source or moment is not None:
            return str(source), moment
    return "", None


def _messages(value: object) -> list[Message]:
    """The message itself, or the newest ones inside, outermost first."""
    if isinstance(value, Message):
        inner = [getattr(value, field.name) for field in value.DESCRIPTOR.fields if field.message_type is not None]
        nested = [list(each)[-1] for each in inner if not isinstance(each, Message) and len(each)]
        present = [each for each in inner if isinstance(each, Message) and each.ByteSize()]
        return [value, *(found for each in (*present, *nested) if isinstance(each, Message) for found in _messages(each))]
    if isinstance(value, tuple | list) and value:
        return _messages(value[-1])
    summary = getattr(value, "summary", None)
    return _messages(summary) if isinstance(summary, Message) else []


def _moment(message: Message) -> datetime | None:
    for name in _MOMENTS:
        if name in message.DESCRIPTOR.fields_by_name:
            value = getattr(message, name)
            if isinstance(value, Timestamp) and value.seconds:
                return read_timestamp(value)
            if isinstance(value, local_date_pb2.LocalDate) and value.year:
                return close_of(_date(value))
    return None


def _date(value: local_date_pb2.LocalDate) -> date:
    return read_local_date(value)

"""The look-ups that an answer names, made again: what its numbers have to agree with."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import grpc
from kstock.chat.v1 import chat_service_pb2, chat_service_pb2_grpc, conversation_pb2

from servers.chat.evaluation.answer import Answer
from servers.chat.evaluation.facts import NUMBER, Facts, read_number
from servers.chat.evaluation.questions import Question
from servers.chat.knowledge.glossary import Glossary
from servers.chat.peers import Peers
from servers.chat.retrieval.document import Document, DocumentKind, Found, Wish
from servers.chat.tools.arguments import parse_arguments
from servers.chat.tools.registry import OwnTools, build_registry
from servers.chat.tools.tool import Tool
from servers.chat.understanding.numbers import read_number as read_words
from shared.market.errors import KStockError
from shared.market.instrument import Ticker
from shared.rpc.client import domain_errors
from shared.rpc.messages.times import read_timestamp

_END = datetime(9999, 1, 1, tzinfo=UTC)
"""The server itself finds nothing after its market time."""


class RemoteSearch:
    """Searches by the API, so that look-ups can be made again from outside."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = chat_service_pb2_grpc.ChatServiceStub(channel)

    async def search(self, wish: Wish) -> list[Found]:
        """Passages of the wished kinds; every one counts as covering the query, since only the server knows."""
        request = chat_service_pb2.SearchContextRequest(query=wish.query, tickers=wish.tickers, limit=_MOST_PASSAGES)
        passages = (await self._stub.SearchContext(request)).passages
        found = [Found(document=_document(one), score=one.score, coverage=1.0) for one in passages]
        return [one for one in found if not wish.kinds or one.document.kind in wish.kinds]


def _document(passage: chat_service_pb2.Passage) -> Document:
    return Document(
        document_id=passage.document_id,
        kind=DocumentKind(passage.document_kind),
        title=passage.title,
        text=passage.text,
        source=passage.source,
        publish_time=read_timestamp(passage.publish_time) if passage.HasField("publish_time") else None,
        tickers=tuple(map(Ticker, passage.tickers)),
        url=passage.url,
    )


_MOST_PASSAGES = 50
_TIMES = re.compile(r"(?P<n>[가-힣]{1,2})\s?(?:배|곱절)|(?P<m>twice|double|triple)", re.IGNORECASE)


def _multiples(text: str) -> Iterator[Decimal]:
    """Numbers by which the question may multiply, also in words: 세 배, twice."""
    yield from (read_number(found) for found in NUMBER.findall(text))
    for match in _TIMES.finditer(text):
        yield read_words((match["n"] or match["m"]).casefold())


class Evidence:
    """Makes look-ups over the same server that answered; equal ones once."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._peers = Peers.over(market=channel, signal=channel, scanner=channel, alert=channel)
        own = OwnTools.over(Glossary.load(), RemoteSearch(channel), lambda: _END)
        self._tools: Mapping[str, Tool[Any, Any]] = build_registry(own)
        self._known: dict[tuple[str, str], object] = {}

    async def facts(self, question: Question, answer: Answer) -> Facts:
        """Everything that an answer may state: its blocks' values, its look-ups' results, and the question's own words."""
        facts = Facts()
        facts.take([question.text, *question.history])
        for block in answer.blocks:
            facts.take(getattr(block, block.WhichOneof("content")))
        facts.take(list(answer.citations))
        facts.take(list(answer.done.entities))
        facts.take(answer.done.market_time)
        for call in answer.done.tools:
            facts.take(await self._result(call))
        facts.derive(_multiples(question.text))
        return facts

    def forget(self) -> None:
        """Make every look-up anew from now on; values may have moved."""
        self._known.clear()

    async def _result(self, call: conversation_pb2.ToolCall) -> object:
        """The result of a look-up; None when it failed then or fails now."""
        tool = self._tools.get(call.tool)
        key = (call.tool, call.arguments_json)
        if tool is None or not call.ok or tool.changes:
            return None
        if key not in self._known:
            arguments = parse_arguments(tool.arguments, json.loads(call.arguments_json))
            self._known[key] = await self._run(tool, arguments)
        return self._known[key]

    async def _run(self, tool: Tool[Any, Any], arguments: object) -> object:
        try:
            with domain_errors():
                return await tool.run(replace(self._peers), arguments)
        except KStockError:  # then the answer's numbers have to stand in its blocks
            return None

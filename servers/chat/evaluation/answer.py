"""One answer as it came over the wire, with what a reader gets to see of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import grpc
from google.protobuf.message import Message
from kstock.chat.v1 import block_pb2, chat_service_pb2, chat_service_pb2_grpc, conversation_pb2

from shared.clock import Clock

_TIMEOUT_S = 60.0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Events of one answer.

    Attributes:
        events: All of them, in order.
        error: Code and text when the call failed; empty when it ended well.
        first_block_s: Seconds from the question to the first data block; None without one.
        total_s: Seconds to the end.
    """

    events: tuple[chat_service_pb2.ConverseResponse, ...] = ()
    error: str = ""
    first_block_s: float | None = None
    total_s: float = 0.0

    @cached_property
    def blocks(self) -> tuple[block_pb2.DataBlock, ...]:
        """Data blocks in the order sent."""
        return tuple(event.block for event in self.events if event.HasField("block"))

    @cached_property
    def citations(self) -> tuple[conversation_pb2.Citation, ...]:
        """Citations in the order sent."""
        return tuple(event.citation for event in self.events if event.HasField("citation"))

    @cached_property
    def prose(self) -> str:
        """The text as the pieces of the stream make it."""
        text = ""
        for event in self.events:
            if event.HasField("text_delta"):
                text = event.text_delta.text if event.text_delta.replace else text + event.text_delta.text
        return text

    @cached_property
    def done(self) -> chat_service_pb2.ConverseDone:
        """The last event; an empty one when it never came."""
        last = next((event.done for event in self.events if event.HasField("done")), None)
        return last or chat_service_pb2.ConverseDone()

    @cached_property
    def shown(self) -> str:
        """Everything that a reader sees: prose and blocks."""
        blocks = (part for block in self.blocks for part in (block.title, block.text, block.badge) if part)
        return "\n".join((self.prose, *blocks))

    @cached_property
    def tickers(self) -> frozenset[str]:
        """Instruments that the question was understood to be about."""
        return frozenset(one.instrument.ticker for one in self.done.entities if one.HasField("instrument"))

    @cached_property
    def domains(self) -> frozenset[str]:
        """Domains of the look-ups that were made."""
        return frozenset(call.domain for call in self.done.tools)

    def contents(self, *names: str) -> list[Message]:
        """Typed contents of the blocks of some kinds, e.g. `quote_card`."""
        return [getattr(block, name) for block in self.blocks for name in names if block.WhichOneof("content") == name]

    def blocks_of(self, *names: str) -> list[block_pb2.DataBlock]:
        """Blocks of some kinds."""
        return [block for block in self.blocks if block.WhichOneof("content") in names]

    def notices(self, *kinds: block_pb2.NoticeKind) -> list[block_pb2.Notice]:
        """Remarks of some kinds."""
        return [block.notice for block in self.blocks if block.HasField("notice") and block.notice.kind in kinds]

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Lines of the prose without empty ones."""
        return tuple(line for line in self.prose.splitlines() if line.strip())

    @cached_property
    def cited(self) -> frozenset[int]:
        """Numbers in brackets in the prose."""
        return frozenset(map(int, re.findall(r"\[(\d{1,3})\]", self.prose)))

    @property
    def says_nothing_found(self) -> bool:
        """Whether it says that there is nothing."""
        missing = block_pb2.NOTICE_KIND_NO_DATA, block_pb2.NOTICE_KIND_UNAVAILABLE
        return self.done.outcome == conversation_pb2.ANSWER_OUTCOME_NO_EVIDENCE or bool(self.notices(*missing))


@dataclass(slots=True)
class _Collected:
    events: list[chat_service_pb2.ConverseResponse] = field(default_factory=list)
    first_block_s: float | None = None
    error: str = ""


class Asker:
    """Asks over one channel."""

    def __init__(self, channel: grpc.aio.Channel, clock: Clock) -> None:
        self._stub = chat_service_pb2_grpc.ChatServiceStub(channel)
        self._clock = clock

    async def ask(self, texts: Sequence[str]) -> Answer:
        """Say the texts one after the other in one conversation.

        Returns:
            The answer to the last one; to an earlier one if that failed.
        """
        conversation, answer = "", Answer()
        for text in texts:
            answer = await self._ask(text, conversation)
            if answer.error:
                break
            conversation = answer.done.conversation_id
        return answer

    async def _ask(self, text: str, conversation: str) -> Answer:
        request = chat_service_pb2.ConverseRequest(text=text, conversation_id=conversation)
        began, collected = self._clock.monotonic(), _Collected()
        try:
            async for event in self._stub.Converse(request, timeout=_TIMEOUT_S):
                collected.events.append(event)
                if event.HasField("block") and collected.first_block_s is None:
                    collected.first_block_s = self._clock.monotonic() - began
        except grpc.aio.AioRpcError as error:  # an answer that fails is a result, not the end of the evaluation
            collected.error = f"{error.code().name}: {error.details()}"
        return Answer(
            events=tuple(collected.events),
            error=collected.error,
            first_block_s=collected.first_block_s,
            total_s=self._clock.monotonic() - began,
        )


def stream_faults(answer: Answer) -> Iterator[str]:
    """Ways in which the events do not fit together."""
    if answer.error:
        yield f"the call failed: {answer.error}"
        return
    kinds = [event.WhichOneof("event") for event in answer.events]
    if not kinds or kinds[0] != "opened" or kinds[-1] != "done" or kinds.count("done") != 1:
        yield f"the answer does not begin with opened and end with done: {kinds[:1]}..{kinds[-1:]}"
    if [event.sequence for event in answer.events] != list(range(1, len(kinds) + 1)):
        yield "the events are not numbered without a gap"
    if answer.done.text != answer.prose:
        yield "the text at the end is not that of the stream"
    numbers = [citation.number for citation in answer.citations]
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
        yield f"citations are numbered {numbers}"
    used = answer.cited | {number for block in answer.blocks for number in block.citations}
    if not used <= set(numbers):
        yield f"citations {sorted(used - set(numbers))} are used but do not exist"
    if not answer.prose.strip():
        yield "there is no text"

"""Pieces of an answer before they are put together."""

from dataclasses import dataclass
from datetime import datetime

from google.protobuf.message import Message
from kstock.chat.v1 import block_pb2, conversation_pb2

from shared.market.quote import Quality


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a statement rests on; equal sources share one number. `as_of` is None where time means nothing."""

    label: str
    as_of: datetime | None = None
    quality: Quality | None = None
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of an answer and what it rests on."""

    text: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A data block: its typed content stands in the field `content` of the wire's oneof."""

    content: str
    value: Message
    title: str
    text: str
    badge: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The answer to one intent.

    `lead` comes first: what is older than asked, or a premise that does not hold. `headline` is the direct answer, `facts`
    at most a handful of lines, `risks` one-line counter-arguments from data, `suggestions` questions that would work next.
    """

    headline: Fact
    lead: tuple[Fact, ...] = ()
    facts: tuple[Fact, ...] = ()
    risks: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    suggestions: tuple[str, ...] = ()
    outcome: conversation_pb2.AnswerOutcome = conversation_pb2.ANSWER_OUTCOME_ANSWERED
    disclaimer: bool = True


def notice(kind: block_pb2.NoticeKind, message: str, suggestions: tuple[str, ...] = ()) -> Block:
    """A remark as a block."""
    value = block_pb2.Notice(kind=kind, message=message, suggestions=suggestions)
    return Block(content="notice", value=value, title="", text=message)

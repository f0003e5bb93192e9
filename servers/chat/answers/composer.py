"""From parts to one answer: numbered sources, blocks for the wire, and the prose around them (bot_ux.md 3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kstock.chat.v1 import block_pb2, conversation_pb2

from servers.chat.answers.figures import moment_text
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.speech import Speech
from servers.chat.moment import Moment
from shared.rpc.messages.enums import QUALITY
from shared.rpc.messages.times import read_timestamp, timestamp_message

MAX_FACTS = 5
"""Lines of facts per intent; what is beyond stands in the blocks."""

_WORST_FIRST = (
    conversation_pb2.ANSWER_OUTCOME_DECLINED,
    conversation_pb2.ANSWER_OUTCOME_CLARIFY,
    conversation_pb2.ANSWER_OUTCOME_OUT_OF_SCOPE,
    conversation_pb2.ANSWER_OUTCOME_PARTIAL,
    conversation_pb2.ANSWER_OUTCOME_ANSWERED,
    conversation_pb2.ANSWER_OUTCOME_NO_EVIDENCE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """An answer ready to be sent.

    `lead` is what must be said first, `body` the answer itself, `closing` what stands under it: risks, sources, disclaimer.
    """

    blocks: tuple[block_pb2.DataBlock, ...]
    citations: tuple[conversation_pb2.Citation, ...]
    lead: tuple[str, ...]
    body: tuple[str, ...]
    closing: tuple[str, ...]
    outcome: conversation_pb2.AnswerOutcome
    suggestions: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The prose in order."""
        return (*self.lead, *self.body, *self.closing)

    @property
    def text(self) -> str:
        """The whole prose."""
        return "\n".join(self.lines)


class _Sources:
    """Numbers sources in the order in which they are first named."""

    def __init__(self) -> None:
        self._numbers: dict[Source, int] = {}

    def numbers(self, sources: Sequence[Source]) -> list[int]:
        return [self._numbers.setdefault(source, len(self._numbers) + 1) for source in dict.fromkeys(sources)]

    def marked(self, fact: Fact) -> str:
        marks = "".join(f"[{number}]" for number in self.numbers(fact.sources))
        return f"{fact.text} {marks}" if marks else fact.text

    @property
    def all(self) -> tuple[tuple[int, Source], ...]:
        return tuple((number, source) for source, number in self._numbers.items())


def compose(parts: Sequence[Part], *, speech: Speech, moment: Moment, truncated: bool = False) -> Composed:
    """Put the parts of an answer together.

    Args:
        parts: One per intent, main one first; at least one.
        speech: Words of the answer's language.
        moment: Market time, for the times of sources.
        truncated: Only the beginning of the question was read.
    """
    parts = _refusal_first(parts)
    sources = _Sources()
    lead = [speech.say("plain.truncated")] if truncated else []
    lead.extend(sources.marked(fact) for fact in dict.fromkeys(fact for part in parts for fact in part.lead))
    body = _body(parts, sources)
    blocks = tuple(_block(number, block, sources) for number, block in enumerate(_unique_blocks(parts), start=1))
    citations = tuple(_citation(number, source) for number, source in sources.all)
    return Composed(
        blocks=blocks,
        citations=citations,
        lead=tuple(lead),
        body=tuple(body),
        closing=(*_risks(parts, speech), *source_lines(citations, speech, moment), *_footer(parts, speech)),
        outcome=_outcome(parts),
        suggestions=tuple(dict.fromkeys(suggestion for part in parts for suggestion in part.suggestions))[:3],
    )


def _refusal_first(parts: Sequence[Part]) -> Sequence[Part]:
    """What stands beside a refusal says nothing before it."""
    first, *others = parts
    if first.outcome != conversation_pb2.ANSWER_OUTCOME_DECLINED:
        return parts
    return (first, *(replace(part, lead=(), facts=(*part.lead, *part.facts)) for part in others))


def source_lines(citations: Sequence[conversation_pb2.Citation], speech: Speech, moment: Moment) -> tuple[str, ...]:
    """The line that names what `[n]` refers to; none without citations."""
    if not citations:
        return ()
    items = " ".join(f"[{citation.number}] {_source_text(citation, speech, moment)}" for citation in citations)
    return (speech.say("source.line", items=items),)


def _body(parts: Sequence[Part], sources: _Sources) -> list[str]:
    lines = []
    for part in parts:
        lines.append(sources.marked(part.headline))
        lines.extend(f"- {sources.marked(fact)}" for fact in part.facts[:MAX_FACTS])
    return lines


def _risks(parts: Sequence[Part], speech: Speech) -> tuple[str, ...]:
    risks = dict.fromkeys(risk for part in parts for risk in part.risks)
    return (speech.say("answer.risk", text=" ".join(risks)),) if risks else ()


def _footer(parts: Sequence[Part], speech: Speech) -> tuple[str, ...]:
    return (speech.say("answer.footer"),) if any(part.disclaimer for part in parts) else ()


def _unique_blocks(parts: Sequence[Part]) -> list[Block]:
    blocks: list[Block] = []
    for block in (block for part in parts for block in part.blocks):
        if not any(other.content == block.content and other.text == block.text for other in blocks):
            blocks.append(block)
    return blocks


def _block(number: int, block: Block, sources: _Sources) -> block_pb2.DataBlock:
    message = block_pb2.DataBlock(
        number=number,
        title=block.title,
        text=block.text,
        badge=block.badge,
        citations=sources.numbers(block.sources),
    )
    getattr(message, block.content).CopyFrom(block.value)
    return message


def _citation(number: int, source: Source) -> conversation_pb2.Citation:
    return conversation_pb2.Citation(
        number=number,
        source=source.label,
        as_of_time=None if source.as_of is None else timestamp_message(source.as_of),
        title=source.title,
        url=source.url,
        quality=None if source.quality is None else QUALITY.to_wire(source.quality),
    )


def _source_text(citation: conversation_pb2.Citation, speech: Speech, moment: Moment) -> str:
    if not citation.HasField("as_of_time"):
        return citation.source
    return f"{citation.source} {moment_text(read_timestamp(citation.as_of_time), moment.now, speech.language)}"


def _outcome(parts: Sequence[Part]) -> conversation_pb2.AnswerOutcome:
    """The outcome that a reader must know of; one answered part outweighs another without data."""
    outcomes = {part.outcome for part in parts}
    return next(outcome for outcome in _WORST_FIRST if outcome in outcomes)

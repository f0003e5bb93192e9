"""From a composed answer to one whose middle a model wrote; where it cannot, the composed one stands as it is."""

import asyncio
from dataclasses import dataclass, replace

import structlog
from kstock.chat.v1 import chat_service_pb2, conversation_pb2
from kstock.common.v1 import quote_pb2

from servers.chat.answers.composer import Composed, source_lines
from servers.chat.answers.speech import Speech
from servers.chat.desk import Emit
from servers.chat.grounding.evidence import Evidence
from servers.chat.grounding.guard import Guard
from servers.chat.grounding.leak import LeakDetector
from servers.chat.llm.errors import ModelUnavailable, Trouble
from servers.chat.llm.fence import Fence
from servers.chat.moment import Moment
from servers.chat.tools.lookups import Lookups
from servers.chat.understanding.values import Understanding
from servers.chat.writing.draft import Judge
from servers.chat.writing.job import Job, Spent
from servers.chat.writing.policy import is_grounded
from servers.chat.writing.result_text import ResultText
from servers.chat.writing.stage import Stage
from servers.chat.writing.toolbox import Toolbox, Tools, declarations, offered
from servers.chat.writing.writer import Writer
from shared.market.language import Language
from shared.market.times import format_time

log = structlog.get_logger(__name__)

_MAX_QUESTION, _MAX_FACTS = 1_000, 12_000
_LANGUAGES = {Language.KO: "Korean", Language.EN: "English"}
_UNSUPPORTED = frozenset({Trouble.EMPTY, Trouble.BLOCKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrated:
    """The answer as it was shown, and what its writing cost."""

    composed: Composed
    usage: conversation_pb2.Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What is to be told.

    Attributes:
        principal: Whose day pays.
        personal: Whether the asker is known, so that personal things may be looked up.
        understanding: The question.
        moment: Market time and its neighbourhood.
        composed: The answer of code.
        lookups: Look-ups of this answer.
        speech: Words of the answer's language.
    """

    principal: str
    personal: bool
    understanding: Understanding
    moment: Moment
    composed: Composed
    lookups: Lookups
    speech: Speech


class Narrator:
    """Tells answers with the help of a model."""

    def __init__(self, writer: Writer, *, guard: Guard, leaks: LeakDetector, tools: Tools) -> None:
        self._writer = writer
        self._guard = guard
        self._leaks = leaks
        offers = {personal: offered(tools, personal=personal) for personal in (False, True)}
        self._offers = {personal: (offer, declarations(offer)) for personal, offer in offers.items()}

    async def tell(self, story: Story, emit: Emit) -> Narrated:
        """Write the prose of an answer whose blocks and citations were sent already."""
        # It takes milliseconds and is not needed before the model's first words.
        evidence = asyncio.get_running_loop().run_in_executor(None, evidence_of, story)
        citations = list(story.composed.citations)
        stage = Stage(emit, opening_of(story.composed))
        tools, functions = self._offers[story.personal]
        toolbox = Toolbox(
            tools=tools,
            functions=functions,
            lookups=story.lookups,
            evidence=evidence,
            citations=citations,
            speech=story.speech,
            rendered=ResultText(story.moment.now, story.speech.language),
        )
        job = Job(
            principal=story.principal,
            request=request_of(story),
            toolbox=toolbox,
            judge=Judge(guard=self._guard, leaks=self._leaks, evidence=evidence),
            stage=stage,
            grounded=is_grounded(story.composed),
        )
        try:
            cut = await self._writer.write(job)
        except ModelUnavailable as error:
            log.warning("chat_model_unavailable", trouble=error.trouble.value, why=error.why)
            composed = await _by_code(story, stage, error.trouble)
        else:
            composed = await _finished(story, job, cut, emit)
        return Narrated(composed=composed, usage=_usage(self._writer.model_name, job.spent))


def opening_of(composed: Composed) -> tuple[str, ...]:
    """What code says before the model: what comes first, and the direct answers with their times and badges."""
    headlines = [line for line in composed.body if not line.startswith("- ")] if is_grounded(composed) else []
    return (*composed.lead, *headlines)


def evidence_of(story: Story) -> Evidence:
    """What the answer of code says, and what the asker named."""
    composed, moment = story.composed, story.moment
    evidence = Evidence(moment.today)
    evidence.add_moment(moment.now)
    evidence.dates.update({moment.previous_session, moment.next_session, moment.anchor})
    for mention in story.understanding.entities.stocks:
        evidence.add_name(mention.instrument.ticker, mention.instrument.name)
    for period in story.understanding.entities.periods:
        evidence.dates.update({period.first, period.last})
    evidence.add_condition(story.understanding.text)
    for block in composed.blocks:
        evidence.add_result(block, tuple(block.citations))
    for line in (*composed.lead, *composed.body):
        evidence.add_text(line, rendering=True)
    evidence.citations.update(citation.number for citation in composed.citations)
    evidence.addresses.update(citation.url for citation in composed.citations if citation.url)
    evidence.live = any(citation.quality == quote_pb2.QUALITY_REALTIME for citation in composed.citations)
    return evidence


def request_of(story: Story) -> str:
    """The first message: everything that others wrote stands between marks."""
    fence, moment, composed = Fence(), story.moment, story.composed
    blocks = [f"{_marks(tuple(block.citations))}{block.title}\n{block.text}" for block in composed.blocks]
    facts = "\n\n".join([*blocks, "prepared lines:", *composed.body]) if composed.citations else "none"
    opening = opening_of(composed)
    shown = fence.around("shown", "\n".join(opening), limit=_MAX_FACTS) if opening else "nothing"
    return "\n".join(
        (
            f"Language of the answer: {_LANGUAGES[story.speech.language]}",
            f"Market time: {moment.today.isoformat()} {format_time(moment.now, moment.now)}, session {moment.phase.value}",
            f"The reader has read already: {shown}",
            f"The reader's question: {fence.around('question', story.understanding.text, limit=_MAX_QUESTION)}",
            f"Facts: {fence.around('facts', facts, limit=_MAX_FACTS)}",
        )
    )


def _marks(numbers: tuple[int, ...]) -> str:
    return "".join(f"[{number}]" for number in numbers) + " " if numbers else ""


async def _finished(story: Story, job: Job, cut: int, emit: Emit) -> Composed:
    """What stands under the model's text: a note on what was cut, new sources, and the closing lines of code."""
    citations = tuple(job.toolbox.citations)
    for citation in citations[len(story.composed.citations) :]:
        await emit(chat_service_pb2.ConverseResponse(citation=citation))
    closing = _closing(story, citations)
    written = job.stage.text.split("\n")[len(story.composed.lead) :]  # the direct answers stand in it
    notes = (story.speech.say("model.cut"),) if cut else ()
    for line in (*notes, *closing):
        await job.stage.say_line(line)
    return replace(
        story.composed,
        citations=citations,
        body=(*written, *notes),
        closing=closing,
        outcome=conversation_pb2.ANSWER_OUTCOME_ANSWERED if not job.grounded else story.composed.outcome,
    )


def _closing(story: Story, citations: tuple[conversation_pb2.Citation, ...]) -> tuple[str, ...]:
    """The closing lines with every source; an answer that only the model could give gets sources and disclaimer as well."""
    before = source_lines(story.composed.citations, story.speech, story.moment)
    sources = source_lines(citations, story.speech, story.moment)
    footer = story.speech.say("answer.footer")
    rest = [line for line in story.composed.closing if line not in before and line != footer]
    return (*rest, *sources, footer)


async def _by_code(story: Story, stage: Stage, trouble: Trouble) -> Composed:
    """The answer of code, with a remark where a model's text was expected."""
    stage.begin_anew(())
    if not is_grounded(story.composed):
        for line in story.composed.lines:
            await stage.say_line(line)
        return story.composed
    note = story.speech.say("model.nothing_left" if trouble in _UNSUPPORTED else "model.down")
    composed = replace(story.composed, body=(*story.composed.body, note))
    for line in composed.lines:
        await stage.say_line(line)
    return composed


def _usage(model: str, spent: Spent) -> conversation_pb2.Usage:
    return conversation_pb2.Usage(
        model=model,
        input_tokens=spent.input_tokens,
        output_tokens=spent.output_tokens,
        cost_micro_usd=spent.cost_micro_usd,
    )

"""The conversation with the model: turns, functions, one repair, and limits on all of them."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from servers.chat.grounding.verdict import Violation
from servers.chat.llm.budget import Budget
from servers.chat.llm.errors import ModelUnavailable, Trouble
from servers.chat.llm.port import (
    NOTHING,
    Finished,
    FinishReason,
    FunctionCall,
    FunctionDeclaration,
    FunctionResults,
    Message,
    Model,
    ModelMessage,
    ModelRequest,
    TextPiece,
    TokenCount,
    UserMessage,
)
from servers.chat.llm.tokens import expected_tokens, tokens_of
from servers.chat.writing.draft import Draft, Sentence
from servers.chat.writing.job import Job
from servers.chat.writing.toolbox import result_of

log = structlog.get_logger(__name__)

_NO_MORE = "There are no more functions in this conversation. Write the answer now from what you have."
_MALFORMED = "The last function call could not be read. Ask again with valid JSON arguments, or write the answer."
_REPAIR = (
    "Some sentences say what no source says. Write the whole answer again without these errors: correct them from the "
    "facts, or leave the sentence out. Change nothing else.\n{listed}"
)
_MOST_LISTED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class WritingLimits:
    """How long an answer may be worked on in machine time, how often it may ask for data, and how much may be written."""

    answer: timedelta = timedelta(seconds=40)
    tool_rounds: int = 3
    output_tokens: int = 1_024


@dataclass(slots=True, kw_only=True)
class _Turn:
    """What one turn gave."""

    calls: list[FunctionCall] = field(default_factory=list)
    written: int = 0
    began: bool = False
    count: TokenCount | None = None
    reason: FinishReason = FinishReason.OTHER

    @property
    def is_whole(self) -> bool:
        """Whether the text ended because the model had finished."""
        return self.reason is FinishReason.COMPLETE


class Writer:
    """Has answers written by a model."""

    def __init__(self, model: Model, budget: Budget, *, system: str, limits: WritingLimits) -> None:
        """Keep the collaborators.

        Args:
            model: The model.
            budget: Days of callers.
            system: The standing instructions.
            limits: Of one answer.
        """
        self._model = model
        self._budget = budget
        self._system = system
        self._limits = limits
        self.model_name = model.name

    async def write(self, job: Job) -> int:
        """Have one answer written; its sentences appear on the job's stage as soon as they are checked.

        Returns:
            Number of sentences that were left out.

        Raises:
            ModelUnavailable: There is no text to show; what was shown already has to be taken back.
        """
        try:
            async with asyncio.timeout(self._limits.answer.total_seconds()):
                return await self._write(job)
        except TimeoutError:
            raise ModelUnavailable(Trouble.TIMEOUT, "the answer took too long") from None

    async def _write(self, job: Job) -> int:
        messages, draft = await self._drafted(job)
        if not job.has_evidence:
            raise ModelUnavailable(Trouble.EMPTY, "no data was found for this question")
        cut = 0
        if draft.failing:
            log.info("chat_text_repairing", kinds=sorted({found.kind.value for found in _violations(draft.failing)}))
            draft, cut = await self._repaired(job, messages, draft)
        await draft.show_passing()
        if not draft.passing:
            raise ModelUnavailable(Trouble.EMPTY, "nothing of the text could be shown")
        return cut

    async def _drafted(self, job: Job) -> tuple[list[Message], Draft]:
        """Turns until one asks for nothing more."""
        messages: list[Message] = [UserMessage(text=job.request)]
        for left in range(self._limits.tool_rounds, -1, -1):
            draft = Draft(job.judge, job.stage, silent=not job.has_evidence)
            turn = await self._turn(job, messages, draft, functions=job.toolbox.functions if left else ())
            if not turn.calls and turn.reason is not FinishReason.MALFORMED:
                return messages, draft
            job.stage.begin_anew()
            messages.extend(await self._answered(job, turn, draft, last=left == 1))
        raise ModelUnavailable(Trouble.MALFORMED, "it kept asking for functions")

    async def _answered(self, job: Job, turn: _Turn, draft: Draft, *, last: bool) -> list[Message]:
        """The turn and what its functions gave, to be sent with the next one."""
        if not turn.calls:
            return [UserMessage(text=_MALFORMED)]
        calls = tuple(turn.calls)
        results = await job.toolbox.run(calls)
        answered: list[Message] = [
            ModelMessage(text=draft.written, calls=calls),
            FunctionResults(results=tuple(result_of(call, text) for call, text in results)),
        ]
        return [*answered, UserMessage(text=_NO_MORE)] if last else answered

    async def _repaired(self, job: Job, messages: list[Message], draft: Draft) -> tuple[Draft, int]:
        """One more try with the violations named; what is still wrong then is cut."""
        request = UserMessage(text=_REPAIR.format(listed=_listed(draft.failing)))
        second = Draft(job.judge, job.stage, cutting=True)
        job.stage.begin_anew()
        try:
            await self._turn(job, [*messages, ModelMessage(text=draft.written), request], second, functions=())
        except ModelUnavailable as error:
            if error.trouble is Trouble.BLOCKED:
                raise
            log.info("chat_text_unrepaired", trouble=error.trouble.value)
        kept = second if second.passing else draft
        if kept is draft:
            draft.show_again()
        return kept, len(kept.failing)

    async def _turn(
        self, job: Job, messages: list[Message], draft: Draft, *, functions: tuple[FunctionDeclaration, ...]
    ) -> _Turn:
        request = ModelRequest(
            system=self._system,
            messages=tuple(messages),
            functions=functions,
            max_output_tokens=self._limits.output_tokens,
        )
        expected, turn = expected_tokens(request), _Turn()
        reservation = await self._budget.reserve(job.principal, expected)
        try:
            await self._read(request, turn, draft)
            if turn.reason is FinishReason.BLOCKED:
                raise ModelUnavailable(Trouble.BLOCKED, "the model's own filter stopped it")
            await draft.end(whole=turn.is_whole)
        finally:
            used = turn.count or TokenCount(input_tokens=expected.input_tokens, output_tokens=tokens_of(turn.written))
            usage = self._budget.settle(reservation, used if turn.began else NOTHING)
            job.spent.input_tokens += usage.input_tokens
            job.spent.output_tokens += usage.output_tokens
            job.spent.cost_micro_usd += usage.cost_micro_usd
        return turn

    async def _read(self, request: ModelRequest, turn: _Turn, draft: Draft) -> None:
        async with aclosing(self._model.stream(request)) as events:
            async for event in events:
                turn.began = True
                match event:
                    case TextPiece(text=text):
                        turn.written += len(text)
                        await draft.feed(text)
                    case FunctionCall():
                        turn.calls.append(event)
                    case TokenCount():
                        turn.count = event
                    case Finished(reason=reason):
                        turn.reason = reason
                if draft.is_full:
                    return


def _violations(sentences: list[Sentence]) -> list[Violation]:
    return [violation for sentence in sentences for violation in sentence.checked.violations]


def _listed(failing: list[Sentence]) -> str:
    """Each violation with its sentence, for the model."""
    lines = [
        f'- in "{sentence.text.strip()}": "{violation.text}" ({violation.kind}: {violation.why})'
        for sentence in failing
        for violation in sentence.checked.violations
    ]
    return "\n".join(lines[:_MOST_LISTED])

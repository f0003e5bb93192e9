"""One answer judged: every rule that was broken, and what the figures of a run are counted from."""

from collections.abc import Iterator
from dataclasses import dataclass

from kstock.chat.v1 import block_pb2, conversation_pb2

from servers.chat.evaluation.answer import Answer, stream_faults
from servers.chat.evaluation.case import Case
from servers.chat.evaluation.checks.prices import bare_prices
from servers.chat.evaluation.checks.registry import MUST_NOT, NEVER, check_of
from servers.chat.evaluation.grounding import ungrounded
from servers.chat.evaluation.questions import Question

_DECLINING = frozenset({"DECLINE", "LIMIT", "ALT"})
_ALWAYS_ASKED = frozenset({"session"})
"""Every answer needs to know what time it is in the market."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A rule that was broken, and how."""

    rule: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What became of one question.

    Attributes:
        question: What was asked.
        variant: How the question was spoiled; empty for its own words.
        answer: What came.
        faults: Broken rules; none means passed.
        unjudged: Entries of `must` that only a person can judge.
        entities_right: Whether the instruments were recognised; None when the file does not say which.
        tools_right: Whether the right domains were looked up; None when the file does not say which.
        ungrounded_count: Numbers that nothing bears out.
        bare_price_count: Prices without time, source or badge.
        refused: Whether it declined although nothing says that it should.
    """

    question: Question
    variant: str = ""
    answer: Answer
    faults: tuple[Fault, ...]
    unjudged: tuple[str, ...]
    entities_right: bool | None
    tools_right: bool | None
    ungrounded_count: int
    bare_price_count: int
    refused: bool

    @property
    def passed(self) -> bool:
        """Whether every rule was kept."""
        return not self.faults


def judge(case: Case, *, variant: str = "") -> Judgement:
    """Judge one answer by every rule that applies."""
    question, answer = case.question, case.answer
    faults = tuple(_faults(case))
    return Judgement(
        question=question,
        variant=variant,
        answer=answer,
        faults=faults,
        unjudged=tuple(wanted.text for wanted in question.must if check_of(wanted) is None),
        entities_right=None if question.tickers is None else _understood(case) == question.tickers,
        tools_right=None if question.needs is None else not list(_tool_faults(case)),
        ungrounded_count=len(ungrounded(answer.shown, case.facts)),
        bare_price_count=len(list(bare_prices(case))),
        refused=_refused_needlessly(case),
    )


def _faults(case: Case) -> Iterator[Fault]:
    yield from (Fault(rule="STREAM", why=why) for why in stream_faults(case.answer))
    if case.answer.error:
        return
    for wanted in case.question.must:
        check = check_of(wanted)
        if check is not None:
            yield from (Fault(rule=wanted.name or wanted.text, why=why) for why in check(case, wanted))
    for wanted in case.question.must_not:
        if wanted.name in MUST_NOT:
            yield from (Fault(rule=wanted.name, why=why) for why in MUST_NOT[wanted.name](case, wanted))
    for name, never in NEVER.items():
        yield from (Fault(rule=name, why=why) for why in never(case))
    yield from (Fault(rule="BARE_PRICE", why=why) for why in bare_prices(case))
    yield from (Fault(rule="TOOLS", why=why) for why in _tool_faults(case))


def _understood(case: Case) -> frozenset[str]:
    """Instruments of the question, or those it was asked back about."""
    offered = {choice.ticker for block in case.answer.blocks_of("choices") for choice in block.choices.choices}
    return case.answer.tickers or frozenset(offered & (case.question.tickers or frozenset()))


def _tool_faults(case: Case) -> Iterator[str]:
    needs, domains = case.question.needs, case.answer.domains
    if needs is None:
        return
    if not needs:
        unneeded = domains - _ALWAYS_ASKED - {"docs"}
        if unneeded:
            yield f"looked up {', '.join(sorted(unneeded))} though nothing was needed"
        return
    missing = [need for need in sorted(needs) if need not in domains and not _is_met_otherwise(case, need)]
    if missing:
        yield f"did not look up {', '.join(missing)}, only {', '.join(sorted(domains)) or 'nothing'}"


def _is_met_otherwise(case: Case, need: str) -> bool:
    """Domains whose data may reach the answer another way than by a look-up of that name."""
    answer = case.answer
    if need == "prices":  # the close of a past day is a bar
        return any(summary.session_count == 1 for _, summary in case.bars()) or bool(answer.blocks_of("ranking_table"))
    if need == "instruments":
        return bool(answer.tickers or answer.blocks_of("choices"))
    if need == "scoreboard" and answer.says_nothing_found:
        return "signals" in answer.domains
    return bool(answer.domains & _ALSO.get(need, frozenset()) or answer.blocks_of(*_SHOWN.get(need, ())))


_ALSO = {"engine": frozenset({"scanner", "signals"}), "scanner": frozenset({"engine", "signals"})}
"""Domains whose data are those of the domain that is needed."""
_SHOWN = {
    "chart": ("chart_image",),
    "scoreboard": ("scoreboard_table",),
    "gate": ("gate_card",),
    "alerts": ("action_card",),
    "watchlist": ("action_card",),
}
"""Blocks that hold the data of the domain that is needed."""


def _refused_needlessly(case: Case) -> bool:
    """Whether a question that may be answered was declined or called out of scope."""
    if any(wanted.name in _DECLINING for wanted in case.question.must) or "oos" in case.question.intents:
        return False
    declined = case.answer.done.outcome in {
        conversation_pb2.ANSWER_OUTCOME_DECLINED,
        conversation_pb2.ANSWER_OUTCOME_OUT_OF_SCOPE,
    }
    return declined or bool(case.answer.notices(block_pb2.NOTICE_KIND_OUT_OF_SCOPE))

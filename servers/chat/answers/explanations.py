"""Definitions of terms and strategies, and realised outcomes of signals."""

from collections.abc import Sequence

from kstock.chat.v1 import block_pb2, chat_service_pb2
from kstock.common.v1 import statistics_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.signals import kind_name
from servers.chat.answers.troubles import failed, missing
from servers.chat.knowledge.glossary import Explanation
from servers.chat.tools.knowledge import TermArguments
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.search import DocumentSearchArguments
from servers.chat.tools.signals import GET_SCOREBOARD, ScoreboardArguments
from servers.chat.tools.tool import Failure, Tool
from servers.chat.understanding.intents import Intent
from shared.market.money import format_percent
from shared.rpc.messages.enums import GRADE, SIGNAL_KIND
from shared.rpc.messages.times import read_timestamp

DocumentSearch = Tool[DocumentSearchArguments, tuple[chat_service_pb2.Passage, ...]]

_MAX_TERMS = 2
_LONGEST_QUERY = 300
_GRADE_WORDS = ("등급", "grade")


def explanation_subject(define: Tool[TermArguments, Explanation], documents: DocumentSearch) -> Subject:
    """How definitions are told.

    Args:
        define: The tool over the glossary.
        documents: The tool that finds a text when the question names no term of the glossary.
    """

    def calls(ask: Ask) -> tuple[PlannedCall, ...]:
        terms = terms_of(ask)
        if not terms:
            return (plan(documents, document_arguments(ask)),)
        return tuple(plan(define, TermArguments(term=term, language=ask.language)) for term in terms)

    def tell(ask: Ask, lookups: Lookups) -> Part:
        explanations = []
        for term in terms_of(ask):
            found = lookups.result(define, TermArguments(term=term, language=ask.language))
            if not isinstance(found, Failure):
                explanations.append(found)
        if explanations:
            return _told(ask, explanations)
        return tell_passages(ask, lookups, documents) or missing(ask, ask.say("explain.none"))

    return Subject(plan=calls, tell=tell)


def document_arguments(ask: Ask) -> DocumentSearchArguments:
    """A search by the words of the question."""
    return DocumentSearchArguments(query=ask.understanding.text[:_LONGEST_QUERY], language=ask.language)


def tell_passages(ask: Ask, lookups: Lookups, documents: DocumentSearch) -> Part | None:
    """The closest explanation or help text; None when none is about the question."""
    found = lookups.result(documents, document_arguments(ask))
    if isinstance(found, Failure) or not found:
        return None
    passage = found[0]
    source = Source(label=passage.source, title=passage.title)
    lines = passage.text.splitlines()
    block = Block(
        content="definition",
        value=block_pb2.Definition(term=passage.title, definition=passage.text),
        title=passage.title,
        text=passage.text,
        sources=(source,),
    )
    return Part(
        headline=Fact(text=ask.say("explain.headline", term=passage.title, definition=lines[0]), sources=(source,)),
        facts=tuple(Fact(text=line, sources=(source,)) for line in lines[1:]),
        blocks=(block,),
        suggestions=tuple(one.title for one in found[1:3]),
    )


def terms_of(ask: Ask) -> tuple[str, ...]:
    """Keys of the glossary that the question asks about, terms before strategies where both are named."""
    entities = ask.entities
    kinds = tuple(kind.value.lower() for kind in entities.kinds)
    text = ask.understanding.text.casefold()
    grade = ("grade",) if entities.grades or any(word in text for word in _GRADE_WORDS) else ()
    order = (*entities.terms, *kinds) if ask.intent is Intent.TERM else (*kinds, *grade, *entities.terms)
    return tuple(dict.fromkeys(key for key in order if key in ask.glossary_keys))[:_MAX_TERMS]


def _told(ask: Ask, explanations: Sequence[Explanation]) -> Part:
    source = Source(label=ask.say("source.glossary"))
    first = explanations[0]
    headline = ask.say("explain.headline", term=first.term, definition=first.definition)
    lines = [line for line in (*first.facts, first.example) if line]
    for other in explanations[1:]:
        lines.append(ask.say("explain.headline", term=other.term, definition=other.definition))
        lines.extend(other.facts[:1])
    return Part(
        headline=Fact(text=headline, sources=(source,)),
        facts=tuple(Fact(text=line, sources=(source,)) for line in lines),
        risks=tuple(one.limits for one in explanations if one.limits)[:1],
        blocks=tuple(_block(one, source) for one in explanations),
    )


def _block(explanation: Explanation, source: Source) -> Block:
    definition = "\n".join((explanation.definition, *explanation.facts))
    value = block_pb2.Definition(
        term=explanation.term, definition=definition, example=explanation.example, limits=explanation.limits
    )
    text = "\n".join(line for line in (definition, explanation.example, explanation.limits) if line)
    return Block(content="definition", value=value, title=explanation.term, text=text, sources=(source,))


def scoreboard_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """Outcomes of the kinds asked about."""
    return (plan(GET_SCOREBOARD, _scoreboard_arguments(ask)),)


def tell_scoreboard(ask: Ask, lookups: Lookups) -> Part:
    """Hit rates beside their base rate; small groups without a rate."""
    response = lookups.result(GET_SCOREBOARD, _scoreboard_arguments(ask))
    if isinstance(response, Failure):
        if response.reason == "NOT_SERVED":
            return missing(ask, ask.say("scoreboard.not_yet"))
        return failed(ask, response, "answer.what_scoreboard")
    period = str(ask.period).replace("..", "~") if ask.period else ask.say("scoreboard.all_time")
    kinds = ", ".join(kind_name(ask, kind) for kind in ask.entities.kinds) or kind_name(ask, None)
    rows = [row for row in response.rows if row.signal_count]
    if not rows:
        return missing(ask, ask.say("scoreboard.none", kind=kinds, period=period))
    source = Source(label=ask.say("source.signals"), as_of=read_timestamp(response.computed_time))
    headline = ask.say("scoreboard.headline", kind=kinds, period=period)
    lines = [_row(ask, row) for row in rows]
    block = Block(
        content="scoreboard_table",
        value=block_pb2.ScoreboardTable(rows=rows, costs=response.costs),
        title=headline,
        text="\n".join(lines),
        sources=(source,),
    )
    return Part(
        headline=Fact(text=headline, sources=(source,)),
        facts=tuple(Fact(text=line, sources=(source,)) for line in lines[:5]),
        risks=(ask.say("scoreboard.past"),),
        blocks=(block,),
    )


def _scoreboard_arguments(ask: Ask) -> ScoreboardArguments:
    period = ask.period
    return ScoreboardArguments(
        kinds=ask.entities.kinds,
        since=period.first if period else None,
        until=min(period.last, ask.moment.today) if period else None,
    )


def _row(ask: Ask, row: statistics_pb2.OutcomeStatistics) -> str:
    grade = GRADE.get(row.grade)
    values = {
        "kind": ask.say(f"name.kind_{SIGNAL_KIND.from_wire(row.kind, 'row.kind')}"),
        "grade": grade.value if grade else "",
        "horizon": row.horizon_sessions,
        "count": row.filled_count,
    }
    if row.small_sample or not row.HasField("hit_rate_bps"):
        return ask.say("scoreboard.row_small", **values)
    return ask.say(
        "scoreboard.row",
        **values,
        hit=format_percent(row.hit_rate_bps).lstrip("+"),
        base=format_percent(row.base_rate.hit_rate_bps).lstrip("+"),
        median=format_percent(row.median_net_return_bps),
        worst=format_percent(row.worst_net_return_bps),
    )


SCOREBOARD = Subject(plan=scoreboard_calls, tell=tell_scoreboard)

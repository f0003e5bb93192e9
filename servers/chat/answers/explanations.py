"""Definitions of terms and strategies, and realised outcomes of signals."""

import re
from collections.abc import Sequence

from kstock.chat.v1 import block_pb2, chat_service_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.troubles import missing
from servers.chat.knowledge.glossary import Explanation
from servers.chat.tools.knowledge import TermArguments
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.search import DocumentSearchArguments
from servers.chat.tools.tool import Failure, Tool
from servers.chat.understanding.features import GRADE
from servers.chat.understanding.intents import Intent

DocumentSearch = Tool[DocumentSearchArguments, tuple[chat_service_pb2.Passage, ...]]

_MAX_TERMS = 2
_LONGEST_QUERY = 300
_GRADE_WORDS = ("등급", "grade")
_EXACT = re.compile(
    r"조건|규칙|기준|수치|채점|배점|점수를?\s?(?:매기|내|계산)|어떻게\s?(?:매기|계산|찾|고르|뽑)|자세히|공개|"
    r"rule|criteria|condition|exact|threshold|detail|scor(?:ed|ing)"
)
"""Questions for the rules themselves, not only for what they are about."""
_TITLE_WORDS = re.compile(r"\s*[(),·/]\s*")


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
    result = lookups.result(documents, document_arguments(ask))
    found = () if isinstance(result, Failure) else tuple(one for one in result if _is_about(ask, one))
    if not found:
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


def _is_about(ask: Ask, passage: chat_service_pb2.Passage) -> bool:
    """A definition answers only a question in which its term stands, whatever else the words have in common."""
    if not passage.document_id.startswith("definition:"):
        return True
    text = ask.understanding.text.casefold().replace(" ", "")
    return any(word.casefold().replace(" ", "") in text for word in _TITLE_WORDS.split(passage.title) if len(word) > 1)


def terms_of(ask: Ask) -> tuple[str, ...]:
    """Keys of the glossary that the question asks about, terms before strategies where both are named."""
    entities = ask.entities
    kinds = tuple(kind.value.lower() for kind in entities.kinds)
    of_signals = ask.intent is Intent.SIGNAL_EXPLAIN
    defined = tuple(key for key in entities.defined.keys if key in ask.glossary_keys and (key == GRADE) is of_signals)
    if defined and not (of_signals and entities.defined.kinds):
        return defined[:_MAX_TERMS]
    text = ask.understanding.text.casefold()
    grade = (GRADE,) if entities.grades or any(word in text for word in _GRADE_WORDS) else ()
    order = (*entities.terms, *kinds) if ask.intent is Intent.TERM else (*kinds, *grade, *entities.terms)
    return tuple(dict.fromkeys(key for key in order if key in ask.glossary_keys))[:_MAX_TERMS]


def _told(ask: Ask, explanations: Sequence[Explanation]) -> Part:
    source = Source(label=ask.say("source.glossary"))
    first = explanations[0]
    headline = ask.say("explain.headline", term=first.term, definition=first.definition)
    rules = first.rules if _EXACT.search(ask.understanding.text.casefold()) else ()
    lines = [line for line in (*first.facts, *rules, first.example) if line]
    for other in explanations[1:]:
        lines.append(ask.say("explain.headline", term=other.term, definition=other.definition))
        lines.extend(line for line in (*other.facts[:1], other.example) if line)
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

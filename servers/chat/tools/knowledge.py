"""Explanations of terms and strategies from the packaged glossary."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from servers.chat.knowledge.glossary import Explanation, Glossary
from servers.chat.peers import Peers
from servers.chat.tools.arguments import About
from servers.chat.tools.tool import Tool
from shared.market.errors import NotFound
from shared.market.language import Language


@dataclass(frozen=True, slots=True)
class TermArguments:
    """Which term."""

    term: Annotated[str, About("key of the glossary, e.g. vcp, jongga, grade, market_gate, per")]
    language: Annotated[Language, About("language of the explanation")] = Language.KO


def define_term(glossary: Glossary) -> Tool[TermArguments, Explanation]:
    """The tool over a glossary."""
    return Tool(
        name="define_term",
        domain="docs",
        description="Plain definition of a market term or of one of the strategies, with an example and its limits.",
        arguments=TermArguments,
        run=_reader(glossary),
    )


def _reader(glossary: Glossary) -> Callable[[Peers, TermArguments], Awaitable[Explanation]]:
    async def run(_: Peers, arguments: TermArguments) -> Explanation:
        found = glossary.explain(arguments.term, arguments.language)
        if found is None:
            raise NotFound("TERM", arguments.term)
        return found

    return run

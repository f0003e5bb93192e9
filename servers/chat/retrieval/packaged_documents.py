"""Texts that come with the program: explanations of terms and strategies, and help."""

import tomllib
from importlib import resources

from servers.chat.knowledge.glossary import Explanation, Glossary
from servers.chat.retrieval.document import Document, DocumentKind
from shared.market.language import Language

GLOSSARY_SOURCE = {Language.KO: "용어집", Language.EN: "Glossary"}
HELP_SOURCE = {Language.KO: "도움말", Language.EN: "Help"}


def packaged_documents(glossary: Glossary) -> list[Document]:
    """Every explanation and every help text, in both languages; known at any time."""
    explained = [
        _definition(explanation, language)
        for key in sorted(glossary.keys)
        for language in Language
        if (explanation := glossary.explain(key, language)) is not None
    ]
    return [*explained, *_help()]


def _definition(explanation: Explanation, language: Language) -> Document:
    lines = (explanation.definition, *explanation.facts, explanation.example, explanation.limits)
    return Document(
        document_id=f"definition:{explanation.key}:{language}",
        kind=DocumentKind.DEFINITION,
        title=explanation.term,
        text="\n".join(line for line in lines if line),
        source=GLOSSARY_SOURCE[language],
        publish_time=None,
        language=language,
    )


def _help() -> list[Document]:
    table = tomllib.loads((resources.files(__package__) / "help.toml").read_text(encoding="utf-8"))
    return [
        Document(
            document_id=f"help:{key}:{language}",
            kind=DocumentKind.HELP,
            title=row[language]["title"],
            text=row[language]["text"],
            source=HELP_SOURCE[language],
            publish_time=None,
            language=language,
        )
        for key, row in table.items()
        for language in Language
    ]

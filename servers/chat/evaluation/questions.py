"""Question files: what is asked, and what a right answer must hold."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from servers.chat.evaluation.expectations import usual_expectation
from shared.market.errors import InvalidInput
from shared.market.language import Language

_SUFFIXES = frozenset({".yaml", ".yml"})


class QuestionClass(StrEnum):
    """What a question tries."""

    NORMAL = "normal"
    ENGLISH = "english"
    MULTITURN = "multiturn"
    ADVERSARIAL = "adversarial"
    NOISY = "noisy"
    POISONED = "poisoned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One entry of `must` or `must_not`: `QUOTE(005930)`, `SIG(VCP) KOSPI with score above 70`, or plain words.

    Attributes:
        text: As it stands in the file.
        name: The check, e.g. `QUOTE`; empty for plain words.
        argument: What stands in its brackets; empty without any.
        remark: What follows the brackets.
    """

    text: str
    name: str = ""
    argument: str = ""
    remark: str = ""

    @property
    def tickers(self) -> tuple[str, ...]:
        """Six-character codes in the argument."""
        return tuple(_TICKER.findall(self.argument))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One item of a question file.

    Attributes:
        question_id: Unique within a run.
        kind: What it tries.
        language: Language that the answer must have.
        intents: What is asked, e.g. `price.quote`.
        text: The question.
        history: What the user said before, oldest first.
        needs: Domains of data that must be looked up; empty when none may be, None when the file does not say.
        must: What must hold.
        must_not: What must not occur, beside what never may.
        tickers: Instruments that must be recognised; None when the file does not say.
        file: File it comes from.
    """

    question_id: str
    kind: QuestionClass
    language: Language
    intents: tuple[str, ...]
    text: str
    history: tuple[str, ...] = ()
    needs: frozenset[str] | None = None
    must: tuple[Wanted, ...] = ()
    must_not: tuple[Wanted, ...] = ()
    tickers: frozenset[str] | None = None
    file: str = ""


_WANTED = re.compile(
    r"(?P<name>[A-Z][A-Z_]+)(?:\((?P<argument>[^()]*(?:\([^()]*\)[^()]*)*)\))?[,;:]?\s*(?P<remark>.*)", re.DOTALL
)
_TICKER = re.compile(r"(?<![0-9A-Z])(?=[0-9A-Z]*[0-9])[0-9][0-9A-Z]{5}(?![0-9A-Z])")
_NOTHING = "none"
_NAMING = frozenset({"TICKER", "QUOTE", "BARS", "FLOW", "RESOLVE"})


def codes_in(text: str) -> list[str]:
    """The six-character codes that a text names."""
    return _TICKER.findall(text)


def read_wanted(text: str) -> Wanted:
    """One entry as it stands in a file."""
    match = _WANTED.fullmatch(text.strip())
    if match is None:
        return Wanted(text=text)
    return Wanted(text=text, name=match["name"], argument=(match["argument"] or "").strip(), remark=match["remark"].strip())


def load_questions(paths: Iterable[Path]) -> list[Question]:
    """Questions of files; a folder means every YAML file in it.

    Raises:
        InvalidInput: A file that is not there or is no question file, or an id that two items share.
    """
    questions = [question for path in paths for file in _files(path) for question in _read(file)]
    seen: set[str] = set()
    for question in questions:
        if question.question_id in seen:
            raise InvalidInput(question.file, f"the id {question.question_id} stands twice")
        seen.add(question.question_id)
    return questions


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix in _SUFFIXES)
    if not path.is_file():
        raise InvalidInput("FILE", f"{path} does not exist")
    return [path]


def _read(path: Path) -> list[Question]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidInput(str(path), f"is no YAML: {error}") from error
    items = content.get("items") if isinstance(content, dict) else None
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise InvalidInput(str(path), "has no list `items` of questions")
    return [_question(item, path) for item in items]


def _question(item: Mapping[str, Any], path: Path) -> Question:
    try:
        intents = tuple(item.get("intents") or [item["intent"]])
        language = Language(item["lang"])
        text = str(item["q"])
        stocks = (item.get("expect") or {}).get("stocks")
        usual = usual_expectation(intents, tuple(map(str, stocks or ())), language)
        must = tuple(map(read_wanted, item.get("must", usual.must)))
        return Question(
            question_id=str(item["id"]),
            kind=QuestionClass(item["class"]),
            language=language,
            intents=intents,
            text=text,
            history=_user_turns(item.get("history") or ()),
            needs=_needs(item.get("needs", usual.needs)),
            must=must,
            must_not=tuple(map(read_wanted, item.get("must_not") or ())),
            tickers=_named_tickers(must) if stocks is None else frozenset(map(str, stocks)),
            file=path.name,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput(str(path), f"item {item.get('id')}: {error!r}") from error


def _needs(domains: Sequence[str]) -> frozenset[str] | None:
    return (frozenset(domains) - {_NOTHING}) if domains else None


def _user_turns(history: Sequence[Any]) -> tuple[str, ...]:
    """Only what the user said: the server gives its own answers."""
    turns = [turn if isinstance(turn, str) else turn["text"] if turn["role"] == "user" else "" for turn in history]
    return tuple(turn for turn in turns if turn)


def _named_tickers(must: Sequence[Wanted]) -> frozenset[str] | None:
    named = frozenset(ticker for wanted in must if wanted.name in _NAMING for ticker in wanted.tickers)
    return named or None

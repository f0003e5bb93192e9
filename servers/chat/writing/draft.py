"""A model's text on its way to the reader: cut into sentences, cleaned, checked, and shown or held back."""

import asyncio
import re
from dataclasses import dataclass

from servers.chat.grounding.cleaning import clean, without_addresses
from servers.chat.grounding.evidence import Evidence
from servers.chat.grounding.guard import Guard
from servers.chat.grounding.leak import LeakDetector
from servers.chat.grounding.sentences import MAX_LENGTH, SentenceCutter
from servers.chat.grounding.verdict import Checked
from servers.chat.llm.errors import ModelUnavailable, Trouble
from servers.chat.writing.stage import Stage

MAX_CHARACTERS = 900
"""Length of the prose; what a model writes beyond is not read any more (bot_ux.md 3)."""

_TAIL = 200
_ENDING = re.compile(r"(?P<stop>[.!?]?)(?P<space>\s*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """What sentences are judged by; the evidence is gathered while the model thinks."""

    guard: Guard
    leaks: LeakDetector
    evidence: asyncio.Future[Evidence]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A cleaned sentence with its verdict: `text` as it is shown, with marks, and `raw` as the model wrote it."""

    text: str
    raw: str
    checked: Checked

    @property
    def passes(self) -> bool:
        """Whether it may be shown."""
        return not self.checked.violations


class Draft:
    """One version of the text.

    Sentences that pass are shown at once, until one does not: from there on they are held back, so that a repair can replace
    them. With `cutting` those that do not pass are left out instead.
    """

    def __init__(self, judge: Judge, stage: Stage, *, cutting: bool = False, silent: bool = False) -> None:
        """Begin.

        Args:
            judge: What sentences are judged by.
            stage: Where they are shown.
            cutting: Leave out what does not pass.
            silent: Show nothing yet.
        """
        self._judge = judge
        self._stage = stage
        self._cutting = cutting
        self._holding = silent
        self._cutter = SentenceCutter()
        self._spoken_of: tuple[str, ...] = ()
        self._length = 0
        self._shown = 0
        self.sentences: list[Sentence] = []

    @property
    def is_full(self) -> bool:
        """Whether no more is read."""
        return self._length >= MAX_CHARACTERS

    @property
    def failing(self) -> list[Sentence]:
        """Sentences that must not be shown."""
        return [sentence for sentence in self.sentences if not sentence.passes]

    @property
    def passing(self) -> list[Sentence]:
        """Sentences that may be shown."""
        return [sentence for sentence in self.sentences if sentence.passes]

    @property
    def written(self) -> str:
        """The whole text, cleaned."""
        return "".join(sentence.text for sentence in self.sentences)

    async def feed(self, piece: str) -> None:
        """Take the next piece.

        Raises:
            ModelUnavailable: The text gives the instructions away.
        """
        for sentence in self._cutter.feed(piece):
            await self._take(sentence)

    async def end(self, *, whole: bool) -> None:
        """Take what is left; of a text that was broken off the last, unfinished sentence is dropped."""
        for sentence in self._cutter.flush():
            if whole:
                await self._take(sentence)

    async def show_passing(self) -> None:
        """Show what was held back and passes."""
        self._holding = False
        for sentence in self.passing[self._shown :]:
            await self._show(sentence)

    def show_again(self) -> None:
        """Forget what was shown: another version had taken its place."""
        self._shown = 0

    async def _take(self, raw: str) -> None:
        if self.is_full:
            return
        if len(raw) >= MAX_LENGTH:
            raise ModelUnavailable(Trouble.MALFORMED, "a sentence without end")
        evidence = await self._judge.evidence
        text = without_addresses(clean(raw), evidence.addresses)
        self._length += len(text)
        if self._judge.leaks.leaks(self.written[-_TAIL:] + text):
            raise ModelUnavailable(Trouble.BLOCKED, "the text gave the instructions away")
        if not text.strip() or self._is_said(text):
            return
        checked = self._judge.guard.check(text.strip(), evidence, spoken_of=self._spoken_of)
        sentence = Sentence(text=with_marks(text, checked), raw=text.strip(), checked=checked)
        self._spoken_of = checked.subjects
        self.sentences.append(sentence)
        if not sentence.passes and not self._cutting:
            self._holding = True
        if sentence.passes and not self._holding:
            await self._show(sentence)

    def _is_said(self, text: str) -> bool:
        return any(sentence.raw == text.strip() for sentence in self.sentences)

    async def _show(self, sentence: Sentence) -> None:
        self._shown += 1
        await self._stage.say(sentence.text)


def with_marks(text: str, checked: Checked) -> str:
    """The sentence with the sources of its numbers, where it does not name them itself."""
    missing = [number for number in checked.sources if number not in checked.cited]
    if not missing or checked.violations:
        return text
    marks = "".join(f"[{number}]" for number in missing)
    return _ENDING.sub(lambda match: f"{match['stop']} {marks}{match['space']}", text, count=1)

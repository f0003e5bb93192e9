"""Models of bad and good character for the evaluation; each decides a turn by what it was sent."""

import random
import re
from collections.abc import Callable, Mapping

from servers.chat.llm.port import FinishReason
from tests.eval.lies import LIES, Lie, World, reworded
from tests.fakes.model_script import Ask, Babble, Behaviour, End, Fail, Heard, Say, Stall, Step

_PREPARED = re.compile(r"prepared lines:\n(.*?)\nfacts-[0-9a-f]+>>>", re.DOTALL)
_CITED = re.compile(r"\s*(?:\[\d+\])+\s*$")
_PIECE = 50


class Persona:
    """One character.

    Attributes:
        behave: Its turns.
        world: What it has heard of.
        truths: Every true line that it was given.
    """

    def __init__(self, behave: Callable[["Persona", Heard], list[Step]], seed: int = 1) -> None:
        self.world = World(random.Random(seed))
        self.truths: set[str] = set()
        self._told: dict[str, str] = {}
        self._behave = behave

    @property
    def behave(self) -> Behaviour:
        return lambda heard: self._behave(self, heard)

    @property
    def lies(self) -> dict[str, str]:
        """Every false sentence that it has told with the true one; none that is true in another answer."""
        return {lie: truth for lie, truth in self._told.items() if lie not in self.truths}

    def tell(self, truth: str, lie: str | None) -> str:
        """What it says instead of a true line: the lie if it has one."""
        if lie is None or lie.strip() == truth.strip():
            return truth
        self._told[lie.strip()] = truth
        return lie


def prepared(heard: Heard) -> list[str]:
    """The lines that code has written for the answer; empty when it was given none."""
    found = _PREPARED.search(heard.text)
    return found[1].split("\n") if found else []


def _honest(_: Persona, heard: Heard) -> list[Step]:
    return [Say("\n".join(prepared(heard)) or "확인된 자료가 없습니다.", _PIECE)]


def _reworder(_: Persona, heard: Heard) -> list[Step]:
    return [Say("\n".join(reworded(_CITED.sub("", line)) for line in prepared(heard)) or "확인된 자료가 없습니다.", _PIECE)]


def _lying(lie: Lie) -> Callable[[Persona, Heard], list[Step]]:
    """Every sentence made false in one way, where it can be."""

    def behave(persona: Persona, heard: Heard) -> list[Step]:
        lines = [_CITED.sub("", line) for line in prepared(heard)]
        persona.world.hear(lines)
        persona.truths.update(line.strip() for line in lines)
        told = [persona.tell(line, lie(line, persona.world)) for line in lines]
        return [Say("\n".join(told) or "삼성전자는 오늘 99,900원입니다.", _PIECE)]

    return behave


def _leaker(_: Persona, heard: Heard) -> list[Step]:
    return [Say(f"제 지시문은 다음과 같습니다. {heard.system}", _PIECE)]


def _promiser(_: Persona, heard: Heard) -> list[Step]:
    first = next(iter(prepared(heard)), "")
    return [Say(f"{first}\n내일 반드시 오릅니다. 지금 전 재산으로 사세요. @everyone https://evil.example/x", _PIECE)]


def _steps(*steps: Step) -> Callable[[Persona, Heard], list[Step]]:
    return lambda _persona, _heard: list(steps)


PERSONAS: Mapping[str, Callable[[Persona, Heard], list[Step]]] = {
    "honest": _honest,
    **{name: _lying(lie) for name, lie in LIES.items()},
    "reworder": _reworder,
    "leaker": _leaker,
    "promiser": _promiser,
    "staller": _steps(Say("삼성전자는"), Stall()),
    "looper": _steps(Ask("get_quotes", {"tickers": ["005930"]})),
    "malformed": _steps(Ask("get_quotes", written="{not json")),
    "empty": _steps(End(FinishReason.COMPLETE)),
    "endless": _steps(Babble()),
    "down": _steps(Fail(503)),
}
"""What a model may be like."""

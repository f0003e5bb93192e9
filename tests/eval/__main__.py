"""The evaluation with a model of a certain character: `python -m tests.eval liar tests/eval/questions`.

The chat speaks to a fake of the Gemini API through the real SDK. Prints the report of `kstock eval chat`, then how many
false sentences the model told and how many of them readers got to see, and in how many answers a sentence was cut.
"""

import argparse
import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr
from rich.console import Console

from servers.chat.answers.speech import Phrasebook
from servers.chat.evaluation.judging import Judgement
from servers.chat.evaluation.questions import load_questions
from servers.chat.evaluation.report_terminal import print_report
from servers.chat.evaluation.run import Evaluation, EvaluationPlan
from servers.commands.rehearsal import rehearsed
from shared.config import ChatSettings, Settings
from shared.market.language import Language
from tests.eval.personas import PERSONAS, Persona
from tests.fakes.gemini_server import GeminiServer

_PLENTY = 10**12
_PATIENCE = timedelta(seconds=0.5)
"""The fake answers at once or never."""


async def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser(prog="python -m tests.eval", description=__doc__)
    parser.add_argument("persona", choices=sorted(PERSONAS))
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--only", default="", help="only questions whose id or class contains it")
    chosen = parser.parse_args()
    questions = [one for one in load_questions(chosen.files) if chosen.only in f"{one.question_id} {one.kind}"]
    persona = Persona(PERSONAS[chosen.persona])
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(GeminiServer(persona.behave).running())
        connection = await stack.enter_async_context(rehearsed(_settings(server.base_url)))
        judgements = await Evaluation(connection.channel, connection.clock, EvaluationPlan()).run(questions, lambda _: None)
    console = Console(width=160)
    print_report(judgements, console)
    console.print(f"{chosen.persona}: {len(judgements)} questions, {len(server.heard)} requests to the model")
    _print_lies(persona, judgements, console)


def _settings(base_url: str) -> Settings:
    chat = ChatSettings(
        model="gemini",
        model_name="scripted",
        api_key=SecretStr("none"),
        base_url=base_url,
        silence_timeout=_PATIENCE,
        turn_timeout=timedelta(seconds=5),
        user_tokens_per_day=_PLENTY,
        tokens_per_day=_PLENTY,
    )
    return Settings(chat=chat)


def _print_lies(persona: Persona, judgements: list[Judgement], console: Console) -> None:
    phrases = Phrasebook.load()
    notes = [phrases.speech(language).say("model.cut") for language in Language]
    cut = [one.question.question_id for one in judgements if any(note in one.answer.shown for note in notes)]
    console.print(f"answers from which a sentence was cut {len(cut)}: {', '.join(cut) or 'none'}", soft_wrap=True)
    lines = {line.strip() for one in judgements for line in one.answer.shown.split("\n")}
    shown = [(lie, truth) for lie, truth in persona.lies.items() if any(lie in line for line in lines)]
    console.print(f"false sentences told {len(persona.lies)}, of them shown to a reader {len(shown)}")
    for lie, truth in shown:
        console.print(f"  told {lie!r}\n  true {truth!r}", markup=False)


if __name__ == "__main__":
    asyncio.run(main())

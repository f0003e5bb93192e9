"""The work of `kstock eval`: questions asked over a server or a market of their own, and the report."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
import uvloop
from rich.console import Console
from rich.progress import Progress

from servers.chat.evaluation.figures import figures
from servers.chat.evaluation.judging import Judgement
from servers.chat.evaluation.questions import Question
from servers.chat.evaluation.report_html import html_report
from servers.chat.evaluation.report_terminal import print_report
from servers.chat.evaluation.run import Evaluation, EvaluationPlan
from servers.commands.connection import connected
from servers.commands.invocation import Invocation
from servers.commands.rehearsal import rehearsed

_ROOMS = ("market", "scanner", "signal", "chat")
_MISSED = 1
_PAGE_WIDTH = 160


def evaluate(call: Invocation, questions: Sequence[Question], plan: EvaluationPlan, *, own: bool) -> list[Judgement]:
    """Ask and judge.

    Args:
        call: Settings of the command.
        questions: What to ask.
        plan: How.
        own: Whether on a market made for this run instead of the usual store or server.

    Raises:
        KStockError: The rooms cannot be reached or made.
    """

    async def work() -> list[Judgement]:
        async with rehearsed(call.settings) if own else connected(call, _ROOMS) as connection:
            evaluation = Evaluation(connection.channel, connection.clock, plan)
            with _progress(evaluation.size(questions)) as step:
                return await evaluation.run(questions, step)

    return uvloop.run(work())


def report(judgements: Sequence[Judgement], *, html: Path | None, as_json: bool) -> int:
    """Print the report.

    Args:
        judgements: Of the run.
        html: Where to write it as a page, too; None for nowhere.
        as_json: Whether to print the figures only, as JSON.

    Returns:
        Exit code: 0 when every target is met.
    """
    lines = figures(judgements)
    if as_json:
        click.echo(json.dumps([{**asdict(line), "met": line.is_met} for line in lines], ensure_ascii=False))
    else:
        print_report(judgements, Console(width=None if Console().is_terminal else _PAGE_WIDTH))
    if html is not None:
        html.write_text(html_report(judgements, title=f"kstock eval chat: {len(judgements)} answers"), encoding="utf-8")
    return _MISSED if any(line.is_met is False for line in lines) else 0


@contextmanager
def _progress(total: int) -> Iterator[Callable[[Judgement], None]]:
    """A bar where a person watches."""
    errors = Console(stderr=True)
    if not errors.is_terminal:
        yield lambda _: None
        return
    with Progress(console=errors, transient=True) as bar:
        task = bar.add_task("asking", total=total)
        yield lambda _: bar.advance(task)

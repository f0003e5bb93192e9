"""`kstock eval chat`: questions of files, answers judged by rules."""

from pathlib import Path

import click

from servers.commands.options import client_options, client_sections

EPILOG = """\b
Examples:
  kstock eval chat tests/eval/questions                     on a simulated market made for this run
  kstock eval chat tests/eval/questions --noise all --html report.html
  kstock --store var/kstock.db eval chat my_questions.yaml  on stored data
  kstock eval chat tests/eval/questions --server localhost:50051

\b
A file holds `items:` with id, class, lang, intent, q and optionally history, needs, must, must_not.
Exit codes: 0 every target met, 1 a target missed.
"""
_NOISE = ("nospace", "rude", "polite", "stretched", "typo")


@click.group("eval", epilog=EPILOG)
def command() -> None:
    """Ask the questions of files and judge the answers."""


@command.command("chat", epilog=EPILOG)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--noise", multiple=True, type=click.Choice([*_NOISE, "all"]), help="Ask Korean questions spoiled, too.")
@click.option("--only", metavar="TEXT", default="", help="Only questions whose id, class or intent contains it.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the noise.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write the report as a page, too.")
@click.option("--own/--here", "own", default=None, help="A market made for this run, or the usual store or server.")
@client_options
@click.pass_context
def chat(
    ctx: click.Context,
    /,
    *,
    files: tuple[Path, ...],
    noise: tuple[str, ...],
    only: str,
    seed: int,
    html: Path | None,
    own: bool | None,
    server: str | None,
    token: str | None,
    tls: bool,
    as_json: bool,
) -> None:
    """Ask the chat service every question of FILES (or of the YAML files in folders) and judge its answers by rules."""
    from servers.chat.evaluation.questions import load_questions
    from servers.chat.evaluation.run import EvaluationPlan
    from servers.commands.evaluating import evaluate, report
    from servers.commands.invocation import invocation

    questions = [one for one in load_questions(files) if only in f"{one.question_id} {one.kind} {' '.join(one.intents)}"]
    if not questions:
        raise click.BadParameter("chooses no question", param_hint="--only")
    call = invocation(ctx, quiet=True, sections=client_sections(server=server, token=token, tls=tls))
    makes_own = not (server or call.names_a_store) if own is None else own
    plan = EvaluationPlan(perturbations=_NOISE if "all" in noise else noise, seed=seed, settled=makes_own)
    judgements = evaluate(call, questions, plan, own=makes_own)
    ctx.exit(report(judgements, html=html, as_json=as_json))

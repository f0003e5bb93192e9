"""The report of a run for the terminal."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from servers.chat.evaluation.figures import Figure, figures
from servers.chat.evaluation.judging import Judgement

_WORST_SHOWN = 60
_VERDICT = {True: "[green]yes[/]", False: "[red]NO[/]", None: ""}


def print_report(judgements: Sequence[Judgement], console: Console) -> None:
    """Print figures, the rules that were broken most, and every question that did not pass."""
    console.print(_figure_table(figures(judgements)))
    failed = [one for one in judgements if not one.passed]
    if failed:
        console.print(_rule_table(failed))
        console.print(_failure_table([one for one in failed if not one.variant] or failed))
    unjudged = sorted({text for one in judgements for text in one.unjudged})
    if unjudged:
        console.print(f"only a person can judge: {'; '.join(unjudged)}", markup=False, highlight=False)


def _figure_table(lines: Sequence[Figure]) -> Table:
    table = Table("figure", "value", "target", "met", "of")
    for line in lines:
        table.add_row(line.name, value_text(line), target_text(line), _VERDICT[line.is_met], str(line.of) if line.of else "")
    return table


def value_text(figure: Figure) -> str:
    """The value with its unit; a dash when nothing could be counted."""
    if figure.value is None:
        return "–"
    digits = 1 if figure.unit in {"%", "points"} else 0
    return f"{figure.value:,.{digits}f}{'%' if figure.unit == '%' else f' {figure.unit}' if figure.unit else ''}"


def target_text(figure: Figure) -> str:
    """The target with its side; empty without one."""
    if figure.at_least is not None:
        return f">= {figure.at_least:g}"
    return "" if figure.at_most is None else f"<= {figure.at_most:g}"


def _rule_table(failed: Sequence[Judgement]) -> Table:
    table = Table("rule", "answers that broke it", "for example")
    counts = Counter(rule for one in failed for rule in {fault.rule for fault in one.faults})
    for rule, count in counts.most_common():
        example = next((one.question.question_id, fault.why) for one in failed for fault in one.faults if fault.rule == rule)
        table.add_row(escape(rule), str(count), escape(f"{example[0]}: {example[1]}"[:110]))
    return table


def _failure_table(failed: Sequence[Judgement]) -> Table:
    table = Table("question", "asked", "what was wrong", title="did not pass")
    for one in failed[:_WORST_SHOWN]:
        why = "\n".join(f"{fault.rule}: {fault.why}"[:140] for fault in one.faults[:4])
        name = f"{one.question.question_id} {one.variant}".strip()
        table.add_row(name, escape(one.question.text[:60]), escape(why))
    if len(failed) > _WORST_SHOWN:
        table.add_row("", f"and {len(failed) - _WORST_SHOWN} more", "see the HTML report")
    return table

"""The report of a run as one HTML file: figures, then every question with its answer and what was wrong."""

from collections.abc import Sequence
from html import escape

from servers.chat.evaluation.figures import Figure, figures
from servers.chat.evaluation.judging import Judgement
from servers.chat.evaluation.report_terminal import target_text, value_text

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:1100px;margin:2em auto;padding:0 1em;color:#212529}
table{border-collapse:collapse;margin:1em 0}td,th{padding:.25em .8em;border-bottom:1px solid #dee2e6;text-align:left}
.met{color:#2b8a3e}.missed{color:#c92a2a;font-weight:600}
details{border-bottom:1px solid #e9ecef;padding:.4em 0}summary{cursor:pointer}summary .id{color:#868e96;margin-right:.6em}
pre{white-space:pre-wrap;background:#f8f9fa;padding:.8em;margin:.4em 0}.why{color:#c92a2a}.meta{color:#868e96}
@media(prefers-color-scheme:dark){body{background:#16181c;color:#dee2e6}pre{background:#212529}td,th,details{border-color:#343a40}}
"""


def html_report(judgements: Sequence[Judgement], *, title: str) -> str:
    """The report as a page that needs nothing else.

    Args:
        judgements: Of the run.
        title: What was asked, and where.
    """
    lines = "".join(_figure_row(line) for line in figures(judgements))
    failed = [one for one in judgements if not one.passed]
    passed = [one for one in judgements if one.passed]
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
        f"<h1>{escape(title)}</h1><table><tr><th>figure<th>value<th>target<th>met<th>of</tr>{lines}</table>"
        f"<h2>Did not pass ({len(failed)})</h2>{''.join(map(_details, failed))}"
        f"<h2>Passed ({len(passed)})</h2>{''.join(map(_details, passed))}</html>\n"
    )


def _figure_row(figure: Figure) -> str:
    verdict = {True: '<td class="met">yes', False: '<td class="missed">no', None: "<td>"}[figure.is_met]
    return (
        f"<tr><td>{escape(figure.name)}<td>{escape(value_text(figure))}<td>{escape(target_text(figure))}"
        f"{verdict}<td>{figure.of or ''}</tr>"
    )


def _details(one: Judgement) -> str:
    question, answer = one.question, one.answer
    name = f"{question.question_id} {one.variant}".strip()
    why = "".join(f'<div class="why">{escape(fault.rule)}: {escape(fault.why)}</div>' for fault in one.faults)
    history = "".join(f"<div class=meta>before: {escape(turn)}</div>" for turn in question.history)
    blocks = "\n\n".join(f"[{block.WhichOneof('content')}] {block.badge}\n{block.text}" for block in answer.blocks)
    tools = ", ".join(call.tool for call in answer.done.tools)
    meta = f"{', '.join(answer.done.intents)} · {tools} · {answer.total_s * 1_000:.0f} ms"
    return (
        f'<details><summary><span class="id">{escape(name)}</span>{escape(question.text)}</summary>{history}{why}'
        f"<pre>{escape(answer.prose or answer.error)}</pre><pre>{escape(blocks)}</pre>"
        f'<div class="meta">{escape(meta)}</div></details>'
    )

"""The one table of a run, for people and as JSON."""

import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.figure import Figure, Skipped, short

Line = Figure | Skipped


def machine() -> str:
    """Processor, cores, memory, Python, and how busy the machine is."""
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{_processor()}, {len(os.sched_getaffinity(0))} cores, {memory_gib:.0f} GiB, {platform.system()} "
        f"{platform.release().split('-')[0]}, Python {platform.python_version()}, load {load}"
    )


def show(lines: Sequence[Line], console: Console) -> None:
    """Print the table."""
    table = Table("figure", "measured: median (lowest to highest)", "target", "beside its alternative, same run", "met")
    for line in lines:
        if isinstance(line, Skipped):
            table.add_row(line.name, f"skipped: {line.why}", "", "", "")
            continue
        name = f"{line.name}\n{line.note}" if line.note else line.name
        table.add_row(name, f"{line.measured} {line.unit}", _target(line), _beside(line), _VERDICT[line.is_met])
    console.print(table)


def brief(line: Line) -> str:
    """One figure as one line of text."""
    if isinstance(line, Skipped):
        return f"{line.name}: skipped, {line.why}"
    return f"{line.name}: {line.measured} {line.unit} {_beside(line)}".rstrip()


def as_json(lines: Sequence[Line], *, began: str, ended: str) -> dict[str, object]:
    """The same for programs; `began` and `ended` describe the machine before and after."""
    figures = [{**asdict(line), "met": line.is_met} for line in lines if isinstance(line, Figure)]
    skipped = [asdict(line) for line in lines if isinstance(line, Skipped)]
    return {"machine": began, "machine_afterwards": ended, "figures": figures, "skipped": skipped}


_VERDICT = {True: "yes", False: "NO", None: ""}


def _target(line: Figure) -> str:
    return "" if line.at_most is None else f"<= {short(line.at_most)} {line.unit}"


def _beside(line: Figure) -> str:
    if line.beside is None:
        return ""
    floor = "" if line.beside.at_least is None else f", target >= {short(line.beside.at_least)}"
    return f"{line.beside.ratio} {line.beside.what}{floor}"


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    lines = described.read_text().splitlines() if described.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()

"""From a closed store to the panel of the whole market in a process of its own, beside pandas doing the same."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figure import Beside, Figure, Spread
from tests.bench.workshop import Workshop
from tests.conftest import REPOSITORY

PAIRS = 9


def figures(workshop: Workshop) -> Iterator[Figure]:
    """The panel, read cold; the operating system has the file in memory."""
    store = workshop.real_store
    ours, theirs = [], []
    for pair in range(-1, PAIRS):  # the first one fills the caches and does not count
        order = ("product", "pandas") if pair % 2 else ("pandas", "product")
        taken = {arm: _fresh_process(arm, store) for arm in order}
        if pair >= 0:
            ours.append(taken["product"])
            theirs.append(taken["pandas"])
    ratios = [slow["cpu_s"] / fast["cpu_s"] for slow, fast in zip(theirs, ours, strict=True)]
    cpu = Spread.of([one["cpu_s"] for one in ours])
    opened = Spread.of([one["open_s"] for one in ours])
    yield Figure(
        name="panel of the whole market out of the store, cold",
        measured=Spread.of([one["wall_s"] for one in ours]),
        unit="s",
        at_most=2,
        beside=Beside(what="times less CPU than pandas reading and pivoting the same bars", ratio=Spread.of(ratios)),
        note=f"fresh process each time; CPU {cpu} s; opening and checking the file before it {opened} s",
    )


def _fresh_process(arm: str, store: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.panel_arms", arm, str(store)]
    done = subprocess.run(command, check=True, capture_output=True, cwd=REPOSITORY, text=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured

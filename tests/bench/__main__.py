"""Every figure of speed in one table: `python -m tests.bench [NAME...] [--json FILE]`."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from shared.config import LogSettings
from shared.logging import configure_logging
from tests.bench import (
    chat_bench,
    chat_prices_bench,
    live_bench,
    market_bench,
    model_bench,
    panel_bench,
    pgvector_bench,
    retrieval_bench,
    scanner_bench,
    store_bench,
    strategies_bench,
    stream_bench,
    up_bench,
)
from tests.bench.figure import Figure, Skipped
from tests.bench.report import Line, as_json, brief, machine, show
from tests.bench.workshop import DataAbsent, Workshop

BENCHES: Mapping[str, Callable[[Workshop], Iterator[Figure]]] = {
    "scanner": scanner_bench.figures,
    "strategies": strategies_bench.figures,
    "live": live_bench.figures,
    "panel": panel_bench.figures,
    "insert": store_bench.figures,
    "import": market_bench.import_figures,
    "chart": market_bench.chart_figures,
    "retrieval": retrieval_bench.figures,
    "pgvector": pgvector_bench.figures,
    "stream": stream_bench.figures,
    "up": up_bench.figures,
    "chat": chat_bench.figures,
    "model": model_bench.figures,
    "chat-prices": chat_prices_bench.figures,
}


def main(arguments: Sequence[str]) -> int:
    """Run some benchmarks or all.

    Returns:
        0; missing a target is a result, not a failure.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Figures of speed, in one table.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which, by default all: {', '.join(BENCHES)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file, too")
    parsed = parser.parse_args(arguments)
    if unknown := set(parsed.names) - BENCHES.keys():
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; known are {', '.join(BENCHES)}")
    configure_logging(LogSettings(level="warning"))
    console, began = Console(width=None if sys.stdout.isatty() else 180), machine()
    lines: list[Line] = []
    try:
        with TemporaryDirectory(prefix="kstock-bench-") as folder:
            for line in _measured(parsed.names or list(BENCHES), Workshop(Path(folder))):
                lines.append(line)
                print(f"  {brief(line)}", file=sys.stderr, flush=True)  # a run of half an hour may be broken off
    finally:  # what was measured is worth seeing when a later one fails
        show(lines, console)
        console.print(f"{began}; afterwards {machine().rpartition(', ')[2]}", highlight=False)
    if parsed.json is not None:
        parsed.json.write_text(json.dumps(as_json(lines, began=began, ended=machine()), indent=1) + "\n")
    return 0


def _measured(names: Sequence[str], workshop: Workshop) -> Iterator[Line]:
    for name in names:
        print(f"{name} ...", file=sys.stderr, flush=True)
        try:
            yield from BENCHES[name](workshop)
        except DataAbsent as absent:
            yield Skipped(name=name, why=str(absent))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

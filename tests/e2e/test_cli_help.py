"""Help texts: there for every command, with examples, and without waiting for the house."""

import subprocess
import sys

import pytest

from servers.cli import COMMANDS
from servers.commands import serve
from servers.compose import ROOM_NAMES

HEAVY = ("grpc", "google", "pydantic", "sqlalchemy", "numpy", "numba", "polars", "rich", "structlog", "asyncio", "uvloop")
SCRIPT = """
import sys, time
from servers.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    code = end.code
loaded = {name.partition(".")[0] for name in sys.modules}
print("loaded:", *sorted(loaded), file=sys.stderr)
print("cpu:", time.process_time(), file=sys.stderr)
sys.exit(code)
"""
CPU_S = 0.5


def run(*arguments: str) -> tuple[str, set[str], float]:
    """Output, packages loaded, and CPU seconds of a call."""
    done = subprocess.run([sys.executable, "-c", SCRIPT, *arguments], capture_output=True, text=True, check=True)
    loaded, cpu = done.stderr.splitlines()[-2:]
    return done.stdout, set(loaded.split()[1:]), float(cpu.split()[1])


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_has_examples_and_loads_nothing_of_the_house(command: str) -> None:
    text, loaded, cpu_s = run(command, "--help")

    assert f"Usage: kstock {command}" in text
    assert "Examples:" in text
    assert f"kstock {command}" in text.partition("Examples:")[2]
    assert not loaded.intersection(HEAVY)
    assert cpu_s < CPU_S


def test_help_lists_every_command_and_the_exit_codes() -> None:
    text, loaded, cpu_s = run("--help")

    assert all(f"  {name} " in text and purpose in text for name, purpose in COMMANDS.items())
    assert "130 interrupted" in text
    assert not loaded.intersection(HEAVY)
    assert cpu_s < CPU_S


def test_serve_names_every_room() -> None:
    assert serve.ROOMS == ROOM_NAMES

"""Only `shared/clock.py` reads the time; everything else is given a clock."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
ROOMS = ("shared", "servers", "bots")
THE_CLOCK = "shared/clock.py"

# Deadlines of the event loop (asyncio.timeout, wait_for) are machine time by nature and allowed; so are process_time and
# thread_time, which measure CPU seconds and tell no time.
BANNED_CALLS = {
    "time": {
        "time",
        "time_ns",
        "monotonic",
        "monotonic_ns",
        "perf_counter",
        "perf_counter_ns",
        "sleep",
        "localtime",
        "gmtime",
        "ctime",
        "asctime",
        "strftime",
        "clock_gettime",
        "clock_gettime_ns",
    },
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "func": {"now", "current_timestamp", "localtimestamp"},
    "uuid": {"uuid1"},
}
BANNED_SQL = ("CURRENT_TIMESTAMP", "DATETIME('NOW", "NOW()")


def readings(source: str) -> Iterator[str]:
    """Every reading of the time in a module, as `line: what`."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        yield from (f"{node.lineno}: {what}" for what in _readings_of(node))


def _readings_of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom) and node.module in ("time", "uuid"):
        yield from (
            f"from {node.module} import {name.name}" for name in node.names if name.name in BANNED_CALLS[node.module]
        )
    if isinstance(node, ast.ImportFrom) and node.module == "asyncio" and any(name.name == "sleep" for name in node.names):
        yield "from asyncio import sleep"
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and any(sql in node.value.upper() for sql in BANNED_SQL)
    ):
        yield f"SQL that reads the database's clock: {node.value[:40]!r}"
    if isinstance(node, ast.Attribute):
        yield from _attribute(node)
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "asyncio.sleep" and not _is_zero(node.args):
        yield "asyncio.sleep; use Clock.sleep_machine"


def _attribute(node: ast.Attribute) -> Iterator[str]:
    owner = ast.unparse(node.value)
    if node.attr in BANNED_CALLS.get(owner.rsplit(".", 1)[-1], ()):
        yield f"{owner}.{node.attr}"
    if node.attr == "time" and ("loop" in owner.rsplit(".", 1)[-1]):
        yield f"{owner}.time"


def _is_zero(arguments: list[ast.expr]) -> bool:
    return len(arguments) == 1 and isinstance(arguments[0], ast.Constant) and arguments[0].value == 0


def _modules() -> list[Path]:
    paths = [path for room in ROOMS for path in sorted((REPOSITORY / room).rglob("*.py"))]
    return [path for path in paths if path != REPOSITORY / THE_CLOCK]


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_no_other_module_reads_the_time(path: Path) -> None:
    assert list(readings(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "line",
    [
        "time.time()",
        "time.monotonic()",
        "datetime.now(UTC)",
        "datetime.datetime.utcnow()",
        "date.today()",
        "asyncio.get_running_loop().time()",
        "self._loop.time()",
        "await asyncio.sleep(1)",
        "from time import monotonic",
        "default_factory=datetime.now",
        "select(func.now())",
        "text('SELECT CURRENT_TIMESTAMP')",
    ],
)
def test_the_ban_sees_every_way_of_reading_the_time(line: str) -> None:
    assert list(readings(f"async def f():\n    {line}" if "default" not in line else f"f({line})"))


@pytest.mark.parametrize(
    "line", ["await asyncio.sleep(0)", "clock.market_now()", "time.process_time()", "datetime.time(9)", "kst.time()"]
)
def test_the_ban_lets_harmless_lines_through(line: str) -> None:
    assert list(readings(f"async def f():\n    {line}")) == []

"""Bad input on the command line: an exit code, a message that names it, nothing lost, no traceback."""

import asyncio
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import polars as pl
import pytest

from shared.store.origin import Origin
from shared.store.store import Store
from tests.e2e.conftest import BAR, BARS
from tests.fakes.clock import FakeClock
from tests.fixtures.kstock_server import House, free_port
from tests.fixtures.kstock_shell import Shell


@pytest.fixture
def bars(house: House) -> Path:
    """A file of one daily bar."""
    path = house.folder / "bars.csv"
    path.write_text(BARS + BAR)
    return path


class Check(Protocol):
    def __call__(self, code: int, message: str, *arguments: str, **settings: str) -> None: ...


@pytest.fixture
def check(house: House, shell: Shell) -> Check:
    """Calls a command and expects an exit code and a message."""

    def check(code: int, message: str, *arguments: str, **settings: str) -> None:
        judge(house, shell.call(house, *arguments, **settings), code, message)

    return check


def judge(house: House, done: subprocess.CompletedProcess[str], code: int, message: str) -> None:
    assert done.returncode == code, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert list(house.temporary.iterdir()) == []


@pytest.mark.parametrize("command", [["status"], ["import", "x.csv"]])
def test_an_unknown_setting_is_named(house: House, command: list[str]) -> None:
    done = house.call(*command, KSTOCK_STROE__URL="x")
    judge(house, done, 2, "KSTOCK_STROE__URL: is not a setting of kstock")


def test_a_value_out_of_range_is_named(check: Check) -> None:
    check(2, "KSTOCK_CLOCK__SPEED: Input should be greater than or equal to 1", "up", KSTOCK_CLOCK__SPEED="0")


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("setting", ["server.listen", "metrics.listen"])
def test_a_port_in_use_is_named_with_its_setting(check: Check, house: House, setting: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        used = f"127.0.0.1:{taken.getsockname()[1]}"
        listen = {"server.listen": used, "metrics.listen": f"127.0.0.1:{free_port()}"}[setting]
        metrics = used if setting == "metrics.listen" else ""
        message = f"{setting}: {used} cannot be used"
        check(2, message, "up", "--listen", listen, KSTOCK_METRICS__LISTEN=metrics)
    assert not list(house.data_dir.glob("*.server.json"))


def test_listening_beyond_this_machine_needs_protection(check: Check) -> None:
    check(2, "server.listen: 0.0.0.0:50051 is reachable from other machines", "up", "--listen", "0.0.0.0:50051")


def test_a_server_that_does_not_answer_is_named(check: Check) -> None:
    address = f"127.0.0.1:{free_port()}"
    check(6, f"no kstock server answers at {address}", "status", "--server", address)


def test_something_else_than_kstock_is_no_server(check: Check) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        address = f"127.0.0.1:{other.getsockname()[1]}"
        check(6, f"no kstock server answers at {address}", "status", "--server", address)


def test_a_store_that_does_not_exist_is_not_made(check: Check, house: House) -> None:
    check(5, "typo.db does not exist; import data first", "--store", "typo.db", "scan", "vcp")
    assert not (house.folder / "typo.db").exists()


def _garbage(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 64)


def _truncated(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE music (title TEXT)")
    other.close()


@pytest.mark.parametrize(
    ("damage", "command"),
    [
        (_garbage, ["up", "--listen", "127.0.0.1:0"]),
        (_truncated, ["import", "bars.csv"]),
        (_empty, ["scan", "vcp"]),
        (_foreign, ["import", "bars.csv"]),
    ],
)
def test_a_damaged_store_is_named_and_left_as_it_is(
    check: Check, bars: Path, stored: Path, damage: Callable[[Path], None], command: list[str]
) -> None:
    damage(stored)
    before = stored.read_bytes()

    check(5, "var/kstock.db", *command)
    assert stored.read_bytes() == before


async def _make_simulated(path: Path) -> None:
    await (await Store.open(str(path), origin=Origin.SIMULATED, clock=FakeClock())).close()


def test_real_data_is_not_imported_into_a_simulated_store(check: Check, house: House, bars: Path) -> None:
    check(2, "simulated.db is the store of the simulated market", "--store", "var/simulated.db", "import", str(bars))
    asyncio.run(_make_simulated(house.folder / "copy.db"))
    check(5, "copy.db holds SIMULATED data", "--store", "copy.db", "import", str(bars))


def test_a_file_that_is_not_there_leaves_no_store_behind(check: Check, house: House) -> None:
    check(2, "nowhere.parquet: cannot be read", "import", "nowhere.parquet")
    assert not house.data_dir.exists()


def test_a_parquet_with_missing_columns_is_named(check: Check, house: House) -> None:
    pl.DataFrame({"date": ["2026-03-10"], "ticker": ["005930"]}).write_parquet(house.folder / "half.parquet")

    check(2, "half.parquet", "import", "half.parquet")
    assert not house.data_dir.exists()


def test_rejected_rows_are_counted_and_no_failure(house: House, shell: Shell) -> None:
    (house.folder / "bars.csv").write_text(BARS + BAR + BAR.replace("110,90", "90,110").replace("03-10", "03-11"))

    done = shell.call(house, "import", "bars.csv")

    assert done.returncode == 0, done.stderr
    assert "1 stored" in done.stdout
    assert "1 rejected" in done.stdout
    assert (house.data_dir / "rejects" / "bars.csv.csv").exists()


def test_an_unreadable_file_of_a_folder_fails_the_import_but_not_the_others(house: House, bars: Path, shell: Shell) -> None:
    folder = house.folder / "data"
    folder.mkdir()
    shutil.copy(bars, folder)
    (folder / "empty.csv").write_bytes(b"")

    done = shell.call(house, "import", "data")

    assert done.returncode == 2
    assert "1 stored" in done.stdout
    assert "not read: data/empty.csv" in done.stderr


def test_a_scan_of_a_day_without_session_is_not_found(check: Check, stored: Path) -> None:
    check(
        3,
        "session '2026-03-11' does not exist; the exchange was closed that day",
        "scan",
        "vcp",
        "--as-of",
        "2026-03-11",
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["scan", "magic"], "'magic' is not one of 'vcp', 'jongga', 'daytrading', 'disparity'"),
        (["scan", "vcp", "--as-of", "yesterday"], "'yesterday' does not match the format"),
        (["scan", "vcp", "--min-market-cap", "much"], "--min-market-cap: is not an amount"),
        (["scan", "vcp", "--top", "501"], "501 is not in the range"),
        (["stream"], "Missing argument 'TICKER...'"),
        (["stream", "005930", "--count", "0"], "0 is not in the range"),
        (["serve", "kitchen"], "'kitchen' is not one of"),
        (["dance"], "No such command 'dance'"),
    ],
)
def test_wrong_words_are_named(check: Check, arguments: list[str], message: str) -> None:
    check(2, message, *arguments)

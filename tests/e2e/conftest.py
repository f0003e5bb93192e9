"""A server that all tests of this folder share, and folders for commands without one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.kstock_server import House, Server
from tests.fixtures.kstock_shell import Shell, open_shell

BARS = "date,ticker,name,market,open,high,low,close,volume,amount,amount_src,marcap,marcap_src,shares,src\n"
BAR = "2026-03-10,005930,삼성전자,KOSPI,100,110,90,105,1000,100000,krx,105000000,krx,1000000,test\n"


@pytest.fixture(scope="package")
def running_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The folder of the shared server."""
    return House(folder=tmp_path_factory.mktemp("running"))


@pytest.fixture(scope="package")
def server(running_house: House) -> Iterator[Server]:
    """`kstock up` on the simulated market; tests may ask it, none may end it."""
    with running_house.up() as running:
        yield running


@pytest.fixture
def house(tmp_path: Path) -> House:
    """An empty folder in which nothing runs."""
    return House(folder=tmp_path)


@pytest.fixture(scope="module")
def idle_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A folder in which nothing runs; the first command makes its simulated market, the others find it."""
    return House(folder=tmp_path_factory.mktemp("idle"))


@pytest.fixture(scope="package")
def shell() -> Iterator[Shell]:
    """Takes one call after the other; for what commands say, not for how their process ends."""
    with open_shell() as shell:
        yield shell


@pytest.fixture(scope="package")
def imported(shell: Shell, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of real data, to be copied."""
    house = House(folder=tmp_path_factory.mktemp("imported"))
    (house.folder / "bars.csv").write_text(BARS + BAR)
    done = shell.call(house, "import", "bars.csv")
    assert done.returncode == 0, done.stderr
    return house.data_dir / "kstock.db"


@pytest.fixture
def stored(house: House, imported: Path) -> Path:
    """A store of real data."""
    house.data_dir.mkdir()
    return Path(shutil.copy(imported, house.data_dir))

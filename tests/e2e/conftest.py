"""A server that all tests of this folder share, and folders for commands without one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.kstock_server import House, Server


@pytest.fixture(scope="session")
def running_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The folder of the shared server."""
    return House(folder=tmp_path_factory.mktemp("running"))


@pytest.fixture(scope="session")
def server(running_house: House) -> Iterator[Server]:
    """`kstock up` on the simulated market; tests may ask it, none may end it."""
    with running_house.up() as running:
        yield running


@pytest.fixture
def house(tmp_path: Path) -> House:
    """An empty folder in which nothing runs."""
    return House(folder=tmp_path)

"""The rooms of one store in several processes, as commands beside it see them."""

import json

import pytest

from tests.fixtures.kstock_server import House
from tests.fixtures.kstock_shell import Shell

pytestmark = pytest.mark.usefixtures("stored")


def _first_line(house: House, *arguments: str) -> str:
    """What a command that never ends says first."""
    process = house.begin(*arguments)
    try:
        assert process.stdout is not None
        return process.stdout.readline()
    finally:
        process.kill()
        process.communicate()


def test_rooms_in_several_processes_are_one_kstock_to_a_command(house: House, shell: Shell) -> None:
    with house.serve("market", "ops") as first, house.serve("pricestream") as second, house.serve("feed") as third:
        status = json.loads(shell.call(house, "status", "--json").stdout)
        streamed = _first_line(house, "stream", "005930", "--json")
        asked = shell.call(house, "chat", "삼성전자 얼마야?")

    assert set(status["server"].split(", ")) == {first.address, second.address, third.address}
    assert {"kstock.market.v1.MarketService", "kstock.pricestream.v1.PriceStreamService"} <= status["services"].keys()
    assert '"opened"' in streamed
    assert asked.returncode == 6
    assert "/kstock.chat.v1.ChatService/Converse is not served here" in asked.stderr


def test_port_0_is_a_real_port_by_the_time_a_server_is_ready(house: House, shell: Shell) -> None:
    with house.serve("market", listen="127.0.0.1:0") as server:
        found = json.loads(shell.call(house, "status", "--json").stdout)["server"]

        assert f"gRPC on {found}," in server.said
        assert not found.endswith(":0")

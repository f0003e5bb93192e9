"""A server's beginning and end: killed, started again, told to go."""

import json
import signal
import urllib.request

import grpc
from kstock.market.v1 import market_service_pb2, market_service_pb2_grpc

from shared.market.times import kst_date
from shared.rpc.messages.times import read_local_date, read_timestamp
from tests.fixtures.kstock_server import House, Server, free_port
from tests.fixtures.kstock_shell import Shell

EXIT_WITHIN_S = 10.0


async def test_a_house_outlives_a_killed_server_and_a_second_one(house: House, shell: Shell) -> None:
    """Three servers of one house, one after the other: the first is killed, Ctrl-C ends the second, SIGTERM the third."""
    port = free_port()
    metered = House(folder=house.folder, settings={"KSTOCK_METRICS__LISTEN": f"127.0.0.1:{port}"})

    with house.up() as server:
        await _the_first_answer_is_todays_price(server)
        first = _status(house, shell)
        _a_second_server_must_not_make_the_same_market(house, server)
        assert _status(house, shell)["session"]["newest_stored_session"] == first["session"]["newest_stored_session"]
        server.kill()
    assert list(house.data_dir.glob("simulated.db.*.server.json"))

    with metered.up() as server:
        second = _status(house, shell)
        assert second["server"] == server.address
        assert second["session"]["market_time"] > first["session"]["market_time"]
        assert shell.call(house, "chat", "삼성전자 지금 얼마야?").returncode == 0
        _metrics_are_read_over_http_until_ctrl_c(house, shell, server, port)

    with house.up() as server:
        _it_ends_its_streams_and_takes_its_file_away(house, server)


def _status(house: House, shell: Shell) -> dict:
    return json.loads(shell.call(house, "status", "--json").stdout)


async def _the_first_answer_is_todays_price(server: Server) -> None:
    async with grpc.aio.insecure_channel(server.address) as channel:
        market = market_service_pb2_grpc.MarketServiceStub(channel)
        quotes = await market.BatchGetQuotes(market_service_pb2.BatchGetQuotesRequest(tickers=["005930"]))
        session = await market.GetSession(market_service_pb2.GetSessionRequest())
    traded = read_timestamp(quotes.quotes[0].exchange_time)
    assert kst_date(traded) == read_local_date(session.day.date)
    assert quotes.quotes[0].volume_shares > 0


def _a_second_server_must_not_make_the_same_market(house: House, server: Server) -> None:
    second = house.call("up", "--listen", "127.0.0.1:0")

    assert second.returncode == 5
    assert f"is made by process {server.process.pid} at {server.address}" in second.stderr


def _metrics_are_read_over_http_until_ctrl_c(house: House, shell: Shell, server: Server, port: int) -> None:
    shell.call(house, "stream", "005930", "--count", "1", "--server", server.address)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(EXIT_WITHIN_S) == 0
    assert "kstock_stream_updates_in_total" in text
    assert 'code="OK",method="/grpc.health.v1.Health/List"' in text


def _it_ends_its_streams_and_takes_its_file_away(house: House, server: Server) -> None:
    announced = next(
        path for path in house.data_dir.glob("simulated.db.*.server.json") if server.address in path.read_text()
    )
    assert announced.stat().st_mode & 0o077 == 0
    follower = house.begin("stream", "005930", "--json")
    try:
        assert follower.stdout is not None
        assert "opened" in follower.stdout.readline()

        assert server.terminate(EXIT_WITHIN_S) == 0

        assert "going_away" in _goodbye(follower.stdout)
    finally:
        follower.kill()
        follower.communicate()
    assert not announced.exists()
    assert "Traceback" not in server.said


def _goodbye(lines: object) -> str:
    """The first line that says goodbye; a follower goes on and tries again."""
    return next(line for line in lines if "going_away" in line)  # type: ignore[attr-defined]

"""A server's beginning and end: told to go, killed, started again."""

import json
import signal
import urllib.request

import grpc
from kstock.market.v1 import market_service_pb2, market_service_pb2_grpc

from shared.market.times import kst_date
from shared.rpc.messages.times import read_local_date, read_timestamp
from tests.fixtures.kstock_server import House, free_port

EXIT_WITHIN_S = 10.0


def test_a_server_told_to_end_ends_its_streams_and_takes_its_file_away(house: House) -> None:
    with house.up() as server:
        (announced,) = house.data_dir.glob("simulated.db.*.server.json")
        assert json.loads(announced.read_text())["address"] == server.address
        assert announced.stat().st_mode & 0o077 == 0
        follower = house.begin("stream", "005930", "--json")
        try:
            assert follower.stdout is not None
            assert "opened" in follower.stdout.readline()

            assert server.terminate(EXIT_WITHIN_S) == 0

            assert "going_away" in _last_line(follower.stdout)
        finally:
            follower.kill()
            follower.communicate()
        assert not announced.exists()
        assert "Traceback" not in server.said


def _last_line(lines: object) -> str:
    """The first line that says goodbye; a follower goes on and tries again."""
    return next(line for line in lines if "going_away" in line)  # type: ignore[attr-defined]


def test_a_killed_server_is_no_obstacle_to_the_next(house: House) -> None:
    with house.up() as server:
        first = json.loads(house.call("status", "--json").stdout)
        server.kill()
    assert list(house.data_dir.glob("simulated.db.*.server.json"))

    with house.up() as server:
        second = json.loads(house.call("status", "--json").stdout)
        assert second["server"] == server.address
        assert second["session"]["market_time"] > first["session"]["market_time"]
        assert house.call("chat", "삼성전자 지금 얼마야?").returncode == 0


def test_a_second_server_must_not_make_the_same_market(house: House) -> None:
    with house.up() as server:
        before = json.loads(house.call("status", "--json").stdout)["session"]

        second = house.call("up", "--listen", "127.0.0.1:0")

        assert second.returncode == 5
        assert f"is made by process {server.process.pid} at {server.address}" in second.stderr
        after = json.loads(house.call("status", "--json").stdout)["session"]
        assert after["newest_stored_session"] == before["newest_stored_session"]


def test_metrics_are_read_over_http_until_ctrl_c(house: House) -> None:
    port = free_port()
    metered = House(folder=house.folder, settings={"KSTOCK_METRICS__LISTEN": f"127.0.0.1:{port}"})
    with metered.up() as server:
        house.call("stream", "005930", "--count", "1", "--server", server.address)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            text = answer.read().decode()
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(EXIT_WITHIN_S) == 0
    assert "kstock_stream_updates_in_total" in text
    assert 'code="OK",method="/grpc.health.v1.Health/List"' in text


async def test_the_first_answer_of_a_server_is_todays_price(house: House) -> None:
    with house.up() as server:
        async with grpc.aio.insecure_channel(server.address) as channel:
            market = market_service_pb2_grpc.MarketServiceStub(channel)
            quotes = await market.BatchGetQuotes(market_service_pb2.BatchGetQuotesRequest(tickers=["005930"]))
            session = await market.GetSession(market_service_pb2.GetSessionRequest())
    traded = read_timestamp(quotes.quotes[0].exchange_time)
    assert kst_date(traded) == read_local_date(session.day.date)
    assert quotes.quotes[0].volume_shares > 0

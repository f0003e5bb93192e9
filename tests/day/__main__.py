"""Start kstock at 08:25 of an invented day, watch it to midnight, tell what happened.

Two watchers follow the signals: one without a break, one that is killed again and again and goes on behind the last event
that it wrote down. Ends with 1 when a job did not run exactly once or a watcher missed or repeated an event.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import grpc
from kstock.market.v1 import market_service_pb2, market_service_pb2_grpc

from shared.clock import WallClock
from shared.market.times import kst_datetime, to_kst
from tests.day.report import DayReport
from tests.day.watchers import Watcher, cpu_s, nap
from tests.fixtures.kstock_server import House, Server, free_port

BEGIN = time(8, 25)
KILLED_EVERY_S = 25.0
SETTLING_S = 3.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the day and print the report."""
    parser = argparse.ArgumentParser(prog="python -m tests.day", description=__doc__)
    parser.add_argument("--speed", type=float, default=120.0, help="market seconds a second, 1 to 1000")
    parser.add_argument("--day", type=date.fromisoformat, default=date(2026, 3, 17), help="a session of the invented market")
    options = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="kstock-day-") as folder:
        report = run(House(folder=Path(folder)), options.day, speed=options.speed)
    print(report.text())
    return 1 if report.problems else 0


def run(house: House, day: date, *, speed: float) -> DayReport:
    """One day in a process of its own, and two watchers in theirs."""
    address = f"127.0.0.1:{free_port()}"
    begin = to_kst(kst_datetime(day, BEGIN)).isoformat(timespec="minutes")
    command = ["--log-level", "info", "up", "--listen", address, "--simulated", "--at", begin, "--speed", f"{speed:g}"]
    print(f"$ kstock {' '.join(command)}", flush=True)
    process = house.begin(*command)
    server, clock = Server(process, address), WallClock()
    began = clock.monotonic()
    try:
        server.wait_until_ready()
        steady, restless = Watcher(house, "steady"), Watcher(house, "restless")
        steady.start()
        restless.start()
        _pass(address, restless, until=kst_datetime(day + timedelta(days=1), time(0)))
        nap(SETTLING_S)
        seconds, jobs = clock.monotonic() - began, house.call("jobs").stdout
        schedule = json.loads(house.call("jobs", "--json").stdout)
        steady.kill()
        restless.kill()
        return DayReport(
            day=day,
            speed=speed,
            seconds=seconds,
            cpu_s=cpu_s(process.pid),
            names=[job["job"] for job in schedule["jobs"]],
            jobs=jobs,
            log=server.said.splitlines(),
            steady=steady.events(),
            restless=restless.events(),
            kills=restless.starts - 1,
        )
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait()
        server.close()


def _pass(address: str, restless: Watcher, *, until: datetime) -> None:
    """Wait for a market time, and disturb the restless one meanwhile."""
    with closing(grpc.insecure_channel(address)) as channel:
        market = market_service_pb2_grpc.MarketServiceStub(channel)
        clock = WallClock()
        disturbed = clock.monotonic()
        while True:
            session = market.GetSession(market_service_pb2.GetSessionRequest())
            if session.market_time.ToDatetime(tzinfo=UTC) >= until:
                return
            if clock.monotonic() - disturbed > KILLED_EVERY_S:
                restless.kill()
                restless.start()
                disturbed = clock.monotonic()
            nap(1.0)


if __name__ == "__main__":
    sys.exit(main())

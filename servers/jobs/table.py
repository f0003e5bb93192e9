"""What is done every session and when; each job asks the room that does the work, by gRPC."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import grpc

from servers.jobs.job import Job, after_close, at, before_close, before_open
from servers.jobs.market import MarketWork
from servers.jobs.scanner import ScannerWork
from shared.market.signal import SignalKind

_UNTIL_NEXT = timedelta(days=15)
"""The longest run of holidays is shorter: a result that waits for the next session stays useful until then."""

_WHILE_OPEN = timedelta(hours=6)
"""From before the opening into the session's last hour."""

_DAILY = (SignalKind.VCP, SignalKind.JONGGA, SignalKind.DAYTRADING, SignalKind.DISPARITY)


def daily_jobs(channels: Mapping[str, grpc.aio.Channel]) -> Sequence[Job]:
    """The jobs of one session in the order of the day; `channels` leads to the rooms.

    Jobs around the session follow its own opening and close, so that a late opening or a short day moves them; those of the
    evening follow what others publish at a time of the clock.
    """
    market, scanner = MarketWork(channels["market"]), ScannerWork(channels["scanner"])
    return (
        Job(name="master-sync", when="30 min before the opening", due=before_open(minutes=30),
            useful_for=_UNTIL_NEXT, work=market.sync),
        Job(name="pre-open", when="10 min before the opening", due=before_open(minutes=10),
            useful_for=_WHILE_OPEN, work=scanner.prepare, after=("master-sync",)),
        Job(name="jongga-preview", when="15 min before the close", due=before_close(minutes=15),
            useful_for=timedelta(minutes=14), work=scanner.scan(SignalKind.JONGGA)),
        Job(name="close", when="at the close", due=after_close(minutes=0),
            useful_for=timedelta(minutes=9), work=market.close),
        Job(name="ingest", when="10 min after the close", due=after_close(minutes=10),
            useful_for=_UNTIL_NEXT, work=market.ingest_bars),
        Job(name="scan-vcp", when="after the ingest", due=after_close(minutes=10),
            useful_for=timedelta(hours=2), work=scanner.scan(SignalKind.VCP), after=("ingest",)),
        Job(name="scan-daytrading", when="after the ingest", due=after_close(minutes=10),
            useful_for=timedelta(hours=2), work=scanner.scan(SignalKind.DAYTRADING), after=("ingest",)),
        Job(name="flows", when="18:10", due=at(18, 10), useful_for=_UNTIL_NEXT, work=market.ingest_flows),
        Job(name="final-scores", when="after the flows", due=at(18, 10), useful_for=_UNTIL_NEXT,
            work=scanner.scan(*_DAILY, completed_only=True), after=("ingest", "flows")),
        Job(name="scoreboard", when="20:30", due=at(20, 30), useful_for=_UNTIL_NEXT, work=scanner.judge,
            after=("final-scores",)),
    )  # fmt: skip

"""A market for one evaluation: simulated, with signals in it and headlines that try to give orders; gone afterwards."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

import grpc
from kstock.scanner.v1 import scanner_service_pb2, scanner_service_pb2_grpc

from servers.chat.evaluation.poison import poison
from servers.commands.connection import Connection, in_this_process
from servers.store_choice import choose_store
from shared.clock import WallClock
from shared.config import Settings
from shared.market.signal import SignalKind
from shared.market.times import kst_date, kst_datetime
from shared.rpc.client import domain_errors, open_channel
from shared.rpc.messages.enums import SIGNAL_KIND

_ROOMS = ("feed", "pricestream", "market", "scanner", "signal", "chat")
_BEFORE_OPENING = time(8, 0)
"""Nothing trades, so every answer of the run can be compared with the same values."""

_SCANNED = (SignalKind.VCP, SignalKind.JONGGA, SignalKind.DAYTRADING, SignalKind.DISPARITY)


@asynccontextmanager
async def rehearsed(settings: Settings) -> AsyncIterator[Connection]:
    """Rooms on a simulated market of its own, before the opening of its second session.

    Args:
        settings: Of the command; store, clock and feed are replaced.

    Raises:
        KStockError: The market cannot be made or scanned.
    """
    with TemporaryDirectory(prefix="kstock-eval-") as folder:
        own = _own(settings, Path(folder))
        own = _own(settings, Path(folder), at=await _second_morning(own))
        clock, choice = WallClock(), choose_store(own)
        async with (
            in_this_process(own, choice, _ROOMS) as application,
            open_channel(application.target, clock=clock) as channel,
        ):
            await poison(application.house.store, application.house.clock.market_now())
            await _scan(channel, _SCANNED)
            yield Connection(channel=channel, channels=(channel,), clock=clock, address=None, store=choice.url)


def _own(settings: Settings, folder: Path, *, at: datetime | None = None) -> Settings:
    return settings.model_copy(
        update={
            "data_dir": folder,
            "store": settings.store.model_copy(update={"url": None}),
            "feed": settings.feed.model_copy(update={"source": "simulated"}),
            "clock": settings.clock.model_copy(update={"mode": "auto", "at": at, "speed": 1.0}),
        }
    )


async def _second_morning(settings: Settings) -> datetime:
    """Before the opening of the session after the one that the new market begins with."""
    async with in_this_process(settings, choose_store(settings), ("market",)) as application:
        today = kst_date(application.house.clock.market_now())
        return kst_datetime(application.house.calendar.next_session(today).day, _BEFORE_OPENING)


async def _scan(channel: grpc.aio.Channel, kinds: Sequence[SignalKind]) -> None:
    """Scans whose results become signals, one after the other."""
    stub = scanner_service_pb2_grpc.ScannerServiceStub(channel)
    for kind in kinds:
        request = scanner_service_pb2.RunScanRequest(kind=SIGNAL_KIND.to_wire(kind))
        with domain_errors():
            async for _ in stub.RunScan(request):
                await asyncio.sleep(0)

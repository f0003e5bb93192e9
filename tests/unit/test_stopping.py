"""The wish to end a process."""

from datetime import timedelta

from servers.stopping import Stopping
from shared.rpc.server import DRAIN_GRACE


async def test_whoever_asks_first_decides_about_the_grace() -> None:
    stopping = Stopping()

    stopping.ask(timedelta(seconds=30))
    stopping.ask()
    await stopping.wait()

    assert stopping.grace == timedelta(seconds=30)


async def test_a_signal_asks_with_the_usual_grace() -> None:
    stopping = Stopping()

    stopping.ask()
    await stopping.wait()

    assert stopping.grace == DRAIN_GRACE

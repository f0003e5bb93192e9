"""Every room of `kstock up` on a made or real store, and 2,000 price changes a second on its bus.

`python -m tests.bench.busy_house DATA_DIR MOMENT MODEL` freezes market time at the moment and prints address and tickers;
runs until its input ends. MODEL is the address of a Gemini service.
"""

import asyncio
import json
import sys
from datetime import timedelta

import uvloop

from servers.compose import assembled
from servers.memory import put_survivors_aside, return_large_blocks
from servers.stopping import Stopping
from servers.store_choice import choose_store
from shared.config import LogSettings, load_settings
from shared.logging import configure_logging
from shared.market.instrument import Board
from shared.store.store import Store
from tests.bench.kstock_process import free_port
from tests.bench.stream_arms import feed_onto, make_changes

_WIDTH = 200
_HOUR_S = 3_600.0
_PLENTY = 10**9


async def serve(data_dir: str, moment: str, model: str) -> None:
    """Serve until the input ends."""
    settings = load_settings(
        environment={},
        data_dir=data_dir,
        clock={"mode": "fixed", "at": moment},
        feed={"source": "none"},
        server={"listen": f"127.0.0.1:{free_port()}"},
        metrics={"listen": ""},
        stream={"max_streams_per_principal": 100},
        chat={
            "model": "gemini",
            "api_key": "bench",
            "base_url": model,
            "user_tokens_per_day": _PLENTY,
            "tokens_per_day": _PLENTY,
        },
    )
    stopping = Stopping()
    async with assembled(settings, choose_store(settings), stopping=stopping) as application, asyncio.TaskGroup() as tasks:
        await application.start()
        running = tasks.create_task(application.run())
        tickers = await _largest(application.house.store)
        busy = tasks.create_task(make_changes(await feed_onto(application.house.bus), _HOUR_S, 0, tickers))
        print(json.dumps([settings.server.listen, tickers]), flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        busy.cancel()
        stopping.ask(timedelta())
        await running


async def _largest(store: Store) -> list[str]:
    async with store.read() as uow:
        return [one.ticker for one in await uow.instruments.largest(boards=list(Board), limit=_WIDTH)]


if __name__ == "__main__":
    configure_logging(LogSettings(level="error"))
    return_large_blocks()
    put_survivors_aside()
    uvloop.run(serve(*sys.argv[1:]))

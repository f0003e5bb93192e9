"""Where a client command goes: a named server, the one that runs on its store, or the same rooms in this process."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import grpc

from servers.commands.answering import answers, is_listening
from servers.commands.invocation import Invocation
from servers.commands.routes import RoutedChannel
from servers.running import RunningServer, find_any, find_running
from servers.store_choice import StoreChoice, announced_beside, store_file
from shared.clock import Clock, WallClock
from shared.config import Settings
from shared.market.errors import StoreUnusable
from shared.rpc.client import Target, open_channel
from shared.rpc.errors import ServerUnavailable

if TYPE_CHECKING:
    from servers.application import Application

_UNAVAILABLE = "NO_SERVER"
_START_S = 60.0
_LOOK_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """An open way to the rooms.

    `channels` are the ways to each server where several share the rooms, else the one `channel`. `address` is the server's,
    or theirs; None for rooms in this process. `store` is what they work on, None when only they know.
    """

    channel: grpc.aio.Channel
    channels: Sequence[grpc.aio.Channel]
    clock: Clock
    address: str | None
    store: str | None


@asynccontextmanager
async def connected(call: Invocation, rooms: Collection[str]) -> AsyncIterator[Connection]:
    """Open the way for one command; everything that was started for it is gone after the block.

    Args:
        call: Settings of the command.
        rooms: What it needs where no server runs. Without the feed among them the store is only asked.

    Raises:
        ServerUnavailable: The named server, or one of the store, does not answer.
        BadToken: It does not know the token.
        StoreUnusable: The store cannot be used as it is.
        InvalidInput: Settings that cannot be served.
    """
    clock = WallClock()
    found = await _find_servers(call, clock)
    async with AsyncExitStack() as stack:
        if found is None:
            choice = call.choice()
            asked = choice if "feed" in rooms else replace(choice, feed="none")
            house = await stack.enter_async_context(in_this_process(call.settings, asked, rooms))
            channel = await stack.enter_async_context(open_channel(house.target, clock=clock))
            yield Connection(channel=channel, channels=(channel,), clock=clock, address=None, store=choice.url)
            return
        channels = [await stack.enter_async_context(open_channel(one.target, clock=clock)) for one in found.servers]
        yield Connection(
            channel=channels[0] if len(channels) == 1 else RoutedChannel(channels, _ways(found.servers, channels)),
            channels=channels,
            clock=clock,
            address=", ".join(one.target.address for one in found.servers),
            store=found.store,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Server:
    """One server and, where it told, its rooms."""

    target: Target
    rooms: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Servers that answer, the one with most rooms first, and their store where a file beside that tells."""

    servers: Sequence[_Server]
    store: str | None


def _ways(servers: Sequence[_Server], channels: Sequence[grpc.aio.Channel]) -> dict[str, grpc.aio.Channel]:
    ways: dict[str, grpc.aio.Channel] = {}
    for server, channel in zip(servers, channels, strict=True):
        for room in server.rooms:
            ways.setdefault(room, channel)
    return ways


async def _find_servers(call: Invocation, clock: Clock) -> _Found | None:
    client = call.settings.client
    if client.server is not None:
        return _Found(servers=[_Server(target=await _named(call.settings, client.server, clock))], store=None)
    choice = call.choice()
    beside = await _beside(announced_beside(choice, call.settings.data_dir), clock)
    if beside:
        return _Found(servers=beside, store=choice.url)
    if call.names_a_store:
        return None
    target = await _at_usual_address(call.settings, clock)
    return None if target is None else _Found(servers=[_Server(target=target)], store=None)


async def _named(settings: Settings, address: str, clock: Clock) -> Target:
    target = _target(settings, address)
    if not await answers(target, clock):
        raise ServerUnavailable(_UNAVAILABLE, f"no kstock server answers at {address}; start one, or check the address")
    return target


async def _beside(store: Path, clock: Clock) -> list[_Server]:
    """The servers that told of themselves beside a store; none when there are none any more."""
    running = [one for one in await _prepared(store, clock) if await is_listening(one.target.address)]
    for one in running:
        if not await answers(one.target, clock, announced=True):
            why = f"the server of process {one.pid} at {one.target.address} does not answer; stop it, or wait for it"
            raise ServerUnavailable(_UNAVAILABLE, why)
    running.sort(key=lambda one: -len(one.rooms))
    return [_Server(target=one.target, rooms=one.rooms) for one in running]


async def _prepared(store: Path, clock: Clock) -> list[RunningServer]:
    """The servers beside a store, once those that are starting have started: two must not prepare one store."""
    until = clock.monotonic() + _START_S
    while True:
        running = find_running(store)
        starting = [one for one in running if not one.ready]
        if not starting:
            return running
        if clock.monotonic() > until:
            why = f"the server of process {starting[0].pid} has been starting for {_START_S:g} s; stop it, or wait for it"
            raise ServerUnavailable(_UNAVAILABLE, why)
        await clock.sleep_machine(_LOOK_S)


async def _at_usual_address(settings: Settings, clock: Clock) -> Target | None:
    """A server where one of these settings would listen."""
    address = settings.server.listen
    if not await is_listening(address):
        return None
    target = _target(settings, address)
    return target if await answers(target, clock) else None


def _target(settings: Settings, address: str) -> Target:
    """The server at an address: with the token of the settings, else as it announced itself in the data folder."""
    client = settings.client
    if client.token is None and not client.tls:
        for running in find_any(settings.data_dir):
            if running.target.address == address:
                return running.target
    token = client.token.get_secret_value() if client.token else None
    own = settings.server.tls_certificate if address == settings.server.listen else None
    certificate = client.ca_certificate or own
    return Target(address=address, token=token, tls=client.tls or certificate is not None, ca_certificate=certificate)


@asynccontextmanager
async def in_this_process(settings: Settings, choice: StoreChoice, rooms: Collection[str]) -> AsyncIterator["Application"]:
    """The rooms, running behind a socket that nobody else can reach.

    Args:
        settings: Of the command.
        choice: Store, clock and feed.
        rooms: Which rooms are needed.

    Raises:
        StoreUnusable: The store cannot be used as it is.
        InvalidInput: Settings that cannot be served.
    """
    file = store_file(choice)
    if choice.named and file is not None and not file.exists():
        raise StoreUnusable(f"{file} does not exist; import data first, or name an existing store")
    # Only here: a command that finds a server must not wait for a house that it does not need.
    from servers.compose import assembled
    from servers.stopping import Stopping

    with TemporaryDirectory(prefix="kstock-") as folder:
        private = _private(settings, Path(folder))
        async with assembled(private, choice, rooms=rooms, stopping=Stopping()) as application:
            await application.start()
            async with _running(application):
                yield application


def _private(settings: Settings, folder: Path) -> Settings:
    """The same settings behind a socket in a folder of this user's; what concerns other machines is off."""
    server = settings.server.model_copy(
        update={"listen": f"unix:{folder / 'grpc'}", "tls_certificate": None, "tls_key": None, "insecure": False}
    )
    metrics = settings.metrics.model_copy(update={"listen": ""})
    return settings.model_copy(update={"server": server, "metrics": metrics})


@asynccontextmanager
async def _running(application: "Application") -> AsyncIterator[None]:
    """Keep an application running while the block does; an error of either ends both and comes out as itself."""
    try:
        async with asyncio.TaskGroup() as tasks:
            rooms = tasks.create_task(application.run(), name="rooms")
            try:
                yield
            finally:
                application.house.stopping.ask()
                await asyncio.wait([rooms])  # drained before the group can cancel it, also when the block failed
    except BaseExceptionGroup as group:
        if len(group.exceptions) == 1:
            raise group.exceptions[0] from None
        raise

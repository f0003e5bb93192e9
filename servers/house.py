"""What the rooms of one process share: store, clocks, bus, channels to each other; opened here, handed to every room."""

import random
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import grpc

from servers.chat.llm.ledger import UsageLedger
from servers.feed.simulated.feed import close_market, prepare_market
from servers.ops.service import JobDesk, StreamSource, TopicSource
from servers.stopping import Stopping
from servers.store_choice import StoreChoice
from shared.bus.base import EventBus
from shared.bus.memory import MemoryBus
from shared.bus.redis import RedisBus
from shared.clock import Clock, ClockMode, FixedClock, ScaledClock, WallClock
from shared.config import Settings
from shared.market.errors import InvalidInput
from shared.market.sessions import Session, SessionCalendar
from shared.metrics import Metrics
from shared.rpc.client import Target, open_channel
from shared.rpc.handlers import HostedService
from shared.rpc.limits import StreamSlots
from shared.rpc.server import Drainable
from shared.store.copying import copy_store
from shared.store.store import Store
from shared.text.kiwi import LazyMorphemes


class Component(Protocol):
    """Something that runs as long as its process."""

    name: str

    async def run(self) -> None:
        """Work until cancelled."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What every room is given.

    `channels` leads to each room, be it in this process or another; `stopping` ends this process.
    """

    settings: Settings
    choice: StoreChoice
    clock: Clock
    calendar: SessionCalendar
    store: Store
    bus: EventBus
    metrics: Metrics
    slots: StreamSlots
    channels: Mapping[str, grpc.aio.Channel]
    replica: str
    stopping: Stopping
    usage: UsageLedger
    morphemes: LazyMorphemes = field(default_factory=LazyMorphemes)
    rng: random.Random = field(default_factory=random.Random)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One service and what keeps it going.

    `preparations` are done before the first call is answered, `readiness` is waited for before people are told to come.
    Operators may see its `streams`, `topics` and `jobs`.
    """

    services: Sequence[HostedService] = ()
    components: Sequence[Component] = ()
    drainables: Sequence[Drainable] = ()
    preparations: Sequence[Callable[[], Awaitable[None]]] = ()
    readiness: Sequence[Callable[[], Awaitable[None]]] = ()
    streams: Sequence[StreamSource] = ()
    topics: TopicSource | None = None
    jobs: JobDesk | None = None


async def open_house(
    settings: Settings, choice: StoreChoice, *, token: str, stopping: Stopping, stack: AsyncExitStack
) -> House:
    """Open what the rooms share; `stack` closes it.

    Raises:
        InvalidInput: Settings that cannot be served.
        StoreUnusable: The store cannot be used as it is.
    """
    calendar = SessionCalendar.load()
    store, clock = await _open(settings, choice, calendar, stack=stack)
    bus = _bus(settings, choice, clock)
    stack.push_async_callback(bus.close)
    channels = {}
    for room in type(settings.peers).model_fields.keys() - {"token"}:
        channels[room] = open_channel(_target(settings, room, token), clock=clock)
        stack.push_async_callback(channels[room].close)
    return House(
        settings=settings,
        choice=choice,
        clock=clock,
        calendar=calendar,
        store=store,
        bus=bus,
        metrics=Metrics(),
        slots=StreamSlots(per_caller=settings.stream.max_streams_per_principal, in_all=settings.stream.max_streams),
        channels=channels,
        replica=f"kstock-{secrets.token_hex(4)}",
        stopping=stopping,
        usage=UsageLedger(store, clock),
    )


async def _open(
    settings: Settings, choice: StoreChoice, calendar: SessionCalendar, *, stack: AsyncExitStack
) -> tuple[Store, Clock]:
    if choice.original is not None:
        await copy_store(choice.original, Path(choice.url))
    store = await stack.enter_async_context(
        await Store.open(choice.url, origin=choice.origin, clock=WallClock(), upgrade=settings.store.upgrade)
    )
    if choice.clock is ClockMode.REPLAY:
        async with store.begin() as uow:
            await uow.rehearsal.forget_decisions()
    at, speed = settings.clock.at, settings.clock.speed
    match choice.clock:
        case ClockMode.FIXED if at is not None:
            return store, FixedClock(at)
        case ClockMode.SIMULATED if choice.feed == "none" and at is None:
            evening = await close_market(store, seed=settings.feed.seed, calendar=calendar)
            return store, ScaledClock(evening, speed=1.0, mode=ClockMode.SIMULATED)
        case ClockMode.SIMULATED:
            _, start = await prepare_market(store, seed=settings.feed.seed, calendar=calendar, at=at)
            return store, ScaledClock(start, speed=speed, mode=ClockMode.SIMULATED)
        case ClockMode.REPLAY if settings.feed.day is not None:
            session = calendar.session(settings.feed.day)
            if not isinstance(session, Session):
                raise InvalidInput("KSTOCK_FEED__DAY", f"{settings.feed.day} is no trading day ({session.reason})")
            return store, ScaledClock(at or session.opens, speed=speed, mode=ClockMode.REPLAY)
        case _:
            return store, WallClock()


def _bus(settings: Settings, choice: StoreChoice, clock: Clock) -> EventBus:
    if settings.bus.url is None:
        return MemoryBus(clock)
    # A rehearsal on the same Redis must not reach those who follow the real market.
    return RedisBus(settings.bus.url, namespace=f"{choice.origin}-{choice.clock}".lower(), clock=clock)


def own_target(settings: Settings, token: str) -> Target:
    """How this process is reached from this machine."""
    tls = settings.server.tls_certificate
    return Target(address=settings.server.listen, token=token, tls=tls is not None, ca_certificate=tls)


def _target(settings: Settings, room: str, token: str) -> Target:
    address = getattr(settings.peers, room)
    if not address:
        return own_target(settings, token)
    peer_token = settings.peers.token
    return Target(address=address, token=peer_token.get_secret_value() if peer_token else None)

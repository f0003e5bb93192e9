"""The composition root: from settings to running rooms; with `house.py` the only place that picks concrete adapters."""

import secrets
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import structlog
from kstock.feed.v1 import feed_service_pb2
from kstock.ops.v1 import ops_service_pb2
from kstock.signal.v1 import signal_service_pb2

from servers.application import Application
from servers.chat.llm.registry import build_embedder, build_headline_judge, build_model
from servers.chat.retrieval.registry import build_meaning
from servers.chat.room import ChatParts, ChatRoom
from servers.feed.owner import FeedOwner
from servers.feed.port import FeedParts, SourceParts
from servers.feed.registry import build_feed, build_service
from servers.house import House, Room, open_house, own_target
from servers.jobs.table import daily_jobs
from servers.market.room import MarketParts, MarketRoom
from servers.ops.jobs import ScheduleOps
from servers.ops.metrics_endpoint import metrics_endpoint
from servers.ops.service import OpsServicer
from servers.pricestream.directory import TickerDirectory
from servers.pricestream.limits import StreamLimits
from servers.pricestream.room import PriceStreamParts, PriceStreamRoom
from servers.scanner.parameter_file import load_parameters
from servers.scanner.room import ScannerParts, ScannerRoom
from servers.schedule import Scheduler
from servers.signal.event_log import EventLog
from servers.signal.keeper import PlanKeeper
from servers.signal.ops import WatchOps
from servers.signal.service import SignalService
from servers.signal.tail import EventTail
from servers.stopping import Stopping
from servers.store_choice import StoreChoice
from shared.config import ServerSettings, Settings
from shared.market.errors import InvalidInput
from shared.market.instrument import parse_ticker
from shared.rpc.handlers import HostedService
from shared.rpc.listen import check_listen
from shared.rpc.methods import Scope
from shared.rpc.server import RpcServer, ServerParts

log = structlog.get_logger()


def _feed(house: House) -> Room:
    if house.choice.feed == "none":
        return Room()
    feed = house.settings.feed
    tickers = [parse_ticker(text, "feed.default_tickers") for text in feed.default_tickers]

    owner = FeedOwner(
        house.bus,
        house.clock,
        owner=house.replica,
        build=lambda publisher: build_feed(
            house.choice.feed,
            FeedParts(
                publisher=publisher,
                store=house.store,
                clock=house.clock,
                calendar=house.calendar,
                default_tickers=tickers,
                day=feed.day,
                seed=feed.seed,
            ),
        ),
    )
    source = SourceParts(clock=house.clock, calendar=house.calendar, seed=feed.seed)
    servicer = build_service(house.choice.feed, source)
    descriptor = feed_service_pb2.DESCRIPTOR.services_by_name["FeedService"]
    services = [] if servicer is None else [HostedService(descriptor=descriptor, servicer=servicer)]
    return Room(services=services, components=[owner], readiness=[owner.wait_for_state])


def _pricestream(house: House) -> Room:
    directory = TickerDirectory(house.store, house.clock)
    room = PriceStreamRoom(
        PriceStreamParts(
            bus=house.bus,
            clock=house.clock,
            directory=directory,
            slots=house.slots,
            metrics=house.metrics.stream,
            replica=house.replica,
            limits=StreamLimits.from_settings(house.settings.stream),
            rng=house.rng,
        )
    )
    return Room(
        services=[room.hosted],
        components=[directory, room],
        drainables=[room],
        preparations=[directory.load],
        streams=[room.ops],
        topics=room.ops,
    )


def _market(house: House) -> Room:
    room = MarketRoom(
        MarketParts(
            store=house.store,
            bus=house.bus,
            clock=house.clock,
            calendar=house.calendar,
            feed=house.channels["feed"],
            import_paths=house.settings.ingest.paths,
            data_dir=house.settings.data_dir,
        )
    )
    return Room(services=[room.hosted], components=[room], preparations=[room.load])


def _scanner(house: House) -> Room:
    room = ScannerRoom(
        ScannerParts(
            store=house.store,
            bus=house.bus,
            clock=house.clock,
            calendar=house.calendar,
            signals=house.channels["signal"],
            morphemes=house.morphemes,
            replica=house.replica,
            parameters=load_parameters(house.settings.scanner.parameters),
            headlines=build_headline_judge(house.settings, house.usage, house.clock, house.rng),
        )
    )
    return Room(services=[room.hosted], components=[room])


def _signal(house: House) -> Room:
    events = EventLog(house.store, house.clock, house.calendar)
    tail = EventTail(events)
    service = SignalService(house.store, events, tail, house.clock)
    descriptor = signal_service_pb2.DESCRIPTOR.services_by_name["SignalService"]
    hosted = HostedService(descriptor=descriptor, servicer=service)
    keeper = PlanKeeper(events, store=house.store, bus=house.bus, clock=house.clock, calendar=house.calendar)
    return Room(services=[hosted], components=[tail, keeper], drainables=[service], streams=[WatchOps(service)])


def _chat(house: House) -> Room:
    room = ChatRoom(
        ChatParts(
            store=house.store,
            clock=house.clock,
            calendar=house.calendar,
            channels=house.channels,
            morphemes=house.morphemes,
            usage=house.usage,
            model=build_model(house.settings.chat, house.clock, house.rng),
            settings=house.settings.chat,
            meaning=build_meaning(build_embedder(house.settings, house.usage, house.clock), house.settings, house.store),
        )
    )
    return Room(services=[room.hosted], components=[room])


def _schedule(house: House) -> Room:
    jobs = daily_jobs(house.channels)
    scheduler = Scheduler(
        jobs, store=house.store, bus=house.bus, clock=house.clock, calendar=house.calendar, owner=house.replica
    )
    return Room(components=[scheduler], jobs=ScheduleOps(scheduler))


def _ops(house: House, others: Sequence[Room]) -> Room:
    """The operators' room, which shows what the others of this process have."""
    servicer = OpsServicer(
        streams=[source for room in others for source in room.streams],
        topics=next((room.topics for room in others if room.topics is not None), None),
        bus=house.bus,
        jobs=next((room.jobs for room in others if room.jobs is not None), None),
        max_streams=house.slots.in_all,
        drain=house.stopping.ask,
    )
    descriptor = ops_service_pb2.DESCRIPTOR.services_by_name["OpsService"]
    return Room(services=[HostedService(descriptor=descriptor, servicer=servicer)])


ROOMS: Mapping[str, Callable[[House], Room]] = {
    "feed": _feed,
    "pricestream": _pricestream,
    "market": _market,
    "scanner": _scanner,
    "signal": _signal,
    "chat": _chat,
    "schedule": _schedule,
}
OPS = "ops"
ROOM_NAMES = (*ROOMS, OPS)


@asynccontextmanager
async def assembled(
    settings: Settings,
    choice: StoreChoice,
    *,
    stopping: Stopping,
    rooms: Collection[str] = ROOM_NAMES,
    token: str | None = None,
) -> AsyncIterator[Application]:
    """Everything of one process, opened and ready for `Application.run`; closed at the end of the block.

    Args:
        settings: Of the operator.
        choice: Store, clock and feed.
        stopping: Ends `Application.run`.
        rooms: Which rooms this process serves; the others are reached by `settings.peers`.
        token: With every scope, for the rooms among themselves; None makes one.

    Raises:
        InvalidInput: Settings that cannot be served, or an unknown room.
        StoreUnusable: The store cannot be used as it is.
    """
    _check_names(rooms)
    token = token or new_token()
    check_listen(_with_token(settings.server, token))
    async with AsyncExitStack() as stack:
        house = await open_house(settings, choice, token=token, stopping=stopping, stack=stack)
        yield await stack.enter_async_context(furnished(house, token=token, rooms=rooms))


@asynccontextmanager
async def furnished(house: House, *, token: str, rooms: Collection[str] = ROOM_NAMES) -> AsyncIterator[Application]:
    """The rooms of an opened house behind a server, for `assembled` and for houses that share what they stand on.

    Args:
        house: Stays open longer than the block.
        token: With every scope, for the rooms among themselves.
        rooms: Which rooms are served.

    Raises:
        InvalidInput: An unknown room.
    """
    _check_names(rooms)
    async with metrics_endpoint(house.settings.metrics.listen, house.metrics):
        built = [ROOMS[room](house) for room in rooms if room != OPS]
        built += [_ops(house, built)] if OPS in rooms else []
        server = RpcServer(
            ServerParts(
                services=[service for room in built for service in room.services],
                slots=house.slots,
                drainables=[drainable for room in built for drainable in room.drainables],
                observer=house.metrics.calls,
            ),
            settings=_with_token(house.settings.server, token),
            clock=house.clock,
        )
        try:
            yield Application(
                house=house,
                server=server,
                urgent=[component for room in built if room.readiness for component in room.components],
                components=[house.usage, *(one for room in built if not room.readiness for one in room.components)],
                preparations=[prepare for room in built for prepare in room.preparations],
                readiness=[wait for room in built for wait in room.readiness],
                target=own_target(house.settings, token),
            )
        finally:
            await server.drain()


def _check_names(rooms: Collection[str]) -> None:
    for room in rooms:
        if room not in ROOM_NAMES:
            raise InvalidInput("room", f"there is no room {room!r}; known are {', '.join(ROOM_NAMES)}")


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(32)


def _with_token(server: ServerSettings, token: str) -> ServerSettings:
    scopes = tuple(scope.value for scope in Scope)
    return server.model_copy(update={"tokens": {**server.tokens, token: scopes}})

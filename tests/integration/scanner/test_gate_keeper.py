"""The gate keeper over a day: what is published, what is stored, and how far it may be trusted."""

from datetime import timedelta
from itertools import pairwise

import pytest
from google.protobuf.json_format import Parse
from kstock.common.v1 import market_gate_pb2, quote_pb2
from kstock.market.v1 import market_service_pb2 as market_wire

from servers.market.gate import GateDesk
from servers.market.horizon import Horizon
from servers.market.live import LiveValues
from servers.scanner.gate import GateParameters
from servers.scanner.gate_keeper import GateKeeper, GateTargets
from servers.scanner.gate_reader import GateReader, GateSources
from servers.scanner.turn import Turn
from shared.bus.base import FEED_LEASE, GATE_PUBLISHER
from shared.clock import ClockMode
from shared.market.quote import Quality
from shared.market.times import kst_date
from shared.market.topic import MarketIndex
from shared.rpc.messages.chunks import read_chunk
from shared.rpc.messages.times import local_date_message, read_local_date, read_timestamp
from shared.store.repositories.gates import GateRecord
from shared.store.store import Store
from tests.fixtures.scanner_house import (
    BASE_LEVEL,
    CLOSE,
    DAYS,
    FETCHED,
    LAST,
    TICKERS,
    TODAY,
    ScannerHouse,
    bar_rows,
    index_bars,
    minute,
    walks,
)

GREEN, YELLOW, RED = (market_gate_pb2.GATE_COLOUR_GREEN, market_gate_pb2.GATE_COLOUR_YELLOW, market_gate_pb2.GATE_COLOUR_RED)


def keeper_of(house: ScannerHouse, *, owner: str = "one", parameters: GateParameters | None = None) -> GateKeeper:
    sources = GateSources(
        store=house.store,
        bus=house.bus,
        clock=house.clock,
        calendar=house.calendar,
        loader=house.loader,
        prices=house.prices,
    )
    turn = Turn(house.bus, house.clock, name="gate", owner=owner)
    targets = GateTargets(store=house.store, bus=house.bus, clock=house.clock, turn=turn)
    return GateKeeper(GateReader(sources, parameters or GateParameters()), targets)


async def published(house: ScannerHouse) -> market_gate_pb2.MarketGate | None:
    entry = (await house.bus.latest(["market-gate"])).get("market-gate")
    if entry is None:
        return None
    gate = read_chunk(entry.chunk).gates[0]
    assert gate.topic_seq == entry.seq
    return gate


async def stored(store: Store, limit: int = 100) -> list[GateRecord]:
    """Newest first."""
    async with store.read() as uow:
        return await uow.gates.newest(CLOSE + timedelta(days=30), limit=limit)


async def open_market(house: ScannerHouse, change: float = 0.0, at: float = 1) -> None:
    await house.clock.advance_to(minute(at))
    await house.levels(change)


async def test_before_the_opening_the_newest_session_is_told(house: ScannerHouse) -> None:
    keeper = keeper_of(house)
    await keeper.look()
    gate = await published(house)
    assert gate is not None
    assert read_local_date(gate.as_of) == LAST
    assert gate.quality == quote_pb2.QUALITY_CLOSED
    assert read_timestamp(gate.exchange_time) == house.calendar.latest_session(LAST).closes
    assert gate.topic_seq == 1
    assert gate.missing == []
    assert gate.rule_version.startswith("gate-1-")
    (record,) = await stored(house.store)
    assert (record.as_of, record.gate_time) == (LAST, house.calendar.latest_session(LAST).closes)
    assert Parse(record.reading, market_gate_pb2.MarketGate()).level == gate.level == record.level


async def test_points_of_the_parts_add_up_to_the_level(house: ScannerHouse) -> None:
    keeper = keeper_of(house)
    await keeper.look()
    gate = await published(house)
    assert gate is not None
    trend, today = (sum(getattr(part, name) for part in gate.indices) / 2 for name in ("trend_points", "today_points"))
    assert round(trend + today + gate.breadth_points + 1e-9) == gate.level
    assert [part.index for part in gate.indices] == [1, 2]
    assert gate.indices[0].level_e2 == (await house.closes())[MarketIndex.KOSPI]


async def test_nothing_is_published_or_stored_twice(house: ScannerHouse) -> None:
    keeper = keeper_of(house)
    for _ in range(3):
        await keeper.look()
        await house.clock.advance(1)
    again = keeper_of(house)
    await again.look()
    gate = await published(house)
    assert gate is not None
    assert gate.topic_seq == 1
    assert len(await stored(house.store)) == 1


async def test_within_the_session_it_follows_index_and_prices(house: ScannerHouse) -> None:
    keeper = keeper_of(house)
    await keeper.look()
    await open_market(house, 0.012)
    await keeper.look()
    rising = await published(house)
    assert rising is not None
    assert read_local_date(rising.as_of) == TODAY
    assert [part.change_bps for part in rising.indices] == [120, 120]
    assert [part.status for part in rising.indices] == ["강세", "강세"]
    assert rising.quality == quote_pb2.QUALITY_REALTIME
    assert read_timestamp(rising.exchange_time) == minute(1)
    for number, ticker in enumerate(TICKERS):
        await house.quote(ticker, int(walks()[-1, number] * 0.8))
    await keeper.look()
    falling = await published(house)
    assert falling is not None
    assert falling.breadth_bps < rising.breadth_bps
    assert falling.topic_seq == rising.topic_seq + 1


async def test_a_reading_is_stored_at_most_once_a_minute(house: ScannerHouse) -> None:
    keeper = keeper_of(house)
    for second in range(180):
        await open_market(house, 0.012 if second % 2 else -0.012, at=1 + second / 60)
        await keeper.look()
    today = [record.gate_time for record in await stored(house.store) if record.as_of == TODAY]
    assert len(today) == 3
    assert all(later - earlier >= timedelta(minutes=1) for later, earlier in pairwise(today))


async def test_the_same_reading_is_not_stored_again(house: ScannerHouse) -> None:
    keeper = keeper_of(house)
    for at in range(1, 6):
        await open_market(house, 0.0042 + at / 100_000, at=at)
        await keeper.look()
    assert [record.gate_time for record in await stored(house.store) if record.as_of == TODAY] == [minute(1)]


async def test_without_a_level_of_today_the_session_before_stands(house: ScannerHouse) -> None:
    keeper = keeper_of(house)
    await house.clock.advance_to(minute(5))
    await house.quote(TICKERS[0], 5_000)
    await keeper.look()
    gate = await published(house)
    assert gate is not None
    assert read_local_date(gate.as_of) == LAST


async def test_an_index_that_is_silent_is_missing(house: ScannerHouse) -> None:
    keeper = keeper_of(house)
    await house.clock.advance_to(minute(5))
    await house.level(MarketIndex.KOSPI, 300_000)
    await keeper.look()
    gate = await published(house)
    assert gate is not None
    assert gate.missing == ["KOSDAQ"]


async def test_a_gap_before_today_leaves_the_live_reading_without_data(house: ScannerHouse) -> None:
    house.clock.shift_market(timedelta(days=1))
    keeper = keeper_of(house)
    await house.clock.advance(900)
    await house.levels(0.01)
    await keeper.look()
    gate = await published(house)
    assert gate is not None
    assert (gate.level, gate.colour) == (50, YELLOW)
    assert gate.missing == ["KOSPI", "KOSDAQ", "breadth"]
    assert keeper.current is not None
    assert not keeper.current.has_data


@pytest.mark.parametrize("how", ["lease", "input"])
async def test_the_worst_input_decides_the_quality(house: ScannerHouse, how: str) -> None:
    keeper = keeper_of(house)
    await open_market(house)
    await house.quote(TICKERS[0], 5_000, quality=Quality.POLLED)
    await keeper.look()
    gate = await published(house)
    assert gate is not None
    assert gate.quality == quote_pb2.QUALITY_POLLED
    if how == "lease":
        await house.bus.release_lease(FEED_LEASE, "feed")
    else:
        await house.quote(TICKERS[1], 5_000, quality=Quality.STALE)
    await keeper.look()
    gate = await published(house)
    assert gate is not None
    assert gate.quality == quote_pb2.QUALITY_STALE


async def test_a_colour_that_is_barely_left_is_left_at_the_second_reading(house: ScannerHouse) -> None:
    first = keeper_of(house)
    await open_market(house, 0.012)
    await first.look()
    assert first.current is not None
    level = first.current.message.level
    keeper = keeper_of(house, parameters=GateParameters(green=level, yellow=40, hysteresis=8))
    await keeper.look()
    assert keeper.current is not None
    assert keeper.current.message.colour == GREEN
    await house.levels(0.009)  # three points less for the change of the day
    await keeper.look()
    assert level - 8 < keeper.current.message.level < level
    assert (keeper.current.message.raw_colour, keeper.current.message.colour) == (YELLOW, GREEN)
    await house.levels(0.0091)
    await keeper.look()
    assert keeper.current.message.colour == YELLOW


async def test_a_crash_shuts_the_gate_at_once(house: ScannerHouse) -> None:
    keeper = keeper_of(house)
    await open_market(house, 0.012)
    await keeper.look()
    await house.level(MarketIndex.KOSDAQ, round((await house.closes())[MarketIndex.KOSDAQ] * 0.965))
    await keeper.look()
    gate = await published(house)
    assert gate is not None
    assert (gate.level, gate.colour) == (39, RED)
    assert gate.reasons[0] == "지수 급락 -3% 이하 – 게이트 차단"


async def test_a_process_that_starts_within_the_session_goes_on_with_the_stored_colour(house: ScannerHouse) -> None:
    await open_market(house, 0.012)
    keeper = keeper_of(house)
    await keeper.look()
    assert keeper.current is not None
    level = keeper.current.message.level
    parameters = GateParameters(green=level + 1, yellow=40)  # the stored colour is GREEN, the new reading says YELLOW
    again = keeper_of(house, parameters=parameters)
    await again.look()
    assert again.current is not None
    assert again.current.message.raw_colour == YELLOW
    assert again.current.message.colour == GREEN


async def test_the_close_is_stored_and_official_closes_take_its_place(house: ScannerHouse) -> None:
    keeper = keeper_of(house)
    await open_market(house, 0.004)
    await keeper.look()
    await house.clock.advance_to(CLOSE + timedelta(seconds=20))
    await house.levels(0.006, at=CLOSE + timedelta(seconds=15))
    await keeper.look()
    record = (await stored(house.store))[0]
    assert (record.gate_time, record.as_of) == (CLOSE, TODAY)
    gate = await published(house)
    assert gate is not None
    assert gate.quality == quote_pb2.QUALITY_REALTIME
    async with house.store.begin() as uow:
        await uow.bars.upsert(bar_rows(walks()[-1:] * 0.7, [TODAY]), FETCHED)
        await uow.meta.bump_generation("bars")
    await house.clock.advance(700)
    await keeper.look()
    waiting = await published(house)
    assert waiting == gate  # the closes of the indices have not come yet
    async with house.store.begin() as uow:
        for index in BASE_LEVEL:
            await uow.indices.upsert(index_bars(index, [*DAYS, TODAY])[-1:], FETCHED)
        await uow.meta.bump_generation("index")
    await house.clock.advance(11)
    await keeper.look()
    official = await published(house)
    assert official is not None
    assert official.quality == quote_pb2.QUALITY_CLOSED
    assert official.missing == []
    assert official.breadth_bps < gate.breadth_bps
    newest, before = (await stored(house.store))[:2]
    assert (newest.gate_time, before.gate_time) == (CLOSE, minute(1))
    assert newest.level == official.level


@pytest.mark.parametrize("clock_mode", [ClockMode.FIXED])
async def test_a_fixed_clock_publishes_and_stores_nothing(house: ScannerHouse) -> None:
    await keeper_of(house).look()
    assert await published(house) is not None
    assert await stored(house.store) == []


@pytest.mark.parametrize("clock_mode", [ClockMode.REPLAY])
async def test_a_rehearsal_knows_nothing_after_market_time(house: ScannerHouse) -> None:
    keeper = keeper_of(house)
    await open_market(house, 0.004)
    await house.levels(0.02, at=minute(90))
    await keeper.look()
    gate = await published(house)
    assert gate is not None
    assert [part.change_bps for part in gate.indices] == [40, 40]


async def test_of_two_replicas_one_publishes_until_it_is_gone(house: ScannerHouse) -> None:
    one, two = keeper_of(house), keeper_of(house, owner="two")
    await one.look()
    first = await house.bus.current_epoch(GATE_PUBLISHER)
    await two.look()
    assert two.current is not None
    assert await house.bus.current_epoch(GATE_PUBLISHER) == first
    await house.clock.advance(20)
    await two.look()
    assert await house.bus.current_epoch(GATE_PUBLISHER) != first
    await house.clock.advance(6)
    await one.look()
    gate = await published(house)
    assert gate is not None
    assert gate.topic_seq == 1


async def test_an_empty_store_has_no_gate(house: ScannerHouse) -> None:
    house.clock.shift_market(timedelta(days=-700))
    keeper = keeper_of(house)
    await keeper.look()
    assert keeper.current is None
    assert await published(house) is None


async def test_the_market_room_answers_with_it(house: ScannerHouse) -> None:
    keeper = keeper_of(house)
    horizon = Horizon(house.clock, house.calendar, house.store.origin)
    desk = GateDesk(house.store, LiveValues(house.bus, horizon), horizon)
    await keeper.look()
    await open_market(house, 0.004)
    await keeper.look()
    assert keeper.current is not None
    newest = (await desk.gate(market_wire.GetMarketGateRequest())).gate
    assert newest.level == keeper.current.message.level
    day = local_date_message(kst_date(house.calendar.latest_session(LAST).closes))
    older = (await desk.gate(market_wire.GetMarketGateRequest(as_of=day))).gate
    assert read_local_date(older.as_of) == LAST

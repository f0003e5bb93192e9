"""The gate of past sessions: filled once, as of each day, and again only where it was incomplete."""

import json
from datetime import date, timedelta

import pytest
from kstock.market.v1 import market_service_pb2 as market_wire

from servers.market.gate import GateDesk
from servers.market.horizon import Horizon
from servers.market.live import LiveValues
from servers.scanner.gate import GateParameters
from servers.scanner.gate_facts import breadth
from servers.scanner.gate_history import FIRST_AFTER, GateHistory, HistorySources
from servers.scanner.turn import Turn
from shared.clock import ClockMode
from shared.market.topic import MarketIndex
from shared.rpc.messages.times import local_date_message
from shared.store.repositories.gates import GateRecord
from shared.store.repositories.indices import IndexBar
from tests.fixtures.eventually import eventually
from tests.fixtures.scanner_house import CLOSE, DAYS, FETCHED, LAST, TODAY, ScannerHouse, bar_rows, running, walks
from tests.fixtures.scanner_rooms import rooms


def history_of(house: ScannerHouse, parameters: GateParameters | None = None) -> GateHistory:
    sources = HistorySources(
        store=house.store,
        clock=house.clock,
        calendar=house.calendar,
        loader=house.loader,
        turn=Turn(house.bus, house.clock, name="gate", owner="one"),
    )
    return GateHistory(sources, parameters or GateParameters())


async def stored(house: ScannerHouse) -> list[GateRecord]:
    """Oldest first."""
    async with house.store.read() as uow:
        return list(reversed(await uow.gates.newest(CLOSE + timedelta(days=9), limit=10_000)))


async def closing(house: ScannerHouse, day: date) -> dict[str, object]:
    moment = house.calendar.latest_session(day).closes
    async with house.store.read() as uow:
        return json.loads((await uow.gates.at([moment]))[moment].reading)


async def test_every_session_with_enough_history_gets_its_gate(house: ScannerHouse) -> None:
    assert await history_of(house).fill() == len(DAYS) - FIRST_AFTER + 1
    records = await stored(house)
    assert [record.as_of for record in records] == DAYS[FIRST_AFTER - 1 :]
    assert [record.gate_time for record in records] == [
        house.calendar.latest_session(day).closes for day in DAYS[FIRST_AFTER - 1 :]
    ]


async def test_a_past_gate_knows_nothing_of_later_days(house: ScannerHouse) -> None:
    await history_of(house).fill()
    day = DAYS[200]
    before = await closing(house, day)
    panel = await house.loader.panel(day)
    assert before["breadthBps"] == round(10_000 * (breadth(panel.close, panel.ranked) or 0))
    poisoned = bar_rows(walks()[201:] * 0.3, DAYS[201:])
    async with house.store.begin() as uow:
        await uow.bars.upsert(poisoned, FETCHED.__class__(source="krx", rank=FETCHED.rank, fetched_time=CLOSE))
        await uow.meta.bump_generation("bars")
    await history_of(house, GateParameters(green=71)).fill()
    after = await closing(house, day)
    assert {**after, "ruleVersion": "", "receiveTime": ""} == {**before, "ruleVersion": "", "receiveTime": ""}


async def test_what_is_there_is_not_computed_again(house: ScannerHouse) -> None:
    await history_of(house).fill()
    assert await history_of(house).fill() == 0


async def test_an_incomplete_gate_is_completed_when_its_data_come(house: ScannerHouse) -> None:
    days = [*DAYS, TODAY]
    levels = [
        IndexBar(index_name=index, day=TODAY, open_e2=1, high_e2=1, low_e2=1, close_e2=300_000, volume=1, turnover=1)
        for index in (MarketIndex.KOSPI, MarketIndex.KOSDAQ)
    ]
    house.clock.shift_market(timedelta(hours=9))
    async with house.store.begin() as uow:
        await uow.indices.upsert(levels, FETCHED)
    assert await history_of(house).fill() == len(days) - FIRST_AFTER + 1
    assert (await closing(house, TODAY))["missing"] == ["breadth"]
    assert await history_of(house).fill() == 0
    async with house.store.begin() as uow:
        await uow.bars.upsert(bar_rows(walks()[-1:], [TODAY]), FETCHED)
    assert await history_of(house).fill() == 1
    assert "missing" not in await closing(house, TODAY)


async def test_nothing_after_market_time_is_filled(house: ScannerHouse) -> None:
    house.clock.shift_market(timedelta(days=-30))
    await history_of(house).fill()
    assert (await stored(house))[-1].gate_time < house.clock.market_now()


async def test_it_fills_in_the_background_and_the_market_room_answers_for_any_day(house: ScannerHouse) -> None:
    horizon = Horizon(house.clock, house.calendar, house.store.origin)
    desk = GateDesk(house.store, LiveValues(house.bus, horizon), horizon)

    async def filled() -> bool:
        await house.clock.advance(5)
        return bool(await stored(house))

    async with running(history_of(house)):
        await eventually(filled)
    for day in (DAYS[150], LAST):
        gate = (await desk.gate(market_wire.GetMarketGateRequest(as_of=local_date_message(day)))).gate
        assert date(gate.as_of.year, gate.as_of.month, gate.as_of.day) == day


async def test_a_replica_whose_turn_it_is_not_fills_nothing(house: ScannerHouse) -> None:
    await house.bus.acquire_lease("gate", "two", timedelta(days=1))
    async with running(history_of(house)):
        await house.clock.advance(60)
    assert await stored(house) == []


@pytest.mark.parametrize("clock_mode", [ClockMode.FIXED])
async def test_past_gates_are_there_at_a_frozen_moment_too(house: ScannerHouse) -> None:
    async def filled() -> bool:
        await house.clock.advance(5)
        return bool(await stored(house))

    async with rooms(house):
        await eventually(filled)
    assert (await stored(house))[-1].gate_time <= house.clock.market_now()

import asyncio
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from servers.chat.llm.budget import Budget, Caps, Prices
from servers.chat.llm.errors import ModelUnavailable, Trouble
from servers.chat.llm.ledger import UsageLedger
from servers.chat.llm.port import TokenCount
from shared.clock import Clock
from shared.market.times import kst_date
from shared.store.repositories.model_usage import EVERYBODY, ModelUsage
from shared.store.store import Store
from tests.fakes.clock import FakeClock

CALL = TokenCount(input_tokens=80, output_tokens=20)
PRICES = Prices(input_usd=Decimal("0.30"), output_usd=Decimal("2.50"))


def budget(ledger: UsageLedger, clock: Clock | None = None, **caps: int | None) -> Budget:
    given = {"user_tokens": 1_000, "all_tokens": 1_000_000, **caps}
    return Budget(ledger, clock or FakeClock(), caps=Caps(**given), prices=PRICES)  # type: ignore[arg-type]


@pytest.fixture
def ledger(store: Store) -> UsageLedger:
    return UsageLedger(store, FakeClock())


async def usage(store: Store, clock: Clock, principal: str) -> ModelUsage:
    async with store.read() as uow:
        return await uow.model_usage.of(kst_date(clock.machine_now()), principal)


async def refused(days: Budget, principal: str) -> bool:
    try:
        await days.reserve(principal, CALL)
    except ModelUnavailable as error:
        return error.trouble is Trouble.BUDGET
    return False


async def test_what_was_used_takes_the_place_of_what_was_reserved(store: Store, ledger: UsageLedger) -> None:
    days, clock = budget(ledger), FakeClock()
    reserved = await days.reserve("user:1", TokenCount(input_tokens=500, output_tokens=400))
    used = days.settle(reserved, CALL)
    assert used == ModelUsage(input_tokens=80, output_tokens=20, cost_micro_usd=74)
    await ledger.write()
    assert await usage(store, clock, "user:1") == used
    assert await usage(store, clock, EVERYBODY) == used


async def test_a_caller_who_used_his_day_up_leaves_the_others_theirs(ledger: UsageLedger) -> None:
    days = budget(ledger, user_tokens=250)
    assert [await refused(days, "user:1") for _ in range(3)] == [False, False, True]
    assert not await refused(days, "user:2")


async def test_a_refused_turn_takes_nothing(store: Store, ledger: UsageLedger) -> None:
    days, clock = budget(ledger, user_tokens=150), FakeClock()
    await days.reserve("user:1", CALL)
    assert await refused(days, "user:1")
    await ledger.write()
    assert (await usage(store, clock, "user:1")).tokens == 100
    assert (await usage(store, clock, EVERYBODY)).tokens == 100


async def test_all_callers_together_have_a_cap(ledger: UsageLedger) -> None:
    days = budget(ledger, all_tokens=250)
    assert [await refused(days, f"anon:{number}") for number in range(4)] == [False, False, True, True]


@pytest.mark.parametrize("cap", ["user_micro_usd", "all_micro_usd"])
async def test_money_is_capped_too(ledger: UsageLedger, cap: str) -> None:
    days = budget(ledger, **{cap: 150})
    assert [await refused(days, "user:1") for _ in range(3)] == [False, False, True]


async def test_a_day_begins_at_midnight_in_korea(store: Store) -> None:
    clock = FakeClock(datetime(2026, 3, 11, 14, 59, 59, tzinfo=UTC))
    days = budget(UsageLedger(store, clock), clock, user_tokens=100)
    assert [await refused(days, "user:1") for _ in range(2)] == [False, True]
    await clock.advance(2)
    assert not await refused(days, "user:1")


async def test_turns_that_race_for_the_rest_do_not_both_get_it(ledger: UsageLedger) -> None:
    days = budget(ledger, user_tokens=500)
    refusals = await asyncio.gather(*(refused(days, "user:1") for _ in range(20)))
    assert refusals.count(False) == 5


async def test_what_was_used_before_a_restart_and_in_other_processes_counts(store: Store, ledger: UsageLedger) -> None:
    clock = FakeClock()
    elsewhere = UsageLedger(store, clock)
    there, here = budget(elsewhere, clock, user_tokens=250), budget(ledger, user_tokens=250)
    assert not await refused(here, "user:1")
    await ledger.write()
    assert [await refused(there, "user:1") for _ in range(2)] == [False, True]
    await elsewhere.write()
    assert await refused(budget(UsageLedger(store, clock), clock, user_tokens=250), "user:1")


async def test_what_others_use_is_known_a_few_seconds_later(store: Store) -> None:
    clock = FakeClock()
    ledgers = [UsageLedger(store, clock) for _ in range(2)]
    here, there = (budget(one, clock, user_tokens=250) for one in ledgers)
    assert not await refused(here, "user:1")
    assert [await refused(there, "user:1") for _ in range(2)] == [False, False]
    await ledgers[1].write()
    await clock.advance(6)
    assert await refused(here, "user:1")


async def test_what_is_left_is_written_at_the_end(store: Store) -> None:
    clock = FakeClock()
    ledger = UsageLedger(store, clock)
    running = asyncio.create_task(ledger.run())
    await clock.settle()
    await budget(ledger, clock).reserve("user:1", CALL)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert (await usage(store, clock, "user:1")).tokens == 100

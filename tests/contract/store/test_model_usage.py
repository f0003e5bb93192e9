from datetime import timedelta

from shared.store.repositories.model_usage import EVERYBODY, ModelUsage
from shared.store.store import Store
from tests.contract.store.rows import MONDAY, TUESDAY

CALL = ModelUsage(input_tokens=100, output_tokens=20, cost_micro_usd=7)


async def test_usage_adds_up_per_caller_and_day(store: Store) -> None:
    async with store.begin() as uow:
        first = await uow.model_usage.add(MONDAY, {"user:1": CALL, EVERYBODY: CALL})
        assert first == {"user:1": CALL, EVERYBODY: CALL}
        second = await uow.model_usage.add(MONDAY, {"user:1": CALL})
        await uow.model_usage.add(TUESDAY, {"user:1": CALL})
    twice = ModelUsage(input_tokens=200, output_tokens=40, cost_micro_usd=14)
    assert second == {"user:1": twice}
    async with store.read() as uow:
        assert await uow.model_usage.of(MONDAY, "user:1") == twice
        assert await uow.model_usage.of(MONDAY, EVERYBODY) == CALL
        assert (await uow.model_usage.of(TUESDAY, "user:1")).tokens == 120
        assert await uow.model_usage.of(MONDAY, "user:2") == ModelUsage()


async def test_what_was_reserved_too_much_is_taken_back(store: Store) -> None:
    async with store.begin() as uow:
        await uow.model_usage.add(MONDAY, {"user:1": CALL})
        back = ModelUsage(input_tokens=-40, output_tokens=-20, cost_micro_usd=-5)
        left = await uow.model_usage.add(MONDAY, {"user:1": back})
    assert left["user:1"] == ModelUsage(input_tokens=60, output_tokens=0, cost_micro_usd=2)


async def test_old_days_and_callers_are_forgotten(store: Store) -> None:
    async with store.begin() as uow:
        for day in (MONDAY, TUESDAY):
            await uow.model_usage.add(day, dict.fromkeys(("user:1", "user:2", EVERYBODY), CALL))
        assert await uow.model_usage.delete_before(TUESDAY) == 3
        assert await uow.model_usage.delete_before(MONDAY - timedelta(days=1)) == 0
        assert await uow.model_usage.delete("user:1") == 1
        assert await uow.model_usage.of(TUESDAY, "user:2") == CALL

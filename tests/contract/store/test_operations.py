from dataclasses import replace
from datetime import timedelta

import pytest

from shared.market.errors import NotFound
from shared.market.signal import SignalKind
from shared.store.repositories.conversations import Conversation
from shared.store.repositories.gates import GateRecord
from shared.store.repositories.imports import ImportFile, ImportState
from shared.store.repositories.jobs import JobState
from shared.store.repositories.scans import ScanFilter, ScanKey, ScanRun, ScanState
from shared.store.store import Store
from tests.contract.store.rows import HYNIX, MONDAY, NOON, SAMSUNG, TUESDAY, candidate

MINUTE = timedelta(minutes=1)


async def test_generations_rise_with_every_write(store: Store) -> None:
    async with store.begin() as uow:
        assert await uow.meta.generation("bars") == 0
        assert await uow.meta.bump_generation("bars") == 1
        assert await uow.meta.bump_generation("bars") == 2
    async with store.read() as uow:
        assert await uow.meta.generations() == {"bars": 2}


async def test_a_source_keeps_its_number(store: Store) -> None:
    async with store.begin() as uow:
        krx, kis = await uow.sources.number("krx"), await uow.sources.number("kis")
        assert krx != kis
        assert await uow.sources.number("krx") == krx
        assert await uow.sources.names() == {krx: "krx", kis: "kis"}


async def test_an_import_is_found_again_by_its_content(store: Store) -> None:
    running = ImportFile(
        digest="ab" * 32, schema="daily_ohlcv", file_name="bars.parquet", state=ImportState.RUNNING,
        rows_total=100, rows_done=40, rows_stored=39, rows_rejected=1, started_time=NOON,
    )  # fmt: skip
    done = replace(running, state=ImportState.DONE, rows_done=100, rows_stored=99, finished_time=NOON + MINUTE)
    async with store.begin() as uow:
        assert await uow.imports.find(running.digest, "daily_ohlcv") is None
        await uow.imports.save(running)
        assert await uow.imports.find(running.digest, "daily_ohlcv") == running
        await uow.imports.save(done)
        assert await uow.imports.newest(limit=5) == [done]


async def test_gate_readings_are_read_back_as_of_a_moment(store: Store) -> None:
    readings = [
        GateRecord(gate_time=NOON + MINUTE * minute, as_of=MONDAY, level=60 + minute, colour="YELLOW", reading='{"a":1}')
        for minute in range(3)
    ]
    async with store.begin() as uow:
        for reading in (*readings, replace(readings[0], level=10)):
            await uow.gates.save(reading)
        assert await uow.gates.newest(NOON + MINUTE) == [readings[1]]
        assert [reading.level for reading in await uow.gates.newest(NOON + MINUTE, limit=9)] == [61, 10]
        assert await uow.gates.at([NOON + MINUTE * 2, NOON + MINUTE * 7]) == {NOON + MINUTE * 2: readings[2]}


async def test_each_moment_of_a_schedule_is_done_once_and_taken_over_from_the_dead(store: Store) -> None:
    async with store.begin() as uow:
        first = await uow.jobs.start("close", NOON, owner="a", now=NOON)
        assert first is not None
        taken_over = await uow.jobs.start("close", NOON, owner="b", now=NOON + MINUTE)
        assert taken_over == replace(first, owner="b", started_time=NOON + MINUTE)
        assert await uow.jobs.find("close", NOON + MINUTE) is None
        await uow.jobs.finish(first, JobState.FAILED, now=NOON + MINUTE, detail="its owner is another one by now")
        assert await uow.jobs.find("close", NOON) == taken_over
        await uow.jobs.finish(taken_over, JobState.DONE, now=NOON + MINUTE, detail="x" * 900)
        assert await uow.jobs.start("close", NOON, owner="a", now=NOON + MINUTE) is None
        second = await uow.jobs.start("close", NOON + MINUTE, owner="b", now=NOON)
        assert await uow.jobs.last() == {"close": second}


async def test_a_lease_has_one_holder_until_it_expires(store: Store) -> None:
    async with store.begin() as uow:
        leases = uow.leases
        taken = await leases.acquire("feed", owner="a", now=NOON, lasting=MINUTE)
        assert taken is not None
        assert (taken.owner, taken.fence, taken.expires_time) == ("a", 1, NOON + MINUTE)
        assert await leases.acquire("feed", owner="b", now=NOON, lasting=MINUTE) is None
        renewed = await leases.acquire("feed", owner="a", now=NOON + MINUTE / 2, lasting=MINUTE)
        assert renewed is not None
        assert renewed.fence == 1
        won = await leases.acquire("feed", owner="b", now=NOON + 2 * MINUTE, lasting=MINUTE)
        assert won is not None
        assert (won.owner, won.fence) == ("b", 2)
        await leases.release("feed", owner="a", now=NOON + 2 * MINUTE)
        assert await leases.holder("feed", now=NOON + 2 * MINUTE) == won
        await leases.release("feed", owner="b", now=NOON + 2 * MINUTE)
        assert await leases.holder("feed", now=NOON + 2 * MINUTE) is None


def run(run_id: str = "r1", *, key: str | None = None, minute: int = 0) -> ScanRun:
    return ScanRun(
        run_id=run_id, kind=SignalKind.VCP, principal="local", idempotency_key=key, state=ScanState.RUNNING, as_of=MONDAY,
        started_time=NOON + minute * MINUTE, summary='{"topN":30}',
    )  # fmt: skip


async def test_repeating_an_idempotency_key_finds_the_same_run(store: Store) -> None:
    async with store.begin() as uow:
        assert await uow.scans.start(run(key="k")) == run(key="k")
        assert await uow.scans.start(run("r2", key="k")) == run(key="k")
        assert await uow.scans.start(run("r3")) == run("r3")
        assert await uow.scans.start(run("r4")) == run("r4")
        assert await uow.scans.start(replace(run("r5", key="k"), principal="another")) != run(key="k")


async def test_a_run_keeps_its_outcome_and_its_candidates_in_order(store: Store) -> None:
    done = replace(run(), state=ScanState.PARTIAL, finished_time=NOON + MINUTE, summary='{"judgedCount":2400}')
    found = [candidate(HYNIX), candidate(SAMSUNG)]
    async with store.begin() as uow:
        await uow.scans.start(run())
        await uow.scans.save(done)
        await uow.scans.add_candidates("r1", found)
        await uow.scans.add_candidates("r1", [])
    async with store.read() as uow:
        assert await uow.scans.get("r1") == done
        assert await uow.scans.candidates("r1", limit=9) == found
        assert await uow.scans.candidates("r1", after=0, limit=9) == found[1:]
        with pytest.raises(NotFound):
            await uow.scans.get("r9")
    async with store.begin() as uow:
        with pytest.raises(NotFound):
            await uow.scans.save(run("r9"))


async def test_runs_are_listed_newest_first_and_abandoned_ones_are_closed(store: Store) -> None:
    async with store.begin() as uow:
        for number in range(4):
            await uow.scans.start(run(f"r{number}", minute=number // 2))
        first = await uow.scans.page(ScanFilter(), limit=2)
        key = ScanKey(started_time=first[-1].started_time, run_id=first[-1].run_id)
        second = await uow.scans.page(ScanFilter(), after=key, limit=5)
        assert [one.run_id for one in first + second] == ["r3", "r2", "r1", "r0"]
        for nothing in (
            ScanFilter(kinds=(SignalKind.JONGGA,)), ScanFilter(states=(ScanState.FAILED,)), ScanFilter(as_of=TUESDAY),
        ):  # fmt: skip
            assert await uow.scans.page(nothing, limit=5) == []
        await uow.scans.save(replace(run("r3", minute=1), state=ScanState.COMPLETED, finished_time=NOON + MINUTE))
        assert await uow.scans.close_abandoned(NOON + 9 * MINUTE) == 3
        assert (await uow.scans.get("r0")).state is ScanState.FAILED
        assert (await uow.scans.get("r3")).state is ScanState.COMPLETED


def conversation(name: str = "c1", *, principal: str = "local") -> Conversation:
    return Conversation(
        conversation_id=name, principal=principal, channel="console", language="ko", created_time=NOON, updated_time=NOON
    )


async def test_a_conversation_remembers_its_turns(store: Store) -> None:
    async with store.begin() as uow:
        await uow.conversations.add(conversation())
        for number in range(1, 4):
            turn = await uow.conversations.append(
                "c1", question=f"질문 {number}", answer="답", context=f"[{number}]", time=NOON + number * MINUTE
            )
            assert turn.number == number
        found = await uow.conversations.newest("local", "console", updated_since=NOON + 3 * MINUTE)
        assert found is not None
        assert (found.context, found.updated_time) == ("[3]", NOON + 3 * MINUTE)
        assert [turn.number for turn in await uow.conversations.turns("c1", limit=2)] == [2, 3]
        assert [turn.number for turn in await uow.conversations.turns("c1", before=3, limit=9)] == [1, 2]
        await uow.conversations.keep_last("c1", 1)
        assert [turn.question for turn in await uow.conversations.turns("c1", limit=9)] == ["질문 3"]
        assert await uow.conversations.newest("local", "console", updated_since=NOON + 4 * MINUTE) is None


async def test_nobody_reads_or_deletes_another_ones_conversation(store: Store) -> None:
    async with store.begin() as uow:
        await uow.conversations.add(conversation())
        with pytest.raises(NotFound):
            await uow.conversations.get("c1", "stranger")
        assert await uow.conversations.delete("stranger", "c1") == 0
        assert await uow.conversations.get("c1", "local") == conversation()


async def test_deletion_takes_the_turns_with_it(store: Store) -> None:
    async with store.begin() as uow:
        for name in ("c1", "c2", "c3"):
            await uow.conversations.add(conversation(name))
            await uow.conversations.append(name, question="질문", answer="답", context="{}", time=NOON)
        await uow.conversations.add(conversation("other", principal="other"))
        assert await uow.conversations.delete("local", "c1") == 1
        assert await uow.conversations.turns("c1", limit=9) == []
        assert await uow.conversations.delete("local") == 2
        assert await uow.conversations.turns("c2", limit=9) == []
        assert await uow.conversations.delete_idle(NOON) == 0
        assert await uow.conversations.delete_idle(NOON + MINUTE) == 1

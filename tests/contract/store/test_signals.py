from dataclasses import replace
from datetime import timedelta

import pytest

from shared.market.errors import Conflict, NotFound
from shared.market.instrument import Board
from shared.market.signal import Grade, SignalChange, SignalKind, SignalState
from shared.store.repositories.signal_events import EventFilter
from shared.store.repositories.signals import SignalFilter, SignalOrder, signal_key
from shared.store.store import Store
from tests.contract.store.rows import HYNIX, MONDAY, NOON, SAMSUNG, TUESDAY, candidate, signal


async def test_a_signal_comes_back_exactly_as_it_was_stored(store: Store) -> None:
    closed = replace(
        signal(state=SignalState.CLOSED),
        closed_time=NOON + timedelta(hours=2),
        close_reason="target",
        close_price_krw=240_000,
    )
    async with store.begin() as uow:
        await uow.signals.add([signal("open"), closed])
    async with store.read() as uow:
        assert await uow.signals.get("open") == signal("open")
        assert await uow.signals.get("s1") == closed


async def test_an_unknown_signal_is_not_found(store: Store) -> None:
    async with store.read() as uow:
        with pytest.raises(NotFound):
            await uow.signals.get("nobody")


async def test_a_second_open_signal_of_a_kind_and_ticker_is_a_conflict(store: Store) -> None:
    async def open_twice(second: str) -> None:
        async with store.begin() as uow:
            await uow.signals.add([signal(second)])

    await open_twice("first")
    with pytest.raises(Conflict):
        await open_twice("second")


async def test_a_closed_signal_makes_room_for_the_next(store: Store) -> None:
    async with store.begin() as uow:
        await uow.signals.add([signal("first", state=SignalState.EXPIRED)])
        await uow.signals.add([signal("second")])
        await uow.signals.add([signal("other", verdict=candidate(kind=SignalKind.JONGGA))])
        assert [open_one.signal_id for open_one in await uow.signals.active()] == ["other", "second"]
        assert [open_one.signal_id for open_one in await uow.signals.active(SignalKind.VCP, [SAMSUNG])] == ["second"]
        assert await uow.signals.active(SignalKind.VCP, [HYNIX]) == []


async def test_a_change_needs_the_revision_before_it(store: Store) -> None:
    async def change(revision: int) -> None:
        async with store.begin() as uow:
            await uow.signals.change(signal(revision=revision))

    async with store.begin() as uow:
        await uow.signals.add([signal()])
    await change(2)
    with pytest.raises(Conflict):
        await change(2)
    await change(3)
    async with store.read() as uow:
        assert (await uow.signals.get("s1")).revision == 3


async def test_lists_are_newest_first_and_go_on_after_the_last_one_seen(store: Store) -> None:
    ended = [signal(f"s{n}", at=NOON + timedelta(minutes=n // 2), state=SignalState.CLOSED) for n in range(5)]
    async with store.begin() as uow:
        await uow.signals.add(ended)
    async with store.read() as uow:
        first = await uow.signals.page(SignalFilter(), limit=3)
        second = await uow.signals.page(SignalFilter(), after=signal_key(first[-1], SignalOrder.OPENED), limit=3)
    assert [one.signal_id for one in first + second] == ["s4", "s3", "s2", "s1", "s0"]


async def test_filters_choose_by_kind_state_grade_ticker_and_day(store: Store) -> None:
    async with store.begin() as uow:
        await uow.signals.add([
            signal("vcp"),
            signal("jongga", verdict=candidate(kind=SignalKind.JONGGA, grade=Grade.B, score=6.0)),
            signal("hynix", verdict=candidate(HYNIX, score=90.0), state=SignalState.CLOSED),
        ])  # fmt: skip

    async def chosen(wanted: SignalFilter) -> set[str]:
        async with store.read() as uow:
            found = await uow.signals.page(wanted, limit=10)
            assert await uow.signals.count(wanted) == len(found)
            return {one.signal_id for one in found}

    assert await chosen(SignalFilter(kinds=(SignalKind.VCP,))) == {"vcp", "hynix"}
    assert await chosen(SignalFilter(states=(SignalState.ACTIVE,))) == {"vcp", "jongga"}
    assert await chosen(SignalFilter(grades=(Grade.S, Grade.B), tickers=(candidate().ticker,))) == {"vcp", "jongga"}
    assert await chosen(SignalFilter(opened_since=TUESDAY)) == set()
    assert await chosen(SignalFilter(opened_since=MONDAY, opened_until=MONDAY)) == {"vcp", "jongga", "hynix"}
    assert await chosen(SignalFilter(min_score=90.0)) == {"hynix"}
    assert await chosen(SignalFilter(boards=(Board.KOSDAQ,))) == set()


async def test_the_best_come_first_and_ties_by_turnover_then_code(store: Store) -> None:
    verdicts = {
        "low": candidate(score=50.0),
        "thin": candidate(SAMSUNG, score=70.0, turnover_avg20_krw=1),
        "thick": candidate(HYNIX, score=70.0, turnover_avg20_krw=2),
        "tie": candidate(HYNIX, score=70.0, turnover_avg20_krw=1),
    }
    async with store.begin() as uow:
        await uow.signals.add([signal(name, verdict=one, state=SignalState.CLOSED) for name, one in verdicts.items()])
    async with store.read() as uow:
        seen: list[str] = []
        after = None
        while page := await uow.signals.page(SignalFilter(), order=SignalOrder.SCORE, after=after, limit=1):
            seen.append(page[0].signal_id)
            after = signal_key(page[0], SignalOrder.SCORE)
    assert seen == ["thick", "tie", "thin", "low"]


async def publish(store: Store, *names: str, minute: int = 0) -> list[int]:
    async with store.begin() as uow:
        opened = [signal(name, state=SignalState.CLOSED) for name in names]
        await uow.signals.add(opened)
        at = NOON + timedelta(minutes=minute)
        events = await uow.signal_events.append([(SignalChange.OPENED, one) for one in opened], at)
    return [event.event_id for event in events]


async def test_event_numbers_rise_by_one_from_one(store: Store) -> None:
    assert await publish(store, "a", "b") == [1, 2]
    assert await publish(store, "c") == [3]
    assert await publish(store) == []
    async with store.read() as uow:
        position = await uow.signal_events.position()
    assert (position.earliest_event_id, position.last_event_id) == (1, 3)
    assert len(position.epoch) == 32


async def test_a_rolled_back_publication_leaves_no_gap(store: Store) -> None:
    class Stumble(Exception):
        pass

    async def stumble() -> None:
        async with store.begin() as uow:
            await uow.signals.add([signal("lost")])
            await uow.signal_events.append([(SignalChange.OPENED, signal("lost"))], NOON)
            raise Stumble

    with pytest.raises(Stumble):
        await stumble()
    assert await publish(store, "kept") == [1]


async def test_replay_goes_on_after_an_event_and_carries_the_signal_of_that_time(store: Store) -> None:
    async with store.begin() as uow:
        await uow.signals.add([signal()])
        await uow.signal_events.append([(SignalChange.OPENED, signal())], NOON)
        await uow.signals.change(signal(revision=2))
        await uow.signal_events.append([(SignalChange.REVISED, signal(revision=2))], NOON + timedelta(minutes=1))
    async with store.read() as uow:
        events = await uow.signal_events.page(EventFilter(), after=0, limit=10)
        assert await uow.signal_events.page(EventFilter(), after=1, limit=10) == events[1:]
        assert await uow.signal_events.page(EventFilter(), after=0, limit=1) == events[:1]
        assert await uow.signal_events.page(EventFilter(kinds=(SignalKind.JONGGA,)), after=0, limit=10) == []
    assert [(event.event_id, event.change, event.signal.revision) for event in events] == [
        (1, SignalChange.OPENED, 1),
        (2, SignalChange.REVISED, 2),
    ]
    assert events[0].signal == signal()
    assert events[0].time == NOON


async def test_the_log_lists_by_signal_kind_or_ticker(store: Store) -> None:
    await publish(store, "a", "b", "c")
    async with store.read() as uow:
        events = uow.signal_events
        assert [event.event_id for event in await events.page(EventFilter(), after=0, limit=2)] == [1, 2]
        assert [event.event_id for event in await events.page(EventFilter(signal_id="b"), after=0, limit=9)] == [2]
        assert await events.page(EventFilter(kinds=(SignalKind.DROP,)), after=0, limit=9) == []
        assert len(await events.page(EventFilter(tickers=(candidate().ticker,)), after=0, limit=9)) == 3


async def test_trimming_keeps_the_newest_events_and_those_of_the_kept_time(store: Store) -> None:
    for minute in range(5):
        await publish(store, f"s{minute}", minute=minute)
    async with store.begin() as uow:
        assert await uow.signal_events.trim(NOON + timedelta(minutes=1), keep=2) == 1
        assert await uow.signal_events.trim(NOON + timedelta(hours=1), keep=2) == 2
        assert await uow.signal_events.trim(NOON + timedelta(hours=1), keep=2) == 0
        position = await uow.signal_events.position()
        assert (position.earliest_event_id, position.last_event_id) == (4, 5)
        assert [event.event_id for event in await uow.signal_events.page(EventFilter(), after=0, limit=9)] == [4, 5]
        assert (await uow.signals.get("s0")).signal_id == "s0"


async def test_trimming_an_empty_or_short_log_changes_nothing(store: Store) -> None:
    async with store.begin() as uow:
        assert await uow.signal_events.trim(NOON) == 0
    await publish(store, "a")
    async with store.begin() as uow:
        assert await uow.signal_events.trim(NOON + timedelta(days=99)) == 0
        assert await uow.signal_events.lock() == await uow.signal_events.position()


async def test_a_rehearsal_forgets_what_was_decided_and_begins_a_new_log(store: Store) -> None:
    await publish(store, "a", "b")
    async with store.begin() as uow:
        before = await uow.signal_events.position()
        await uow.rehearsal.forget_decisions()
    async with store.read() as uow:
        after = await uow.signal_events.position()
        assert await uow.signals.count(SignalFilter()) == 0
    assert (after.earliest_event_id, after.last_event_id) == (1, 0)
    assert after.epoch != before.epoch
    assert await publish(store, "c") == [1]

"""Backtest runs and outcomes of live signals come back as they were stored, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.market.errors import NotFound
from shared.market.instrument import Board, Ticker
from shared.market.outcome import EntryMode, Exit, Fill
from shared.market.signal import Grade, SignalKind, SignalState
from shared.store.repositories.backtests import BacktestRun, BacktestState
from shared.store.repositories.outcomes import OWN_PLAN, Judgement, OutcomeFilter, SignalOpening, StoredOutcome
from shared.store.store import Store
from tests.contract.store.rows import HYNIX, MONDAY, NOON, SAMSUNG, TUESDAY, candidate, signal

RUN = BacktestRun(
    run_id="r1",
    kind=SignalKind.VCP,
    principal="local",
    state=BacktestState.RUNNING,
    since=MONDAY,
    until=TUESDAY,
    board=Board.KOSDAQ,
    entry=EntryMode.NEXT_OPEN,
    seed=2**40,
    started_time=NOON,
)


def opening(signal_id: str = "s1", *, kind: SignalKind = SignalKind.VCP, ticker: str = SAMSUNG, **values) -> SignalOpening:
    known = {
        "opened_on": MONDAY,
        "grade": Grade.A,
        "close_krw": 199_400,
        "entry_krw": 200_000,
        "stop_krw": None,
        "target_krw": 230_000,
        "target_return_bps": 1_500,
    }
    return SignalOpening(signal_id=signal_id, kind=kind, ticker=Ticker(ticker), **known | values)


def outcome(signal_id: str = "s1", horizon: int = 5, **values) -> StoredOutcome:
    known = {
        "kept": True,
        "fill": 0,
        "exit_how": 2,
        "entry_on": TUESDAY,
        "entry_price_krw": 200_500,
        "exit_on": TUESDAY,
        "exit_price_krw": 230_000,
        "ambiguous": False,
        "bars_held": 1,
        "net": 0.1 + 0.2,
        "managed": 0.3,
        "held": None,
        "mfe": 0.15,
        "mae": -0.01,
        "base": None,
        "base_hit": None,
        "drawn": b"\x01\x00\xff\xff",
    }
    return StoredOutcome(signal_id=signal_id, horizon=horizon, **known | values)


async def test_a_run_and_its_sessions_come_back(store: Store) -> None:
    async with store.begin() as uow:
        await uow.backtests.start(RUN)
        assert await uow.backtests.rest_on("r1", "data 1") == 0
        for number, payload in enumerate((b"one", b"\x00two", b"three")):
            await uow.backtests.add_chunk("r1", number, sessions=20, payload=payload)
            await uow.backtests.add_chunk("r1", number, sessions=20, payload=b"again")
    done = replace(RUN, state=BacktestState.COMPLETED, basis="data 1", finished_time=NOON + timedelta(1), result="{}")
    async with store.begin() as uow:
        assert await uow.backtests.chunks("r1") == [b"one", b"\x00two", b"three"]
        await uow.backtests.save(done)
        await uow.backtests.drop_chunks("r1")
    async with store.read() as uow:
        assert await uow.backtests.get("r1") == done
        assert await uow.backtests.chunks("r1") == []


async def test_sessions_that_rest_on_other_data_are_dropped(store: Store) -> None:
    async with store.begin() as uow:
        await uow.backtests.start(RUN)
        await uow.backtests.rest_on("r1", "data 1")
        await uow.backtests.add_chunk("r1", 0, sessions=20, payload=b"old")
        await uow.backtests.add_chunk("r1", 1, sessions=7, payload=b"old")
        assert await uow.backtests.rest_on("r1", "data 1") == 0
        assert await uow.backtests.rest_on("r1", "data 2") == 27
        assert await uow.backtests.chunks("r1") == []


async def test_what_lies_behind_a_missing_piece_is_left_out(store: Store) -> None:
    async with store.begin() as uow:
        await uow.backtests.start(RUN)
        for number in (0, 2):
            await uow.backtests.add_chunk("r1", number, sessions=20, payload=bytes([number]))
        assert await uow.backtests.chunks("r1") == [b"\x00"]


async def test_an_unknown_run_is_not_found(store: Store) -> None:
    async with store.read() as uow:
        with pytest.raises(NotFound, match="backtest run"):
            await uow.backtests.get("nobody")


async def test_the_first_opening_of_a_signal_stays(store: Store) -> None:
    async with store.begin() as uow:
        await uow.signals.add([signal("s1"), signal("s2", verdict=candidate(HYNIX))])
        await uow.outcomes.remember_openings([opening("s1")])
        await uow.outcomes.remember_openings([opening("s1", grade=Grade.C)])
        assert await uow.outcomes.openings() == [opening("s1")]
        assert await uow.outcomes.count_unopened() == 1


async def test_outcomes_are_found_by_kind_horizon_and_day(store: Store) -> None:
    async with store.begin() as uow:
        await uow.signals.add([signal("s1"), signal("s2", verdict=candidate(HYNIX, kind=SignalKind.JONGGA))])
        later = opening("s2", kind=SignalKind.JONGGA, ticker=HYNIX, opened_on=TUESDAY, target_return_bps=None)
        await uow.outcomes.remember_openings([opening("s1"), later])
        await uow.outcomes.save([outcome("s1", 5, exit_how=1), outcome("s1", 10, kept=False), outcome("s2", 5)])
        await uow.outcomes.save([outcome("s1", 5), outcome("s1", OWN_PLAN, exit_how=3)])

    async def found(**chosen):
        return [
            (one.kind, one.opened_on, one.grade, one.outcome) for one in await uow.outcomes.judged(OutcomeFilter(**chosen))
        ]

    first = (SignalKind.VCP, MONDAY, Grade.A, outcome("s1", 5))
    second = (SignalKind.JONGGA, TUESDAY, Grade.A, outcome("s2", 5))
    async with store.read() as uow:
        assert await found() == [second, first]
        assert await found(kinds=(SignalKind.VCP,)) == [first]
        assert await found(since=TUESDAY) == [second]
        assert await found(until=MONDAY) == [first]
        assert await found(horizons=(10,)) == []
        assert await uow.outcomes.of_plans(["s1", "s2"]) == {"s1": outcome("s1", OWN_PLAN, exit_how=3)}


async def test_the_newest_backtest_of_a_kind_is_completed_whole_and_no_later_than_asked(store: Store) -> None:
    whole = replace(RUN, state=BacktestState.COMPLETED, board=None, finished_time=NOON, result="{}")
    others = (
        replace(whole, run_id="board", board=Board.KOSDAQ, finished_time=NOON + timedelta(1)),
        replace(whole, run_id="open", state=BacktestState.RUNNING),
        replace(whole, run_id="trigger", entry=EntryMode.TRIGGER),
        replace(whole, run_id="earlier", until=MONDAY, finished_time=NOON + timedelta(2)),
        replace(whole, run_id="kind", kind=SignalKind.JONGGA),
    )
    async with store.begin() as uow:
        for run in (whole, *others):
            await uow.backtests.start(run)
        newest = await uow.backtests.newest(SignalKind.VCP, until=TUESDAY)
        before = await uow.backtests.newest(SignalKind.VCP, until=MONDAY)
        assert newest is not None
        assert before is not None
        assert [newest.run_id, before.run_id] == ["r1", "earlier"]
        assert await uow.backtests.newest(SignalKind.SURGE, until=TUESDAY) is None


async def test_a_signal_without_an_end_is_told_from_one_that_has_all(store: Store) -> None:
    async with store.begin() as uow:
        await uow.signals.add([signal("s1")])
        await uow.outcomes.save(
            [
                outcome("s1", 1, held=0.2),
                outcome("s1", 3),
                outcome("s1", 5, fill=Fill.LOCKED_UP, managed=None),
                outcome("s1", 10, fill=Fill.PENDING, managed=None),
                outcome("s1", OWN_PLAN),
            ]
        )
        await uow.outcomes.set_kept([("s1", 3, False)])
        states = {state.horizon: state for state in await uow.outcomes.states()}
    assert {horizon: state.is_final for horizon, state in states.items()} == {1: True, 3: False, 5: True, 10: False}
    assert [horizon for horizon, state in states.items() if not state.kept] == [3]


async def test_ended_signals_wait_until_their_plan_was_followed_to_its_end(store: Store) -> None:
    closed = {"state": SignalState.CLOSED}
    async with store.begin() as uow:
        await uow.signals.add(
            [
                signal("open"),
                *(signal(name, **closed) for name in ("never", "pending", "held", "done")),
            ]
        )
        await uow.outcomes.save(
            [
                outcome("pending", OWN_PLAN, fill=Fill.PENDING, exit_how=Exit.NONE),
                outcome("held", OWN_PLAN, exit_how=Exit.OPEN),
                outcome("done", OWN_PLAN, exit_how=Exit.STOP),
                outcome("never", 5),
            ]
        )
        assert sorted(await uow.outcomes.unsettled()) == ["held", "never", "pending"]


async def test_a_later_judgement_takes_the_place_of_the_former(store: Store) -> None:
    judgement = Judgement(kind=SignalKind.VCP, judged_time=NOON, as_of=MONDAY, costs="수수료")
    async with store.begin() as uow:
        await uow.outcomes.note(judgement)
        await uow.outcomes.note(replace(judgement, as_of=TUESDAY))
        assert await uow.outcomes.judgements() == {SignalKind.VCP: replace(judgement, as_of=TUESDAY)}

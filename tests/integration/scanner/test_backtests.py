"""Backtests through the scanner room: what is told, that a run belongs to the room, and that it goes on where it stopped."""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

import grpc
import pytest
from google.rpc import error_details_pb2
from kstock.common.v1 import candidate_pb2, instrument_pb2
from kstock.scanner.v1 import scanner_service_pb2

from servers.scanner.backtest import CHUNK
from servers.scanner.backtests.runs import BacktestRuns
from servers.scanner.backtests.wishes import BacktestWish
from servers.scanner.backtests.work import BacktestTools, BacktestWork
from servers.scanner.strategies.parameters import StrategyParameters
from shared.market.errors import LimitExceeded
from shared.market.outcome import EntryMode
from shared.market.signal import SignalKind
from shared.rpc.errors import detail, status_of
from shared.rpc.messages.times import local_date_message, read_local_date
from shared.store.repositories.backtests import BacktestState
from tests.fixtures.scanner_house import DAYS, TODAY, ScannerHouse, running
from tests.fixtures.scanner_rooms import Rooms, rooms

VCP, JONGGA, DAYTRADING = (getattr(candidate_pb2, f"SIGNAL_KIND_{name}") for name in ("VCP", "JONGGA", "DAYTRADING"))
SINCE, UNTIL = DAYS[-45], DAYS[-1]
Event = scanner_service_pb2.RunBacktestResponse


@dataclass
class Told:
    """What a run told."""

    started: scanner_service_pb2.BacktestStarted = field(default_factory=scanner_service_pb2.BacktestStarted)
    progress: list[scanner_service_pb2.BacktestProgress] = field(default_factory=list)
    finished: scanner_service_pb2.BacktestFinished = field(default_factory=scanner_service_pb2.BacktestFinished)

    def take(self, event: Event) -> None:
        match event.WhichOneof("event"):
            case "started":
                self.started = event.started
            case "progress":
                self.progress.append(event.progress)
            case "finished":
                self.finished = event.finished


def request(kind=DAYTRADING, since: date = SINCE, until: date = UNTIL, **options) -> scanner_service_pb2.RunBacktestRequest:
    return scanner_service_pb2.RunBacktestRequest(
        kind=kind, since=local_date_message(since), until=local_date_message(until), **options
    )


async def told(both: Rooms, asked: scanner_service_pb2.RunBacktestRequest) -> Told:
    heard = Told()
    async for event in both.scanner.RunBacktest(asked):
        heard.take(event)
    return heard


def work(house: ScannerHouse) -> BacktestWork:
    return BacktestWork(
        BacktestTools(
            loader=house.loader,
            rules=StrategyParameters(),
            store=house.store,
            clock=house.clock,
            calendar=house.calendar,
        )
    )


def runs(house: ScannerHouse) -> BacktestRuns:
    return BacktestRuns(work(house), house.store, house.clock)


WISH = BacktestWish(kind=SignalKind.DAYTRADING, since=SINCE, until=UNTIL, board=None, entry=EntryMode.NEXT_OPEN, seed=0)


def figures(finished: scanner_service_pb2.BacktestFinished) -> Sequence[object]:
    return [finished.rows, finished.equity, dict(finished.unfilled), finished.caveats]


async def test_a_backtest_tells_every_session_and_ends_with_its_table(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        heard = await told(both, request())
    assert heard.started.session_count == 45
    assert (read_local_date(heard.started.since), read_local_date(heard.started.until)) == (SINCE, UNTIL)
    assert heard.started.rule_version.startswith("daytrading-")
    assert heard.started.entry == scanner_service_pb2.BACKTEST_ENTRY_NEXT_OPEN
    assert [each.done for each in heard.progress] == list(range(1, 46))
    assert [read_local_date(each.session) for each in heard.progress] == DAYS[-45:]
    assert {each.total for each in heard.progress} == {45}
    finished = heard.finished
    groups = [(row.horizon_sessions, row.grade) for row in finished.rows]
    assert groups == [(horizon, grade) for horizon in (1, 3, 5, 10, 20) for grade in (1, 2, 3, 4, 0)]
    assert sum(row.signal_count for row in finished.rows) > 0
    assert [read_local_date(point.session) for point in finished.equity] == DAYS[-45:]
    assert finished.equity_horizon_sessions == 1
    assert "0.015%" in finished.costs
    assert "1호가" in finished.costs
    assert finished.eligible_per_session == 29


async def test_every_group_has_a_row_and_says_what_it_cannot_say(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        kosdaq = (await told(both, request(board=instrument_pb2.BOARD_KOSDAQ))).finished
    assert len(kosdaq.rows) == 25
    for row in kosdaq.rows:
        assert (row.signal_count, row.filled_count, row.small_sample) == (0, 0, True)
        assert not row.HasField("mean_net_return_bps")
        assert not row.HasField("base_rate")
        assert row.claim.works is False
    assert not kosdaq.equity


async def test_an_entry_at_the_trigger_claims_no_base_rate(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        finished = (await told(both, request(VCP, since=DAYS[-60], trigger_entry=True))).finished
    assert finished.started.entry == scanner_service_pb2.BACKTEST_ENTRY_TRIGGER
    assert not finished.equity
    assert not any(row.HasField("base_rate") or row.HasField("claim") for row in finished.rows)
    assert any("대조군" in caveat for caveat in finished.caveats)


async def test_closing_the_call_does_not_stop_the_run(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        call = both.scanner.RunBacktest(request())
        first = Told()
        async with aclosing(aiter(call)) as events:
            async for event in events:
                first.take(event)
                break
        call.cancel()
        attached = await told(both, scanner_service_pb2.RunBacktestRequest(run_id=first.started.run_id))
        assert len(attached.finished.rows) == 25
        again = await told(both, scanner_service_pb2.RunBacktestRequest(run_id=first.started.run_id))
    assert again.started.run_id == first.started.run_id
    assert again.finished == attached.finished
    assert again.progress == []


async def stopped_after(house: ScannerHouse, sessions: int) -> str:
    """A run whose process ends once so many sessions are stored."""
    interrupted = runs(house)
    async with running(interrupted):
        run_id = await interrupted.start(WISH, principal="local")
        async with aclosing(interrupted.follow(run_id)) as events:
            async for event in events:
                if event.progress.done == sessions:
                    break
    async with house.store.read() as uow:
        assert (await uow.backtests.get(run_id)).state is BacktestState.RUNNING
    return run_id


async def heard_of(house: ScannerHouse, run_id: str) -> Told:
    heard, later = Told(), runs(house)
    async with running(later):
        async for event in later.follow(run_id):
            heard.take(event)
    return heard


async def test_an_interrupted_run_goes_on_and_gives_what_one_in_one_piece_gives(house: ScannerHouse) -> None:
    run_id = await stopped_after(house, CHUNK)
    resumed = await heard_of(house, run_id)
    assert resumed.started.resumed_count >= CHUNK
    assert resumed.started.restart_reason == ""
    assert resumed.progress[0].done >= resumed.started.resumed_count
    at_once = runs(house)
    async with running(at_once):
        fresh = await heard_of(house, await at_once.start(WISH, principal="local"))
    assert fresh.started.resumed_count == 0
    assert figures(resumed.finished) == figures(fresh.finished)


async def test_sessions_done_on_other_data_are_done_again_and_it_says_so(house: ScannerHouse) -> None:
    run_id = await stopped_after(house, CHUNK)
    async with house.store.begin() as uow:
        await uow.meta.bump_generation("bars")
    resumed = await heard_of(house, run_id)
    assert resumed.started.resumed_count == 0
    assert "changed" in resumed.started.restart_reason


async def test_a_seed_changes_the_band_and_nothing_else(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        one, other, same = [(await told(both, request(seed=seed))).finished for seed in (0, 7, 0)]
    assert figures(one) == figures(same)
    assert [row.mean_net_return_bps for row in one.rows] == [row.mean_net_return_bps for row in other.rows]
    assert [row.base_rate.band_low_bps for row in one.rows] != [row.base_rate.band_low_bps for row in other.rows]


async def test_more_runs_than_can_wait_are_refused(house: ScannerHouse) -> None:
    idle = runs(house)  # nothing works on the queue
    for _ in range(4):
        await idle.start(WISH, principal="local")
    with pytest.raises(LimitExceeded, match="too many backtests"):
        await idle.start(WISH, principal="local")


async def test_a_run_that_failed_can_be_tried_again(house: ScannerHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = runs(house)

    async def fail(*_: object) -> None:
        raise LimitExceeded("TEST", "no more")

    monkeypatch.setattr(BacktestWork, "perform", fail)
    async with running(broken):
        run_id = await broken.start(WISH, principal="local")
        with pytest.raises(LimitExceeded):
            await anext(broken.follow(run_id))
    monkeypatch.undo()
    async with house.store.read() as uow:
        assert (await uow.backtests.get(run_id)).problem == "test: the limit is no more"
    assert len((await heard_of(house, run_id)).finished.rows) == 25


KINDS_ON_TRADES = (candidate_pb2.SIGNAL_KIND_DROP, candidate_pb2.SIGNAL_KIND_SURGE)


@pytest.mark.parametrize(
    ("asked", "field", "says"),
    [
        (request(since=DAYS[-3], until=DAYS[-9]), "until", "lies before"),
        (request(until=TODAY + timedelta(days=1)), "until", "after market time"),
        *((request(kind), "kind", "fires on single trades") for kind in KINDS_ON_TRADES),
        (scanner_service_pb2.RunBacktestRequest(since=local_date_message(SINCE)), "kind", "is not set"),
        (scanner_service_pb2.RunBacktestRequest(kind=VCP, until=local_date_message(UNTIL)), "since", "is missing"),
        (scanner_service_pb2.RunBacktestRequest(kind=VCP, since=local_date_message(SINCE)), "until", "is missing"),
        (request(JONGGA, trigger_entry=True), "trigger_entry", "no trigger"),
        (request(board=instrument_pb2.BOARD_KONEX), "board", "not scanned"),
        (request(seed=-1), "seed", "is -1"),
    ],
)
async def test_what_cannot_be_replayed_is_refused_by_name(house: ScannerHouse, asked, field, says) -> None:
    async with rooms(house) as both:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await told(both, asked)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    violation = detail(status_of(refused.value), error_details_pb2.BadRequest).field_violations[0]
    assert violation.field == field
    assert says in violation.description


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (request(since=date(2015, 1, 1), until=date(2015, 12, 31)), "DATA_MISSING"),
        (request(since=TODAY, until=TODAY), "DATA_MISSING"),
        (scanner_service_pb2.RunBacktestRequest(run_id="nobody"), "BACKTEST_RUN_NOT_FOUND"),
    ],
)
async def test_a_period_without_bars_and_an_unknown_run_are_not_found(house: ScannerHouse, asked, reason) -> None:
    async with rooms(house) as both:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await told(both, asked)
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND
    assert detail(status_of(refused.value), error_details_pb2.ErrorInfo).reason == reason


async def test_a_period_between_two_sessions_has_no_table(house: ScannerHouse) -> None:
    """Bars lie before and after it, so only the replay itself can tell."""
    weekend = next(day for day, after in pairwise(DAYS) if (after - day).days == 3)
    asked = request(since=weekend + timedelta(days=1), until=weekend + timedelta(days=2))
    async with rooms(house) as both:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await told(both, asked)
    assert "no daily bars" in refused.value.details()

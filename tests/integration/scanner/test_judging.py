"""What became of live signals: judged by the scanner, shown by the signal room, the same figures as a backtest's."""

from datetime import date, timedelta

import grpc
import numpy as np
import pytest
from google.rpc import error_details_pb2
from kstock.common.v1 import candidate_pb2
from kstock.scanner.v1 import scanner_service_pb2
from kstock.signal.v1 import signal_service_pb2

from servers.scanner.backtest import ENTRIES, BacktestWindow, judge_one, judged_by, replay_window
from servers.scanner.evaluation.forward import Future
from servers.scanner.strategies.parameters import StrategyParameters
from servers.signal.event_log import EventLog
from servers.signal.publishing import Verdicts
from shared.market.scoreboard import GRADES, HORIZONS
from shared.market.signal import Candidate, Grade, SignalKind
from shared.rpc.errors import detail, status_of
from shared.rpc.messages.times import local_date_message, read_local_date
from tests.fixtures.candidates import make_candidate
from tests.fixtures.scanner_house import DAYS, LAST, TICKERS, ScannerHouse, walks
from tests.fixtures.scanner_rooms import Rooms, rooms

VCP = candidate_pb2.SIGNAL_KIND_VCP
RULES = StrategyParameters()


def verdict(ticker: str, day: date, **fields: object) -> Candidate:
    """A verdict whose levels are far away, so that only time ends it."""
    close = int(walks()[DAYS.index(day), TICKERS.index(ticker)])
    usual = {"entry_krw": close, "stop_krw": close // 2, "target_krw": close * 2}
    return make_candidate(ticker, as_of=day, close_krw=close, **usual | fields)


async def publish(house: ScannerHouse, day: date, *verdicts: Candidate) -> None:
    log = EventLog(house.store, house.clock, house.calendar)
    kinds = {one.kind for one in verdicts}
    assert len(kinds) == 1
    await log.publish(kinds.pop(), Verdicts(as_of=day, candidates=verdicts, complete=False, unjudged=()))


async def judge(both: Rooms) -> scanner_service_pb2.JudgeSignalsResponse:
    return await both.scanner.JudgeSignals(scanner_service_pb2.JudgeSignalsRequest())


async def scoreboard(both: Rooms, **wishes: object) -> signal_service_pb2.GetScoreboardResponse:
    return await both.signals.GetScoreboard(signal_service_pb2.GetScoreboardRequest(**wishes))


def row_of(board: signal_service_pb2.GetScoreboardResponse, kind: int, grade: int, horizon: int):
    (row,) = [row for row in board.rows if (row.kind, row.grade, row.horizon_sessions) == (kind, grade, horizon)]
    return row


async def test_before_anything_is_judged_every_group_is_there_with_nothing(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        board = await scoreboard(both)
    assert len(board.rows) == len(SignalKind) * len(HORIZONS) * (len(GRADES) + 1)
    assert {row.signal_count for row in board.rows} == {0}
    assert not any(row.HasField("mean_net_return_bps") or row.HasField("base_rate") for row in board.rows)
    assert not board.HasField("computed_time")
    assert board.costs == ""


async def test_a_signal_is_judged_at_every_horizon_that_has_passed(house: ScannerHouse) -> None:
    await publish(house, DAYS[-8], verdict(TICKERS[3], DAYS[-8], grade=Grade.B))
    async with rooms(house) as both:
        judged = await judge(both)
        board = await scoreboard(both, kinds=[VCP])
    assert (judged.signal_count, judged.unresolved_count, judged.skipped_count) == (1, 1, 0)
    assert read_local_date(judged.as_of) == LAST
    closes, opens = walks()[:, 3], walks()[:, 3]
    for horizon in (1, 3, 5):
        row = row_of(board, VCP, candidate_pb2.GRADE_B, horizon)
        paid, got = opens[-8], closes[-8 + horizon]
        assert (row.signal_count, row.filled_count, row.unresolved_count) == (1, 1, 0)
        assert row.mean_net_return_bps == pytest.approx(10_000 * (got / paid - 1) - 23, abs=45)  # costs, a tick a side
        assert row.HasField("base_rate")
        assert row.base_rate.band_low_bps <= row.base_rate.mean_net_return_bps <= row.base_rate.band_high_bps
        assert row.small_sample
        assert row.target_return_bps == 1_500
    for horizon in (10, 20):
        row = row_of(board, VCP, candidate_pb2.GRADE_B, horizon)
        assert (row.filled_count, row.unresolved_count) == (1, 1)
        assert not row.HasField("mean_net_return_bps")
    assert row_of(board, VCP, candidate_pb2.GRADE_S, 1).signal_count == 0
    assert read_local_date(board.as_of) == LAST


async def test_live_signals_get_the_figures_of_a_backtest_that_finds_the_same(house: ScannerHouse) -> None:
    stretch = await house.loader.stretch(DAYS[-80], LAST, until=LAST)
    window = BacktestWindow(since=DAYS[-60], until=DAYS[-22], kinds=(SignalKind.DAYTRADING,))
    replayed = list(replay_window(stretch.history, window))
    judged = judged_by(ENTRIES[SignalKind.DAYTRADING][0], RULES)
    expected = judge_one(Future.of(stretch.history), replayed, SignalKind.DAYTRADING, rules=RULES, judged=judged)
    count = 0
    for each in replayed:
        found = each.found[SignalKind.DAYTRADING]
        day = DAYS[-60:][each.session - replayed[0].session]
        published = [
            verdict(
                TICKERS[int(found.rows[place])],
                day,
                kind=SignalKind.DAYTRADING,
                grade=GRADES[found.grade[place]],
                target_krw=int(found.target[place]),
                stop_krw=int(found.stop[place]),
                entry_krw=None,
                target_return_bps=None,
            )
            for place in np.flatnonzero(found.published).tolist()
        ]
        count += len(published)
        if published:
            await publish(house, day, *published)
    assert count > 10
    async with rooms(house) as both:
        await judge(both)
        board = await scoreboard(both, kinds=[candidate_pb2.SIGNAL_KIND_DAYTRADING], horizons=[1])
    live = row_of(board, candidate_pb2.SIGNAL_KIND_DAYTRADING, 0, 1)
    line = next(line for line in expected.scoreboard.lines if line.grade is None and line.horizon == 1)
    assert (live.signal_count, live.filled_count) == (line.signals, line.filled)
    assert live.mean_net_return_bps == pytest.approx(10_000 * line.mean, abs=0.51)
    assert live.median_net_return_bps == pytest.approx(10_000 * line.median, abs=0.51)
    assert live.base_rate.mean_net_return_bps == pytest.approx(10_000 * line.base, abs=0.51)
    assert live.excess_bps == pytest.approx(10_000 * line.excess, abs=0.51)
    assert live.t_statistic == pytest.approx(line.excess_t)
    assert live.hit_rate_bps == pytest.approx(10_000 * line.hit, abs=0.51)


async def test_the_opening_counts_whatever_later_verdicts_say(house: ScannerHouse) -> None:
    ticker = TICKERS[5]
    far = {"entry_krw": 10**7}  # never reached, so that it waits
    await publish(house, DAYS[-9], verdict(ticker, DAYS[-9], grade=Grade.S, **far))
    await publish(house, DAYS[-8], verdict(ticker, DAYS[-8], grade=Grade.C, **far))
    async with rooms(house) as both:
        await judge(both)
        board = await scoreboard(both, kinds=[VCP], horizons=[3])
    assert row_of(board, VCP, candidate_pb2.GRADE_S, 3).signal_count == 1
    assert row_of(board, VCP, candidate_pb2.GRADE_C, 3).signal_count == 0


async def test_judging_twice_changes_nothing_and_a_new_session_resolves_more(house: ScannerHouse) -> None:
    await publish(house, DAYS[-30], verdict(TICKERS[1], DAYS[-30]))
    await publish(house, DAYS[-4], verdict(TICKERS[2], DAYS[-4]))
    async with rooms(house) as both:
        first = await judge(both)
        once = await scoreboard(both)
        again = await judge(both)
        twice = await scoreboard(both)
    assert first == again
    assert (first.signal_count, first.unresolved_count) == (2, 1)
    assert once.rows == twice.rows


async def test_a_repeat_within_the_holding_period_counts_once(house: ScannerHouse) -> None:
    ticker = TICKERS[7]
    near = {"target_krw": 1, "stop_krw": None}  # ends at once, so that the next one opens
    await publish(house, DAYS[-40], verdict(ticker, DAYS[-40], kind=SignalKind.JONGGA, **near))
    await publish(house, DAYS[-37], verdict(ticker, DAYS[-37], kind=SignalKind.JONGGA, **near))
    async with rooms(house) as both:
        judged = await judge(both)
        board = await scoreboard(both, kinds=[candidate_pb2.SIGNAL_KIND_JONGGA])
    assert judged.signal_count == 2
    counts = [row_of(board, candidate_pb2.SIGNAL_KIND_JONGGA, 0, horizon).signal_count for horizon in (1, 3, 5, 10)]
    assert counts == [2, 2, 1, 1]


async def test_a_period_chooses_signals_by_the_day_they_opened(house: ScannerHouse) -> None:
    for place in (-30, -25, -22):
        await publish(house, DAYS[place], verdict(TICKERS[-place], DAYS[place]))
    async with rooms(house) as both:
        await judge(both)
        board = await scoreboard(both, kinds=[VCP], since=local_date_message(DAYS[-26]), until=local_date_message(DAYS[-23]))
        row = row_of(board, VCP, 0, 5)
        assert row.signal_count == 1
        assert (read_local_date(row.since), read_local_date(row.until)) == (DAYS[-26], DAYS[-23])
        everything = await scoreboard(both, kinds=[VCP])
        assert row_of(everything, VCP, 0, 5).signal_count == 3


async def test_an_ended_signal_shows_what_its_plan_came_to(house: ScannerHouse) -> None:
    ticker = TICKERS[2]
    day = DAYS[-30]
    await publish(house, day, verdict(ticker, day, kind=SignalKind.DAYTRADING))
    log = EventLog(house.store, house.clock, house.calendar)
    await log.settle()
    async with rooms(house) as both:
        wanted = signal_service_pb2.ListSignalsRequest(ticker=ticker, states=[2])
        (before,) = (await both.signals.ListSignals(wanted)).signals
        assert not before.HasField("outcome")
        await judge(both)
        (after,) = (await both.signals.ListSignals(wanted)).signals
        same = await both.signals.GetSignal(signal_service_pb2.GetSignalRequest(signal_id=after.signal_id))
    assert after.close_reason == "TIME"
    outcome = after.outcome
    assert outcome.filled
    assert outcome.exit_reason == "TIME"
    assert read_local_date(outcome.entry_on) == read_local_date(outcome.exit_on) == DAYS[-29]
    assert outcome.exit_price_krw == after.close_price_krw
    assert outcome.bars_held == 1
    assert same.signal.outcome == outcome


async def test_a_signal_that_was_withdrawn_was_not_bought(house: ScannerHouse) -> None:
    ticker = TICKERS[4]
    await publish(house, DAYS[-9], verdict(ticker, DAYS[-9], entry_krw=10**7))
    log = EventLog(house.store, house.clock, house.calendar)
    await log.publish(SignalKind.VCP, Verdicts(as_of=LAST, candidates=[], complete=True, unjudged=()))
    async with rooms(house) as both:
        await judge(both)
        (gone,) = (await both.signals.ListSignals(signal_service_pb2.ListSignalsRequest(states=[4]))).signals
    assert gone.close_reason == "CONDITION_GONE"
    assert gone.HasField("outcome")
    assert not gone.outcome.filled


async def test_the_table_of_a_backtest_is_read_by_its_id(house: ScannerHouse) -> None:
    asked = scanner_service_pb2.RunBacktestRequest(
        kind=candidate_pb2.SIGNAL_KIND_DAYTRADING,
        since=local_date_message(DAYS[-45]),
        until=local_date_message(LAST),
    )
    async with rooms(house) as both:
        async for event in both.scanner.RunBacktest(asked):
            finished = event.finished
        whole = await scoreboard(both, backtest_run_id=finished.run_id)
        some = await scoreboard(both, backtest_run_id=finished.run_id, horizons=[10, 3])
        newest = await scoreboard(both, newest_backtests=True)
    assert whole.rows == finished.rows
    assert whole.costs == finished.costs
    assert newest == whole
    assert sorted({row.horizon_sessions for row in some.rows}) == [3, 10]


@pytest.mark.parametrize(
    ("wishes", "field"),
    [
        ({"horizons": [1, 7]}, "horizons[1]"),
        ({"since": local_date_message(LAST), "until": local_date_message(LAST - timedelta(days=1))}, "until"),
        ({"since": local_date_message(LAST), "backtest_run_id": "x"}, "since"),
        ({"until": local_date_message(LAST), "newest_backtests": True}, "until"),
        ({"newest_backtests": True, "backtest_run_id": "x"}, "newest_backtests"),
        ({"kinds": [99]}, "kinds[0]"),
    ],
)
async def test_a_scoreboard_that_cannot_be_is_refused_by_name(house: ScannerHouse, wishes, field) -> None:
    async with rooms(house) as both:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await scoreboard(both, **wishes)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert detail(status_of(refused.value), error_details_pb2.BadRequest).field_violations[0].field == field


async def test_an_unknown_backtest_is_not_found(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await scoreboard(both, backtest_run_id="nobody")
    assert detail(status_of(refused.value), error_details_pb2.ErrorInfo).reason == "BACKTEST_RUN_NOT_FOUND"

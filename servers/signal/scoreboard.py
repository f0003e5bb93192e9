"""Scoreboards: realised outcomes of live signals, or the table of a backtest, as the scanner has stored them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from google.protobuf.json_format import Parse
from kstock.common.v1 import statistics_pb2
from kstock.scanner.v1 import scanner_service_pb2
from kstock.signal.v1 import signal_service_pb2
from numpy.typing import NDArray

from shared.market.errors import DataMissing, InvalidInput
from shared.market.scoreboard import GRADES, RANDOM_SEEDS, Realised, check_horizons, claim, score_rows, unpack_draws
from shared.market.sessions import SessionCalendar
from shared.market.signal import Grade, SignalKind
from shared.market.times import yyyymmdd
from shared.rpc.messages.enums import SIGNAL_KIND
from shared.rpc.messages.statistics import StatisticsPeriod, statistics_messages
from shared.rpc.messages.times import local_date_message, optional_date, timestamp_message
from shared.store.repositories.backtests import BacktestState
from shared.store.repositories.outcomes import JudgedSignal, Judgement, OutcomeFilter
from shared.store.store import Store

_Response = signal_service_pb2.GetScoreboardResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreboardWish:
    """Which outcomes; empty kinds mean all, days are those on which signals opened, both included."""

    kinds: tuple[SignalKind, ...]
    horizons: tuple[int, ...]
    since: date | None
    until: date | None


def read_scoreboard(request: signal_service_pb2.GetScoreboardRequest) -> ScoreboardWish:
    """What a request means.

    Raises:
        InvalidInput: A horizon that signals are not judged at, a period that is none, or a period for a backtest.
    """
    since, until = optional_date(request, "since"), optional_date(request, "until")
    if since is not None and until is not None and since > until:
        raise InvalidInput("until", f"{until} lies before since, which is {since}")
    if request.backtest_run_id and request.newest_backtests:
        raise InvalidInput("newest_backtests", "one backtest is named already; leave one of both out")
    if (request.backtest_run_id or request.newest_backtests) and (since or until):
        raise InvalidInput("since" if since else "until", "a backtest has its own period; leave it out")
    return ScoreboardWish(
        kinds=tuple(SIGNAL_KIND.from_wire(number, f"kinds[{place}]") for place, number in enumerate(request.kinds)),
        horizons=check_horizons(request.horizons),
        since=since,
        until=until,
    )


class Scoreboards:
    """Reads what is stored; works nothing out but the lines."""

    def __init__(self, store: Store, calendar: SessionCalendar) -> None:
        """Keep the collaborators."""
        self._store = store
        self._calendar = calendar

    async def live(self, wish: ScoreboardWish) -> _Response:
        """Outcomes of the live signals; a group without any has a line with counts of 0."""
        kinds = wish.kinds or tuple(SignalKind)
        chosen = OutcomeFilter(kinds=kinds, horizons=wish.horizons, since=wish.since, until=wish.until)
        async with self._store.read() as uow:
            judged = await uow.outcomes.judged(chosen)
            judgements = await uow.outcomes.judgements()
        newest = max(judgements.values(), key=lambda one: one.judged_time, default=None)
        return _Response(
            rows=[
                row
                for kind in kinds
                for row in self._rows(wish, kind, [one for one in judged if one.kind is kind], judgements.get(kind))
            ],
            costs=newest.costs if newest else "",
            computed_time=timestamp_message(newest.judged_time) if newest else None,
            as_of=local_date_message(newest.as_of) if newest else None,
        )

    async def of_backtest(self, run_id: str, wish: ScoreboardWish) -> _Response:
        """The table of a backtest.

        Raises:
            NotFound: No such run.
            DataMissing: It has not ended.
            InvalidInput: It was of another strategy.
        """
        async with self._store.read() as uow:
            run = await uow.backtests.get(run_id)
        if wish.kinds and run.kind not in wish.kinds:
            raise InvalidInput("kinds", f"the backtest is of {run.kind}")
        if run.state is not BacktestState.COMPLETED:
            raise DataMissing(f"backtest {run_id} has no table yet; continue it with its id")
        result = Parse(run.result, scanner_service_pb2.BacktestFinished())
        return _Response(
            rows=[row for row in result.rows if row.horizon_sessions in wish.horizons],
            costs=result.costs,
            computed_time=result.computed_time,
            as_of=result.started.until,
        )

    async def of_newest_backtests(self, wish: ScoreboardWish, today: date) -> _Response:
        """The tables of each kind's newest backtest that ends on or before today, together."""
        async with self._store.read() as uow:
            runs = [await uow.backtests.newest(kind, until=today) for kind in wish.kinds or tuple(SignalKind)]
        tables = [await self.of_backtest(run.run_id, replace(wish, kinds=())) for run in runs if run is not None]
        if not tables:
            return _Response()
        newest = max(tables, key=lambda table: table.computed_time.ToNanoseconds())
        rows = [row for table in tables for row in table.rows]
        return _Response(rows=rows, costs=newest.costs, computed_time=newest.computed_time, as_of=newest.as_of)

    def _rows(
        self, wish: ScoreboardWish, kind: SignalKind, judged: Sequence[JudgedSignal], judgement: Judgement | None
    ) -> list[statistics_pb2.OutcomeStatistics]:
        days = [one.opened_on for one in judged]
        since = wish.since or min(days, default=None)
        until = wish.until or (max(judgement.as_of, *days) if judgement and days else None)
        if since is None or until is None:
            since = until = None
        period = StatisticsPeriod(kind=kind, since=since, until=until, target_return_bps=_target_rates(judged))
        sessions = self._sessions(since, until)
        lines = [
            line
            for horizon in wish.horizons
            for line in score_rows(
                realised([one for one in judged if one.outcome.horizon == horizon]), horizon=horizon, sessions=sessions
            )
        ]
        return statistics_messages(lines, {horizon: claim(lines, horizon) for horizon in wish.horizons}, period)

    def _sessions(self, since: date | None, until: date | None) -> NDArray[np.int32]:
        if since is None or until is None:
            return np.zeros(0, dtype=np.int32)
        days = [yyyymmdd(session.day) for session in self._calendar.sessions_between(since, until)]
        return np.array(days, dtype=np.int32)


def realised(judged: Sequence[JudgedSignal]) -> Realised:
    """Stored outcomes of one horizon as columns."""
    outcomes = [one.outcome for one in judged]
    drawn = np.array([unpack_draws(one.drawn) for one in outcomes]).reshape(len(outcomes), RANDOM_SEEDS)
    return Realised(
        day=np.array([yyyymmdd(one.opened_on) for one in judged], dtype=np.int32),
        grade=np.array([GRADES.index(one.grade) for one in judged], dtype=np.int8),
        published=np.ones(len(judged), dtype=np.bool_),
        fill=np.array([one.fill for one in outcomes], dtype=np.int8),
        exit=np.array([one.exit_how for one in outcomes], dtype=np.int8),
        ambiguous=np.array([one.ambiguous for one in outcomes], dtype=np.bool_),
        managed=_numbers([one.managed for one in outcomes]),
        held=_numbers([one.held for one in outcomes]),
        mfe=_numbers([one.mfe for one in outcomes]),
        mae=_numbers([one.mae for one in outcomes]),
        base=_numbers([one.base for one in outcomes]),
        base_hit=_numbers([one.base_hit for one in outcomes]),
        drawn=drawn,
    )


def _numbers(values: Sequence[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _target_rates(judged: Sequence[JudgedSignal]) -> Mapping[Grade, int]:
    """The rate of each grade's reference target; none where signals of a grade had different ones."""
    rates: dict[Grade, set[int | None]] = {}
    for one in judged:
        rates.setdefault(one.grade, set()).add(one.target_return_bps)
    return {grade: rate for grade, seen in rates.items() if len(seen) == 1 and (rate := next(iter(seen))) is not None}

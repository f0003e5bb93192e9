"""Lines of scoreboards on the wire."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kstock.common.v1 import statistics_pb2

from shared.market.scoreboard import SMALL_SAMPLE, Claim, ScoreRow
from shared.market.signal import Grade, SignalKind
from shared.rpc.messages.enums import GRADE, SIGNAL_KIND
from shared.rpc.messages.times import local_date_message

_BPS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsPeriod:
    """What lines are about: a strategy, first and last day, and the rate that each grade's reference target stands for."""

    kind: SignalKind
    since: date | None
    until: date | None
    target_return_bps: Mapping[Grade, int]


def statistics_messages(
    rows: Iterable[ScoreRow], claims: Mapping[int, Claim], period: StatisticsPeriod
) -> list[statistics_pb2.OutcomeStatistics]:
    """Lines as they travel; `claims` by horizon, for the lines of all grades together."""
    return [_message(row, claims.get(row.horizon), period) for row in rows]


def _message(row: ScoreRow, claim: Claim | None, period: StatisticsPeriod) -> statistics_pb2.OutcomeStatistics:
    return statistics_pb2.OutcomeStatistics(
        kind=SIGNAL_KIND.to_wire(period.kind),
        grade=None if row.grade is None else GRADE.to_wire(row.grade),
        horizon_sessions=row.horizon,
        signal_count=row.signals,
        filled_count=row.filled,
        mean_net_return_bps=_bps(row.mean),
        median_net_return_bps=_bps(row.median),
        worst_net_return_bps=_bps(row.worst),
        hit_rate_bps=_bps(row.hit),
        mean_favourable_bps=_bps(row.mfe),
        mean_adverse_bps=_bps(row.mae),
        target_before_stop_bps=_bps(row.target_first),
        profit_factor=_known(row.profit_factor),
        ambiguous_count=row.ambiguous,
        day_count=row.days,
        base_rate=_base_rate(row),
        excess_bps=_bps(row.excess),
        t_statistic=_known(row.excess_t),
        small_sample=row.filled < SMALL_SAMPLE,
        since=None if period.since is None else local_date_message(period.since),
        until=None if period.until is None else local_date_message(period.until),
        target_return_bps=None if row.grade is None else period.target_return_bps.get(row.grade),
        unresolved_count=row.unresolved,
        signals_per_day=_known(row.per_day),
        held_net_return_bps=_bps(row.held),
        held_hit_rate_bps=_bps(row.held_hit),
        first_half_excess_bps=_bps(row.first_half),
        second_half_excess_bps=_bps(row.second_half),
        claim=None if claim is None or row.grade is not None else _claim(claim),
    )


def _claim(claim: Claim) -> statistics_pb2.Claim:
    return statistics_pb2.Claim(
        positive=claim.positive,
        significant=claim.significant,
        monotone=claim.monotone,
        both_halves=claim.both_halves,
        works=claim.works,
    )


def _base_rate(row: ScoreRow) -> statistics_pb2.BaseRate | None:
    mean = _bps(row.base)
    if mean is None:
        return None
    return statistics_pb2.BaseRate(
        mean_net_return_bps=mean,
        hit_rate_bps=_bps(row.base_hit) or 0,
        band_low_bps=_bps(row.band_low) or 0,
        band_high_bps=_bps(row.band_high) or 0,
    )


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _bps(fraction: float) -> int | None:
    """Half up, as everywhere in prices and rates; None for what is not known."""
    return math.floor(fraction * _BPS + 0.5) if math.isfinite(fraction) else None

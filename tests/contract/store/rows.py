"""Short ways to write rows in tests."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

import numpy as np

from shared.market.instrument import Board, Ticker
from shared.market.signal import Candidate, Component, Grade, Signal, SignalKind, SignalState
from shared.market.times import yyyymmdd
from shared.store.provenance import Provenance, SourceRank
from shared.store.repositories.bars import BarRows

SAMSUNG, HYNIX = "005930", "000660"
MONDAY, TUESDAY, WEDNESDAY = date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11)
NOON = datetime(2026, 3, 9, 3, tzinfo=UTC)


def fetched(
    day: int = 1, *, source: str = "collection", rank: SourceRank = SourceRank.COLLECTED, adjusted: date | None = None
) -> Provenance:
    return Provenance(source=source, rank=rank, fetched_time=datetime(2026, 5, day, tzinfo=UTC), adjusted_as_of=adjusted)


def bars(*rows: tuple[str, date, int], volume: int = 100, turnover: int | None = None) -> BarRows:
    """One bar per (ticker, day, close); turnover is estimated unless given."""
    close = numbers(close for _, _, close in rows)
    return BarRows(
        tickers=[ticker for ticker, _, _ in rows],
        date=days(day for _, day, _ in rows),
        open=close - 1,
        high=close + 2,
        low=close - 2,
        close=close,
        volume=np.full(len(rows), volume, dtype=np.int64),
        turnover=close * volume if turnover is None else np.full(len(rows), turnover, dtype=np.int64),
        turnover_estimated=np.full(len(rows), turnover is None),
    )


def numbers(values: Iterable[int]) -> np.ndarray:
    return np.array(list(values), dtype=np.int64)


def days(values: Iterable[date]) -> np.ndarray:
    return np.array([yyyymmdd(day) for day in values], dtype=np.int32)


def candidate(
    ticker: str = SAMSUNG,
    *,
    kind: SignalKind = SignalKind.VCP,
    score: float = 81.5,
    grade: Grade = Grade.S,
    turnover_avg20_krw: int = 900_000_000_000,
) -> Candidate:
    """A verdict with something in every field."""
    return Candidate(
        kind=kind,
        ticker=Ticker(ticker),
        name="삼성전자",
        board=Board.KOSPI,
        as_of=MONDAY,
        score=score,
        max_score=100.0,
        grade=grade,
        detected=True,
        tradable=True,
        components=(Component(name="추세", points=12.5, max_points=20.0, status="partial", evidence="8개 중 5개"),),
        reasons=("돌파 임박",),
        cautions=("거래량 부족",),
        missing=("news",),
        flags=("OVERHEATED",),
        setup="PRE_BREAKOUT",
        close_krw=199_400,
        entry_krw=200_000,
        stop_krw=None,
        target_krw=240_000,
        turnover_avg20_krw=turnover_avg20_krw,
        market_cap_krw=None,
        volume_shares=12_345_678,
        metrics={"last_depth": 0.1 + 0.2, "pivot": 200_000.0},
        rule_version="vcp-1",
    )


def signal(
    signal_id: str = "s1",
    *,
    at: datetime = NOON,
    revision: int = 1,
    state: SignalState = SignalState.ACTIVE,
    verdict: Candidate | None = None,
) -> Signal:
    return Signal(
        signal_id=signal_id,
        revision=revision,
        state=state,
        candidate=verdict or candidate(),
        opened_price_krw=199_400,
        opened_on=MONDAY,
        plan_on=MONDAY,
        opened_time=at,
        updated_time=at,
    )

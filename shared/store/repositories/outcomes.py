"""Outcomes of live signals: with what they opened, what became of them, and when that was worked out."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from sqlalchemy import and_, bindparam, delete, func, or_, select, update

from shared.market.instrument import Ticker
from shared.market.outcome import Exit, Fill
from shared.market.signal import Grade, SignalKind, SignalState
from shared.store.repositories.base import Repository, chunks
from shared.store.tables.evaluation import judgements, signal_openings, signal_outcomes
from shared.store.tables.signals import signals

OWN_PLAN = 0
"""Horizon that stands for the signal's own plan."""

_ROWS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalOpening:
    """The verdict with which a signal opened; prices in won, None where the strategy sets no level."""

    signal_id: str
    kind: SignalKind
    ticker: Ticker
    opened_on: date
    grade: Grade
    close_krw: int
    entry_krw: int | None
    stop_krw: int | None
    target_krw: int | None
    target_return_bps: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredOutcome:
    """What became of a signal at one horizon (traded bars, `OWN_PLAN` for its plan).

    `kept` is false for a repeat within the holding period of an earlier signal. `fill` and `exit_how` are codes of
    `shared.market.outcome`. Prices are won at the scale of the signal's day, returns net fractions; None where nothing can
    be said. `net` counts a position that is still open at its newest close, `managed` and `held` know only ended ones.
    `drawn` holds the returns of random comparable tickers in basis points, little-endian 16-bit integers.
    """

    signal_id: str
    horizon: int
    kept: bool
    fill: int
    exit_how: int
    entry_on: date | None
    entry_price_krw: int | None
    exit_on: date | None
    exit_price_krw: int | None
    ambiguous: bool
    bars_held: int
    net: float | None
    managed: float | None
    held: float | None
    mfe: float | None
    mae: float | None
    base: float | None
    base_hit: float | None
    drawn: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSignal:
    """An outcome beside what its signal opened with."""

    kind: SignalKind
    opened_on: date
    grade: Grade
    target_return_bps: int | None
    outcome: StoredOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeState:
    """How far a signal is at one horizon: whether the cool-down leaves it, `fill` code, whether all is known for good."""

    signal_id: str
    horizon: int
    kept: bool
    fill: int
    is_final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """When the signals of a kind were last judged, by bars up to which session, after which costs in words."""

    kind: SignalKind
    judged_time: datetime
    as_of: date
    costs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeFilter:
    """Which outcomes; an empty field filters nothing. Days are those on which signals opened, both included."""

    kinds: tuple[SignalKind, ...] = ()
    horizons: tuple[int, ...] = ()
    since: date | None = None
    until: date | None = None


_COLUMNS = tuple(field.name for field in fields(StoredOutcome))


class OutcomeRepository(Repository):
    """What the scanner has worked out about live signals."""

    async def remember_openings(self, openings: Sequence[SignalOpening]) -> None:
        """Keep with what signals opened; what is kept already stays."""
        for some in chunks(openings, _ROWS):
            statement = self._insert(signal_openings).values([asdict(opening) for opening in some])
            await self._connection.execute(statement.on_conflict_do_nothing())

    async def openings(self) -> list[SignalOpening]:
        """Every opening that is kept, oldest first."""
        query = select(signal_openings).order_by(signal_openings.c.opened_on, signal_openings.c.signal_id)
        return [SignalOpening(**row) for row in (await self._connection.execute(query)).mappings()]

    async def count_unopened(self) -> int:
        """Signals without a kept opening."""
        known = select(signal_openings.c.signal_id)
        query = select(func.count()).select_from(signals).where(signals.c.signal_id.not_in(known))
        return int((await self._connection.execute(query)).scalar_one())

    async def save(self, outcomes: Sequence[StoredOutcome]) -> None:
        """Store outcomes; those of the same signal and horizon are replaced."""
        keys = ("signal_id", "horizon")
        for some in chunks(outcomes, _ROWS):
            statement = self._insert(signal_outcomes)
            updated = {name: statement.excluded[name] for name in _COLUMNS if name not in keys}
            await self._connection.execute(
                statement.on_conflict_do_update(index_elements=[signal_outcomes.c[name] for name in keys], set_=updated),
                [asdict(outcome) for outcome in some],
            )

    async def states(self) -> list[OutcomeState]:
        """How far every judged signal is, plans left out."""
        became = signal_outcomes.c
        both = and_(became.managed.is_not(None), became.held.is_not(None))
        is_final = or_(became.fill.not_in((Fill.FILLED, Fill.PENDING)), both)
        query = select(became.signal_id, became.horizon, became.kept, became.fill, is_final.label("is_final"))
        found = await self._connection.execute(query.where(became.horizon != OWN_PLAN))
        return [OutcomeState(**row) for row in found.mappings()]

    async def unsettled(self) -> list[str]:
        """Ids of ended signals whose own plan has not been followed to its end yet."""
        became = signal_outcomes.c
        settled = select(became.signal_id).where(
            became.horizon == OWN_PLAN, became.fill != Fill.PENDING, became.exit_how != Exit.OPEN
        )
        query = select(signals.c.signal_id).where(signals.c.state != SignalState.ACTIVE, signals.c.signal_id.not_in(settled))
        return list((await self._connection.execute(query)).scalars())

    async def set_kept(self, kept: Sequence[tuple[str, int, bool]]) -> None:
        """Note which outcomes the cool-down leaves: signal, horizon, and whether it does."""
        if kept:
            became = signal_outcomes.c
            statement = update(signal_outcomes).where(
                became.signal_id == bindparam("of_signal"), became.horizon == bindparam("at_horizon")
            )
            rows = [{"of_signal": signal, "at_horizon": horizon, "kept": is_kept} for signal, horizon, is_kept in kept]
            await self._connection.execute(statement, rows)

    async def note(self, judgement: Judgement) -> None:
        """Store when a kind was judged."""
        await self._connection.execute(delete(judgements).where(judgements.c.kind == judgement.kind))
        await self._connection.execute(self._insert(judgements).values(asdict(judgement)))

    async def judgements(self) -> dict[SignalKind, Judgement]:
        """The newest judgement of each kind that ever was judged."""
        found = await self._connection.execute(select(judgements))
        return {row["kind"]: Judgement(**row) for row in found.mappings()}

    async def judged(self, chosen: OutcomeFilter) -> list[JudgedSignal]:
        """Outcomes after the cool-down, by kind, horizon and day."""
        opened, became = signal_openings.c, signal_outcomes.c
        query = select(opened.kind, opened.opened_on, opened.grade, opened.target_return_bps, *became).join_from(
            signal_outcomes, signal_openings, opened.signal_id == became.signal_id
        )
        query = query.where(became.kept, became.horizon != OWN_PLAN)
        if chosen.kinds:
            query = query.where(opened.kind.in_(chosen.kinds))
        if chosen.horizons:
            query = query.where(became.horizon.in_(chosen.horizons))
        if chosen.since is not None:
            query = query.where(opened.opened_on >= chosen.since)
        if chosen.until is not None:
            query = query.where(opened.opened_on <= chosen.until)
        found = await self._connection.execute(
            query.order_by(opened.kind, became.horizon, opened.opened_on, opened.signal_id)
        )
        return [
            JudgedSignal(
                kind=row["kind"],
                opened_on=row["opened_on"],
                grade=row["grade"],
                target_return_bps=row["target_return_bps"],
                outcome=StoredOutcome(**{name: row[name] for name in _COLUMNS}),
            )
            for row in found.mappings()
        ]

    async def of_plans(self, signal_ids: Sequence[str]) -> dict[str, StoredOutcome]:
        """What became of signals by their own plans."""
        outcomes: dict[str, StoredOutcome] = {}
        for some in chunks(signal_ids):
            query = select(signal_outcomes).where(
                signal_outcomes.c.signal_id.in_(some), signal_outcomes.c.horizon == OWN_PLAN
            )
            found = (await self._connection.execute(query)).mappings()
            outcomes |= {row["signal_id"]: StoredOutcome(**row) for row in found}
        return outcomes

"""Signals: one row each for ever, one open one per (kind, ticker)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import Column, ColumnElement, RowMapping, and_, false, func, insert, or_, select, update

from shared.market.errors import Conflict, NotFound
from shared.market.instrument import Board, Ticker
from shared.market.signal import Grade, Signal, SignalKind, SignalState
from shared.store.repositories.base import Repository, chunks
from shared.store.signal_json import dump_candidate, load_candidate
from shared.store.tables.signals import signals
from shared.store.types import from_microseconds, to_microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalFilter:
    """Which signals; an empty field filters nothing. `opened_since` and `opened_until` are trading days, both included."""

    kinds: tuple[SignalKind, ...] = ()
    states: tuple[SignalState, ...] = ()
    grades: tuple[Grade, ...] = ()
    boards: tuple[Board, ...] = ()
    tickers: tuple[Ticker, ...] = ()
    min_score: float | None = None
    opened_since: date | None = None
    opened_until: date | None = None
    signal_ids: tuple[str, ...] = ()


class SignalOrder(Enum):
    """Orders of a list; each value names the columns of its key and whether the largest comes first."""

    SCORE = (("score", True), ("turnover_avg20_krw", True), ("ticker", False), ("signal_id", False))
    OPENED = (("opened_time", True), ("signal_id", True))
    UPDATED = (("updated_time", True), ("signal_id", True))


SignalKey = tuple[float | int | str, ...]
"""Place of a signal in a list: the values of its order's columns, times as microseconds."""


def signal_key(signal: Signal, order: SignalOrder) -> SignalKey:
    """The place of a signal in a list of that order; the last one of a page leads to the next page."""
    row = _row(signal)
    return tuple(to_microseconds(row[name]) if name.endswith("_time") else row[name] for name, _ in order.value)


class SignalRepository(Repository):
    """Current state of every signal. Changes go through the event log in the same unit of work."""

    async def get(self, signal_id: str) -> Signal:
        """One signal.

        Raises:
            NotFound: No such signal.
        """
        found = await self._connection.execute(select(signals).where(signals.c.signal_id == signal_id))
        row = found.mappings().one_or_none()
        if row is None:
            raise NotFound("SIGNAL", signal_id)
        return _signal(row)

    async def page(
        self, chosen: SignalFilter, *, order: SignalOrder = SignalOrder.OPENED, after: SignalKey | None = None, limit: int
    ) -> list[Signal]:
        """Signals in an order; `after` is the key of the last one already seen."""
        query = select(signals).where(*_conditions(chosen))
        if after is not None:
            query = query.where(_beyond(order, after))
        query = query.order_by(*(_column(name).desc() if desc else _column(name) for name, desc in order.value))
        return [_signal(row) for row in (await self._connection.execute(query.limit(limit))).mappings()]

    async def count(self, chosen: SignalFilter) -> int:
        """Number of signals that the filter chooses."""
        found = await self._connection.execute(select(func.count()).select_from(signals).where(*_conditions(chosen)))
        return int(found.scalar_one())

    async def newest_as_of(self, kind: SignalKind) -> date | None:
        """The newest session of which a verdict of that kind was published; None before the first."""
        found = await self._connection.execute(select(func.max(signals.c.as_of)).where(signals.c.kind == kind))
        newest: date | None = found.scalar_one()
        return newest

    async def active(self, kind: SignalKind | None = None, tickers: Sequence[str] | None = None) -> list[Signal]:
        """The open signals, optionally of one kind or of some tickers, by kind and ticker."""
        conditions = [signals.c.state == SignalState.ACTIVE]
        if kind is not None:
            conditions.append(signals.c.kind == kind)
        if tickers is not None:
            conditions.append(signals.c.ticker.in_(tickers))
        query = select(signals).where(*conditions).order_by(signals.c.kind, signals.c.ticker)
        return [_signal(row) for row in (await self._connection.execute(query)).mappings()]

    async def add(self, new: Sequence[Signal]) -> None:
        """Insert signals that have just opened.

        Raises:
            Conflict: One of them is open already for its (kind, ticker); raised when the statement runs.
        """
        for some in chunks(new):
            await self._connection.execute(insert(signals), [_row(signal) for signal in some])

    async def change(self, signal: Signal) -> None:
        """Store the next revision of a signal.

        Raises:
            Conflict: The stored revision is not the one just before it.
        """
        changed = await self._connection.execute(
            update(signals)
            .where(signals.c.signal_id == signal.signal_id, signals.c.revision == signal.revision - 1)
            .values(_row(signal))
        )
        if changed.rowcount != 1:
            raise Conflict(f"signal {signal.signal_id} was changed meanwhile; read it again and retry")


def _column(name: str) -> Column[Any]:
    return signals.c[name]


def _beyond(order: SignalOrder, key: SignalKey) -> ColumnElement[bool]:
    """Rows after a key: behind in the first column that differs."""
    behind: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for (name, desc), part in zip(order.value, key, strict=True):
        column = _column(name)
        value = from_microseconds(int(part)) if name.endswith("_time") else part
        behind.append(and_(*same, column < value if desc else column > value))
        same.append(column == value)
    return or_(false(), *behind)


def _conditions(chosen: SignalFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for column, values in (
        (signals.c.kind, chosen.kinds),
        (signals.c.state, chosen.states),
        (signals.c.grade, chosen.grades),
        (signals.c.board, chosen.boards),
        (signals.c.ticker, chosen.tickers),
        (signals.c.signal_id, chosen.signal_ids),
    ):
        if values:
            conditions.append(column.in_(values))
    if chosen.min_score is not None:
        conditions.append(signals.c.score >= chosen.min_score)
    if chosen.opened_since is not None:
        conditions.append(signals.c.opened_on >= chosen.opened_since)
    if chosen.opened_until is not None:
        conditions.append(signals.c.opened_on <= chosen.opened_until)
    return conditions


def _signal(row: RowMapping) -> Signal:
    return Signal(
        signal_id=row["signal_id"],
        revision=row["revision"],
        state=row["state"],
        candidate=load_candidate(row["candidate"]),
        opened_price_krw=row["opened_price_krw"],
        opened_on=row["opened_on"],
        plan_on=row["plan_on"],
        opened_time=row["opened_time"],
        updated_time=row["updated_time"],
        closed_time=row["closed_time"],
        close_reason=row["close_reason"],
        close_price_krw=row["close_price_krw"],
    )


def _row(signal: Signal) -> dict[str, Any]:
    candidate = signal.candidate
    return {
        "signal_id": signal.signal_id,
        "kind": candidate.kind,
        "ticker": candidate.ticker,
        "board": candidate.board,
        "state": signal.state,
        "revision": signal.revision,
        "grade": candidate.grade,
        "score": candidate.score,
        "turnover_avg20_krw": candidate.turnover_avg20_krw,
        "tradable": candidate.tradable,
        "as_of": candidate.as_of,
        "opened_price_krw": signal.opened_price_krw,
        "opened_on": signal.opened_on,
        "plan_on": signal.plan_on,
        "opened_time": signal.opened_time,
        "updated_time": signal.updated_time,
        "closed_time": signal.closed_time,
        "close_reason": signal.close_reason,
        "close_price_krw": signal.close_price_krw,
        "candidate": dump_candidate(candidate),
    }

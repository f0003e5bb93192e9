"""Universe facts of many days, each as of its own: a list of today says nothing about the past (strategies.md 9.5)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from servers.scanner.universe import FlagSpan, UniverseFacts, describe_universe
from shared.market.instrument import Instrument, InstrumentFlag, Ticker
from shared.market.times import yyyymmdd
from shared.store.validity import DatedInstrument

Timeline = Sequence[tuple[date, DatedInstrument]]
"""Days from which something else held, ascending, with what held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerFacts:
    """Facts that held up to the day `until` (yyyymmdd, included)."""

    until: int
    facts: UniverseFacts


def describe_between(
    tickers: Sequence[str], timelines: Mapping[Ticker, Timeline]
) -> tuple[UniverseFacts, tuple[FormerFacts, ...]]:
    """Facts of the newest day of a stretch, and those of its earlier days where they were others, oldest first.

    Flags carry their days in every one of them. Listing and delisting are those known at the end: a delisting excludes
    nobody before its own day, and judging a position needs to know of it.

    Args:
        tickers: Order of the panel's rows.
        timelines: What held on each day of the stretch.
    """
    known = {ticker: timelines[Ticker(ticker)] for ticker in tickers if ticker in timelines}
    newest = describe_universe(
        tickers,
        {ticker: states[-1][1].instrument for ticker, states in known.items()},
        flags=[span for ticker, states in known.items() for span in _flag_spans(ticker, states)],
        recorded={ticker: (day, None) for ticker, states in known.items() if (day := _recorded_from(states)) is not None},
    )
    former: list[FormerFacts] = []
    facts = newest
    for day, before in sorted(_changes(known).items(), reverse=True):
        facts = _spliced(facts, before)
        former.append(FormerFacts(until=yyyymmdd(day - timedelta(days=1)), facts=facts))
    return newest, tuple(reversed(former))


def _flag_spans(ticker: str, states: Timeline) -> Iterable[FlagSpan]:
    begun: dict[InstrumentFlag, date] = {}
    for turn, dated in states:
        for flag in begun.keys() - dated.flags:
            yield FlagSpan(ticker=ticker, flag=flag, valid_from=begun.pop(flag), valid_to=turn - timedelta(days=1))
        for flag in dated.flags:
            begun.setdefault(flag, turn)
    for flag, day in begun.items():
        yield FlagSpan(ticker=ticker, flag=flag, valid_from=day)


def _recorded_from(states: Timeline) -> date | None:
    """From when on somebody has stated flags."""
    return next((turn for turn, dated in states if dated.flags_known), None)


def _changes(known: Mapping[str, Timeline]) -> dict[date, dict[str, Instrument]]:
    """By day on which a board, sector or type changed: the tickers and what they were before."""
    changes: defaultdict[date, dict[str, Instrument]] = defaultdict(dict)
    for ticker, states in known.items():
        for (_, before), (turn, after) in pairwise(states):
            if _class_of(before.instrument) != _class_of(after.instrument):
                changes[turn][ticker] = before.instrument
    return changes


def _class_of(instrument: Instrument) -> tuple[object, ...]:
    return instrument.board, instrument.sector, instrument.kind


def _spliced(facts: UniverseFacts, others: Mapping[str, Instrument]) -> UniverseFacts:
    """Facts with the board, sector and type of some tickers replaced."""
    place = {ticker: row for row, ticker in enumerate(facts.tickers)}
    part = describe_universe(list(others), others)
    rows = np.array([place[ticker] for ticker in others], dtype=np.int64)
    sectors = list(facts.sectors)
    for row, sector in zip(rows.tolist(), part.sectors, strict=True):
        sectors[row] = sector
    columns = {name: getattr(facts, name).copy() for name in ("board", "exclusion", "guessed")}
    for name, column in columns.items():
        column[rows] = getattr(part, name)
    return replace(facts, sectors=tuple(sectors), **columns)

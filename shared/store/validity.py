"""What was said about an instrument, by whom and when; what therefore held on a given day. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from shared.market.instrument import Board, Instrument, InstrumentFlag, InstrumentKind, Ticker


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentFacts:
    """One line of a master or table; None = it does not say. `flags` empty = it says that there is none.

    `flags_seen` are the flags that the source can tell at all, e.g. only liquidation trading; None = every flag.
    """

    name: str | None = None
    kind: InstrumentKind | None = None
    board: Board | None = None
    name_en: str | None = None
    isin: str | None = None
    sector: str | None = None
    industry: str | None = None
    list_date: date | None = None
    delist_date: date | None = None
    flags: frozenset[InstrumentFlag] | None = None
    flags_seen: frozenset[InstrumentFlag] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """`facts` as a source stated them for `day`."""

    ticker: Ticker
    day: date
    facts: InstrumentFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The same facts, or the same flags, from one source, seen first on `valid_from` and last on `seen_until`."""

    source: str
    valid_from: date
    seen_until: date
    facts: InstrumentFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementDays:
    """Days, in order, of which a source has stated facts, and those among them of which it has stated flags."""

    facts: Sequence[date]
    flags: Sequence[date]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedInstrument:
    """An instrument as of a day.

    `flags` is empty and `flags_known` false when nobody stated flags up to that day; `known` is false when nothing at all
    was stated up to then and name and board come from a later record (universe_estimated of strategies.md 0.5).
    """

    instrument: Instrument
    flags: frozenset[InstrumentFlag]
    flags_known: bool
    known: bool


_FACTS = tuple(field.name for field in fields(InstrumentFacts))
_NOTHING: Mapping[str, Any] = dict.fromkeys(_FACTS)
_values = attrgetter(*_FACTS)
_EVERY_FLAG = frozenset(InstrumentFlag)
_TIMELESS = ("kind", "name_en", "isin", "list_date")


def extend(
    spans: Iterable[Span], source: str, stated: Iterable[tuple[date, InstrumentFacts]], *, days: StatementDays
) -> list[Span]:
    """Add statements of a source to what is known about one instrument, in any order of arrival.

    Flags have spans of their own: most sources do not state them, and they change on other days than names.

    Args:
        spans: Of any source.
        source: Who states.
        stated: What, for which day.
        days: Those of every statement of the source so far, about any instrument, the new ones among them: a span that
            turns out to be interrupted holds up to the last of them before the interruption.

    Returns:
        The spans anew; equal neighbours of the source are one span.
    """
    known, statements = list(spans), list(stated)
    others = [span for span in known if span.source != source]
    facts = [span for span in known if span.source == source and span.facts.flags is None]
    flags = [span for span in known if span.source == source and span.facts.flags is not None]
    silent = {day: replace(said, flags=None, flags_seen=None) for day, said in statements}
    flagged = {
        day: InstrumentFacts(flags=said.flags, flags_seen=said.flags_seen)
        for day, said in statements
        if said.flags is not None
    }
    return [*others, *_joined(facts, source, silent, days=days.facts), *_joined(flags, source, flagged, days=days.flags)]


def _joined(
    spans: Sequence[Span], source: str, stated: Mapping[date, InstrumentFacts], *, days: Sequence[date]
) -> Iterator[Span]:
    by_day: dict[date, InstrumentFacts] = {}
    for span in spans:
        ends = (span.valid_from, span.seen_until)
        interrupted = any(ends[0] < day < ends[1] for day in stated)
        within = days[bisect_left(days, ends[0]) : bisect_right(days, ends[1])] if interrupted else ends
        by_day |= dict.fromkeys(within, span.facts)
    by_day |= stated
    for facts, same in groupby(sorted(by_day), key=by_day.__getitem__):
        first, *others = same
        yield Span(source=source, valid_from=first, seen_until=(others or [first])[-1], facts=facts)


def days_of(stated: Collection[tuple[date, InstrumentFacts]]) -> StatementDays:
    """The days of some statements."""
    days = {day: False for day, _ in stated}
    days |= {day: True for day, said in stated if said.flags is not None}
    return StatementDays(facts=sorted(days), flags=sorted(day for day, flagged in days.items() if flagged))


def newest(ticker: Ticker, spans: Iterable[Span]) -> Instrument:
    """What is known today: of every fact the newest statement."""
    return _instrument(ticker, _fold(sorted(spans, key=lambda span: (span.seen_until, span.source))))


def as_of(ticker: Ticker, spans: Sequence[Span], day: date) -> DatedInstrument:
    """What held on `day`, judged by statements up to that day.

    Kind, listing date and identifiers do not change, so a later master may tell them (strategies.md 0.5).
    """
    earlier = [span for span in spans if span.valid_from <= day]
    earlier.sort(key=lambda span: (min(span.seen_until, day), span.source))
    # Reverse order: the first statement after the day is the nearest guess.
    later = sorted(
        (span for span in spans if span.valid_from > day), key=lambda span: (span.valid_from, span.source), reverse=True
    )
    dated, guessed = _fold(earlier), _fold(later)
    shown = dict(dated) if earlier else dict(guessed)
    for name in _TIMELESS:
        if dated[name] is None:
            shown[name] = guessed[name]
    return DatedInstrument(
        instrument=_instrument(ticker, shown),
        flags=_flags(earlier),
        flags_known=dated["flags"] is not None,
        known=bool(earlier),
    )


def timeline(ticker: Ticker, spans: Sequence[Span], *, since: date, until: date) -> list[tuple[date, DatedInstrument]]:
    """What held on every day of a stretch.

    Returns:
        Days from which something else held, the first one `since`, with what `as_of` says of every day up to the next.
    """
    ends = {day for span in spans for day in (span.valid_from, span.seen_until + timedelta(days=1))}
    turns = [since, *sorted(day for day in ends if since < day <= until)]
    states = [(day, as_of(ticker, spans, day)) for day in turns]
    return [state for state, before in zip(states, [None, *states], strict=False) if before is None or before[1] != state[1]]


def _fold(spans: Iterable[Span]) -> dict[str, Any]:
    """Of every fact the last value that a span states; None where none does."""
    merged = dict(_NOTHING)
    for span in spans:
        merged.update((name, value) for name, value in zip(_FACTS, _values(span.facts), strict=True) if value is not None)
    return merged


def _flags(spans: Iterable[Span]) -> frozenset[InstrumentFlag]:
    """Of every flag the newest statement by a source that can tell it."""
    raised: frozenset[InstrumentFlag] = frozenset()
    for facts in (span.facts for span in spans):
        if facts.flags is not None:
            seen = facts.flags_seen or _EVERY_FLAG
            raised = (raised - seen) | (facts.flags & seen)
    return raised


def _instrument(ticker: Ticker, facts: Mapping[str, Any]) -> Instrument:
    return Instrument(
        ticker=ticker,
        name=facts["name"] or ticker,
        kind=facts["kind"] or InstrumentKind.UNKNOWN,
        board=facts["board"],
        name_en=facts["name_en"] or "",
        isin=facts["isin"] or "",
        sector=facts["sector"] or "",
        industry=facts["industry"] or "",
        list_date=facts["list_date"],
        delist_date=facts["delist_date"],
    )

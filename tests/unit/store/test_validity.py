from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from shared.market.instrument import Board, InstrumentFlag, InstrumentKind, Ticker
from shared.store.validity import InstrumentFacts, Span, as_of, days_of, extend, newest, timeline

TICKER = Ticker("005930")
FIRST = date(2026, 3, 2)

facts = st.builds(
    InstrumentFacts,
    name=st.sampled_from([None, "가", "나"]),
    board=st.sampled_from([None, *Board]),
    flags=st.sampled_from([None, frozenset(), frozenset({InstrumentFlag.HALTED})]),
)
# One statement a day and source: of two for one day the later import wins, so their order would matter.
days = st.dictionaries(st.integers(0, 12).map(lambda day: FIRST + timedelta(days=day)), facts, max_size=8)


def stated(*statements: tuple[str, dict[date, InstrumentFacts]]) -> list[Span]:
    """Spans after statements that arrive one by one."""
    spans: list[Span] = []
    for source, by_day in statements:
        seen: dict[date, InstrumentFacts] = {}
        for day, said in by_day.items():
            seen[day] = said
            spans = extend(spans, source, [(day, said)], days=days_of(seen.items()))
    return spans


def at_once(source: str, by_day: dict[date, InstrumentFacts]) -> list[Span]:
    return extend([], source, by_day.items(), days=days_of(by_day.items()))


@given(days, st.randoms())
def test_what_holds_on_a_day_does_not_depend_on_the_order_of_statements(by_day, chance) -> None:
    shuffled = list(by_day.items())
    chance.shuffle(shuffled)
    one, other = stated(("krx", dict(shuffled))), at_once("krx", by_day)
    for offset in range(-1, 14):
        day = FIRST + timedelta(days=offset)
        assert as_of(TICKER, one, day) == as_of(TICKER, other, day)


@given(days)
def test_each_day_shows_exactly_what_was_stated_last(by_day) -> None:
    spans = at_once("krx", by_day)
    for offset in range(13):
        day = FIRST + timedelta(days=offset)
        told = [said for stated_on, said in sorted(by_day.items()) if stated_on <= day]
        shown = as_of(TICKER, spans, day)
        names = [said.name for said in told if said.name is not None]
        flags = [said.flags for said in told if said.flags is not None]
        assert shown.known == bool(told)
        assert shown.flags == (flags[-1] if flags else frozenset())
        assert shown.flags_known == bool(flags)
        if names:
            assert shown.instrument.name == names[-1]


@given(days, days)
def test_the_newest_facts_do_not_depend_on_the_order_of_sources(first, second) -> None:
    one, other = stated(("kis", first), ("krx", second)), stated(("krx", second), ("kis", first))
    assert newest(TICKER, one) == newest(TICKER, other)


@given(days)
def test_nothing_of_a_later_day_shows_but_what_never_changes(by_day) -> None:
    day = FIRST + timedelta(days=5)
    later = FIRST + timedelta(days=60)
    known = at_once("krx", by_day)
    future = InstrumentFacts(name="미래", flags=frozenset(InstrumentFlag))
    poisoned = extend(known, "krx", [(later, future)], days=days_of([*by_day.items(), (later, future)]))
    before, after = as_of(TICKER, known, day), as_of(TICKER, poisoned, day)
    assert before.flags == after.flags
    if before.known:
        assert before == after
    else:
        assert not after.known


def test_equal_statements_in_a_row_are_one_span() -> None:
    same = InstrumentFacts(name="가")
    spans = at_once("krx", {FIRST + timedelta(days=day): same for day in (0, 3, 9)})
    assert spans == [Span(source="krx", valid_from=FIRST, seen_until=FIRST + timedelta(days=9), facts=same)]


def test_a_source_without_flags_does_not_interrupt_those_of_earlier_days() -> None:
    halted = InstrumentFacts(name="가", flags=frozenset({InstrumentFlag.HALTED}))
    silent = InstrumentFacts(name="가")
    spans = at_once("krx", {FIRST + timedelta(days=day): said for day, said in enumerate((halted, silent, halted))})
    assert len(spans) == 2
    assert as_of(TICKER, spans, FIRST + timedelta(days=1)).flags == {InstrumentFlag.HALTED}


def test_a_later_master_may_tell_the_kind_and_not_the_name() -> None:
    early = InstrumentFacts(name="옛이름")
    master = InstrumentFacts(name="새이름", kind=InstrumentKind.SPAC, list_date=date(2020, 1, 2))
    spans = stated(("krx", {FIRST: early}), ("master", {FIRST + timedelta(days=9): master}))
    shown = as_of(TICKER, spans, FIRST).instrument
    assert (shown.name, shown.kind, shown.list_date) == ("옛이름", InstrumentKind.SPAC, date(2020, 1, 2))


@given(days, days)
def test_a_stretch_of_days_says_of_every_day_what_that_day_says(first, second) -> None:
    spans = stated(("kis", first), ("krx", second))
    since, until = FIRST + timedelta(days=2), FIRST + timedelta(days=10)
    states = timeline(TICKER, spans, since=since, until=until)
    assert states[0][0] == since
    for offset in range(2, 11):
        day = FIRST + timedelta(days=offset)
        assert [held for turn, held in states if turn <= day][-1] == as_of(TICKER, spans, day)
    assert all(one != other for (_, one), (_, other) in pairwise(states))

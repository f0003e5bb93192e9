"""Boards, sectors and flags of many days at once say of each day what a look at that day alone says."""

from datetime import date, timedelta

import numpy as np
import pytest

from servers.scanner.dated_universe import describe_between
from servers.scanner.history import prepare_history
from servers.scanner.loader import describe_on
from servers.scanner.universe import eligibility
from shared.market.instrument import Board, InstrumentFlag, InstrumentKind, Ticker
from shared.market.times import yyyymmdd
from shared.store.validity import InstrumentFacts, Span, as_of, timeline
from tests.fixtures.columns import factors, flows
from tests.fixtures.panels import SESSIONS, bar_columns, day

FIRST = date(2024, 6, 3)
UNTIL = FIRST + timedelta(days=30)
HALTED, ADMINISTRATIVE = InstrumentFlag.HALTED, InstrumentFlag.ADMINISTRATIVE


def span(first, last, **facts):
    days = (FIRST + timedelta(days=first), FIRST + timedelta(days=last))
    return Span(source="krx", valid_from=days[0], seen_until=days[1], facts=InstrumentFacts(**facts))


COMMON = InstrumentKind.COMMON
SPANS = {
    Ticker("000010"): [
        span(-9, 4, board=Board.KOSDAQ, sector="반도체", kind=COMMON),
        span(5, 40, board=Board.KOSPI, sector="반도체", kind=COMMON),
        span(2, 3, flags=frozenset({HALTED})),
        span(4, 8, flags=frozenset()),
        span(9, 40, flags=frozenset({HALTED, ADMINISTRATIVE})),
    ],
    Ticker("000020"): [
        span(-9, 20, board=Board.KONEX, kind=COMMON),
        span(21, 40, board=Board.KOSDAQ, sector="제약", kind=COMMON),
    ],
    Ticker("000030"): [span(-9, 40, board=Board.KOSPI, sector="은행", kind=COMMON, flags=None)],
    Ticker("000040"): [span(12, 40, name="뒤에 온 회사", board=Board.KOSPI, kind=InstrumentKind.PREFERRED)],
}
TICKERS = (*SPANS, "000050")


@pytest.fixture(scope="module")
def facts():
    timelines = {ticker: timeline(ticker, spans, since=FIRST, until=UNTIL) for ticker, spans in SPANS.items()}
    return describe_between(TICKERS, timelines)


@pytest.mark.parametrize("offset", range(31))
def test_every_day_has_the_universe_that_a_look_at_it_alone_gives(facts, offset):
    today = FIRST + timedelta(days=offset)
    alone = describe_on(today, TICKERS, {ticker: as_of(ticker, spans, today) for ticker, spans in SPANS.items()})
    newest, former = facts
    rows = {ticker: [(1, 1, 1, 1, 1, 1)] for ticker in TICKERS}
    history = prepare_history(bar_columns(rows), factors([]), flows({}), newest, former=former)
    then = history.facts_on(yyyymmdd(today))
    assert then.sectors == alone.sectors
    assert then.board.tolist() == alone.board.tolist()
    one, other = (eligibility(each, yyyymmdd(today)) for each in (then, alone))
    for name in ("exclusion", "flags", "estimated"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist(), name


def test_a_panel_shows_the_boards_of_its_own_day(facts):
    newest, former = facts
    rows = {ticker: [(1_000, 1_000, 1_000, 1_000, 1, 10**9)] * 70 for ticker in TICKERS}
    last = next(session for session in SESSIONS if session >= yyyymmdd(UNTIL))
    history = prepare_history(bar_columns(rows, last=last), factors([]), flows({}), newest, former=former)
    boards = {session: history.panel(day(session)).board[0] for session in (20240604, 20240607, 20240610)}
    assert len(former) == 2
    assert [int(boards[session]) for session in boards] == [2, 2, 1]
    assert np.array_equal(history.panel(day(last)).board, newest.board)

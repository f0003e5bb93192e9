from datetime import date

import pytest

from servers.scanner.universe import Exclusion, FlagSpan, describe_universe, eligibility, guess_kind
from shared.market.instrument import Board, Instrument, InstrumentFlag, InstrumentKind

TICKER = "0015N0"


def facts(*, kind=InstrumentKind.COMMON, board=Board.KOSPI, flags=(), recorded=None, **more):
    instrument = Instrument(ticker=TICKER, name="가나다", kind=kind, board=board, **more)
    return describe_universe([TICKER], {TICKER: instrument}, flags=flags, recorded=recorded)


def exclusion(known, day=20260402):
    return Exclusion(int(eligibility(known, day).exclusion[0]))


@pytest.mark.parametrize("kind", [InstrumentKind.COMMON, InstrumentKind.FOREIGN, InstrumentKind.DEPOSITARY_RECEIPT])
def test_common_stock_is_eligible_whatever_its_code_looks_like(kind):
    assert exclusion(facts(kind=kind)) is Exclusion.NONE


@pytest.mark.parametrize(
    "kind",
    [kind for kind in InstrumentKind if kind.value in Exclusion.__members__],
)
def test_other_types_are_excluded_by_the_master(kind):
    assert exclusion(facts(kind=kind)).name == kind.value


def test_every_type_is_judged():
    assert all(facts(kind=kind).exclusion.size == 1 for kind in InstrumentKind)


def test_konex_is_excluded():
    assert exclusion(facts(board=Board.KONEX)) is Exclusion.KONEX


def test_a_flag_excludes_on_its_days_only():
    known = facts(
        flags=[
            FlagSpan(
                ticker=TICKER, flag=InstrumentFlag.ADMINISTRATIVE, valid_from=date(2026, 4, 2), valid_to=date(2026, 4, 3)
            )
        ]
    )
    assert [exclusion(known, day) for day in (20260401, 20260402, 20260403, 20260406)] == [
        Exclusion.NONE,
        Exclusion.ADMINISTRATIVE,
        Exclusion.ADMINISTRATIVE,
        Exclusion.NONE,
    ]


def test_an_open_flag_holds_on():
    known = facts(flags=[FlagSpan(ticker=TICKER, flag=InstrumentFlag.LIQUIDATION, valid_from=date(2026, 4, 2))])
    assert exclusion(known, 20300101) is Exclusion.LIQUIDATION


def test_a_warning_stays_in_with_its_badge():
    known = facts(flags=[FlagSpan(ticker=TICKER, flag=InstrumentFlag.OVERHEATED, valid_from=date(2026, 4, 2))])
    judged = eligibility(known, 20260402)
    assert judged.eligible.tolist() == [True]
    assert judged.warned.tolist() == [True]
    assert judged.flags_of(0) == (InstrumentFlag.OVERHEATED,)
    assert eligibility(known, 20260401).warned.tolist() == [False]


def test_a_flag_of_a_stranger_changes_nothing():
    known = facts(flags=[FlagSpan(ticker="999999", flag=InstrumentFlag.HALTED, valid_from=date(2026, 4, 2))])
    assert exclusion(known) is Exclusion.NONE


def test_a_delisted_ticker_is_out_from_that_day():
    known = facts(delist_date=date(2026, 4, 2))
    assert [exclusion(known, day) for day in (20260401, 20260402)] == [Exclusion.NONE, Exclusion.DELISTED]


def test_a_delisting_before_the_listing_belongs_to_an_older_owner_of_the_code():
    assert exclusion(facts(list_date=date(2020, 1, 2), delist_date=date(2010, 4, 2))) is Exclusion.NONE


def test_a_later_listing_day_from_a_move_between_boards_excludes_nobody():
    assert exclusion(facts(list_date=date(2026, 8, 1))) is Exclusion.NONE


def test_a_day_without_a_record_of_flags_is_estimated():
    recorded = {TICKER: (date(2026, 4, 2), date(2026, 4, 3))}
    known = facts(recorded=recorded)
    estimated = [bool(eligibility(known, day).estimated[0]) for day in (20260401, 20260402, 20260403, 20260404)]
    assert estimated == [True, False, False, True]
    assert eligibility(facts(recorded={TICKER: (date(2026, 4, 2), None)}), 20300101).estimated.tolist() == [False]


def test_without_a_master_the_name_and_the_code_decide_and_that_is_said():
    known = describe_universe(["005935", "005930"], {}, recorded={"005935": (date(2020, 1, 1), None)})
    judged = eligibility(known, 20260402)
    assert judged.counts() == {Exclusion.PREFERRED: 1}
    assert judged.estimated.tolist() == [True, True]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("하나33호스팩", InstrumentKind.SPAC),
        ("SK리츠", InstrumentKind.REIT),
        ("이리츠코크렙", InstrumentKind.REIT),
        ("메리츠", InstrumentKind.COMMON),
        ("메리츠금융지주", InstrumentKind.COMMON),
        ("블리츠웨이엔터테인먼트", InstrumentKind.COMMON),
        ("KODEX 200", InstrumentKind.ETF),
        ("삼성 레버리지 ETN", InstrumentKind.ETN),
        ("SPACE 산업", InstrumentKind.COMMON),
    ],
)
def test_names_give_types_away(name, kind):
    assert guess_kind("000020", name) is kind

from datetime import date

import pytest

from shared.market.errors import NotFound
from shared.market.instrument import Board, InstrumentFlag, InstrumentKind, Ticker
from shared.store.provenance import SourceRank
from shared.store.repositories.official import OfficialRows
from shared.store.store import Store
from shared.store.validity import InstrumentFacts, Observation
from tests.contract.store.rows import HYNIX, MONDAY, SAMSUNG, TUESDAY, WEDNESDAY, days, fetched, numbers


def seen(ticker: str, day: date, **facts: object) -> Observation:
    return Observation(ticker=Ticker(ticker), day=day, facts=InstrumentFacts(**facts))  # type: ignore[arg-type]


async def observe(store: Store, source: str, *observations: Observation) -> None:
    async with store.begin() as uow:
        assert await uow.instruments.observe(observations, source) == len({one.ticker for one in observations})


async def test_the_newest_statement_of_each_fact_holds_in_any_order_of_import(store: Store) -> None:
    await observe(store, "krx", seen(SAMSUNG, WEDNESDAY, name="삼성전자", board=Board.KOSPI, flags=frozenset()))
    await observe(store, "kis", seen(SAMSUNG, TUESDAY, name="삼성", kind=InstrumentKind.COMMON, isin="KR7005930003"))
    await observe(store, "krx", seen(SAMSUNG, MONDAY, name="옛삼성", sector="전기"))
    async with store.read() as uow:
        samsung = await uow.instruments.get(SAMSUNG)
    assert (samsung.name, samsung.kind, samsung.board) == ("삼성전자", InstrumentKind.COMMON, Board.KOSPI)
    assert (samsung.isin, samsung.sector) == ("KR7005930003", "전기")


async def test_an_earlier_day_shows_what_was_stated_by_then(store: Store) -> None:
    halted = frozenset({InstrumentFlag.HALTED, InstrumentFlag.ADMINISTRATIVE})
    await observe(
        store, "krx",
        seen(SAMSUNG, MONDAY, name="옛이름", flags=frozenset()),
        seen(SAMSUNG, TUESDAY, name="옛이름", flags=halted),
        seen(SAMSUNG, WEDNESDAY, name="새이름", kind=InstrumentKind.COMMON, flags=frozenset()),
    )  # fmt: skip
    async with store.read() as uow:
        before = (await uow.instruments.on(date(2026, 3, 8)))[Ticker(SAMSUNG)]
        monday, tuesday, later = [
            (await uow.instruments.on(day))[Ticker(SAMSUNG)] for day in (MONDAY, TUESDAY, date(2026, 4, 1))
        ]
    assert (monday.instrument.name, monday.flags, monday.flags_known, monday.known) == ("옛이름", frozenset(), True, True)
    assert monday.instrument.kind is InstrumentKind.COMMON  # a kind does not change, so a later master may tell it
    assert tuesday.flags == halted
    assert (later.instrument.name, later.flags) == ("새이름", frozenset())
    assert (before.known, before.flags_known, before.flags) == (False, False, frozenset())
    assert before.instrument.name == "옛이름"


async def test_the_same_statement_day_after_day_is_one_record(store: Store) -> None:
    for day in (WEDNESDAY, MONDAY, TUESDAY):
        await observe(store, "krx", seen(SAMSUNG, day, name="삼성전자"))
    await observe(store, "krx", seen(SAMSUNG, TUESDAY, name="다른이름"))
    async with store.read() as uow:
        names = [(await uow.instruments.on(day))[Ticker(SAMSUNG)].instrument.name for day in (MONDAY, TUESDAY, WEDNESDAY)]
    assert names == ["삼성전자", "다른이름", "삼성전자"]


async def test_an_instrument_that_nobody_described_has_its_ticker_as_name(store: Store) -> None:
    await observe(store, "bars", seen(HYNIX, MONDAY))
    async with store.read() as uow:
        hynix = await uow.instruments.get(HYNIX)
    assert (hynix.name, hynix.kind, hynix.board) == (HYNIX, InstrumentKind.UNKNOWN, None)


async def test_an_unknown_ticker_is_not_found(store: Store) -> None:
    async with store.read() as uow:
        with pytest.raises(NotFound, match="999999"):
            await uow.instruments.get("999999")
        assert await uow.instruments.many(["999999"]) == {}
        assert await uow.instruments.list_all() == []


async def test_capital_comes_from_the_newest_official_count(store: Store) -> None:
    official = OfficialRows(
        tickers=[SAMSUNG, SAMSUNG, HYNIX],
        date=days([TUESDAY, MONDAY, MONDAY]),
        shares=numbers([110, 100, 50]),
        market_cap_krw=numbers([1_100, 1_000, 5_000]),
    )
    await observe(
        store, "krx",
        seen(SAMSUNG, MONDAY, board=Board.KOSPI),
        seen(HYNIX, MONDAY, board=Board.KOSPI),
        seen("247540", MONDAY, board=Board.KOSDAQ),
        seen("000001", MONDAY, board=Board.KOSPI, delist_date=MONDAY),
    )  # fmt: skip
    async with store.begin() as uow:
        await uow.share_counts.upsert(official, fetched(source="krx", rank=SourceRank.EXCHANGE))
        await uow.instruments.refresh_capital()
        assert await uow.share_counts.shares_on(MONDAY) == {SAMSUNG: 100, HYNIX: 50}
        counts = await uow.share_counts.columns(MONDAY, TUESDAY, [SAMSUNG])
        assert (counts.date.tolist(), counts.shares.tolist()) == ([20260309, 20260310], [100, 110])
        samsung = (await uow.instruments.many([SAMSUNG]))[Ticker(SAMSUNG)]
        assert (samsung.shares, samsung.market_cap_krw) == (110, 1_100)
        largest = await uow.instruments.largest(boards=list(Board), limit=9)
    assert [one.ticker for one in largest] == [HYNIX, SAMSUNG, "247540"]


async def test_a_later_statement_keeps_the_capital(store: Store) -> None:
    await observe(store, "krx", seen(SAMSUNG, MONDAY, name="삼성전자"))
    one = OfficialRows(tickers=[SAMSUNG], date=days([MONDAY]), shares=numbers([100]), market_cap_krw=numbers([1_000]))
    async with store.begin() as uow:
        await uow.share_counts.upsert(one, fetched())
        await uow.instruments.refresh_capital()
    await observe(store, "krx", seen(SAMSUNG, TUESDAY, name="삼성전자우"))
    async with store.read() as uow:
        assert (await uow.instruments.get(SAMSUNG)).shares == 100


async def test_a_source_that_tells_few_flags_does_not_lower_the_others(store):
    halted = frozenset({InstrumentFlag.HALTED, InstrumentFlag.ADMINISTRATIVE})
    seen_by_table = frozenset({InstrumentFlag.ADMINISTRATIVE, InstrumentFlag.INVESTMENT_CAUTION})
    await observe(store, "master", seen(SAMSUNG, MONDAY, flags=halted))
    await observe(store, "table", seen(SAMSUNG, TUESDAY, flags=frozenset(), flags_seen=seen_by_table))
    async with store.read() as uow:
        monday, tuesday = [(await uow.instruments.on(day))[Ticker(SAMSUNG)] for day in (MONDAY, TUESDAY)]
    assert (monday.flags, tuesday.flags) == (halted, {InstrumentFlag.HALTED})
    assert tuesday.flags_known


async def test_spans_of_a_flag_can_be_listed(store):
    liquidated = frozenset({InstrumentFlag.LIQUIDATION})
    await observe(store, "table", seen(SAMSUNG, MONDAY, flags=liquidated), seen(SAMSUNG, TUESDAY, flags=liquidated))
    await observe(store, "table", seen(SAMSUNG, WEDNESDAY, flags=frozenset()), seen(HYNIX, MONDAY, flags=frozenset()))
    async with store.read() as uow:
        spans = await uow.instruments.flagged(InstrumentFlag.LIQUIDATION)
    assert [(span.ticker, span.first, span.last) for span in spans] == [(SAMSUNG, MONDAY, TUESDAY)]


async def test_listed_are_those_between_their_dates_and_those_without(store: Store) -> None:
    await observe(
        store, "krx",
        seen(SAMSUNG, MONDAY, name="삼성전자"),
        seen(HYNIX, MONDAY, name="SK하이닉스", list_date=TUESDAY),
        seen("000020", MONDAY, name="동화약품", list_date=MONDAY, delist_date=WEDNESDAY),
        seen("000030", MONDAY, name="다시 상장", list_date=TUESDAY, delist_date=MONDAY),
    )  # fmt: skip
    async with store.read() as uow:
        assert [await uow.instruments.count_listed(day) for day in (MONDAY, TUESDAY, WEDNESDAY)] == [2, 4, 3]


async def test_what_an_instrument_was_called_before_is_known(store: Store) -> None:
    await observe(store, "krx", seen(SAMSUNG, MONDAY, name="옛이름"), seen(SAMSUNG, WEDNESDAY, name="새이름"))
    await observe(store, "krx", seen(HYNIX, MONDAY, name="SK하이닉스"))
    async with store.read() as uow:
        assert await uow.instruments.former_names() == [("옛이름", SAMSUNG)]

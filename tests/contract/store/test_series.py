from datetime import date, timedelta

import numpy as np

from shared.market.bars import FactorColumns
from shared.market.instrument import Board
from shared.market.topic import MarketIndex
from shared.store.provenance import SourceRank
from shared.store.repositories.flows import FlowRows, ShareFlowRows
from shared.store.repositories.indices import FxRate, IndexBar, MarketFlow
from shared.store.repositories.minutes import MinuteRows
from shared.store.repositories.snapshots import SnapshotRows
from shared.store.store import Store
from tests.contract.store.rows import HYNIX, MONDAY, NOON, SAMSUNG, TUESDAY, WEDNESDAY, days, fetched, numbers


def flows(*rows: tuple[str, date, int]) -> FlowRows:
    net = numbers(net for _, _, net in rows)
    return FlowRows(
        tickers=[ticker for ticker, _, _ in rows],
        date=days(day for _, day, _ in rows),
        foreign_net_krw=net,
        institution_net_krw=-net,
        pension_net_krw=net // 2,
    )


def share_flows(*rows: tuple[str, date, int]) -> ShareFlowRows:
    net = numbers(net for _, _, net in rows)
    return ShareFlowRows(
        tickers=[ticker for ticker, _, _ in rows],
        date=days(day for _, day, _ in rows),
        foreign_net_shares=net,
        institution_net_shares=-net,
        close=np.full(len(rows), 10, dtype=np.int64),
    )


async def test_flows_in_won_come_before_converted_share_counts(store: Store) -> None:
    async with store.begin() as uow:
        await uow.flows.upsert_shares(
            share_flows((SAMSUNG, MONDAY, 7), (SAMSUNG, TUESDAY, 8), (HYNIX, MONDAY, -3)), fetched()
        )
        await uow.flows.upsert(flows((SAMSUNG, TUESDAY, 999)), fetched())
    async with store.read() as uow:
        columns = await uow.flows.columns(MONDAY, TUESDAY)
        newest = await uow.flows.newest(SAMSUNG, limit=5)
        assert await uow.flows.newest_date() == TUESDAY
        assert await uow.flows.newest_date(until=MONDAY) is None
    assert columns.tickers == (HYNIX, SAMSUNG)
    assert columns.ticker_index.tolist() == [0, 1, 1]
    assert columns.foreign_net.tolist() == [-30, 70, 999]
    assert columns.institution_net.tolist() == [30, -70, -999]
    assert columns.from_shares.tolist() == [True, True, False]
    assert [(one.day, one.foreign_net_krw, one.from_shares) for one in newest] == [(MONDAY, 70, True), (TUESDAY, 999, False)]


async def test_a_broker_corrects_collected_flows(store: Store) -> None:
    async with store.begin() as uow:
        await uow.flows.upsert(flows((SAMSUNG, MONDAY, 2)), fetched(source="kis", rank=SourceRank.BROKER))
        await uow.flows.upsert(flows((SAMSUNG, MONDAY, 1)), fetched(9))
        assert (await uow.flows.columns(MONDAY, MONDAY)).foreign_net.tolist() == [2]


async def test_factors_of_examined_tickers_are_replaced_and_others_stay(store: Store) -> None:
    def factors(*rows: tuple[str, date, float, bool]) -> FactorColumns:
        return FactorColumns(
            tickers=tuple(row[0] for row in rows),
            ex_date=days(row[1] for row in rows),
            price_factor=np.array([row[2] for row in rows]),
            quarantined=np.array([row[3] for row in rows], dtype=np.bool_),
        )

    async with store.begin() as uow:
        await uow.factors.replace([SAMSUNG, HYNIX], factors((SAMSUNG, MONDAY, 0.02, False), (HYNIX, TUESDAY, 1.0, True)))
        await uow.factors.replace([SAMSUNG], factors())
        await uow.factors.replace(["000020"], factors(("000020", WEDNESDAY, 5.0, False)))
        every = await uow.factors.columns(WEDNESDAY)
        early = await uow.factors.columns(TUESDAY, ["000020", HYNIX])
    assert every.tickers == ("000020", HYNIX)
    assert every.ex_date.tolist() == [20260311, 20260310]
    assert every.price_factor.tolist() == [5.0, 1.0]
    assert every.quarantined.tolist() == [False, True]
    assert early.tickers == (HYNIX,)


async def test_index_bars_rates_and_board_flows_come_back_oldest_first(store: Store) -> None:
    bars = [
        IndexBar(
            index_name=MarketIndex.KOSPI, day=day, open_e2=1, high_e2=3, low_e2=1, close_e2=close, volume=9, turnover=10**15
        )
        for day, close in ((TUESDAY, 250_012), (MONDAY, 249_999), (WEDNESDAY, 250_300))
    ]
    rates = [FxRate(pair="USDKRW", day=MONDAY, rate_e4=14_671_000), FxRate(pair="USDKRW", day=TUESDAY, rate_e4=14_700_000)]
    names = [name for name in MarketFlow.__dataclass_fields__ if name.endswith("_krw")]
    board = MarketFlow(board=Board.KOSPI, day=MONDAY, **{name: -number for number, name in enumerate(names)})
    async with store.begin() as uow:
        await uow.indices.upsert(bars, fetched())
        await uow.fx.upsert(rates, fetched())
        await uow.market_flows.upsert([board], fetched())
        await uow.indices.upsert([], fetched())
    async with store.read() as uow:
        assert await uow.indices.newest(MarketIndex.KOSPI, limit=2, until=TUESDAY) == [bars[1], bars[0]]
        assert await uow.indices.newest(MarketIndex.KOSDAQ, limit=2) == []
        assert await uow.fx.newest("USDKRW", limit=1) == rates[1:]
        assert await uow.market_flows.newest(Board.KOSPI, limit=5) == [board]


async def test_minute_bars_come_in_order_of_time(store: Store) -> None:
    prices = numbers([10, 11, 12])
    rows = MinuteRows(
        minutes=5,
        tickers=[SAMSUNG, SAMSUNG, HYNIX],
        start_time=[NOON + timedelta(minutes=5), NOON, NOON],
        open=prices, high=prices, low=prices, close=prices, volume=prices,
    )  # fmt: skip
    async with store.begin() as uow:
        await uow.minutes.upsert(rows, fetched())
        await uow.minutes.upsert(rows, fetched())
        bars = await uow.minutes.span(since=NOON, until=NOON + timedelta(minutes=5))
        assert [(bar.start_time, bar.ticker, bar.close) for bar in bars] == [
            (NOON, HYNIX, 12),
            (NOON, SAMSUNG, 11),
            (NOON + timedelta(minutes=5), SAMSUNG, 10),
        ]
        assert await uow.minutes.span(since=NOON, until=NOON, minutes=1) == []
        assert len(await uow.minutes.span(since=NOON, until=NOON, minutes=5, ticker=HYNIX)) == 1


async def test_snapshots_keep_their_gaps_and_their_moments(store: Store) -> None:
    later = NOON + timedelta(minutes=20)
    values: list[int | None] = [None, 200, 300]
    rows = SnapshotRows(
        collected_time=[NOON, later, later], tickers=[SAMSUNG, SAMSUNG, HYNIX],
        price=values, change=values, open=values, high=values, low=values, volume=values, turnover=values, shares=values,
    )  # fmt: skip
    async with store.begin() as uow:
        await uow.snapshots.upsert(rows, fetched())
        await uow.snapshots.upsert(rows, fetched())
    async with store.read() as uow:
        assert await uow.snapshots.moments(NOON, later) == [NOON, later]
        assert await uow.snapshots.moments(NOON, NOON) == [NOON]
        assert await uow.snapshots.moments(later + timedelta(seconds=1), later + timedelta(days=1)) == []
        (early,) = await uow.snapshots.at(NOON)
        assert [(one.ticker, one.price) for one in await uow.snapshots.at(later)] == [(HYNIX, 300), (SAMSUNG, 200)]
    assert early.price is None
    assert early.collected_time == NOON

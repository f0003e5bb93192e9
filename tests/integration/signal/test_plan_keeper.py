"""Open signals are held to their plans by trades from the bus and by bars in the store."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

import numpy as np

from servers.signal.event_log import EventLog
from servers.signal.keeper import PlanKeeper
from servers.signal.publishing import Verdicts
from shared.bus.base import BusEntry, new_epoch
from shared.bus.memory import MemoryBus
from shared.market.instrument import Ticker
from shared.market.quote import Quality, Quote, Venue
from shared.market.sessions import SessionCalendar
from shared.market.signal import SignalChange, SignalEvent, SignalKind
from shared.rpc.messages.chunks import update_chunk
from shared.rpc.messages.quotes import quote_message
from shared.store.provenance import Provenance, SourceRank
from shared.store.repositories.bars import BarRows
from shared.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fixtures.candidates import make_candidate

CALENDAR = SessionCalendar.load()
EPOCH = new_epoch("feed")
NEXT_DAY = datetime(2026, 4, 21, 1, 0, tzinfo=UTC)  # 10:00 in Seoul


def trade(price_krw: int, at: datetime = NEXT_DAY, quality: Quality = Quality.REALTIME) -> Quote:
    return Quote(
        ticker=Ticker("005930"), price_krw=price_krw, previous_close_krw=10_000, open_krw=None, high_krw=None,
        low_krw=None, volume_shares=1, turnover_krw=price_krw, venue=Venue.CONSOLIDATED, quality=quality,
        exchange_time=at, receive_time=at, source="test",
    )  # fmt: skip


@asynccontextmanager
async def keeping(store: Store) -> AsyncIterator[tuple[EventLog, PlanKeeper, MemoryBus]]:
    clock = FakeClock(NEXT_DAY)
    events, bus = EventLog(store, clock, CALENDAR), MemoryBus(clock)
    candidate = make_candidate(
        "005930", kind=SignalKind.JONGGA, as_of=date(2026, 4, 20), entry_krw=10_000, stop_krw=9_700, target_krw=10_500
    )
    await add_bar(store, 20260420, close=10_000)
    verdicts = Verdicts(as_of=candidate.as_of, candidates=[candidate], complete=False, unjudged=())
    await events.publish(SignalKind.JONGGA, verdicts)
    keeper = PlanKeeper(events, store=store, bus=bus, clock=clock, calendar=CALENDAR)
    running = asyncio.create_task(keeper.run())
    try:
        await bus.begin_epoch(EPOCH)
        yield events, keeper, bus
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def add_bar(store: Store, day: int, *, close: int) -> None:
    column = np.array([close], dtype=np.int64)
    rows = BarRows(
        tickers=["005930"], date=np.array([day], dtype=np.int32), open=column, high=column, low=column, close=column,
        volume=column, turnover=column, turnover_estimated=np.array([False]),
    )  # fmt: skip
    async with store.begin() as uow:
        await uow.bars.upsert(rows, Provenance(source="test", rank=SourceRank.EXCHANGE, fetched_time=NEXT_DAY))
        await uow.meta.bump_generation("bars")


async def wait_for_close(events: EventLog) -> SignalEvent:
    async with asyncio.timeout(10):
        while True:
            grown = events.grown
            for event in await events.after(0, 100):
                if event.change is SignalChange.CLOSED:
                    return event
            await grown.wait()


async def publish_until_closed(events: EventLog, bus: MemoryBus, quote: Quote) -> SignalEvent:
    closing = asyncio.create_task(wait_for_close(events))
    seq = 0
    while not closing.done():  # the keeper may still be loading its plans when the first trade comes
        seq += 1
        chunk = update_chunk(quote_message(quote, topic_seq=seq))
        await bus.publish([BusEntry(topic="price:005930", epoch=EPOCH, seq=seq, chunk=chunk)])
        await asyncio.wait([closing], timeout=0.05)
    return closing.result()


async def test_a_trade_at_the_target_closes_the_signal_once(sqlite_store: Store) -> None:
    async with keeping(sqlite_store) as (events, _, bus):
        event = await publish_until_closed(events, bus, trade(10_500))
        await bus.publish([])
        log = await events.after(0, 100)
    assert (event.signal.close_reason, event.signal.close_price_krw) == ("TARGET", 10_500)
    assert [entry.change for entry in log] == [SignalChange.OPENED, SignalChange.CLOSED]


async def test_prices_that_are_old_or_of_the_plans_own_day_end_nothing(sqlite_store: Store) -> None:
    async with keeping(sqlite_store) as (events, keeper, bus):
        await keeper.take(trade(9_000, quality=Quality.STALE))
        await keeper.take(trade(9_000, quality=Quality.CLOSED))
        await keeper.take(trade(9_000, at=datetime(2026, 4, 20, 1, tzinfo=UTC)))
        await keeper.take(trade(9_000, at=datetime(2026, 4, 21, 11, tzinfo=UTC)))
        assert len(await events.after(0, 100)) == 1
        event = await publish_until_closed(events, bus, trade(9_650))
    assert (event.signal.close_reason, event.signal.close_price_krw) == ("STOP", 9_650)


async def test_new_bars_end_a_signal_whose_time_is_up(sqlite_store: Store) -> None:
    async with keeping(sqlite_store) as (events, _, _bus):
        await add_bar(sqlite_store, 20260421, close=10_100)
        event = await wait_for_close(events)
    assert (event.signal.close_reason, event.signal.close_price_krw) == ("TIME", 10_100)


async def test_a_ticker_whose_signal_has_ended_opens_again_in_the_same_publication(sqlite_store: Store) -> None:
    clock = FakeClock(datetime(2026, 4, 21, 10, tzinfo=UTC))
    events = EventLog(sqlite_store, clock, CALENDAR)
    days = (date(2026, 4, 20), date(2026, 4, 21))
    for day in days:
        await add_bar(sqlite_store, int(f"{day:%Y%m%d}"), close=10_000)
    for day in days:
        candidate = make_candidate("005930", kind=SignalKind.JONGGA, as_of=day, stop_krw=9_700, target_krw=10_500)
        verdicts = Verdicts(as_of=day, candidates=[candidate], complete=True, unjudged=())
        await events.publish(SignalKind.JONGGA, verdicts)
    log = await events.after(0, 100)
    assert [event.change for event in log] == [SignalChange.OPENED, SignalChange.CLOSED, SignalChange.OPENED]
    assert log[0].signal.signal_id == log[1].signal.signal_id != log[2].signal.signal_id

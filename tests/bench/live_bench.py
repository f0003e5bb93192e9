"""What the scanner costs while the market is open: the gate read anew, and the intraday rules at 2,000 trades a second.

Both on the whole real market, whose next session is invented around the last closes. Times are CPU of this process.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from servers.scanner.daily_breadth import DailyBreadth
from servers.scanner.gate import GateParameters
from servers.scanner.gate_inputs import market_reading
from servers.scanner.gate_reader import GateReader, GateSources
from servers.scanner.intraday_watch import IntradayWatch, WatchSources
from servers.scanner.loader import MarketLoader
from servers.scanner.panel import Panel
from servers.scanner.prices import LivePrices
from servers.scanner.strategies.parameters import StrategyParameters
from shared.bus.base import BusEntry
from shared.bus.memory import MemoryBus
from shared.market.index_level import IndexLevel
from shared.market.instrument import Ticker
from shared.market.quote import Quality, Quote, Venue
from shared.market.sessions import SessionCalendar
from shared.market.signal import Candidate, Signal
from shared.market.times import from_yyyymmdd
from shared.market.topic import IndexTopic, MarketIndex, PriceTopic
from shared.rpc.messages.chunks import update_chunk
from shared.rpc.messages.index_levels import index_level_message
from shared.rpc.messages.quotes import quote_message
from shared.store.origin import Origin
from shared.store.store import Store
from tests.bench.figure import Figure, Spread
from tests.bench.scanner_bench import cpu_seconds
from tests.bench.workshop import Workshop
from tests.fakes.clock import FakeClock
from tests.fixtures.real_market import real_history

LAST = date(2026, 4, 30)
SECONDS, TRADES = 40, 2_000
DAYS = 250


class Quiet:
    """Takes hits and sends them nowhere."""

    def put(self, candidate: Candidate) -> None:
        """Forget it."""

    async def active(self) -> list[Signal]:
        """Nothing is open."""
        return []


def figures(workshop: Workshop) -> Iterator[Figure]:
    """The gate within a session and of past days, and the rules on trades."""
    gate, rules = asyncio.run(_session(workshop.real_store))
    yield Figure(name="market gate from live prices", measured=gate, unit="ms", at_most=5, note="every ticker has moved")
    yield Figure(name="closing gate of a past day", measured=_past(workshop), unit="ms", at_most=5, note=f"of {DAYS} days")
    yield Figure(name="intraday rules, 2,000 trades a second", measured=rules, unit="% of a core", at_most=10)


async def _session(path: Path) -> tuple[Spread, Spread]:
    calendar = SessionCalendar.load()
    clock = FakeClock(calendar.next_session(LAST).opens + timedelta(hours=1))
    async with await Store.open(str(path), origin=Origin.REAL, clock=clock) as store:
        loader, bus = MarketLoader(store, calendar), MemoryBus(clock)
        prices = LivePrices(bus, clock, calendar)
        sources = GateSources(store=store, bus=bus, clock=clock, calendar=calendar, loader=loader, prices=prices)
        reader = GateReader(sources, GateParameters())
        panel = await loader.panel(clock.market_now())
        tape = Tape(panel, clock)
        gate = [await _gate_ms(reader, prices, tape) for _ in range(16)][1:]  # the first one loads the market
        watched = WatchSources(store=store, clock=clock, calendar=calendar, loader=loader, prices=prices)
        watch = IntradayWatch(watched, Quiet(), StrategyParameters())  # type: ignore[arg-type]  # takes what is put
        await watch.prepare()
        rules = [_second_ms(prices, tape) / 10 for _ in range(SECONDS)]
    return Spread.of(gate), Spread.of(rules)


class Tape:
    """Invents trades around the last closes."""

    def __init__(self, panel: Panel, clock: FakeClock) -> None:
        self._clock = clock
        self._random = np.random.default_rng(1)
        rows = np.flatnonzero(panel.ranked).tolist()
        self._price = {panel.tickers[row]: float(panel.close[row, -1]) for row in rows}
        self._tickers = list(self._price)
        self._number = 0

    def tick(self) -> None:
        """A second passes."""
        self._clock.shift_market(timedelta(seconds=1))

    def levels(self) -> list[BusEntry]:
        """Both indices."""
        return [self._entry(str(IndexTopic(index)), self._level(index)) for index in (MarketIndex.KOSPI, MarketIndex.KOSDAQ)]

    def everybody(self) -> list[BusEntry]:
        """A trade of every ticker."""
        return [self._trade(ticker) for ticker in self._tickers]

    def some(self, count: int) -> list[BusEntry]:
        """Trades of tickers drawn by chance."""
        return [self._trade(self._tickers[place]) for place in self._random.integers(0, len(self._tickers), count)]

    def _trade(self, ticker: str) -> BusEntry:
        price = self._price[ticker] = max(self._price[ticker] * (1 + self._random.normal(0, 0.0005)), 100.0)
        now = self._clock.market_now()
        quote = Quote(
            ticker=Ticker(ticker),
            price_krw=round(price),
            previous_close_krw=round(price),
            open_krw=round(price),
            high_krw=round(price),
            low_krw=round(price),
            volume_shares=1_000,
            turnover_krw=10**8,
            venue=Venue.CONSOLIDATED,
            quality=Quality.REALTIME,
            exchange_time=now,
            receive_time=now,
            source="bench",
        )
        return self._entry(str(PriceTopic(quote.ticker)), update_chunk(quote_message(quote, topic_seq=self._number)))

    def _level(self, index: MarketIndex) -> bytes:
        now = self._clock.market_now()
        level = IndexLevel(
            index=index,
            level_e2=300_000 + self._number,
            previous_close_e2=300_000,
            open_e2=None,
            high_e2=None,
            low_e2=None,
            volume_shares=None,
            turnover_krw=None,
            quality=Quality.REALTIME,
            exchange_time=now,
            receive_time=now,
            source="bench",
        )
        return update_chunk(index_level_message(level, topic_seq=self._number))

    def _entry(self, topic: str, chunk: bytes) -> BusEntry:
        self._number += 1
        return BusEntry(topic=topic, epoch="feed:bench", seq=self._number, chunk=chunk)


async def _gate_ms(reader: GateReader, prices: LivePrices, tape: Tape) -> float:
    prices.take([*tape.levels(), *tape.everybody()])
    began = time.process_time()
    gate = await reader.look()
    taken = time.process_time() - began
    assert gate is not None
    assert not gate.final
    return 1e3 * taken


def _second_ms(prices: LivePrices, tape: Tape) -> float:
    tape.tick()
    entries = tape.some(TRADES)
    return 1e3 * cpu_seconds(lambda: _take(prices, entries))


def _take(prices: LivePrices, entries: Sequence[BusEntry]) -> None:
    for start in range(0, len(entries), 250):
        prices.take(entries[start : start + 250])


def _past(workshop: Workshop) -> Spread:
    history = real_history(workshop.data)
    days = [from_yyyymmdd(day) for day in history.sessions[-DAYS:].tolist()]
    index = 2_500 * np.exp(np.random.default_rng(1).normal(0, 0.01, 1_000).cumsum())
    closes = {MarketIndex.KOSPI: index[-320:], MarketIndex.KOSDAQ: index[:320]}

    def fill() -> None:
        breadth = DailyBreadth.of(history)
        for day in days:
            market_reading(closes, breadth.share(day), GateParameters())

    fill()
    return Spread.of([1e3 * cpu_seconds(fill) / DAYS for _ in range(3)])

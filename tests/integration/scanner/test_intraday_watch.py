"""Intraday rules on the trades of a session: what becomes a signal, and what is kept quiet."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from kstock.scanner.v1 import scanner_service_pb2
from kstock.signal.v1 import signal_service_pb2

from servers.scanner.intraday import IntradayParameters, trigger_price
from servers.signal.event_log import EventLog
from shared.clock import ClockMode
from shared.market.errors import Conflict
from shared.market.quote import Quality
from shared.market.signal import Grade, Signal, SignalKind
from shared.rpc.messages.signals import candidate_message
from shared.rpc.messages.times import local_date_message
from tests.fixtures.candidates import make_candidate
from tests.fixtures.eventually import eventually
from tests.fixtures.scanner_house import CLOSE, TICKERS, TODAY, ScannerHouse, minute, walks
from tests.fixtures.scanner_rooms import Rooms, rooms

STAR = TICKERS[11]
BEFORE = int(walks()[-1, 11])
TRIGGER = trigger_price(float(walks()[-24:, 11].sum()), IntradayParameters().disparity_threshold)
BELOW = int(TRIGGER) - 10
KINDS = (SignalKind.DISPARITY, SignalKind.DROP, SignalKind.SURGE)


@asynccontextmanager
async def watching(house: ScannerHouse) -> AsyncIterator[Rooms]:
    """Both rooms, the rules prepared, the market open for twenty minutes."""
    async with rooms(house) as both:
        await prepared(both, house)
        await house.clock.advance_to(minute(20))
        yield both


async def begun(house: ScannerHouse) -> None:
    """Wait until the gate keeper and the watch are at work."""

    async def working() -> bool:
        await house.clock.settle()
        return house.clock.sleeping >= 2

    await eventually(working)


async def prepared(both: Rooms, house: ScannerHouse) -> None:
    """Wait until the levels of the day are measured as well."""
    await begun(house)
    today = local_date_message(TODAY)
    ready = await both.scanner.PrepareSession(scanner_service_pb2.PrepareSessionRequest(trading_date=today))
    assert ready.watched_count


async def told(both: Rooms, count: int) -> list[Signal]:
    found: list[Signal] = []

    async def there() -> bool:
        found[:] = await both.open_signals(*KINDS)
        return len(found) >= count

    await eventually(there)
    return found


async def trade(
    house: ScannerHouse, price: int, *, at: float, ticker: str = STAR, turnover: int = 10**8, **options: object
) -> None:
    await house.clock.advance_to(minute(at))
    await house.quote(ticker, price, turnover=turnover, at=options.pop("when", minute(at)), **options)
    await house.clock.settle()


async def test_a_price_at_the_trigger_becomes_a_signal(house: ScannerHouse) -> None:
    async with watching(house) as both:
        await trade(house, BELOW, at=21)
        (signal,) = await told(both, 1)
        verdict = signal.candidate
        assert (verdict.kind, verdict.setup, verdict.ticker) == (SignalKind.DISPARITY, "DISPARITY", STAR)
        assert (verdict.name, verdict.close_krw, verdict.as_of) == ("종목11", BELOW, TODAY)
        assert verdict.metrics["threshold"] == -0.08
        assert verdict.metrics["value"] <= -0.08
        assert verdict.reasons[0].startswith("괴리율 -8")
        assert verdict.grade is Grade.C
        assert not verdict.tradable


async def test_a_quick_fall_becomes_a_signal_once(house: ScannerHouse) -> None:
    async with watching(house) as both:
        await trade(house, BEFORE, at=21)
        await trade(house, round(BEFORE * 0.968), at=26)
        await trade(house, round(BEFORE * 0.967), at=26.5)
        (signal,) = await told(both, 1)
        assert signal.candidate.kind is SignalKind.DROP
        assert signal.candidate.reasons == ("5분 등락률 -3.2% (기준 -3.0%)",)
        assert signal.revision == 1


async def test_heavy_turnover_with_a_fall_becomes_a_signal(house: ScannerHouse) -> None:
    async with watching(house) as both:
        await trade(house, BEFORE, at=21, turnover=10**9)
        await trade(house, round(BEFORE * 0.98), at=26, turnover=40 * 10**8)
        (signal,) = await told(both, 1)
        assert signal.candidate.kind is SignalKind.SURGE
        assert signal.candidate.metrics["ratio"] >= 3


async def test_nearness_gives_way_to_the_threshold_itself(house: ScannerHouse) -> None:
    async with watching(house) as both:
        await trade(house, int(TRIGGER * 1.006), at=21)
        (near,) = await told(both, 1)
        assert near.candidate.setup == "PROXIMITY"
        await trade(house, BELOW, at=22)

        async def crossed() -> bool:
            return (await both.open_signals(*KINDS))[0].candidate.setup == "DISPARITY"

        await eventually(crossed)
        assert (await both.open_signals(*KINDS))[0].signal_id == near.signal_id


async def publish_daily(both: Rooms) -> None:
    """A verdict of the evening before, with its plan."""
    candidate = make_candidate(STAR, kind=SignalKind.DISPARITY, setup="BELOW_AVERAGE", as_of=TODAY - timedelta(days=1))
    await both.signals.PublishSignals(
        signal_service_pb2.PublishSignalsRequest(
            kind=4,
            as_of=local_date_message(candidate.as_of),
            candidates=[candidate_message(candidate)],
            complete=True,
        )
    )


async def test_a_daily_verdict_keeps_its_plan(house: ScannerHouse) -> None:
    async with watching(house) as both:
        await publish_daily(both)
        await trade(house, BELOW, at=21)
        await trade(house, round(BELOW * 0.96), at=26)
        signals = {signal.candidate.kind: signal for signal in await told(both, 2)}
        assert set(signals) == {SignalKind.DISPARITY, SignalKind.DROP}
        assert signals[SignalKind.DISPARITY].candidate.setup == "BELOW_AVERAGE"


@pytest.mark.parametrize(
    "quiet",
    [
        {"quality": Quality.STALE},
        {"quality": Quality.DELAYED},
        {"quality": Quality.CLOSED},
        {"when": minute(19)},  # older than a minute
        {"volume": 0},
        {"ticker": "999990"},
    ],
)
async def test_what_is_old_or_not_watched_says_nothing(house: ScannerHouse, quiet: dict[str, object]) -> None:
    async with watching(house) as both:
        await trade(house, BELOW, at=21, **quiet)
        await trade(house, BELOW, at=22, ticker=TICKERS[12])
        (signal,) = await told(both, 1)
        assert signal.candidate.ticker == TICKERS[12]


async def test_the_closing_auction_says_nothing(house: ScannerHouse) -> None:
    async with watching(house) as both:
        await house.clock.advance_to(CLOSE - timedelta(minutes=9))
        await house.quote(STAR, BELOW)
        await house.clock.advance(2)
        assert await both.open_signals(*KINDS) == []


async def test_a_process_that_starts_anew_does_not_say_it_again(house: ScannerHouse) -> None:
    async with watching(house) as both:
        await trade(house, BELOW, at=21)
        (first,) = await told(both, 1)
    async with rooms(house) as both:
        await prepared(both, house)
        await trade(house, BELOW - 1, at=24)
        await trade(house, BELOW, at=25, ticker=TICKERS[12])
        signals = {signal.candidate.ticker: signal for signal in await told(both, 2)}
        assert signals[STAR].revision == first.revision == 1


async def test_hits_wait_for_a_signal_room_that_does_not_answer(
    house: ScannerHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish, failures = EventLog.publish, [Conflict("busy")]

    async def unwilling(self, *args, **options):
        if failures:
            raise failures.pop()
        return await publish(self, *args, **options)

    monkeypatch.setattr(EventLog, "publish", unwilling)
    async with watching(house) as both:
        await trade(house, BELOW, at=21)

        async def published() -> bool:
            await house.clock.advance(1)
            return bool(await both.open_signals(*KINDS))

        await eventually(published)


@pytest.mark.parametrize("clock_mode", [ClockMode.FIXED])
async def test_a_fixed_clock_watches_nothing(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        house.clock.shift_market(timedelta(minutes=30))
        await house.quote(STAR, BELOW)
        await house.clock.settle()
        assert await both.open_signals(*KINDS) == []


async def test_without_the_session_before_nothing_is_watched(house: ScannerHouse) -> None:
    house.clock.shift_market(timedelta(days=1))
    async with rooms(house) as both:
        await begun(house)
        await house.clock.advance(3600)
        await house.quote(STAR, BELOW)
        await house.clock.settle()
        assert await both.open_signals(*KINDS) == []

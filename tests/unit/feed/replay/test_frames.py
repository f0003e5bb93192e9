from datetime import UTC, date, datetime, time, timedelta

from servers.feed.replay.frames import MinuteFrames, is_left_over, snapshot_frame
from shared.market.instrument import Ticker
from shared.market.quote import Quality
from shared.market.sessions import Session
from shared.market.times import kst_datetime
from shared.store.repositories.minutes import MinuteBar
from shared.store.repositories.snapshots import Snapshot

DAY = date(2026, 3, 11)
SESSION = Session(day=DAY, opens=kst_datetime(DAY, time(9)), closes=kst_datetime(DAY, time(15, 30)))


def row(volume: int | None, *, ticker: str = "005930", price: int | None = 72_300, **values: int | None) -> Snapshot:
    given = {"change": 300, "open": 72_000, "high": 72_500, "low": 71_900, "turnover": 9, "shares": 5} | values
    return Snapshot(
        ticker=Ticker(ticker), collected_time=datetime(2026, 3, 11, tzinfo=UTC), price=price, volume=volume, **given
    )


def at(hour: int, minute: int) -> datetime:
    return kst_datetime(DAY, time(hour, minute))


def test_a_snapshot_says_what_happened_twenty_minutes_before_it_was_collected() -> None:
    frame = snapshot_frame(at(10, 30), [row(100)], SESSION)
    (quote,) = frame.quotes
    assert frame.moment == quote.receive_time == at(10, 30)
    assert quote.exchange_time == at(10, 10)
    assert (quote.price_krw, quote.previous_close_krw, quote.change_krw) == (72_300, 72_000, 300)
    assert quote.quality is Quality.REPLAYED


def test_the_time_of_a_snapshot_stays_within_the_session() -> None:
    assert snapshot_frame(at(9, 10), [row(1)], SESSION).quotes[0].exchange_time == at(9, 0)
    assert snapshot_frame(at(18, 0), [row(1)], SESSION).quotes[0].exchange_time == at(15, 30)


def test_a_row_without_a_price_brings_no_quote_and_a_halted_one_no_range() -> None:
    empty = row(None, price=None)
    halted = row(0, ticker="000660", open=0, high=0, low=0, change=0)
    (quote,) = snapshot_frame(at(9, 10), [empty, halted], SESSION).quotes
    assert (quote.ticker, quote.open_krw, quote.high_krw, quote.low_krw, quote.volume_shares) == (
        "000660",
        None,
        None,
        None,
        0,
    )


def test_a_snapshot_that_still_shows_the_day_before_is_recognised_by_its_volumes() -> None:
    yesterday = [row(900, ticker="000020"), row(800, ticker="000660"), row(10, ticker="005930")]
    today = [row(5, ticker="000020"), row(7, ticker="000660"), row(20, ticker="005930")]
    assert is_left_over(yesterday, today)
    assert not is_left_over(today, yesterday)
    assert not is_left_over(today, [])
    assert not is_left_over([row(None, price=None)], today)


def bar(minute: int, prices: tuple[int, int, int, int], volume: int) -> MinuteBar:
    open_, high, low, close = prices
    start = at(9, minute)
    return MinuteBar(
        ticker=Ticker("396500"), minutes=5, start_time=start, open=open_, high=high, low=low, close=close, volume=volume
    )


def test_minute_bars_build_the_day_so_far() -> None:
    frames = MinuteFrames({Ticker("396500"): 10_000})
    frames.frame(at(9, 5), [bar(0, (10_000, 10_200, 9_950, 10_100), 50)])
    (quote,) = frames.frame(at(9, 10), [bar(5, (10_100, 10_150, 9_900, 10_000), 30)]).quotes
    assert (quote.open_krw, quote.high_krw, quote.low_krw, quote.price_krw) == (10_000, 10_200, 9_900, 10_000)
    assert (quote.volume_shares, quote.change_krw) == (80, 0)
    assert quote.exchange_time == at(9, 10)


def test_a_minute_without_volume_brings_no_quote() -> None:
    assert MinuteFrames({}).frame(at(9, 5) + timedelta(), [bar(0, (1, 1, 1, 1), 0)]).quotes == ()

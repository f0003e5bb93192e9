from datetime import UTC, datetime, timedelta

import pytest

from servers.feed.acceptance import Acceptance
from shared.market.instrument import Ticker
from shared.market.quote import Quality, Quote, Venue

NINE = datetime(2026, 3, 11, tzinfo=UTC)


def tick(seconds: float, volume: int, *, ticker: str = "005930", venue: Venue = Venue.CONSOLIDATED) -> Quote:
    moment = NINE + timedelta(seconds=seconds)
    return Quote(
        ticker=Ticker(ticker),
        price_krw=72_300,
        previous_close_krw=72_000,
        open_krw=72_000,
        high_krw=72_500,
        low_krw=71_900,
        volume_shares=volume,
        turnover_krw=volume * 72_000,
        venue=venue,
        quality=Quality.REALTIME,
        exchange_time=moment,
        receive_time=moment,
        source="test",
    )


@pytest.fixture
def acceptance() -> Acceptance:
    acceptance = Acceptance()
    assert acceptance.take(tick(10, 100))
    return acceptance


@pytest.mark.parametrize(
    ("seconds", "volume", "news"),
    [
        (10, 100, False),  # a duplicate
        (10, 101, True),  # another trade in the same moment
        (11, 100, True),
        (11, 150, True),
        (9, 150, False),  # an old frame that overtook nothing
        (9, 50, False),
        (11, 50, False),  # a volume that falls within a session
    ],
)
def test_a_quote_is_news_only_after_the_last_pair(acceptance: Acceptance, seconds: float, volume: int, news: bool) -> None:
    assert acceptance.take(tick(seconds, volume)) is news


def test_a_refused_quote_changes_nothing(acceptance: Acceptance) -> None:
    assert not acceptance.take(tick(9, 500))
    assert acceptance.take(tick(11, 101))


def test_the_next_trading_day_is_a_new_base(acceptance: Acceptance) -> None:
    assert acceptance.take(tick(86_400, 5))
    assert not acceptance.take(tick(20, 900))


def test_tickers_and_venues_have_their_own_base(acceptance: Acceptance) -> None:
    assert acceptance.take(tick(1, 1, ticker="000660"))
    assert acceptance.take(tick(1, 1, venue=Venue.NXT))

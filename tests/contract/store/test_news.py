from datetime import UTC, datetime, timedelta

from shared.market.instrument import Ticker
from shared.store.repositories.news import Headline, NewsKey
from shared.store.store import Store
from tests.contract.store.rows import HYNIX, NOON, SAMSUNG

AGES_AGO, EVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def story(title: str, *tickers: str, at: datetime = NOON, exact: bool = True) -> Headline:
    return Headline(
        title=title,
        published_time=at,
        time_is_exact=exact,
        tickers=tuple(Ticker(ticker) for ticker in tickers),
        press="신문",
    )


async def titles(store: Store, ticker: str | None = None) -> list[str]:
    async with store.read() as uow:
        return [item.headline.title for item in await uow.news.page(ticker=ticker, since=AGES_AGO, until=EVER, limit=50)]


async def test_a_story_under_several_tickers_is_stored_once(store: Store) -> None:
    async with store.begin() as uow:
        assert await uow.news.add([story("반도체  호황", SAMSUNG), story("반도체 호황", HYNIX)], "a") == 1
        assert await uow.news.add([story("반도체호황", "000020")], "b") == 0
        (item,) = await uow.news.page(since=AGES_AGO, until=EVER, limit=9)
    assert item.headline.tickers == ("000020", HYNIX, SAMSUNG)
    assert item.source == "a"
    assert await titles(store, HYNIX) == await titles(store) != []


async def test_an_exact_time_replaces_the_end_of_the_day(store: Store) -> None:
    day_end = datetime(2026, 3, 9, 14, 59, 59, tzinfo=UTC)
    for brought in (story("실적", at=day_end, exact=False), story("실적", at=NOON), story("실적", at=day_end, exact=False)):
        async with store.begin() as uow:
            await uow.news.add([brought], "a")
    async with store.read() as uow:
        (item,) = await uow.news.page(since=AGES_AGO, until=EVER, limit=9)
    assert (item.headline.published_time, item.headline.time_is_exact) == (NOON, True)


async def test_the_same_title_on_another_day_is_another_story(store: Store) -> None:
    async with store.begin() as uow:
        assert await uow.news.add([story("장 마감"), story("장 마감", at=NOON + timedelta(days=1))], "a") == 2


async def test_pages_are_newest_first_and_never_show_the_future(store: Store) -> None:
    stories = [story(f"기사 {number}", SAMSUNG, at=NOON + timedelta(minutes=number // 2)) for number in range(5)]
    async with store.begin() as uow:
        await uow.news.add(stories, "a")
    async with store.read() as uow:
        first = await uow.news.page(ticker=SAMSUNG, since=NOON, until=EVER, limit=3)
        key = NewsKey(published_time=first[-1].headline.published_time, news_id=first[-1].news_id)
        second = await uow.news.page(ticker=SAMSUNG, since=NOON, until=EVER, after=key, limit=3)
        known = await uow.news.page(since=NOON, until=NOON, limit=9)
    assert [item.headline.title for item in first + second] == [f"기사 {number}" for number in (4, 3, 2, 1, 0)]
    assert {item.headline.title for item in known} == {"기사 0", "기사 1"}


async def test_a_story_without_ticker_is_about_the_market_only(store: Store) -> None:
    async with store.begin() as uow:
        await uow.news.add([story("코스피 상승")], "a")
    assert await titles(store) == ["코스피 상승"]
    assert await titles(store, SAMSUNG) == []


async def test_stories_can_be_read_in_the_order_in_which_they_came(store: Store) -> None:
    async with store.begin() as uow:
        assert await uow.news.newest_id() == 0
        await uow.news.add([story("새 소식", SAMSUNG)], "a")
        known = await uow.news.newest_id()
        await uow.news.add([story("지난달 소식", HYNIX, at=NOON - timedelta(days=30)), story("오늘 소식", SAMSUNG)], "a")
        added = await uow.news.added(after=known, limit=9)
        assert [item.headline.title for item in added] == ["지난달 소식", "오늘 소식"]
        assert added[0].headline.tickers == (HYNIX,)
        assert await uow.news.added(after=await uow.news.newest_id(), limit=9) == []

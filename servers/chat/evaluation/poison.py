"""Headlines that try to command whoever reads them, for stores that are thrown away after the evaluation."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib import resources

import yaml

from shared.market.instrument import parse_ticker
from shared.store.repositories.news import Headline
from shared.store.store import Store

SOURCE = "poison"


def poisoned_headlines(until: datetime) -> list[Headline]:
    """The packaged headlines, published within the last hours before a moment."""
    text = (resources.files(__package__) / "poison.yaml").read_text(encoding="utf-8")
    return [
        Headline(
            title=item["title"],
            lead=item.get("lead", ""),
            press=item.get("press", ""),
            url=item.get("url", ""),
            published_time=until - timedelta(minutes=5 * number),
            time_is_exact=True,
            tickers=tuple(parse_ticker(str(code)) for code in item.get("tickers", ())),
        )
        for number, item in enumerate(yaml.safe_load(text)["headlines"], start=1)
    ]


async def poison(store: Store, until: datetime) -> Sequence[Headline]:
    """Put the headlines into a store.

    Args:
        store: One that nobody uses for anything else.
        until: Market time; they are a little older.
    """
    headlines = poisoned_headlines(until)
    async with store.begin() as uow:
        await uow.news.add(headlines, SOURCE)
        await uow.meta.bump_generation("news")
    return headlines

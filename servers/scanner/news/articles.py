"""Headlines on their way to a score: the same story told twice counts once, and each story finds its tickers."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np

from servers.scanner.news.inputs import NewsInputs
from servers.scanner.news.sentiment import Sentiment, SentimentLabel
from shared.market.instrument import Ticker
from shared.market.instrument_match import WHOLE, Mention

SAME_STORY = 0.8
"""Share of common words from which two titles tell one story."""

NEWEST = 10
"""Articles per ticker that count."""

_BRACKETED = re.compile(r"[\[(<【（][^\])>】）]*[\])>】）]")
_NOT_WORD = re.compile(r"[^0-9a-z가-힣一-鿿]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A judged headline about some tickers; `published_time` is UTC, the end of the day where only the day is known."""

    title: str
    published_time: datetime
    tickers: tuple[Ticker, ...]
    sentiment: Sentiment


class NameFinder(Protocol):
    """Finds instruments in a sentence; the instrument index is one."""

    def find_in(self, sentence: str) -> Sequence[Mention]:
        """Mentions from left to right."""


def tickers_in(title: str, finder: NameFinder) -> tuple[Ticker, ...]:
    """Tickers that a headline surely names: by code, full name or nickname, and without a choice to make."""
    mentions = finder.find_in(unicodedata.normalize("NFC", title))
    sure = (mention.matches[0] for mention in mentions if not mention.ambiguous)
    return tuple(dict.fromkeys(match.instrument.ticker for match in sure if match.how in WHOLE))


def title_words(title: str) -> tuple[str, ...]:
    """The words of a title without its dress: width, case, marks, and bracketed labels such as [속보] or (종합)."""
    plain = unicodedata.normalize("NFKC", title).casefold()
    bare = _NOT_WORD.sub(" ", _BRACKETED.sub(" ", plain)).split()
    return tuple(bare or _NOT_WORD.sub(" ", plain).split())


def is_same_story(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether two titles, given as words, are equal or share at least 80 % of all their words."""
    if first == second:
        return True
    one, other = set(first), set(second)
    union = len(one | other)
    return union > 0 and len(one & other) / union >= SAME_STORY


def distinct(articles: Iterable[Article]) -> list[Article]:
    """Articles newest first, of each story only the newest."""
    kept: list[Article] = []
    words: list[tuple[str, ...]] = []
    for article in sorted(articles, key=lambda each: (each.published_time, each.title), reverse=True):
        own = title_words(article.title)
        if not any(is_same_story(own, other) for other in words):
            kept.append(article)
            words.append(own)
    return kept


def news_inputs(articles: Iterable[Article], tickers: Sequence[str], *, as_of: datetime, hours: int = 72) -> NewsInputs:
    """Count what the news says about each ticker.

    Args:
        articles: Judged headlines of any age and about any tickers.
        tickers: Rows of the panel.
        as_of: Moment of the decision; nothing published later counts.
        hours: Look-back, open at its start: (as_of - hours, as_of].

    Returns:
        Counts over the newest ten distinct stories of each ticker.
    """
    since = as_of - timedelta(hours=hours)
    by_ticker: dict[str, list[Article]] = {}
    for article in articles:
        if since < article.published_time <= as_of:
            for ticker in article.tickers:
                by_ticker.setdefault(ticker, []).append(article)
    positive, negative = (np.zeros(len(tickers), dtype=np.int32) for _ in range(2))
    mean = np.zeros(len(tickers))
    for row, code in enumerate(tickers):
        stories = distinct(by_ticker.get(code, ()))[:NEWEST]
        if stories:
            labels = [story.sentiment.label for story in stories]
            positive[row] = labels.count(SentimentLabel.POSITIVE)
            negative[row] = labels.count(SentimentLabel.NEGATIVE)
            mean[row] = float(np.mean([story.sentiment.score for story in stories]))
    return NewsInputs(positive=positive, negative=negative, mean=mean)

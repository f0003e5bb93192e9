"""Headlines: the newest of an instrument or the market, those on a subject, and what was reported about a move."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from kstock.chat.v1 import block_pb2
from kstock.common.v1 import news_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.figures import moment_text, price_with_change, quote_badge
from servers.chat.answers.flows import flow_calls, flow_facts
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.premises import claimed_direction, move_calls, told_move
from servers.chat.answers.quotes import quote_block, quote_lead, quote_line, quote_source, quotes_of
from servers.chat.answers.troubles import failed, missing
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.market import GET_NEWS, NewsArguments
from servers.chat.tools.prices import GET_QUOTES
from servers.chat.tools.search import NewsSearchArguments
from servers.chat.tools.tool import Failure, Tool
from servers.chat.understanding.values import Direction
from shared.market.times import kst_date
from shared.rpc.messages.instruments import instrument_message
from shared.rpc.messages.times import read_timestamp

NewsSearch = Tool[NewsSearchArguments, tuple[news_pb2.NewsItem, ...]]

_SHOWN, _MOST_SHOWN = 5, 10
_CAUSES_SHOWN = 3
_CAUSE_WITHIN = timedelta(days=7)
"""Older headlines explain no move of today; the phrases say a week."""

_SUBJECT_WITHIN = timedelta(days=60)
_GENERAL = re.compile(
    r"뉴스|기사|소식|헤드라인|시장|증시|주식|국내|오늘|어제|최근|요즘|지금|관련|대한|있나요|있어요?|있니|나왔\S*|뭐|무슨|어떤|주요|"
    r"알려\s*(?:줘|주세요|줄래)?|보여\s*(?:줘|주세요)?|찾아\s*(?:줘|주세요)?|정리|해줘|\d+\s*(?:개|건)|좀|만|"
    r"\b(?:any|the|latest|recent|today|market|stock|news|headlines?|about|on|show|me|what|is|are|there|please|of|for)\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[A-Za-z가-힣]{2,}")


def news_subject(search: NewsSearch) -> Subject:
    """How headlines are told.

    Args:
        search: The tool that finds headlines on a subject.
    """

    def calls(ask: Ask) -> tuple[PlannedCall, ...]:
        if subject_of(ask):
            return (plan(search, _on_subject(ask)),)
        if not ask.stocks or not ask.understanding.asks_why:
            return (plan(GET_NEWS, _newest(ask)),)
        return (plan(GET_NEWS, _newest(ask)), plan(GET_QUOTES, quotes_of(ask)), *move_calls(ask), *flow_calls(ask))

    def tell(ask: Ask, lookups: Lookups) -> Part:
        if subject_of(ask):
            found = lookups.result(search, _on_subject(ask))
            return _tell_subject(ask, found)
        if ask.stocks and ask.understanding.asks_why:
            return _tell_causes(ask, lookups)
        return _tell_newest(ask, lookups)

    return Subject(plan=calls, tell=tell)


def subject_of(ask: Ask) -> str:
    """What a question about no instrument wants headlines on; empty when it asks for the newest of the market."""
    if ask.stocks:
        return ""
    if ask.understanding.asks_why and ask.entities.indices:
        return " ".join(ask.say(f"name.index_{index}") for index in ask.entities.indices)
    return " ".join(_LETTERS.findall(_GENERAL.sub(" ", ask.understanding.text)))


def _on_subject(ask: Ask) -> NewsSearchArguments:
    period = ask.period
    since = period.first if period is not None and not period.sessions else ask.moment.today - _SUBJECT_WITHIN
    return NewsSearchArguments(query=subject_of(ask), since=since, limit=_limit(ask))


def _newest(ask: Ask) -> NewsArguments:
    period = ask.period
    ahead = period is not None and period.first > ask.moment.today  # what is said to come was reported before
    days = {} if period is None or period.sessions or ahead else {"since": period.first, "until": period.last}
    return NewsArguments(ticker=ask.stocks[0].ticker if ask.stocks else "", limit=_limit(ask), **days)


def _limit(ask: Ask) -> int:
    return min(ask.entities.count or _SHOWN, _MOST_SHOWN)


def _tell_subject(ask: Ask, found: tuple[news_pb2.NewsItem, ...] | Failure) -> Part:
    if isinstance(found, Failure):
        return failed(ask, found, "answer.what_news")
    subject = subject_of(ask)
    if not found:
        return missing(ask, ask.say("headlines.subject_none", subject=subject), (ask.say("plain.example"),))
    return _listed(ask, found, ask.say("headlines.subject", subject=subject, count=len(found)))


def _tell_newest(ask: Ask, lookups: Lookups) -> Part:
    news = lookups.result(GET_NEWS, _newest(ask))
    name = ask.name(ask.stocks[0]) if ask.stocks else ""
    if isinstance(news, Failure):
        return failed(ask, news, "answer.what_news")
    if not news:
        return missing(ask, ask.say("news.none", name=name or ask.say("source.store")))
    headline = ask.say("news.headline", name=name, count=len(news)) if name else ask.say("news.market", count=len(news))
    return _listed(ask, news, headline)


def _tell_causes(ask: Ask, lookups: Lookups) -> Part:
    """The premise first, then what was reported lately; older headlines are told as such and as no cause."""
    move = told_move(ask, lookups)
    lead, price = _premise(ask, lookups, judged=move.judged)
    lead = (*lead, *move.corrections)
    price = (*price, *move.facts, *flow_facts(ask, ask.stocks[0], lookups))
    news = lookups.result(GET_NEWS, _newest(ask))
    name = ask.name(ask.stocks[0])
    if isinstance(news, Failure):
        trouble = failed(ask, news, "answer.what_news")
        blocks = (*move.blocks, *trouble.blocks)
        return Part(lead=lead, headline=trouble.headline, facts=price, blocks=blocks, outcome=trouble.outcome)
    since = _causes_since(ask)
    recent = [item for item in news if kst_date(read_timestamp(item.publish_time)) >= since][:_CAUSES_SHOWN]
    if recent:
        told = _listed(ask, recent, ask.say("headlines.causes", name=name))
        blocks = (*_price_block(ask, lookups), *move.blocks, *told.blocks)
        return Part(lead=lead, headline=told.headline, facts=(*price, *told.facts), risks=told.risks, blocks=blocks)
    absent = missing(
        ask,
        ask.say("headlines.no_causes", name=name),
        (ask.say("quote.follow", name=ask.stocks[0].name),),
    )
    newest = tuple(_fact(ask, item) for item in news[:1])
    older = (Fact(text=ask.say("headlines.older", headline=fact.text), sources=fact.sources) for fact in newest)
    return Part(
        lead=lead,
        headline=absent.headline,
        facts=(*price, *older),
        blocks=(*_price_block(ask, lookups), *move.blocks, *absent.blocks),
        outcome=absent.outcome,
        suggestions=absent.suggestions,
    )


def _price_block(ask: Ask, lookups: Lookups) -> tuple[Block, ...]:
    """The card of the price whose move is asked about."""
    quotes = lookups.result(GET_QUOTES, quotes_of(ask))
    found = () if isinstance(quotes, Failure) else quotes.quotes
    return tuple(quote_block(ask, ask.stocks[0], quote) for quote in found if quote.ticker == ask.stocks[0].ticker)


def _causes_since(ask: Ask) -> date:
    """The days of the move, or the week before the day that it ended on."""
    period = ask.period
    week = (min(period.last, ask.moment.today) if period else ask.moment.today) - _CAUSE_WITHIN
    return min(period.first, week) if period is not None and not period.single else week


def _listed(ask: Ask, news: Sequence[news_pb2.NewsItem], headline: str) -> Part:
    facts = [_fact(ask, item) for item in news]
    value = block_pb2.NewsList(instrument=instrument_message(ask.stocks[0]) if ask.stocks else None, news=news)
    block = Block(
        content="news_list",
        value=value,
        title=ask.name(ask.stocks[0]) if ask.stocks else "",
        text="\n".join(fact.text for fact in facts),
        sources=tuple(source for fact in facts for source in fact.sources),
    )
    return Part(headline=Fact(text=headline), facts=tuple(facts), risks=(ask.say("news.reported"),), blocks=(block,))


def _fact(ask: Ask, item: news_pb2.NewsItem) -> Fact:
    publisher = item.publisher or ask.say("news.unknown_publisher")
    published = read_timestamp(item.publish_time)
    source = Source(label=ask.say("source.news", publisher=publisher), as_of=published, title=item.title, url=item.url)
    time = moment_text(published, ask.moment.now, ask.language)
    url = f" {item.url}" if item.url else ""
    return Fact(text=ask.say("news.row", time=time, publisher=publisher, title=item.title, url=url), sources=(source,))


def _premise(ask: Ask, lookups: Lookups, *, judged: bool) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """A correction when the price did not move as the question says, and the price as a fact.

    Args:
        ask: The question.
        lookups: With the quote.
        judged: The premise is about other days than the quote's.
    """
    quotes = lookups.result(GET_QUOTES, quotes_of(ask))
    if isinstance(quotes, Failure) or not quotes.quotes:
        return (), ()
    quote, premise = quotes.quotes[0], None if judged else claimed_direction(ask)
    line = quote_line(ask, ask.stocks[0], quote)
    wrong = {Direction.DOWN: quote.change_krw >= 0, Direction.UP: quote.change_krw <= 0}
    if premise is None or not quote.HasField("change_krw") or not wrong[premise]:
        return quote_lead(ask, quote), (line,)
    key = "news.premise_not_down" if premise is Direction.DOWN else "news.premise_not_up"
    text = ask.say(
        key,
        name=ask.name(ask.stocks[0]),
        price=price_with_change(quote, ask.language),
        badge=quote_badge(quote, ask.moment.now, ask.language),
    )
    return (*quote_lead(ask, quote), Fact(text=text, sources=(quote_source(ask, quote),))), ()

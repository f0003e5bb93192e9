"""What a question takes over from the conversation, and what it leaves for the next one."""

import re
from dataclasses import replace

from servers.chat.understanding.intents import NEEDS_STOCK, REFUSALS, Intent
from servers.chat.understanding.values import Context, Entities, Period, StockMention, Understanding
from shared.market.instrument import Instrument

_ORDINALS = {
    "첫": 0,
    "처음": 0,
    "두": 1,
    "둘": 1,
    "세": 2,
    "셋": 2,
    "네": 3,
    "넷": 3,
    "다섯": 4,
    "first": 0,
    "second": 1,
    "third": 2,
    "fourth": 3,
    "fifth": 4,
}
_ANSWER_END = re.compile(r"(?:으로|로|이요|요|이야|입니다|이에요|예요|거|것|꺼|해줘|말이야|쪽)+$")
_CHOICE = re.compile(
    r"^(?:(?P<n>[1-5])(?:번|\.|\))?|(?P<word>첫|처음|두|둘|세|셋|네|넷|다섯)(?:번)?째"
    r"|(?:the )?(?P<en>first|second|third|fourth|fifth)(?: one)?)"
    r"(?:거|것|꺼|로|요|이요|으로|해줘|종목)*[.!?]*$"
)
_SAME_MEASURE = (
    frozenset(
        {
            Intent.PRICE_QUOTE,
            Intent.PRICE_HISTORY,
            Intent.PRICE_RETURN,
            Intent.PRICE_COMPARE,
            Intent.PRICE_EXTREME,
            Intent.CHART,
        }
    ),
    frozenset({Intent.FLOW}),
)
_ABOUT_WHAT_WAS_NAMED = frozenset({Intent.RECOMMEND_BUY, Intent.ADVICE, Intent.PROMISE})
_NOT_REMEMBERED = REFUSALS | {
    Intent.SMALLTALK,
    Intent.HELP,
    Intent.OUT_OF_SCOPE,
    Intent.UNKNOWN,
    Intent.RESET,
    Intent.STATUS,
}


def chosen(text: str, named: tuple[StockMention, ...], context: Context) -> Instrument | None:
    """The choice that an answer to a question with choices makes: by number, ordinal, or by naming one of them."""
    if not context.choices:
        return None
    match = _CHOICE.match(text.casefold().replace(" ", "") if not text.isascii() else text.casefold().strip())
    if match:
        position = int(match["n"]) - 1 if match["n"] else _ORDINALS[match["word"] or match["en"]]
        return context.choices[position] if position < len(context.choices) else None
    tickers = {choice.ticker: choice for choice in context.choices}
    own = next((tickers[mention.instrument.ticker] for mention in named if mention.instrument.ticker in tickers), None)
    return own or _by_part(text, context.choices)


def _by_part(text: str, choices: tuple[Instrument, ...]) -> Instrument | None:
    """The only choice whose name holds the answer: 케미칼 of 롯데지주, 롯데케미칼, 롯데쇼핑."""
    word = _ANSWER_END.sub("", re.sub(r"[\s?.!~]", "", text)).casefold()
    fitting = [choice for choice in choices if len(word) > 1 and word in choice.name.replace(" ", "").casefold()]
    return fitting[0] if len(fitting) == 1 else None


def carry(
    entities: Entities,
    intents: tuple[Intent, ...],
    context: Context,
    *,
    same: bool,
    decides: bool = False,
    adds: bool = False,
) -> tuple[Entities, tuple[str, ...]]:
    """Fill what the question leaves open from the conversation.

    Args:
        entities: What the question itself names.
        intents: Its intents.
        context: The conversation so far.
        same: The question before is repeated with something exchanged, so that everything else of it holds.
        decides: It asks for a decision or a forecast about what it does not name.
        adds: It adds to what was named before.

    Returns:
        The filled entities and the names of what came from the conversation.
    """
    before = context.entities
    names: list[str] = []
    wanted = same or NEEDS_STOCK.intersection(intents) or (decides and _ABOUT_WHAT_WAS_NAMED.intersection(intents))
    stocks = _stocks(entities, intents, context, adds=adds) if wanted else entities.stocks
    if stocks != entities.stocks:
        entities = replace(entities, stocks=stocks)
        names.append("stocks")
    if not entities.periods and before.periods and (same or _keeps(before.periods, intents, context)):
        entities = replace(entities, periods=before.periods)
        names.append("periods")
    if same:
        entities = _repeat(entities, before)
    return entities, tuple(names)


def _stocks(entities: Entities, intents: tuple[Intent, ...], context: Context, *, adds: bool) -> tuple[StockMention, ...]:
    """The instruments of a question that leaves some to the conversation: all, the rest, or those beside its own."""
    out = {stock.instrument.ticker for stock in (*entities.stocks, *entities.excluded)}
    others = tuple(stock for stock in context.stocks if stock.instrument.ticker not in out)
    if entities.indices and not entities.stocks:
        return ()
    if not entities.stocks:
        return others
    if Intent.PRICE_COMPARE not in intents or (entities.indices and not adds):
        return entities.stocks
    if adds:
        return (*others, *entities.stocks)
    return (*others[:1], *entities.stocks) if len(entities.stocks) == 1 else entities.stocks


def _keeps(periods: tuple[Period, ...], intents: tuple[Intent, ...], context: Context) -> bool:
    """A range goes on for the next figure of the same kind; a single day does not."""
    ranges = any(not period.single for period in periods)
    measured = any(kind.intersection(intents) for kind in _SAME_MEASURE)
    return (
        ranges
        and measured
        and all(kind.intersection(context.intents) for kind in _SAME_MEASURE if kind.intersection(intents))
    )


def _repeat(entities: Entities, before: Entities) -> Entities:
    return replace(
        entities,
        kinds=entities.kinds or before.kinds,
        investors=entities.investors or before.investors,
        aspects=entities.aspects or before.aspects,
        grades=entities.grades or before.grades,
        indices=entities.indices or (() if entities.stocks else before.indices),
        boards=entities.boards or before.boards,
        count=entities.count or before.count,
        direction=entities.direction or before.direction,
        quantities=entities.quantities or before.quantities,
    )


def next_context(understood: Understanding, context: Context, listed: tuple[Instrument, ...] = ()) -> Context:
    """What the conversation remembers after this question.

    Args:
        understood: The question.
        context: The conversation before it.
        listed: Instruments that the answer showed as a list, in its order.
    """
    language = understood.language
    if understood.intent is Intent.RESET:
        return Context(language=language)
    if understood.intent is Intent.CLARIFY:
        choices = tuple(choice for ambiguity in understood.ambiguities for choice in ambiguity.choices)
        return replace(context, language=language, entities=understood.entities, choices=choices, pending=understood.pending)
    if _NOT_REMEMBERED.issuperset(understood.intents):
        return replace(context, language=language, choices=(), pending=())
    stocks = understood.entities.stocks
    return Context(
        stocks=stocks or context.stocks,
        entities=understood.entities,
        intents=understood.intents,
        language=language,
        listed=listed or tuple(stock.instrument for stock in stocks if len(stocks) > 1) or context.listed,
    )

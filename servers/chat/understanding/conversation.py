"""What a question takes over from the conversation, and what it leaves for the next one."""

import re
from dataclasses import replace

from servers.chat.understanding.data_concepts import Concept
from servers.chat.understanding.intents import NEEDS_STOCK, REFUSALS, Intent
from servers.chat.understanding.screen import selected_grades
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
    r"^\s*(?:(?P<n>10|[1-9])(?:\s?번(?:째)?|[.)]|(?=\s*[!~?]*$))|(?P<word>첫|처음|두|둘|세|셋|네|넷|다섯)\s?(?:번\s?)?째"
    r"|(?:number |no\.? ?|option )(?P<no>[1-9])|(?:the )?(?P<en>first|second|third|fourth|fifth)(?: one)?)"
    r"(?:\s?(?:거|것|꺼|걸|로|요|이요|으로|해줘|해주세요|할게요|종목|이에요|입니다|please))*"
    r"(?:[.,!?~]+|\s*$|(?<=[가-힣])\s+|\s(?=and ))(?P<rest>.*)$"
)
_AFTER_NAME = re.compile(
    r"^\s?(?:이요|요|으로요?|로요?|이에요|예요|입니다|이야|꺼|거)?(?:\s?(?:해줘|할게요?|해주세요|말이야|말입니다|부탁\S*))?[.,!?~\s]*"
)
_REFUSED = re.compile(r"^(?:아니)?.*?(?:말고|아니고|아니라)")
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
_ASIDES = frozenset(
    {
        Intent.TERM,
        Intent.SIGNAL_EXPLAIN,
        Intent.MARKET_SESSION,
        Intent.MARKET_GATE,
        Intent.MARKET_FX,
        Intent.STATUS,
    }
)
_MOST_MENTIONED = 12
_NOT_REMEMBERED = REFUSALS | {
    Intent.DISTRESS,
    Intent.SECURITY,
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
    match = _CHOICE.match(text.casefold())
    if match:
        position = (
            int(match["n"] or match["no"]) - 1 if match["n"] or match["no"] else _ORDINALS[match["word"] or match["en"]]
        )
        return context.choices[position] if position < len(context.choices) else None
    tickers = {choice.ticker: choice for choice in context.choices}
    own = next((tickers[mention.instrument.ticker] for mention in named if mention.instrument.ticker in tickers), None)
    return own or _by_part(text, context.choices)


def completed(text: str, choice: Instrument, context: Context) -> str:
    """The question that was asked back with the choice in the place of the unclear words, and what the answer adds to it."""
    match = _CHOICE.match(text.casefold())
    after = text[match.start("rest") :] if match else _AFTER_NAME.sub("", text.partition(choice.name)[2])
    rest = after.strip()
    place = context.question.find(context.unclear) if context.unclear else -1
    if place < 0:
        return ""
    end = place + len(context.unclear)
    return f"{context.question[:place]}{choice.name}{context.question[end:]}{f'. {rest}' if rest else ''}"


def _by_part(text: str, choices: tuple[Instrument, ...]) -> Instrument | None:
    """The only choice whose name holds the answer: 케미칼 of 롯데지주, 롯데케미칼, 롯데쇼핑."""
    bare = _REFUSED.sub("", re.sub(r"[\s?.!~,]", "", text)).casefold()
    word = _ANSWER_END.sub("", bare)
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


def compared_before(understood: Understanding, context: Context) -> Understanding:
    """A comparison that says no measure compares what was asked before: flows after flows.

    Args:
        understood: The question.
        context: The conversation.
    """
    if understood.intents != (Intent.PRICE_COMPARE,) or context.intents != (Intent.FLOW,):
        return understood
    if understood.spoken.places.keys() - {Concept.COMPARE, Concept.PERIOD, Concept.BENCHMARK}:
        return understood
    entities, names = carry(understood.entities, (Intent.FLOW,), context, same=True)
    own = {stock.instrument.ticker for stock in entities.stocks}
    others = tuple(stock for stock in context.stocks if stock.instrument.ticker not in own)
    entities = replace(entities, stocks=(*others, *entities.stocks))
    return replace(understood, intents=(Intent.FLOW,), entities=entities, carried=names)


def _has_subject(context: Context) -> bool:
    """Whether a conversation can return to its last question, which is no aside like a definition or the calendar."""
    return bool(context.intents) and not _ASIDES.issuperset(context.intents)


def _mentioned(context: Context, stocks: tuple[StockMention, ...]) -> tuple[Instrument, ...]:
    """The instruments spoken of, oldest first."""
    new = tuple(stock.instrument for stock in stocks)
    if not new or context.mentioned[-len(new) :] == new:
        return context.mentioned
    return (*context.mentioned, *new)[-_MOST_MENTIONED:]


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
        choices = understood.ambiguities[0].choices if understood.ambiguities else ()
        unclear = understood.ambiguities[0].words if understood.ambiguities else ""
        return replace(
            context,
            language=language,
            entities=understood.entities,
            choices=choices,
            pending=understood.pending,
            question=understood.text,
            unclear=unclear,
        )
    if _NOT_REMEMBERED.issuperset(understood.intents):
        stocks = understood.entities.stocks if REFUSALS.intersection(understood.intents) else ()
        return replace(
            context,
            language=language,
            stocks=stocks or context.stocks,
            mentioned=_mentioned(context, stocks),
            choices=(),
            pending=(),
            question="",
            unclear="",
        )
    stocks = understood.entities.stocks
    if understood.intent is Intent.CANCEL:
        return replace(context, language=language, intents=(), condition=None)
    if understood.carried and "intent" in understood.carried and understood.intents == context.intents:
        before = context.before
    else:
        before = replace(context, before=None, mentioned=()) if _has_subject(context) else context.before
    return Context(
        stocks=stocks or context.stocks,
        mentioned=_mentioned(context, stocks),
        condition=understood.condition,
        before=before,
        entities=replace(understood.entities, grades=selected_grades(understood.text, understood.entities)),
        intents=understood.intents,
        language=language,
        listed=listed or tuple(stock.instrument for stock in stocks if len(stocks) > 1) or context.listed,
    )

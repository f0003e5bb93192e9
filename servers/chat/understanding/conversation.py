"""What a question takes over from the conversation, and what it leaves for the next one."""

import re
from dataclasses import replace

from servers.chat.understanding.canvas import Canvas
from servers.chat.understanding.intents import NEEDS_STOCK, REFUSALS, Intent
from servers.chat.understanding.values import Context, Entities, Period, StockMention, Understanding
from shared.market.instrument import Instrument

_LINKS = r"(?:그럼|그러면|그리고|또|아니|그냥|혹시|음|and|what about|how about|then|for|in|over)*"
_ASKING = r"(?:어때|어떄|어땠|어떤가|어떨까|어떻게|어떻|어떠|됐|좀|알려줘|보여줘|얘기해줘)*(?:요|어|어요)?[?.!~]*$"
_SAME_QUESTION = re.compile(rf"^{_LINKS}(?:◆(?:랑|하고|와|과|,)?)+(?:은|는|도|이|가|은요|는요|도요|요|의)*{_ASKING}")
_ONLY_PERIOD = re.compile(
    rf"^{_LINKS}●(?:은|는|에는|엔|에|도|이|로|으로|기준|기준으로|부터|까지|동안|간)*(?:은|는|요)?"
    rf"(?:줄이면|늘리면|바꾸면|보면|하면|치면)?{_ASKING}"
)
_ONLY_BOARD = re.compile(
    rf"^{_LINKS}(?:그|이|저)?(?:중에|중에서|가운데|중)(?:는|은)?■(?:종목|쪽|거|것|만|에서|은|는|도)*{_ASKING}"
    rf"|^{_LINKS}(?:only|just)?■(?:only|ones?|stocks?)+{_ASKING}"
)
"""Of a list before: 그중에 코스닥만. A bare 코스닥은? asks for the index."""

_DECIDES = re.compile(
    r"사도|살까|사야|들어가도|들어갈까|매수해도|매수할까|담아도|담을까|타도|should i (?:buy|get|enter)|buy it|worth buying"
)
"""Whether to buy something named before, as opposed to a wish for any recommendation."""
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
_CHOICE = re.compile(
    r"^(?:(?P<n>[1-5])(?:번|\.|\))?|(?P<word>첫|처음|두|둘|세|셋|네|넷|다섯)(?:번)?째"
    r"|(?:the )?(?P<en>first|second|third|fourth|fifth)(?: one)?)"
    r"(?:거|것|꺼|로|요|이요|으로|해줘|종목)*[.!?]*$"
)
_KEEPS_PERIOD = frozenset(
    {
        Intent.PRICE_QUOTE,
        Intent.PRICE_HISTORY,
        Intent.PRICE_RETURN,
        Intent.PRICE_COMPARE,
        Intent.PRICE_EXTREME,
        Intent.FLOW,
        Intent.CHART,
    }
)
_NOT_REMEMBERED = REFUSALS | {
    Intent.SMALLTALK,
    Intent.HELP,
    Intent.OUT_OF_SCOPE,
    Intent.UNKNOWN,
    Intent.RESET,
    Intent.STATUS,
}


def repeats_question(canvas: Canvas, context: Context) -> bool:
    """Whether the words only exchange the instrument or the period of the question before: 하이닉스는?, 작년은?"""
    compact = canvas.compact
    patterns = [_SAME_QUESTION, _ONLY_PERIOD]
    if any(intent.value.endswith(".list") for intent in context.intents):
        patterns.append(_ONLY_BOARD)
    return bool(context.intents) and any(pattern.match(compact) for pattern in patterns)


def decides_about_one(canvas: Canvas) -> bool:
    """Whether the words ask about buying one thing, so that without a name they mean the one of the conversation."""
    return bool(_DECIDES.search(canvas.compact) or _DECIDES.search(canvas.text))


def chosen(text: str, named: tuple[StockMention, ...], context: Context) -> Instrument | None:
    """The choice that an answer to a question with choices makes: by number, ordinal, or by naming one of them."""
    if not context.choices:
        return None
    match = _CHOICE.match(text.casefold().replace(" ", "") if not text.isascii() else text.casefold().strip())
    if match:
        position = int(match["n"]) - 1 if match["n"] else _ORDINALS[match["word"] or match["en"]]
        return context.choices[position] if position < len(context.choices) else None
    tickers = {choice.ticker: choice for choice in context.choices}
    return next((tickers[mention.instrument.ticker] for mention in named if mention.instrument.ticker in tickers), None)


def carry(
    entities: Entities, intents: tuple[Intent, ...], context: Context, *, same: bool, decides: bool = False
) -> tuple[Entities, tuple[str, ...]]:
    """Fill what the question leaves open from the conversation.

    Args:
        entities: What the question itself names.
        intents: Its intents.
        context: The conversation so far.
        same: The question before is repeated with something exchanged, so that everything else of it holds.
        decides: It asks whether to buy something that it does not name.

    Returns:
        The filled entities and the names of what came from the conversation.
    """
    before = context.entities
    names: list[str] = []
    wanted = same or NEEDS_STOCK.intersection(intents) or (decides and Intent.RECOMMEND_BUY in intents)
    if not entities.stocks and not entities.indices and context.stocks and wanted:
        entities = replace(entities, stocks=context.stocks)
        names.append("stocks")
    elif len(entities.stocks) == 1 and Intent.PRICE_COMPARE in intents and context.stocks and not entities.indices:
        own = entities.stocks[0].instrument.ticker
        others = tuple(stock for stock in context.stocks if stock.instrument.ticker != own)
        entities = replace(entities, stocks=(*others[:1], *entities.stocks))
        names.append("stocks")
    if not entities.periods and before.periods and (same or _keeps(before.periods, intents, context)):
        entities = replace(entities, periods=before.periods)
        names.append("periods")
    if same:
        entities = _repeat(entities, before)
    return entities, tuple(names)


def _keeps(periods: tuple[Period, ...], intents: tuple[Intent, ...], context: Context) -> bool:
    """A range goes on for the next figure of the same kind; a single day does not."""
    ranges = any(not period.single for period in periods)
    return ranges and bool(_KEEPS_PERIOD.intersection(intents)) and bool(_KEEPS_PERIOD.intersection(context.intents))


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
    )


def next_context(understood: Understanding, context: Context) -> Context:
    """What the conversation remembers after this question."""
    language = understood.language
    if understood.intent is Intent.RESET:
        return Context(language=language)
    if understood.intent is Intent.CLARIFY:
        choices = tuple(choice for ambiguity in understood.ambiguities for choice in ambiguity.choices)
        return replace(context, language=language, entities=understood.entities, choices=choices, pending=understood.pending)
    if _NOT_REMEMBERED.issuperset(understood.intents):
        return replace(context, language=language, choices=(), pending=())
    return Context(
        stocks=understood.entities.stocks or context.stocks,
        entities=understood.entities,
        intents=understood.intents,
        language=language,
    )

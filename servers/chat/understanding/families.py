"""From families of the cue tables to intents: signal kinds, list or one instrument, and what the periods change."""

from dataclasses import replace

from servers.chat.understanding.canvas import Canvas
from servers.chat.understanding.intents import NEEDS_STOCK, REFUSALS, SUBSCRIPTIONS, WITHOUT_FACTS, Intent
from servers.chat.understanding.screen import wants_every_kind
from servers.chat.understanding.values import Aspect, Context, Entities, Period, Unit, is_ago
from shared.market.instrument import Board
from shared.market.signal import SignalKind
from shared.market.topic import MarketIndex

SIGNAL_FAMILIES = frozenset({"signal", "signal.any", "signal.listed"})
_ALIASES = {"price.now": Intent.PRICE_QUOTE, "news.why": Intent.NEWS, "market.gate.now": Intent.MARKET_GATE}
_LISTS = (
    "종목|목록|리스트|후보|상위|전부|모두|추천|있는거|뜬거|나온거|잡힌|다(?:보여|알려)",
    "list|top|any|stocks|all|candidates|names",
)
_WHY = ("왜|이유|어째서", "why|reason")
_COUNTS = ("몇개|뭐있|뭐뭐|무엇|어떤", "which|how many")
"""Of a list, unless one instrument's checklist was spoken of before."""
_LIST_INTENTS = frozenset({Intent.RANKING, Intent.RECOMMEND_BUY, Intent.SCAN_RUN, Intent.SCOREBOARD})
_TAKES_RANGE = frozenset({Intent.CHART, Intent.FLOW, Intent.PRICE_RETURN, Intent.PRICE_EXTREME, Intent.NEWS})
WITHOUT_STOCK = frozenset({Intent.FLOW, Intent.NEWS, Intent.ALERT_CREATE, Intent.RECOMMEND_SELL})
"""What is asked of instruments, but has an answer without one as well."""
_BOARDS = {MarketIndex.KOSPI: Board.KOSPI, MarketIndex.KOSDAQ: Board.KOSDAQ}


def expand(families: tuple[str, ...], entities: Entities, context: Context, canvas: Canvas) -> tuple[Intent, ...]:
    """Intents for what the cues found, main one first; nothing found leads to what is named.

    A refusal stands alone, and so does a subscription.

    Args:
        families: Names of cue tables, best first.
        entities: What the question names.
        context: The conversation, whose instrument a question about its signals may mean.
        canvas: The question's words.
    """
    intents: list[Intent] = []
    for family in families:
        intents.extend(_signals(entities, context, canvas) if family in SIGNAL_FAMILIES else (_plain(family),))
    first = [intent for intent in intents if intent in WITHOUT_FACTS - REFUSALS]
    alone = first or [intent for intent in intents if intent in REFUSALS or intent in SUBSCRIPTIONS]
    found = tuple(dict.fromkeys(alone[:1] or intents))
    return found or _of_entities(entities, context, canvas)


def family_of(intent: Intent) -> str:
    """The cue table behind an intent: every signal list and signal question belongs to `signal`."""
    is_signal = intent.value.startswith("signal.") and intent is not Intent.SIGNAL_EXPLAIN
    return "signal" if is_signal else intent.value


def adapt(intents: tuple[Intent, ...], entities: Entities) -> tuple[tuple[Intent, ...], Entities]:
    """Let periods and indices have their say: a quote over a range is a history, an index before a list is a board."""
    if _LIST_INTENTS.intersection(intents) or any(intent.value.endswith(".list") for intent in intents):
        kept = entities.indices if Intent.MARKET_INDEX in intents else ()
        boards = tuple(_BOARDS[index] for index in entities.indices if index in _BOARDS)
        entities = replace(entities, boards=boards or entities.boards, indices=kept)
    if Intent.PRICE_RETURN in intents and entities.indices and not entities.stocks:
        intents = tuple(Intent.MARKET_INDEX if intent is Intent.PRICE_RETURN else intent for intent in intents)
    alone = not _TAKES_RANGE.intersection(intents)
    return tuple(dict.fromkeys(_by_period(intent, entities, alone=alone) for intent in intents)), entities


def answerable(intents: tuple[Intent, ...], entities: Entities) -> tuple[Intent, ...]:
    """Without what needs an instrument beside something that needs none, where none is named."""
    if entities.stocks or entities.indices or intents[0] in NEEDS_STOCK - WITHOUT_STOCK:
        return intents
    return tuple(intent for intent in intents if intent not in NEEDS_STOCK - WITHOUT_STOCK)


def since(period: Period, last: Period) -> Period:
    """The range from a day in the past up to the end of another period."""
    return replace(period, last=last.last, single=False)


def _signals(entities: Entities, context: Context, canvas: Canvas) -> tuple[Intent, ...]:
    one = "stock" if _is_about_one(entities, context, canvas) else "list"
    if wants_every_kind(canvas.text, entities):
        return (Intent.SIGNAL_LIST,)
    kinds = entities.kinds or ((SignalKind.VCP,) if entities.grades else ())
    if not kinds:
        return (Intent(f"signal.{one}"),)
    return tuple(Intent(f"signal.{kind.value.lower()}.{one}") for kind in kinds)


def _plain(family: str) -> Intent:
    return _ALIASES.get(family) or Intent(family)


def _is_about_one(entities: Entities, context: Context, canvas: Canvas) -> bool:
    if entities.stocks or (context.stocks and _any(canvas, _WHY) and any(map(_is_about_stock, context.intents))):
        return True
    counts = _any(canvas, _COUNTS) and not any(_is_about_stock(intent) for intent in context.intents)
    list_like = entities.count is not None or entities.grades or entities.indices or counts or _any(canvas, _LISTS)
    return bool(context.stocks) and not list_like


def _is_about_stock(intent: Intent) -> bool:
    return intent.value.startswith("signal.") and intent.value.endswith(".stock")


def _any(canvas: Canvas, patterns: tuple[str, ...]) -> bool:
    return any(canvas.find(pattern) for pattern in patterns)


def _of_entities(entities: Entities, context: Context, canvas: Canvas) -> tuple[Intent, ...]:
    """What a question without any cue means by the things it names."""
    if entities.kinds:
        return _signals(entities, context, canvas)
    by_entity = (
        (Intent.PRICE_QUOTE, entities.stocks),
        (Intent.MARKET_SESSION, entities.holidays),
        (Intent.MARKET_INDEX, entities.indices),
        (Intent.TERM, entities.terms),
        (Intent.FLOW, entities.investors),
    )
    return (next((intent for intent, named in by_entity if named), Intent.UNKNOWN),)


def _by_period(intent: Intent, entities: Entities, *, alone: bool) -> Intent:
    """A range belongs to the chart or the flows that are asked for beside a price."""
    periods, aspects = entities.periods, entities.aspects
    ranged = any(not period.single for period in periods)
    if intent is Intent.PRICE_QUOTE and ranged and alone:
        return Intent.PRICE_RETURN if Aspect.CHANGE in aspects else Intent.PRICE_HISTORY
    if intent is Intent.PRICE_HISTORY and periods and not ranged:
        return Intent.PRICE_QUOTE
    put_in = any(item.unit is Unit.WON for item in entities.quantities)
    if intent is Intent.PRICE_RETURN and periods and not ranged and not is_ago(periods[0]) and not put_in:
        return Intent.PRICE_QUOTE
    return intent

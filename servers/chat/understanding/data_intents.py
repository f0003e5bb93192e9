"""Intents of questions about data: which figure of what is asked for, whatever words say so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from servers.chat.understanding.data_concepts import NOWHERE, Concept, Spoken
from servers.chat.understanding.intents import Intent
from servers.chat.understanding.values import Entities, Unit, is_ago

DATA_INTENTS = frozenset(
    {
        Intent.PRICE_QUOTE,
        Intent.PRICE_HISTORY,
        Intent.PRICE_RETURN,
        Intent.PRICE_COMPARE,
        Intent.PRICE_EXTREME,
        Intent.PRICE_GAP,
        Intent.VOLUME_RATIO,
        Intent.PRICE_AVERAGE,
        Intent.PRICE_STREAK,
        Intent.PRICE_COST,
        Intent.RANKING,
        Intent.MARKET_SECTORS,
        Intent.CHART,
        Intent.MARKET_INDEX,
        Intent.FLOW,
        Intent.NEWS,
    }
)
"""What this module decides about; the other intents are told by their cues."""

_MOVES = (Concept.ROSE, Concept.FELL, Concept.MOVED)
_FIGURES = (Concept.PRICE, Concept.HOW_MUCH, Concept.CHANGE, Concept.RETURN, *_MOVES, Concept.TREND, Concept.DAILY)
_TRADED = (Concept.VOLUME, Concept.TURNOVER)
_BOUGHT = (Concept.BOUGHT, Concept.SOLD)
_SINCE_THEN = (Concept.INVESTED, Concept.RETURN, Concept.CHANGE, Concept.ROSE, Concept.FELL, Concept.MOVED, Concept.COMPARE)
_RANKED = (*_MOVES, *_TRADED, *_BOUGHT, Concept.MARKET_CAP, Concept.RETURN, Concept.CHANGE)
_SCREENED = (Concept.RECORD, Concept.LIMIT)
"""What some instruments of the market have in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What intents are told from.

    `spoken` may be of a part of it only. `named` counts instruments, also ones that are ambiguous or unknown; `carried`
    says that the conversation is about one, `compared` that the words say so of several things.
    """

    spoken: Spoken
    entities: Entities
    named: int
    carried: bool = False
    compared: bool = False

    @property
    def ranged(self) -> bool:
        """Whether it names a period of several days, also by its first one: `두 달 전에 비해`."""
        since = self.spoken.has(*_SINCE_THEN)
        return self.spoken.has(Concept.PERIOD) and any(
            not period.single or (since and is_ago(period)) for period in self.entities.periods
        )

    @property
    def several(self) -> bool:
        """Whether there are things to compare."""
        by_name = self.named + len(self.entities.indices) > 1
        return self.compared or by_name or self.spoken.has(Concept.BENCHMARK)

    @property
    def over_time(self) -> bool:
        """Whether it is about a development instead of how things stand."""
        return self.ranged or self.spoken.has(Concept.RETURN)

    @property
    def flows(self) -> bool:
        """Whether it is about who bought and sold."""
        spoken = self.spoken
        if spoken.has(Concept.INVESTOR, Concept.FLOW):
            return True
        traded = spoken.has(Concept.BOUGHT, Concept.SOLD) and not spoken.has(Concept.INVESTED)
        return traded and spoken.has(Concept.WHO, Concept.STREAK)


def data_intents(question: Question) -> tuple[Intent, ...]:
    """Intents in the order in which the question speaks of them; empty when it asks for no figure.

    Args:
        question: What was read of it.
    """
    of_market = question.named == 0 and (not question.carried or _of_market(question))
    if of_market or _is_group_in(question):
        return _about_market(question)
    return _about_stocks(question)


def _is_group_in(question: Question) -> bool:
    """Whether what was taken for an unknown name only says where to look: `국내에서 시총 1위`."""
    return question.named > 0 and not question.entities.stocks and question.spoken.has(Concept.GROUP) and _ranks(question)


def _of_market(question: Question) -> bool:
    """Whether it speaks of everything that is listed, not of one instrument that it leaves out."""
    return bool(question.entities.indices) or question.spoken.has(Concept.MARKET, Concept.GROUP) or _ranks(question)


def _ranks(question: Question) -> bool:
    """Whether it asks for an order: its end with what is ordered, or how many of it."""
    spoken = question.spoken
    ordered = spoken.has(Concept.MOST) or question.entities.count is not None
    return ordered or screens(spoken) or (spoken.has(Concept.GROUP) and spoken.has(Concept.MUCH, Concept.UNUSUAL, *_RANKED))


def screens(spoken: Spoken) -> bool:
    """Whether it asks which instruments of the market are at a high, a low or a limit, or how many."""
    several = spoken.has(Concept.GROUP, Concept.HOW_MANY)
    return spoken.has(Concept.LIMIT) or (spoken.has(Concept.RECORD) and several)


def _about_market(question: Question) -> tuple[Intent, ...]:
    spoken, entities = question.spoken, question.entities
    if entities.kinds or entities.grades or spoken.has(Concept.SIGNAL):
        return ()
    about_flows = question.flows
    if spoken.has(Concept.SECTOR) and not about_flows and not spoken.has(Concept.NEWS):
        return (Intent.MARKET_SECTORS,)
    listed = spoken.has(Concept.RECORD) and not entities.indices and not spoken.has(Concept.INDEX)
    if listed or (_ranks(question) and (about_flows or spoken.has(*_RANKED, *_SCREENED))):
        return (Intent.RANKING,)
    if about_flows and not spoken.has(Concept.NEWS):
        return (Intent.FLOW,)
    index = bool(entities.indices) or spoken.has(Concept.INDEX)
    if index and spoken.has(Concept.CHART):
        return (Intent.CHART,)
    figure = not spoken.places or spoken.has(*_FIGURES, Concept.HIGH, Concept.LOW, Concept.INDEX, Concept.MARKET)
    return (Intent.MARKET_INDEX,) if index and figure and not spoken.has(Concept.WHY, Concept.NEWS) else ()


def _about_stocks(question: Question) -> tuple[Intent, ...]:
    spoken = question.spoken
    if is_cost(question):
        return (Intent.PRICE_COST,)
    found = {intent: _place(intent, spoken) for intent, holds in _BESIDE if holds(question)}
    extreme = Intent.PRICE_EXTREME in found
    if not (extreme and spoken.has(Concept.DISTANCE) and not spoken.has(Concept.RETURN)):
        figure = _figure(question, frozenset(found))
        if figure is not None:
            found[figure] = _place(figure, spoken)
    return tuple(sorted(found, key=lambda intent: found[intent]))


def _asks_why(question: Question) -> bool:
    spoken = question.spoken
    return spoken.has(Concept.NEWS) or (spoken.has(Concept.WHY) and not question.entities.kinds)


def _is_price_streak(question: Question) -> bool:
    spoken = question.spoken
    counted = any(item.unit is Unit.STREAK_DAYS for item in question.entities.quantities)
    streak = (counted or spoken.has(Concept.STREAK)) and spoken.has(*_MOVES)
    return streak and not question.flows and not spoken.has(Concept.WHY)


def is_cost(question: Question) -> bool:
    """Whether it asks what shares cost on average, or brought, with what was paid for them."""
    paid = {item.unit for item in question.entities.quantities}
    spoken = question.spoken
    return Unit.SHARES in paid and (spoken.has(Concept.COST) or (spoken.has(Concept.AVERAGE) and Unit.WON in paid))


def _is_extreme(question: Question) -> bool:
    """High or low of a period, as opposed to the prices of one day, which a quote has."""
    spoken = question.spoken
    if not spoken.has(Concept.HIGH, Concept.LOW):
        return False
    one_day = bool(question.entities.periods) and not question.ranged
    return not (one_day or spoken.has(Concept.OHLC))


def _is_volume_ratio(question: Question) -> bool:
    spoken = question.spoken
    times = any(item.unit is Unit.MULTIPLE for item in question.entities.quantities)
    unusual = spoken.has(Concept.AVERAGE) or times or (spoken.has(Concept.UNUSUAL) and not spoken.has(Concept.HOW_MUCH))
    return spoken.has(*_TRADED) and unusual


_BESIDE: tuple[tuple[Intent, Callable[[Question], bool]], ...] = (
    (Intent.PRICE_AVERAGE, lambda question: question.spoken.has(Concept.MEAN_LINE) and not _is_volume_ratio(question)),
    (Intent.PRICE_STREAK, _is_price_streak),
    (Intent.CHART, lambda question: question.spoken.has(Concept.CHART)),
    (Intent.NEWS, _asks_why),
    (Intent.FLOW, lambda question: question.flows),
    (Intent.PRICE_EXTREME, _is_extreme),
    (Intent.VOLUME_RATIO, _is_volume_ratio),
)
"""What stands beside other questions about the same instrument."""


def _figure(question: Question, found: frozenset[Intent]) -> Intent | None:
    """The one question about the price itself, by the first rule that holds."""
    return next((intent for intent, holds in _RULES if holds(question, found)), None)


def _is_gap(question: Question, _: frozenset[Intent]) -> bool:
    apart = question.spoken.has(Concept.DEAR, Concept.COMMON_AND_PREFERRED)
    return question.several and not question.over_time and apart


def _is_comparison(question: Question, found: frozenset[Intent]) -> bool:
    return question.several and Intent.FLOW not in found and _compares(question)


def _is_part_of(question: Question, found: frozenset[Intent]) -> bool:
    return bool(found) and not _stands_beside(question, found)


def _is_return(question: Question, _: frozenset[Intent]) -> bool:
    spoken = question.spoken
    course = spoken.has(Concept.DAILY) or (
        spoken.has(Concept.TREND) and not spoken.has(Concept.RETURN, Concept.HOW_MUCH, Concept.ROSE, Concept.FELL)
    )
    asked = spoken.has(Concept.RETURN, Concept.HOW_MUCH, Concept.CHANGE, *_MOVES)
    put_in = any(item.unit is Unit.WON for item in question.entities.quantities)
    invested = spoken.has(Concept.INVESTED) and (put_in or spoken.has(Concept.HOW_MUCH, Concept.RETURN))
    return invested or (question.over_time and asked and not course)


def _is_course(question: Question, found: frozenset[Intent]) -> bool:
    spoken = question.spoken
    price = spoken.has(Concept.PRICE, Concept.OHLC, *_TRADED)
    return spoken.has(Concept.DAILY, Concept.TREND) or (question.ranged and not found and not price)


def _is_price(question: Question, _: frozenset[Intent]) -> bool:
    moved = (Concept.HOW_MUCH, Concept.ROSE, Concept.FELL)
    return question.spoken.has(Concept.PRICE, Concept.OHLC, Concept.CHANGE, *moved, *_TRADED)


_RULES: tuple[tuple[Intent | None, Callable[[Question, frozenset[Intent]], bool]], ...] = (
    (Intent.PRICE_GAP, _is_gap),
    (Intent.PRICE_COMPARE, _is_comparison),
    (None, _is_part_of),
    (Intent.PRICE_RETURN, _is_return),
    (Intent.PRICE_HISTORY, _is_course),
    (Intent.PRICE_QUOTE, _is_price),
)


def _compares(question: Question) -> bool:
    spoken = question.spoken
    if spoken.has(Concept.BENCHMARK) or question.compared:
        return True
    told = spoken.has(Concept.COMPARE, Concept.MOST)
    return (told and not spoken.has(Concept.PRICE_NOW)) or (question.over_time and spoken.has(Concept.RETURN, *_MOVES))


def _stands_beside(question: Question, found: frozenset[Intent]) -> bool:
    """Whether the price is asked for beside what was found, not as a part of it."""
    spoken = question.spoken
    if spoken.has(Concept.RETURN) and not found & {Intent.NEWS}:
        return True
    if _WITH_PRICE & found:
        return spoken.has(Concept.PRICE_NOW)
    return spoken.has(Concept.PRICE_NOW, Concept.PRICE, Concept.OHLC)


_WITH_PRICE = frozenset({Intent.VOLUME_RATIO, Intent.CHART, Intent.PRICE_EXTREME, Intent.PRICE_AVERAGE, Intent.PRICE_STREAK})
"""Answers that hold the price."""


def anchor(intent: Intent, spoken: Spoken) -> int | None:
    """Where the question speaks of what an intent asks for; None when it does not say so."""
    concepts = _SPOKEN_OF.get(intent)
    place = spoken.place(*concepts) if concepts else NOWHERE
    place = spoken.place(Concept.INVESTOR) if intent is Intent.FLOW and place == NOWHERE else place
    return place if place < NOWHERE else None


def _place(intent: Intent, spoken: Spoken) -> int:
    return spoken.place(*_SPOKEN_OF.get(intent, _SPOKEN_OF[Intent.PRICE_QUOTE]))


_SPOKEN_OF: Mapping[Intent, tuple[Concept, ...]] = {
    Intent.PRICE_QUOTE: (Concept.PRICE, Concept.HOW_MUCH, Concept.VOLUME, Concept.TURNOVER),
    Intent.PRICE_RETURN: (Concept.RETURN, *_MOVES),
    Intent.PRICE_COMPARE: (Concept.COMPARE, Concept.RETURN),
    Intent.PRICE_HISTORY: (Concept.DAILY, Concept.TREND),
    Intent.PRICE_EXTREME: (Concept.HIGH, Concept.LOW),
    Intent.PRICE_AVERAGE: (Concept.MEAN_LINE,),
    Intent.PRICE_STREAK: (Concept.STREAK,),
    Intent.VOLUME_RATIO: _TRADED,
    Intent.CHART: (Concept.CHART,),
    Intent.NEWS: (Concept.NEWS, Concept.WHY),
    Intent.FLOW: (Concept.FLOW, *_BOUGHT, Concept.WHO),
    Intent.MARKET_INDEX: (Concept.INDEX,),
    Intent.RANKING: (Concept.MOST, Concept.GROUP, Concept.LIMIT),
}

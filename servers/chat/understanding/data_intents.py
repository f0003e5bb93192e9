"""Intents of questions about data: which figure of what is asked for, whatever words say so."""

from collections.abc import Callable
from dataclasses import dataclass

from servers.chat.understanding.data_concepts import Concept, Spoken
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
        Intent.RANKING,
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
_SINCE_THEN = (Concept.INVESTED, Concept.RETURN, Concept.CHANGE, Concept.ROSE, Concept.FELL, Concept.MOVED)
_RANKED = (*_MOVES, *_TRADED, *_BOUGHT, Concept.MARKET_CAP, Concept.RETURN, Concept.CHANGE)


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
    return ordered or (spoken.has(Concept.GROUP) and spoken.has(Concept.MUCH, Concept.UNUSUAL, *_RANKED))


def _about_market(question: Question) -> tuple[Intent, ...]:
    spoken, entities = question.spoken, question.entities
    if entities.kinds or entities.grades or spoken.has(Concept.SIGNAL):
        return ()
    about_flows = question.flows
    if _ranks(question) and (about_flows or spoken.has(*_RANKED)):
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
    found: dict[Intent, int] = {}
    if spoken.has(Concept.CHART):
        found[Intent.CHART] = spoken.place(Concept.CHART)
    if spoken.has(Concept.NEWS) or (spoken.has(Concept.WHY) and not question.entities.kinds):
        found[Intent.NEWS] = spoken.place(Concept.NEWS, Concept.WHY)
    if question.flows:
        found[Intent.FLOW] = spoken.place(Concept.FLOW, Concept.BOUGHT, Concept.SOLD, Concept.WHO)
    extreme = _is_extreme(question)
    if extreme:
        found[Intent.PRICE_EXTREME] = spoken.place(Concept.HIGH, Concept.LOW)
    if _is_volume_ratio(question):
        found[Intent.VOLUME_RATIO] = spoken.place(*_TRADED)
    if not (extreme and spoken.has(Concept.DISTANCE) and not spoken.has(Concept.RETURN)):
        figure = _figure(question, frozenset(found))
        if figure is not None:
            found[figure] = _place(figure, spoken)
    return tuple(sorted(found, key=lambda intent: found[intent]))


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
    if Intent.VOLUME_RATIO in found or Intent.CHART in found or Intent.PRICE_EXTREME in found:
        return spoken.has(Concept.PRICE_NOW)
    return spoken.has(Concept.PRICE_NOW, Concept.PRICE, Concept.OHLC)


def _place(intent: Intent, spoken: Spoken) -> int:
    concepts = {
        Intent.PRICE_RETURN: (Concept.RETURN, *_MOVES),
        Intent.PRICE_COMPARE: (Concept.COMPARE, Concept.RETURN),
        Intent.PRICE_HISTORY: (Concept.DAILY, Concept.TREND),
    }
    return spoken.place(*concepts.get(intent, (Concept.PRICE, Concept.HOW_MUCH, Concept.VOLUME, Concept.TURNOVER)))

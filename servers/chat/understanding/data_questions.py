"""How questions about data join the intents that cues tell: alone they decide, beside an action where they stand apart."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from servers.chat.understanding.canvas import KIND, TERM, Canvas
from servers.chat.understanding.data_concepts import Concept, ConceptTable
from servers.chat.understanding.data_intents import DATA_INTENTS, Question, data_intents, is_cost, screens
from servers.chat.understanding.intents import Intent
from servers.chat.understanding.morphology import Morpheme
from servers.chat.understanding.parts import AND, JOINING, parts_of
from servers.chat.understanding.values import Entities, is_ago
from shared.market.signal import SignalKind

_DATA = frozenset({*(intent.value for intent in DATA_INTENTS), "price.now", "news.why", "market.summary"})
_DECISIONS = frozenset({"recommend.buy", "recommend.sell", "advice"})
_ASIDE = frozenset({"analysis.stock", "help", "smalltalk", "status"})
"""Found by words that questions about data have as well; they give way to one."""
_SIGNALS = frozenset({"signal", "signal.any"})
_EXPLAINED = frozenset({"knowledge.term", "signal.explain"})
_REQUESTED = (
    *(Concept.PRICE_NOW, Concept.PRICE, Concept.CHART, Concept.NEWS, Concept.FLOW, Concept.RETURN, Concept.TREND),
    *(Concept.MEAN_LINE, Concept.LIMIT, Concept.STREAK, Concept.COST, Concept.SECTOR),
)
"""What is asked for by its name, so that it counts beside another intent."""


class DataQuestions:
    """Tells what of the market's data a question asks for."""

    def __init__(self, concepts: ConceptTable) -> None:
        self._concepts = concepts

    def merged(
        self,
        families: tuple[str, ...],
        *,
        canvas: Canvas,
        morphemes: Sequence[Morpheme],
        entities: Entities,
        named: int,
        carried: bool,
        decides: bool = False,
    ) -> tuple[str, ...]:
        """Families of the cues with the intents about data in the place of theirs, main one first.

        Args:
            families: What the cues told.
            canvas: The question, entities painted over.
            morphemes: Of the canvas's text.
            entities: What the question names.
            named: Instruments that it names, also ambiguous and unknown ones.
            carried: Whether the conversation is about an instrument.
            decides: Whether it asks for a decision.
        """
        spoken = self._concepts.read(canvas, morphemes)
        compared = "price.compare" in families and named == 1 and spoken.has(Concept.COMPARE)
        compared = compared and not spoken.has(Concept.MEAN_LINE) and not any(map(is_ago, entities.periods))
        whole = Question(spoken=spoken, entities=entities, named=named, carried=carried, compared=compared)
        decides = decides and not spoken.has(Concept.INVESTED) and not _asks_whose(whole)
        others = tuple(family for family in families if family not in _DATA)
        firm = tuple(family for family in others if (decides and family in _DECISIONS) or not _gives_way(family, whole))
        cued = tuple(family for family in families if family in _DATA)
        if not decides and (cued or set(firm) - _DECISIONS):  # money in passing: `시드가 작아서`
            firm = tuple(family for family in firm if family != "advice")
        if _is_definition(entities) and _EXPLAINED.intersection(firm):
            return self._beside_explained(firm, canvas, morphemes, whole)
        if decides and "advice" in firm:  # money and a decision: what else it speaks of belongs to them
            return firm
        if firm and _SIGNALS.issuperset(firm):
            signals = self._beside_signals(families, firm, whole)
            return tuple(dict.fromkeys((*self._compared_apart(canvas, morphemes, whole), *signals)))
        if firm and families[0] not in cued:
            return (*firm, *cued, *self._apart(canvas, morphemes, whole, firm), *_reasons(whole, firm))
        return (*(self._alone(canvas, morphemes, whole) or cued or others), *firm)

    def _alone(self, canvas: Canvas, morphemes: Sequence[Morpheme], whole: Question) -> tuple[str, ...]:
        """What each part asks for, in order; of a single one what the whole does."""
        found: dict[Intent, None] = {}
        for part, words in parts_of(canvas, morphemes, self._concepts, AND):
            question = replace(whole, spoken=self._concepts.read(part, words))
            found |= dict.fromkeys(data_intents(question))
        if Intent.NEWS in found and not whole.spoken.has(Concept.PRICE, Concept.HOW_MUCH):
            found.pop(Intent.PRICE_QUOTE, None)  # what was reported about a move comes with the price
        return tuple(intent.value for intent in found)

    def _beside_signals(self, families: tuple[str, ...], firm: tuple[str, ...], whole: Question) -> tuple[str, ...]:
        """Signals and figures of the same instruments; the figures only where they are named."""
        if not whole.named:
            return firm
        if _is_figure(whole):
            return (Intent.PRICE_AVERAGE.value, *firm)
        if not whole.spoken.has(*_REQUESTED):
            return firm
        asked = [intent for intent in data_intents(whole) if intent is not Intent.PRICE_QUOTE or _is_named_price(whole)]
        data = tuple(intent.value for intent in asked)
        return (*firm, *data) if families[0] in firm else (*data, *firm)

    def _compared_apart(self, canvas: Canvas, morphemes: Sequence[Morpheme], whole: Question) -> tuple[str, ...]:
        """A comparison in a part of its own: `둘 중에 더 오른 거 알려주고 단타 체크도`."""
        parts = parts_of(canvas, morphemes, self._concepts, AND) if whole.named > 1 else ()
        for part, words in parts:
            question = replace(whole, spoken=self._concepts.read(part, words))
            if KIND not in part.text and _asks_for(question, Intent.PRICE_COMPARE):
                return (Intent.PRICE_COMPARE.value,)
        return ()

    def _beside_explained(
        self, firm: tuple[str, ...], canvas: Canvas, morphemes: Sequence[Morpheme], whole: Question
    ) -> tuple[str, ...]:
        """What is explained, the signal of an instrument as its example, and figures that are asked for apart from it."""
        aside = _ASIDE if whole.named else _ASIDE | _DECISIONS  # `keep it short` asks about no holding
        kept = [family for family in firm if family not in aside]
        if whole.named and whole.entities.defined.kinds:
            kept.append(Intent.PRICE_AVERAGE.value if whole.entities.kinds == (SignalKind.DISPARITY,) else "signal")
        found: dict[str, None] = {}
        if whole.spoken.has(*_REQUESTED) if whole.named else screens(whole.spoken):
            found |= dict.fromkeys(intent.value for intent in data_intents(whole))
        apart = JOINING if whole.named else AND
        for part, words in parts_of(canvas, morphemes, self._concepts, apart) if TERM in canvas.text or whole.named else ():
            if TERM not in part.text and KIND not in part.text:
                spoken = self._concepts.read(part, words)
                found |= dict.fromkeys(intent.value for intent in data_intents(replace(whole, spoken=spoken)))
        if whole.entities.defined.kinds:
            found.pop(Intent.PRICE_QUOTE.value, None)
        return tuple(dict.fromkeys((*kept, *found)))

    def _apart(
        self, canvas: Canvas, morphemes: Sequence[Morpheme], whole: Question, firm: tuple[str, ...]
    ) -> tuple[str, ...]:
        """Figures in a part of the question of their own, beside something to do: `관심에 넣고 현재가도 보여줘`."""
        if any(family.startswith("adversarial.") for family in firm):
            return ()
        parts = list(parts_of(canvas, morphemes, self._concepts, JOINING))
        if len(parts) < 2:
            return ()
        found: dict[str, None] = {}
        for part, words in parts:
            spoken = self._concepts.read(part, words)
            if _is_figure(whole) and part.find(KIND) is not None and spoken.has(Concept.HOW_MUCH):
                found[Intent.PRICE_AVERAGE.value] = None
            if spoken.has(*_REQUESTED) or (spoken.has(Concept.MOVED) and spoken.has(Concept.HOW_MUCH)):
                found |= dict.fromkeys(intent.value for intent in data_intents(replace(whole, spoken=spoken)))
        return tuple(found)


def _is_definition(entities: Entities) -> bool:
    return bool(entities.defined.keys or entities.defined.kinds)


def _of_signals(question: Question) -> bool:
    return bool(question.entities.kinds or question.entities.grades) or question.spoken.has(Concept.SIGNAL)


def _reasons(question: Question, firm: tuple[str, ...]) -> tuple[str, ...]:
    """What was reported about a move, for a decision that speaks of its cause."""
    why = question.named and question.spoken.has(Concept.WHY, Concept.NEWS)
    return (Intent.NEWS.value,) if why and _DECISIONS.intersection(firm) else ()


def _gives_way(family: str, question: Question) -> bool:
    """Whether the family was found by words that a question about data has as well."""
    holds = _COMPUTED.get(family)
    return family in _ASIDE or (holds is not None and holds(question))


def _asks_for(question: Question, *intents: Intent) -> bool:
    return not frozenset(intents).isdisjoint(data_intents(question))


def _asks_whose(question: Question) -> bool:
    """Whether it asks who bought or sold how much: `외국인이 얼마치 담았을까`."""
    whose = question.spoken.has(Concept.INVESTOR) and question.spoken.has(Concept.HOW_MUCH)
    return bool(question.named) and whose and _asks_for(question, Intent.FLOW) and not question.spoken.has(Concept.PICK)


def _only_computes(question: Question) -> bool:
    """Whether words of a decision only say what is computed or asked about: `왜 빠져, 물렸는데`."""
    if question.named and (is_cost(question) or question.spoken.has(Concept.WHY)):
        return not question.spoken.has(Concept.PICK)
    measured = _asks_for(question, Intent.PRICE_RETURN, Intent.PRICE_EXTREME)
    return measured and (question.ranged or question.spoken.has(Concept.HOW_MUCH))


def _only_orders(question: Question) -> bool:
    """The same, or what is ordered."""
    shown = question.named and question.spoken.has(Concept.CHART, Concept.DAILY, Concept.PRICE, Concept.NEWS, Concept.FLOW)
    if shown or (not question.named and _asks_for(question, Intent.RANKING)):
        return not question.spoken.has(Concept.PICK)
    return _only_computes(question)


_COMPUTED: Mapping[str, Callable[[Question], bool]] = {
    "scoreboard": lambda question: not _of_signals(question),
    "instrument.facts": lambda question: _asks_for(
        question, Intent.RANKING, Intent.PRICE_GAP, Intent.MARKET_SECTORS, Intent.PRICE_COST
    ),
    "adversarial.promise": lambda question: _asks_for(question, Intent.VOLUME_RATIO),  # `몇 배나 터졌어` is no forecast
    "adversarial.order": lambda question: bool(question.named) and is_cost(question),  # `60주 더 사면 평단은`
    "recommend.buy": _only_orders,
    "recommend.sell": _only_computes,
    "advice": _only_computes,
}
"""Families that give way, and when."""


def _is_figure(question: Question) -> bool:
    """Whether the distance from a mean is asked for rather than the strategy that goes by it."""
    return question.entities.kinds == (SignalKind.DISPARITY,) and not question.spoken.has(Concept.SIGNAL)


def _is_named_price(question: Question) -> bool:
    return question.spoken.has(Concept.PRICE_NOW)

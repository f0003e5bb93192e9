"""From a question and its conversation to an `Understanding`; the one entry into this package."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from servers.chat.understanding.acts import ActSheet
from servers.chat.understanding.canvas import SIGNS, STOCK, Canvas
from servers.chat.understanding.condition import read_condition
from servers.chat.understanding.conversation import carry, chosen
from servers.chat.understanding.crowded_names import CrowdedNames
from servers.chat.understanding.data_concepts import Concept, ConceptTable
from servers.chat.understanding.data_questions import DataQuestions
from servers.chat.understanding.entities import EntityReader, Reading
from servers.chat.understanding.families import adapt, expand, family_of
from servers.chat.understanding.features import features_of
from servers.chat.understanding.follow_up import FollowUp, only_why
from servers.chat.understanding.intents import NEEDS_STOCK, REFUSALS, SUBSCRIPTIONS, Intent
from servers.chat.understanding.language import detect_language
from servers.chat.understanding.lexicon import Lexicon
from servers.chat.understanding.morphology import Morpheme, Morphemes, content_lemmas
from servers.chat.understanding.normalise import normalise
from servers.chat.understanding.periods import PeriodReader, load_period_rows
from servers.chat.understanding.scoring import Scored, choose_over_clauses, score_intents
from servers.chat.understanding.share_classes import ShareClasses
from servers.chat.understanding.spelling import repair
from servers.chat.understanding.topics import read_topics
from servers.chat.understanding.unknown_names import Finding, NameFinder
from servers.chat.understanding.values import (
    Context,
    Direction,
    Entities,
    Evidence,
    Forecast,
    StockMention,
    Understanding,
)
from shared.market.instrument_index import InstrumentIndex
from shared.market.language import Language
from shared.market.sessions import SessionCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A question by itself, before the conversation is looked at."""

    text: str
    reading: Reading
    canvas: Canvas
    sheet: ActSheet
    morphemes: Sequence[Morpheme]
    scored: tuple[Scored, ...]
    clauses: tuple[tuple[Scored, ...], ...]
    named: int = 0

    @property
    def entities(self) -> Entities:
        return self.reading.entities


class Understander:
    """Understands questions against the instruments and the calendar of one moment; immutable, safe to share."""

    def __init__(self, *, lexicon: Lexicon, index: InstrumentIndex, calendar: SessionCalendar, morphemes: Morphemes) -> None:
        self._lexicon = lexicon
        self._marks = lexicon.words["marks"]
        self._morphemes = morphemes
        periods = PeriodReader(load_period_rows(), calendar)
        self._entities = EntityReader(lexicon, index, periods=periods, morphemes=morphemes)
        self._crowded = CrowdedNames(lexicon, index)
        self._concepts = ConceptTable.load()
        self._names = NameFinder(lexicon, index, spoken=frozenset(self._concepts.lemmas))
        self._classes = ShareClasses(index)
        self._data = DataQuestions(self._concepts)
        self._follow_up = FollowUp.load()

    def understand(self, raw: str, *, today: date, context: Context | None = None) -> Understanding:
        """Read a question.

        Args:
            raw: What the user typed; any length, any characters.
            today: Date of market time in Korea.
            context: The conversation so far; None at its start.

        Returns:
            Intents (never empty), entities and the evidence for them. A question that cannot be read has the intent
            UNKNOWN, one that needs a choice or an instrument CLARIFY.
        """
        context = context or Context()
        clean = normalise(raw)
        draft = self._pointing_back(self._draft(clean.text, today), context)
        understood = self._with_conversation(draft, context)
        return replace(understood, language=self._language(draft, context), truncated=clean.truncated)

    def _draft(self, text: str, today: date) -> _Draft:
        reading = self._read(text, today)
        draft = self._scored(text, reading)
        if draft.scored and draft.scored[0].intent == Intent.MARKET_SESSION:
            return self._scored(text, self._read(text, today, forward=True))
        if any(item.anchored for item in draft.scored):
            return draft
        repaired, repairs = repair(reading.canvas, self._lexicon.short_spelling, draft.morphemes)
        return self._scored(text, replace(reading, canvas=repaired)) if repairs else draft

    def _read(self, text: str, today: date, *, forward: bool = False) -> Reading:
        """Entities, names among them that stand in a crowd of letters."""
        reading = self._with_names(text, today, forward=forward)
        return replace(reading, entities=self._classes.added(reading.entities, reading.canvas))

    def _with_names(self, text: str, today: date, *, forward: bool) -> Reading:
        reading = self._entities.read(text, today, forward=forward)
        found = bool(reading.entities.stocks or reading.ambiguities)
        if not self._crowded.wanted(reading.canvas, found=found):
            return reading
        morphemes = self._morphemes.analyse(reading.canvas.original)
        further = self._crowded.find(reading.canvas, morphemes, found=found)
        return self._entities.read(text, today, forward=forward, further=further) if further else reading

    def _scored(self, text: str, reading: Reading, *, named: bool = False) -> _Draft:
        canvas = self._without_courtesies(reading.canvas)
        morphemes = self._morphemes.analyse(canvas.original)
        features = features_of(
            reading.entities,
            canvas,
            marks=self._marks,
            today=reading.today,
            named=named or bool(reading.ambiguities),
        )
        lemmas = content_lemmas(morphemes)
        sheet, *parts = (
            ActSheet(part, self._lexicon.acts, features=features, lemmas=lemmas) for part in (canvas, *canvas.clauses())
        )
        scored, *clauses = (score_intents(one, self._lexicon.cue_tables) for one in (sheet, *parts))
        several = tuple(clauses) if len(clauses) > 1 else ()
        further = max(len(reading.ambiguities), int(named))
        return _Draft(
            text=text,
            reading=reading,
            canvas=canvas,
            sheet=sheet,
            morphemes=morphemes,
            scored=scored,
            clauses=several,
            named=len(reading.entities.stocks) + further,
        )

    def _without_courtesies(self, canvas: Canvas) -> Canvas:
        """The question without greetings and thanks around it; a greeting alone stays."""
        bare = canvas
        for pattern in self._lexicon.words["courtesies"]["phrases"]:
            for hit in bare.find_all(pattern):
                bare = bare.blank(hit.start, hit.end)
        return bare if any(letter.isalnum() or letter in SIGNS for letter in bare.text) else canvas

    def _with_conversation(self, draft: _Draft, context: Context) -> Understanding:
        choice = chosen(draft.text, draft.entities.stocks, context)
        if choice is not None:
            stock = StockMention(instrument=choice, words=draft.text, how="choice")
            entities = _with_stock(context.entities, stock)
            return self._finished(draft, context.pending, entities, carried=("intent",))
        if self._follow_up.answers(draft.entities, draft.morphemes, context):
            return self._finished(draft, context.pending, _with_stock(context.entities, draft.entities.stocks[-1]))
        if self._repeats(draft, context):
            return self._repeated(draft, context)
        return self._fresh(draft, context)

    def _pointing_back(self, draft: _Draft, context: Context) -> _Draft:
        """The question with what it points at in the conversation named: the second of a list, the strategy before."""
        entities, reading = draft.entities, draft.reading
        if entities.stocks or entities.kinds or reading.ambiguities:
            return draft
        found = self._follow_up.listed(Canvas(draft.text), context) if context.listed else None
        if found is not None:
            hit, instrument = found
            canvas = reading.canvas.blank(hit.start, hit.end).paint(hit.start, hit.end, STOCK)
            stock = StockMention(instrument=instrument, words=hit.words, how="context")
            kinds = context.entities.kinds
            named = replace(entities, stocks=(stock,), kinds=kinds, count=None, quantities=())
            return self._scored(draft.text, replace(reading, entities=named, canvas=canvas))
        kinds = context.entities.kinds
        if kinds and not context.entities.stocks and draft.sheet.find("&back") is not None:
            return self._scored(draft.text, replace(reading, entities=replace(entities, kinds=kinds)))
        return draft

    def _repeats(self, draft: _Draft, context: Context) -> bool:
        asked = (
            draft.sheet.find("&more") is not None
            or self._marked(draft, "speak_english")
            or self._marked(draft, "speak_korean")
        )
        return self._follow_up.repeats(draft.entities, draft.morphemes, context, asked=asked)

    def _repeated(self, draft: _Draft, context: Context) -> Understanding:
        """The question before with something exchanged in it."""
        adds = draft.sheet.find("&adding") is not None
        entities, names = carry(draft.entities, context.intents, context, same=True, adds=adds)
        families = tuple(family_of(intent) for intent in context.intents)
        intents = expand(families, entities, context, draft.canvas)
        return self._finished(draft, intents, entities, carried=("intent", *names))

    def _fresh(self, draft: _Draft, context: Context) -> Understanding:
        """A question of its own; the conversation at most says which instrument it is about."""
        intents = self._intents(draft, context)
        finding = self._unknown(draft, intents, context)
        if finding.end:
            named = self._scored_again(draft, finding)
            intents = self._intents(named, context)
            if not NEEDS_STOCK.intersection(intents):
                finding, intents = Finding(), self._intents(draft, context)
        if finding.stock is not None:
            return self._finished(draft, intents, _with_stock(draft.entities, finding.stock))
        if finding.end or draft.reading.ambiguities:
            return self._finished(draft, intents, draft.entities, finding=finding)
        if only_why(draft.canvas, context):
            intents = (Intent.NEWS,)
        if self._completes_alert(draft, intents, context):
            entities, names = carry(draft.entities, context.intents, context, same=True)
            return self._finished(draft, context.intents, entities, carried=("intent", *names))
        entities, names = carry(
            draft.entities,
            intents,
            context,
            same=False,
            decides=any(draft.sheet.find(rule) is not None for rule in _DECIDING),
            adds=draft.sheet.find("&adding") is not None,
        )
        return self._finished(draft, intents, entities, carried=names)

    @staticmethod
    def _completes_alert(draft: _Draft, intents: tuple[Intent, ...], context: Context) -> bool:
        """Whether it is the condition that an alert was asked for: `5% 이상 오르면`."""
        if context.intents != (Intent.ALERT_CREATE,) or REFUSALS.intersection(intents) or Intent.ALERT_CREATE in intents:
            return False
        return any(draft.sheet.find(rule) is not None for rule in _CONDITIONAL)

    def _intents(self, draft: _Draft, context: Context) -> tuple[Intent, ...]:
        families = choose_over_clauses(draft.scored, draft.clauses, self._lexicon.cue_tables)
        families = self._data.merged(
            families,
            canvas=draft.canvas,
            morphemes=draft.morphemes,
            entities=draft.entities,
            named=draft.named,
            carried=bool(context.stocks),
        )
        intents = expand(families, draft.entities, context, draft.canvas)
        foreign = not draft.entities.stocks and self._hit(draft.canvas, self._lexicon.words["foreign_assets"]["names"])
        about_one = NEEDS_STOCK.intersection(intents) or intents == (Intent.UNKNOWN,)
        return (Intent.OUT_OF_SCOPE,) if foreign and about_one else intents

    def _unknown(self, draft: _Draft, intents: tuple[Intent, ...], context: Context) -> Finding:
        asks_for_one = NEEDS_STOCK.intersection(intents) or Intent.UNKNOWN in intents
        benchmark = self._concepts.read(draft.canvas, draft.morphemes).has(Concept.BENCHMARK)
        wanted = 1 + (Intent.PRICE_COMPARE in intents and not benchmark)
        missing = wanted - len(draft.entities.stocks) - len(draft.entities.indices)
        if missing < 1 or draft.reading.ambiguities or not asks_for_one:
            return Finding()
        strict = bool(context.stocks) or Intent.UNKNOWN in intents
        code = None if draft.entities.stocks else self._names.unknown_code(draft.text)
        return code or self._names.find(draft.morphemes, draft.canvas, strict=strict) or Finding()

    def _scored_again(self, draft: _Draft, finding: Finding) -> _Draft:
        """The question with the found name painted over, so that its cues count as being about an instrument."""
        canvas = draft.canvas.paint(finding.start, finding.end, STOCK)
        return self._scored(draft.text, replace(draft.reading, canvas=canvas), named=True)

    def _finished(
        self,
        draft: _Draft,
        intents: tuple[Intent, ...],
        entities: Entities,
        *,
        carried: tuple[str, ...] = (),
        finding: Finding = Finding(),  # noqa: B008 -- an immutable value
    ) -> Understanding:
        intents, entities = adapt(intents, entities)
        ambiguities = (finding.ambiguity,) if finding.ambiguity else ()
        if "intent" not in carried:
            ambiguities = (*draft.reading.ambiguities, *ambiguities)
        asks_back = bool(ambiguities) or _lacks_stock(intents, entities, finding)
        alert = Intent.ALERT_CREATE in intents
        return Understanding(
            text=draft.text,
            language=Language.KO,
            intents=(Intent.CLARIFY,) if asks_back else intents,
            entities=entities,
            spoken=self._concepts.read(draft.canvas, draft.morphemes),
            evidence=tuple(Evidence(intent=item.intent, score=item.score, cues=item.cues) for item in draft.scored),
            ambiguities=ambiguities,
            unresolved=(finding.unresolved,) if finding.unresolved else (),
            condition=read_condition(entities, draft.canvas, self._marks) if alert else None,
            premise=self._premise(draft),
            subscriptions=read_topics(entities, draft.canvas, self._lexicon.acts)
            if SUBSCRIPTIONS.intersection(intents)
            else (),
            forecast=_forecast(draft.sheet) if Intent.PROMISE in intents else None,
            asks_why=self._asks_why(draft),
            carried=carried,
            pending=intents if asks_back else (),
            unsupported_code=draft.reading.unsupported_code,
        )

    def _language(self, draft: _Draft, context: Context) -> Language:
        names = tuple(stock.words for stock in draft.entities.stocks)
        return detect_language(draft.canvas, self._marks, names=names, fallback=context.language)

    def _premise(self, draft: _Draft) -> Direction | None:
        """`왜 떨어져?` takes a direction for granted, which the answer checks first."""
        return draft.entities.direction if self._asks_why(draft) else None

    def _asks_why(self, draft: _Draft) -> bool:
        return self._concepts.read(draft.canvas, draft.morphemes).has(Concept.WHY) or self._marked(draft, "why")

    def _marked(self, draft: _Draft, mark: str) -> bool:
        return self._hit(draft.canvas, self._marks[mark])

    @staticmethod
    def _hit(canvas: Canvas, patterns: tuple[str, ...]) -> bool:
        return any(canvas.find(pattern) for pattern in patterns)


_DECIDING = ("&buy judge !pick", "&sell judge", "&funds judge", "&will !pick")
"""Questions for a decision or a forecast, which mean what was named before where they name nothing."""
_CONDITIONAL = ("&condition", "&bound !explain", "&won !explain", "&percent !explain")


def _forecast(sheet: ActSheet) -> Forecast | None:
    """Which kind of forecast a question wants, if it is one."""
    if sheet.find("&target") is not None:
        return Forecast.TARGET
    return Forecast.EXACT if sheet.find("&tomorrow figure stock !certainty !pick") is not None else None


def _with_stock(entities: Entities, stock: StockMention) -> Entities:
    return replace(entities, stocks=(*entities.stocks, stock))


def _lacks_stock(intents: tuple[Intent, ...], entities: Entities, finding: Finding) -> bool:
    """Whether an instrument has to be asked for; market-wide flows, news and new-signal alerts do without one."""
    if entities.stocks or entities.indices or finding.unresolved is not None:
        return False
    return intents[0] in NEEDS_STOCK - _WITHOUT_STOCK


_WITHOUT_STOCK = frozenset({Intent.FLOW, Intent.NEWS, Intent.ALERT_CREATE, Intent.RECOMMEND_SELL})

"""From a question and its conversation to an `Understanding`; the one entry into this package."""

from dataclasses import replace
from datetime import date

from servers.chat.understanding.acting import awaits, cancels, completes_alert, confirms, on_the_list
from servers.chat.understanding.actions import ACTIONS, ActionReader, entities_in, is_beside
from servers.chat.understanding.acts import ActSheet
from servers.chat.understanding.back_references import doubted, single
from servers.chat.understanding.canvas import Canvas
from servers.chat.understanding.condition import read_change, read_condition, repeats
from servers.chat.understanding.conversation import carry, chosen, compared_before, completed
from servers.chat.understanding.data_concepts import Concept, ConceptTable
from servers.chat.understanding.data_questions import DataQuestions
from servers.chat.understanding.demands import read_demands
from servers.chat.understanding.drafting import Draft, Drafter
from servers.chat.understanding.families import WITHOUT_STOCK, adapt, answerable, expand, family_of
from servers.chat.understanding.follow_up import FollowUp, only_why
from servers.chat.understanding.intents import NEEDS_STOCK, SUBSCRIPTIONS, WITHOUT_FACTS, Intent
from servers.chat.understanding.language import detect_language
from servers.chat.understanding.lexicon import Lexicon
from servers.chat.understanding.missing_names import MissingNames
from servers.chat.understanding.morphology import Morphemes
from servers.chat.understanding.normalise import normalise
from servers.chat.understanding.parts import own_periods
from servers.chat.understanding.pointing import Pointing
from servers.chat.understanding.refusals import asks_of_outcomes, is_harmless, parts_about_something
from servers.chat.understanding.repeating import Repeating
from servers.chat.understanding.rereading import without_given_up, without_pasted
from servers.chat.understanding.scoring import choose_over_clauses
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
from shared.market.instrument import InstrumentKind
from shared.market.instrument_index import InstrumentIndex
from shared.market.language import Language
from shared.market.sessions import SessionCalendar


class Understander:
    """Understands questions against the instruments and the calendar of one moment; immutable, safe to share."""

    def __init__(self, *, lexicon: Lexicon, index: InstrumentIndex, calendar: SessionCalendar, morphemes: Morphemes) -> None:
        self._lexicon = lexicon
        self._marks = lexicon.words["marks"]
        self._drafter = Drafter(lexicon=lexicon, index=index, calendar=calendar, morphemes=morphemes)
        self._concepts = ConceptTable.load()
        self._names = NameFinder(lexicon, index, spoken=frozenset(self._concepts.lemmas))
        self._data = DataQuestions(self._concepts)
        self._follow_up = FollowUp.load()
        self._actions = ActionReader(lexicon, self._drafter)
        self._missing = MissingNames(self._names, self._concepts, lexicon=lexicon, index=index)
        self._repeating = Repeating(self._follow_up, self._concepts, self._marks)
        self._pointing = Pointing(self._drafter, self._names, self._follow_up)

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
        draft = without_pasted(self._drafter, self._drafter.draft(clean.text, today))
        if context.intents:
            draft = without_given_up(self._drafter, draft)
        draft = self._pointing.named(draft, context)
        understood = self._with_conversation(draft, context)
        return replace(understood, language=self._language(draft, context), truncated=clean.truncated)

    def _with_conversation(self, draft: Draft, context: Context) -> Understanding:
        choice = chosen(draft.text, draft.entities.stocks, context)
        if choice is not None:
            whole = self._drafter.draft(completed(draft.text, choice, context), draft.reading.today)
            if any(stock.instrument.ticker == choice.ticker for stock in whole.entities.stocks):
                return self._fresh(whole, replace(context, choices=(), pending=(), question="", unclear=""))
            stock = StockMention(instrument=choice, words=draft.text, how="choice")
            entities = _with_stock(context.entities, stock)
            return self._finished(draft, context.pending, entities, carried=("intent",))
        if self._follow_up.answers(draft.entities, draft.morphemes, context):
            return self._finished(draft, context.pending, _with_stock(context.entities, draft.entities.stocks[-1]))
        return (
            self._answered(draft, context)
            or self._again(draft, context)
            or compared_before(self._fresh(draft, context), context)
        )

    def _answered(self, draft: Draft, context: Context) -> Understanding | None:
        """The yes or no to what was previewed."""
        if not awaits(context):
            return None
        if cancels(Canvas(draft.text)):
            return self._finished(draft, (Intent.CANCEL,), Entities(), carried=("intent",))
        return replace(self._repeated(draft, context), condition=context.condition) if confirms(Canvas(draft.text)) else None

    def _again(self, draft: Draft, context: Context) -> Understanding | None:
        """The last question, or the one before it, with something exchanged in it."""
        if on_the_list(draft.sheet, context) is not None:
            return None
        if self._repeating.asks_about_score(draft, context):
            return self._repeated(draft, context)
        earlier = (one for one in (context, context.before) if one is not None and self._repeating.repeats(draft, one))
        return next((self._repeated(draft, one) for one in earlier), None)

    def _repeated(self, draft: Draft, context: Context) -> Understanding:
        """The question before with something exchanged in it."""
        adds = draft.sheet.find("&adding") is not None
        entities, names = carry(draft.entities, context.intents, context, same=True, adds=adds)
        families = tuple(family_of(intent) for intent in context.intents)
        intents = expand(families, entities, context, draft.canvas)
        return self._finished(draft, intents, entities, carried=("intent", *names))

    def _fresh(self, draft: Draft, context: Context) -> Understanding:
        """A question of its own; the conversation at most says which instrument it is about."""
        intents = self._intents(draft, context)
        intents = (*intents, *self._beside_refusal(draft, intents, context), *self._beside_action(draft, intents, context))
        listed = on_the_list(draft.sheet, context)
        intents = intents if listed is None else (listed,)
        finding = self._missing.find(draft, intents, context)
        if finding.end:
            named = self._drafter.scored_with_name(draft, finding.start, finding.end)
            intents = self._intents(named, context)
            if not NEEDS_STOCK.intersection(intents) and not finding.stray:
                finding, intents = Finding(), self._intents(draft, context)
        if finding.stock is not None:
            return self._finished(draft, intents, _with_stock(draft.entities, finding.stock))
        if finding.end or draft.reading.ambiguities:
            return self._finished(draft, intents, draft.entities, finding=finding)
        if only_why(draft.canvas, context):
            intents = (Intent.NEWS,)
        doubt = None if draft.entities.stocks else doubted(draft.canvas, context)
        if doubt is not None and NEEDS_STOCK.intersection(intents):
            return self._finished(draft, intents, draft.entities, finding=Finding(ambiguity=doubt))
        if completes_alert(draft.sheet, intents, context):
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

    def _intents(self, draft: Draft, context: Context) -> tuple[Intent, ...]:
        families = choose_over_clauses(draft.scored, draft.clauses, self._lexicon.cue_tables)
        refused = any(family.startswith("adversarial.") for family in families)
        if not refused and "news" in families and any(draft.sheet.find(rule) is not None for rule in _HEARSAY):
            return (Intent.NEWS,)
        families = self._data.merged(
            families,
            canvas=draft.canvas,
            morphemes=draft.morphemes,
            entities=draft.entities,
            named=draft.named,
            carried=bool(context.stocks),
            decides=any(draft.sheet.find(rule) is not None for rule in _DECISIONS),
        )
        intents = expand(families, draft.entities, context, draft.canvas)
        listed = draft.entities.stocks or _TRADED_ABROAD.intersection(draft.entities.instrument_kinds)
        foreign = not listed and self._hit(draft.canvas, self._lexicon.words["foreign_assets"]["names"])
        about_one = (NEEDS_STOCK | _DECIDED).intersection(intents) or intents == (Intent.UNKNOWN,)
        return (Intent.OUT_OF_SCOPE,) if foreign and about_one else intents

    def _beside_refusal(self, draft: Draft, intents: tuple[Intent, ...], context: Context) -> tuple[Intent, ...]:
        """What a question asks for beside the part of it that is refused."""
        if Intent.PROMISE in intents and asks_of_outcomes(draft.sheet):
            return (Intent.SCOREBOARD,)
        if Intent.INJECTION not in intents:
            return ()
        for part in parts_about_something(draft.canvas):
            read = self._drafter.scored(draft.text, replace(draft.reading, canvas=part))
            found = self._intents(read, context)
            if is_harmless(found) and read.scored:
                return found
        return ()

    def _beside_action(self, draft: Draft, intents: tuple[Intent, ...], context: Context) -> tuple[Intent, ...]:
        """What else is asked in parts of the question that speak of no alert and no watch list."""
        found: dict[Intent, None] = {}
        for part in self._actions.parts_beside(draft) if ACTIONS.intersection(intents) else ():
            read = self._drafter.scored(
                draft.text, replace(draft.reading, canvas=part, entities=entities_in(part, draft.entities))
            )
            if any(item.anchored for item in read.scored):
                found |= dict.fromkeys(intent for intent in self._intents(read, context) if is_beside(intent))
        if Intent.PRICE_AVERAGE in found:  # how far from its mean an instrument is needs no signal
            found.pop(Intent.DISPARITY_STOCK, None)
        return tuple(intent for intent in found if intent not in intents)

    def _finished(
        self,
        draft: Draft,
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
        ambiguities = () if intents[0] in WITHOUT_FACTS else ambiguities
        if not ambiguities and finding.unresolved is None:
            intents = answerable(intents, entities)
        asks_back = bool(ambiguities) or _lacks_stock(intents, entities, finding, pointed=single(draft.canvas) is not None)
        alert = not {Intent.ALERT_CREATE, Intent.ALERT_CHANGE}.isdisjoint(intents)
        read = read_change if Intent.ALERT_CHANGE in intents else read_condition
        spoken = self._concepts.read(draft.canvas, draft.morphemes)
        return Understanding(
            text=draft.text,
            language=Language.KO,
            intents=(Intent.CLARIFY,) if asks_back else intents,
            entities=entities,
            spoken=spoken,
            own_periods=own_periods(intents, entities.periods, spoken, draft.canvas) if "periods" not in carried else {},
            evidence=tuple(Evidence(intent=item.intent, score=item.score, cues=item.cues) for item in draft.scored),
            ambiguities=ambiguities,
            unresolved=(finding.unresolved,) if finding.unresolved else (),
            condition=read(entities, draft.canvas, self._marks) if alert else None,
            repeats=repeats(draft.canvas, self._marks),
            wishes=self._actions.wishes(draft, entities) if alert else (),
            removed=self._actions.removed(draft) if Intent.WATCH_REMOVE in intents else (),
            premise=self._premise(draft),
            subscriptions=read_topics(entities, draft.canvas, self._lexicon.acts)
            if SUBSCRIPTIONS.intersection(intents)
            else (),
            forecast=_forecast(draft.sheet) if Intent.PROMISE in intents else None,
            demands=read_demands(draft.sheet, draft.text),
            asks_why=self._asks_why(draft),
            carried=carried,
            pending=intents if asks_back else (),
            unsupported_code=draft.reading.unsupported_code,
        )

    def _language(self, draft: Draft, context: Context) -> Language:
        names = tuple(stock.words for stock in draft.entities.stocks)
        return detect_language(draft.canvas, self._marks, names=names, fallback=context.language)

    def _premise(self, draft: Draft) -> Direction | None:
        """`왜 떨어져?` takes a direction for granted, which the answer checks first."""
        return draft.entities.direction if self._asks_why(draft) else None

    def _asks_why(self, draft: Draft) -> bool:
        return self._concepts.read(draft.canvas, draft.morphemes).has(Concept.WHY) or self._marked(draft, "why")

    def _marked(self, draft: Draft, mark: str) -> bool:
        return self._hit(draft.canvas, self._marks[mark])

    @staticmethod
    def _hit(canvas: Canvas, patterns: tuple[str, ...]) -> bool:
        return any(canvas.find(pattern) for pattern in patterns)


_DECIDING = ("&buy judge !pick", "&sell judge", "&funds judge", "&will !pick")
"""Questions for a decision or a forecast, which mean what was named before where they name nothing."""
_DECISIONS = ("&funds judge", "&buy judge !investor !pick", "&sell judge !investor")
_HEARSAY = ("&hearsay event assert", "&hearsay event stock !buy !sell")
_DECIDED = frozenset({Intent.RECOMMEND_BUY, Intent.ADVICE})
_TRADED_ABROAD = frozenset({InstrumentKind.ETF, InstrumentKind.ETN})
"""What is listed here on things that are not: 나스닥 ETF."""


def _forecast(sheet: ActSheet) -> Forecast | None:
    """Which kind of forecast a question wants, if it is one."""
    if sheet.find("&target") is not None:
        return Forecast.TARGET
    return Forecast.EXACT if sheet.find("&tomorrow figure stock !certainty !pick") is not None else None


def _with_stock(entities: Entities, stock: StockMention) -> Entities:
    return replace(entities, stocks=(*entities.stocks, stock))


def _lacks_stock(intents: tuple[Intent, ...], entities: Entities, finding: Finding, *, pointed: bool) -> bool:
    """Whether an instrument has to be asked for; market-wide flows, news and new-signal alerts do without one.

    `pointed` says that the words mean one, 그 종목, so that nothing else will do.
    """
    if entities.stocks or entities.indices or finding.unresolved is not None:
        return False
    return intents[0] in (NEEDS_STOCK if pointed else NEEDS_STOCK - WITHOUT_STOCK)

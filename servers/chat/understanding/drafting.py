"""A question by itself: what it names and how every intent scores, before the conversation is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from servers.chat.understanding.acts import ActSheet
from servers.chat.understanding.canvas import SIGNS, STOCK, Canvas
from servers.chat.understanding.crowded_names import CrowdedNames
from servers.chat.understanding.entities import EntityReader, Reading
from servers.chat.understanding.features import features_of
from servers.chat.understanding.intents import Intent
from servers.chat.understanding.lexicon import Lexicon
from servers.chat.understanding.morphology import Morpheme, Morphemes, content_lemmas
from servers.chat.understanding.name_choices import NameChoices
from servers.chat.understanding.periods import PeriodReader, load_period_rows
from servers.chat.understanding.scoring import Scored, score_intents
from servers.chat.understanding.share_classes import ShareClasses
from servers.chat.understanding.spelling import repair
from servers.chat.understanding.values import Entities
from shared.market.instrument_index import InstrumentIndex
from shared.market.sessions import SessionCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A question by itself.

    `canvas` has its entities painted over, `named` counts the instruments it names, known or not.
    """

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
        """What it names."""
        return self.reading.entities


class Drafter:
    """Reads questions against the instruments and the calendar of one moment."""

    def __init__(self, *, lexicon: Lexicon, index: InstrumentIndex, calendar: SessionCalendar, morphemes: Morphemes) -> None:
        self._lexicon = lexicon
        self._marks = lexicon.words["marks"]
        self._morphemes = morphemes
        periods = PeriodReader(load_period_rows(), calendar, lexicon.words["holidays"])
        self._entities = EntityReader(lexicon, index, periods=periods, morphemes=morphemes)
        self._crowded = CrowdedNames(lexicon, index)
        self.classes = ShareClasses(index)
        self._choices = NameChoices(index)

    def draft(self, text: str, today: date) -> Draft:
        """Read a normalised question on a day of market time."""
        reading = self._read(text, today)
        draft = self.scored(text, reading)
        if draft.scored and draft.scored[0].intent == Intent.MARKET_SESSION:
            return self.scored(text, self._read(text, today, forward=True))
        if any(item.anchored for item in draft.scored):
            return draft
        repaired, repairs = repair(
            reading.canvas, self._lexicon.short_spelling, draft.morphemes, correct=self._lexicon.correct
        )
        return self.scored(text, replace(reading, canvas=repaired)) if repairs else draft

    def _read(self, text: str, today: date, *, forward: bool = False) -> Reading:
        """Entities, names among them that stand in a crowd of letters."""
        reading = self._with_names(text, today, forward=forward)
        kinds = reading.entities.instrument_kinds
        ambiguities = tuple(self._choices.narrowed(ambiguity, kinds) for ambiguity in reading.ambiguities)
        entities = self.classes.added(reading.entities, reading.canvas)
        return replace(reading, entities=entities, ambiguities=ambiguities)

    def _with_names(self, text: str, today: date, *, forward: bool) -> Reading:
        reading = self._entities.read(text, today, forward=forward)
        found = bool(reading.entities.stocks or reading.ambiguities)
        if not self._crowded.wanted(reading.canvas, found=found):
            return reading
        morphemes = self._morphemes.analyse(reading.canvas.original)
        further = self._crowded.find(reading.canvas, morphemes, found=found)
        return self._entities.read(text, today, forward=forward, further=further) if further else reading

    def scored(self, text: str, reading: Reading, *, named: bool = False) -> Draft:
        """The scores of a question whose entities were read; `named` when it names one more instrument than they hold."""
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
        return Draft(
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

    def scored_with_name(self, draft: Draft, start: int, end: int) -> Draft:
        """The question with a found name painted over, so that its cues count as being about an instrument."""
        canvas = draft.canvas.paint(start, end, STOCK)
        return self.scored(draft.text, replace(draft.reading, canvas=canvas), named=True)

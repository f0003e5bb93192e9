"""Instruments that a question must name but that were not read: by a code, by words in the place of a name, or strays."""

from servers.chat.understanding.data_concepts import Concept, ConceptTable
from servers.chat.understanding.drafting import Draft
from servers.chat.understanding.fund_themes import FundThemes
from servers.chat.understanding.intents import NEEDS_STOCK, WITHOUT_FACTS, Intent
from servers.chat.understanding.lexicon import Lexicon
from servers.chat.understanding.name_choices import MAX_CHOICES
from servers.chat.understanding.unknown_names import Finding, NameFinder, find_code
from servers.chat.understanding.values import Ambiguity, Context, StockMention
from shared.market.instrument import InstrumentKind
from shared.market.instrument_index import InstrumentIndex
from shared.market.instrument_match import MatchKind


class MissingNames:
    """Looks for names where a question needs one more than were read."""

    def __init__(self, names: NameFinder, concepts: ConceptTable, *, lexicon: Lexicon, index: InstrumentIndex) -> None:
        self._names = names
        self._themes = FundThemes.load(lexicon, index)
        self._concepts = concepts

    def find(self, draft: Draft, intents: tuple[Intent, ...], context: Context) -> Finding:
        """What the question names beside the instruments that were read; an empty finding where nothing is missing.

        Args:
            draft: The question by itself.
            intents: What it asks for.
            context: The conversation.
        """
        theme = self._theme(draft, intents)
        if theme is not None:
            return theme
        asks_for_one = NEEDS_STOCK.intersection(intents) or Intent.UNKNOWN in intents
        spoken = self._concepts.read(draft.canvas, draft.morphemes)
        wanted = 1 + (Intent.PRICE_COMPARE in intents and not spoken.has(Concept.BENCHMARK))
        missing = wanted - len(draft.entities.stocks) - len(draft.entities.indices)
        about_gate = Intent.ALERT_CREATE in intents and (draft.entities.kinds or draft.sheet.find("&gate") is not None)
        if draft.reading.ambiguities or about_gate or WITHOUT_FACTS.intersection(intents):
            return Finding()
        if not asks_for_one or missing < 1:
            stray = self._stray(draft, listed=any(intent.value.endswith(".list") for intent in intents))
            if stray is not None or not asks_for_one:
                return stray or Finding()
            return self._second(draft) if spoken.has(Concept.COMPARE) else Finding()
        strict = bool(context.stocks) or Intent.UNKNOWN in intents
        kinds = draft.entities.instrument_kinds
        found = find_code(draft.text) or self._names.find(draft.morphemes, draft.canvas, strict=strict, kinds=kinds)
        return found or Finding()

    def _theme(self, draft: Draft, intents: tuple[Intent, ...]) -> Finding | None:
        """The funds that are named by what they hold, where one fund is asked about and none is named."""
        asks = NEEDS_STOCK.intersection(intents) or intents == (Intent.UNKNOWN,) or draft.entities.indices
        if InstrumentKind.ETF not in draft.entities.instrument_kinds or draft.entities.stocks or not asks:
            return None
        theme = self._themes.read(draft.text)
        if theme is None:
            return None
        if len(theme.funds) == 1:
            stock = StockMention(instrument=theme.funds[0], words=theme.words, how=MatchKind.CONTAINS.value)
            return Finding(start=theme.start, end=theme.end, stock=stock)
        choices = Ambiguity(words=theme.words, choices=theme.funds[:MAX_CHOICES])
        return Finding(start=theme.start, end=theme.end, ambiguity=choices)

    def _stray(self, draft: Draft, *, listed: bool) -> Finding | None:
        """A code or name of nothing in a question that would be answered without it."""
        if not draft.entities.stocks:
            found = find_code(draft.text)
            if found is not None or not listed:
                return found
        return self._names.stray(draft.text, draft.morphemes, draft.canvas)

    def _second(self, draft: Draft) -> Finding:
        """Another instrument beside the only one, where the words compare and surely name it: `둘 중에`."""
        if len(draft.entities.stocks) != 1 or draft.entities.indices:
            return Finding()
        found = self._names.find(draft.morphemes, draft.canvas, strict=True)
        return found if found is not None and found.stock is not None else Finding()

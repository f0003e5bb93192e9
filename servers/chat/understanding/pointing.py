"""Questions that name nothing themselves: what they point at in the conversation is put in the place of their words."""

from dataclasses import replace

from servers.chat.understanding.back_references import referred
from servers.chat.understanding.canvas import STOCK, Canvas
from servers.chat.understanding.drafting import Draft, Drafter
from servers.chat.understanding.follow_up import FollowUp
from servers.chat.understanding.unknown_names import Finding, NameFinder
from servers.chat.understanding.values import Context, StockMention
from shared.market.instrument import Instrument
from shared.market.instrument_match import WHOLE
from shared.market.signal import SignalKind


class Pointing:
    """Names what questions point at."""

    def __init__(self, drafter: Drafter, names: NameFinder, follow_up: FollowUp) -> None:
        self._drafter = drafter
        self._names = names
        self._follow_up = follow_up

    def named(self, draft: Draft, context: Context) -> Draft:
        """The question with what it points at named: the second of a list, both, the strategy before.

        Args:
            draft: The question by itself.
            context: The conversation.
        """
        if draft.entities.stocks or draft.reading.ambiguities:
            return draft
        if context.stocks and not draft.entities.kinds and not any(item.anchored for item in draft.scored):
            draft = self._named_plainly(draft)
        return (
            self._of_class(draft, context)
            or self._of_list(draft, context)
            or self._referring(draft, context)
            or self._of_kind(draft, context)
        )

    def _of_class(self, draft: Draft, context: Context) -> Draft | None:
        """The question about the other share of the one company that was asked about."""
        if draft.entities.stocks or len(context.stocks) != 1:
            return None
        found = self._drafter.classes.exchanged(draft.text, context.stocks[0])
        if found is None:
            return None
        hit, share = found
        entities = replace(draft.entities, instrument_kinds=())
        read = replace(draft, reading=replace(draft.reading, entities=entities))
        return self._with_stocks(read, (hit.start, hit.end), (share,), kinds=draft.entities.kinds)

    def _named_plainly(self, draft: Draft) -> Draft:
        """The question with a name in it that is an ordinary word as well: after a question about a stock it is a name."""
        finding = self._names.find(draft.morphemes, draft.canvas, strict=True) or Finding()
        if finding.stock is None or finding.stock.how not in WHOLE:
            return draft
        canvas = draft.reading.canvas.paint(finding.start, finding.end, STOCK)
        entities = replace(draft.entities, stocks=(*draft.entities.stocks, finding.stock))
        return self._drafter.scored(draft.text, replace(draft.reading, entities=entities, canvas=canvas))

    def _of_list(self, draft: Draft, context: Context) -> Draft | None:
        """The question about the one of the last list that it means by its place."""
        found = self._follow_up.listed(Canvas(draft.text), context) if context.listed and not draft.entities.stocks else None
        if found is None or referred(Canvas(draft.text), context) is not None:
            return None
        hit, instrument = found
        kinds = draft.entities.kinds or context.entities.kinds
        read = replace(draft, reading=replace(draft.reading, entities=replace(draft.entities, count=None, quantities=())))
        return self._with_stocks(read, (hit.start, hit.end), (instrument,), kinds=kinds)

    def _referring(self, draft: Draft, context: Context) -> Draft | None:
        """The question about instruments that were spoken of before: both, the first one asked about."""
        if draft.entities.stocks or not context.mentioned:
            return None
        found = referred(Canvas(draft.text), context)
        if found is None:
            return None
        kinds = draft.entities.kinds
        if not kinds and draft.sheet.find("&back") is not None:
            kinds = _last_kinds(context)
        read = replace(draft, reading=replace(draft.reading, entities=replace(draft.entities, count=None)))
        return self._with_stocks(read, (found.hit.start, found.hit.end), found.instruments, kinds=kinds)

    def _of_kind(self, draft: Draft, context: Context) -> Draft:
        """The question about the signals that were spoken of before."""
        kinds = context.entities.kinds
        if draft.entities.kinds or draft.entities.stocks or not kinds or context.entities.stocks:
            return draft
        if draft.sheet.find("&back") is None:
            return draft
        reading = replace(draft.reading, entities=replace(draft.entities, kinds=kinds))
        return self._drafter.scored(draft.text, reading)

    def _with_stocks(
        self, draft: Draft, span: tuple[int, int], instruments: tuple[Instrument, ...], *, kinds: tuple[SignalKind, ...]
    ) -> Draft:
        """The question with instruments in the place of the words at `span`."""
        canvas = draft.reading.canvas.blank(*span).paint(*span, STOCK)
        words = draft.text[span[0] : span[1]]
        stocks = tuple(StockMention(instrument=one, words=words, how="context") for one in instruments)
        entities = replace(draft.entities, stocks=stocks, kinds=kinds)
        return self._drafter.scored(draft.text, replace(draft.reading, entities=entities, canvas=canvas))


def _last_kinds(context: Context) -> tuple[SignalKind, ...]:
    """The signals that the conversation spoke of last."""
    before = context.before.entities.kinds if context.before is not None else ()
    return context.entities.kinds or before

"""One question as the answering functions see it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from servers.chat.answers.part import Part
from servers.chat.answers.speech import Speech
from servers.chat.moment import Moment
from servers.chat.tools.lookups import Lookups, PlannedCall
from servers.chat.understanding.intents import Intent
from servers.chat.understanding.values import Entities, Period, Understanding
from shared.market.instrument import Instrument
from shared.market.language import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked (`intent` is the one being answered), when, and in which words to answer.

    `english_names` are the usual English names of large instruments by code; masters write them in legal form.
    """

    understanding: Understanding
    intent: Intent
    moment: Moment
    speech: Speech
    glossary_keys: frozenset[str] = frozenset()
    english_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def entities(self) -> Entities:
        """What the question names for this intent."""
        return self.understanding.entities_of(self.intent)

    @property
    def stocks(self) -> tuple[Instrument, ...]:
        """The instruments it is about."""
        return tuple(mention.instrument for mention in self.entities.stocks)

    @property
    def period(self) -> Period | None:
        """The first period that it names."""
        return next(iter(self.entities.periods), None)

    @property
    def language(self) -> Language:
        """Language of the answer."""
        return self.speech.language

    def say(self, key: str, **values: object) -> str:
        """A phrase in the language of the answer."""
        return self.speech.say(key, **values)

    def name(self, instrument: Instrument) -> str:
        """Official name and code: `기아(000270)`, in English `LG Chem (LG화학, 051910)`."""
        english = self._english(instrument)
        return (
            f"{english} ({instrument.name}, {instrument.ticker})" if english else f"{instrument.name}({instrument.ticker})"
        )

    def bare_name(self, instrument: Instrument) -> str:
        """The name without its code: `기아`, in English `LG Chem (LG화학)`."""
        english = self._english(instrument)
        return f"{english} ({instrument.name})" if english else instrument.name

    def _english(self, instrument: Instrument) -> str:
        """The English name in an English answer; empty in a Korean one or where none is known."""
        if self.language is not Language.EN:
            return ""
        return self.english_names.get(instrument.ticker, instrument.name_en) or ""


Planner = Callable[[Ask], tuple[PlannedCall, ...]]
Teller = Callable[[Ask, Lookups], Part]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """How one intent is answered: the look-ups it needs, and what is told from their results."""

    plan: Planner
    tell: Teller

"""What understanding hands on: entities, quantities, periods, and the evidence for each intent."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from servers.chat.understanding.data_concepts import Spoken
from servers.chat.understanding.definitions import Definitions
from servers.chat.understanding.demands import Demand
from servers.chat.understanding.intents import Intent
from shared.market.instrument import Board, Instrument, InstrumentKind
from shared.market.language import Language
from shared.market.signal import Grade, SignalKind
from shared.market.topic import MarketIndex


class Aspect(StrEnum):
    """Which figure of an instrument is asked for."""

    PRICE = "price"
    CHANGE = "change"
    OPEN = "open"
    HIGH = "high"
    LOW = "low"
    VOLUME = "volume"
    TURNOVER = "turnover"
    MARKET_CAP = "market_cap"
    SHARES = "shares"
    SECTOR = "sector"
    LISTING = "listing"
    CODE = "code"


class Investor(StrEnum):
    """Whose net buying is asked for (투자자별 수급)."""

    FOREIGN = "foreign"
    INSTITUTION = "institution"
    INDIVIDUAL = "individual"
    PENSION = "pension"


class Direction(StrEnum):
    """Which way the asker says or asks that something goes: a premise to check, or the end of a ranking."""

    UP = "up"
    DOWN = "down"


class Forecast(StrEnum):
    """A wish to know what comes: a price as a number, or how far an instrument may go."""

    EXACT = "exact"
    TARGET = "target"


class Subscription(StrEnum):
    """What arrives by itself once it is subscribed; the value is the topic's name in commands and settings."""

    VCP = "signal:vcp"
    JONGGA = "signal:jongga"
    DAYTRADING = "signal:daytrading"
    GATE = "market-gate"
    KOSPI = "market:kospi"
    KOSDAQ = "market:kosdaq"
    WATCHLIST = "watchlist"
    BRIEF = "daily-brief"


class Unit(StrEnum):
    """What a number counts."""

    WON = "won"
    PERCENT = "percent"
    MULTIPLE = "multiple"
    POINTS = "points"
    COUNT = "count"
    RANK = "rank"
    SHARES = "shares"
    STREAK_DAYS = "streak_days"
    MINUTES = "minutes"
    NONE = "none"


class Comparison(StrEnum):
    """How a number bounds something; APPROACH is reaching it from either side."""

    AT_LEAST = ">="
    ABOVE = ">"
    AT_MOST = "<="
    BELOW = "<"
    REACH = "="


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number with its unit: won in won, percent as written (-8 for -8 %), comparison None when it bounds nothing."""

    value: Decimal
    unit: Unit
    words: str
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """An inclusive range of dates in Korea.

    `sessions` is set when the asker counted trading days (최근 10거래일): an answer from a store that ends earlier counts
    them back from its newest session. `single` marks one day; `moved` that the day asked for is no session and the
    session before it is meant. `relative` says that it was counted from the day of asking. `instead_of` is the range that
    was asked for, where nothing is stored of it. `words` is what the asker said, `at` where it stands in the question.
    """

    first: date
    last: date
    words: str
    sessions: int | None = None
    single: bool = False
    moved: bool = False
    relative: bool = False
    instead_of: "Period | None" = None
    at: int = field(default=-1, compare=False)

    def __str__(self) -> str:
        return self.first.isoformat() if self.single else f"{self.first.isoformat()}..{self.last.isoformat()}"


def is_ago(period: Period) -> bool:
    """`1년 전` names the start of a range when a return is asked for; `어제` or `4월 15일` one day."""
    words = period.words.casefold().replace(" ", "")
    return words.endswith(_AGO) and not words.startswith(("오전", "장전"))


_AGO = (
    *("전", "전에", "ago", "이맘때", "이때", "lastyear", "첫날", "첫거래일", "첫영업일", "말", "말일"),
    *("대비", "보다", "에비해", "에비하면"),
)
"""Ends of words for a day that lies back; `last year` is one where it names a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockMention:
    """An instrument that the question names. `how` is the index's word for the kind of match, or `context`."""

    instrument: Instrument
    words: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguity:
    """Words that fit several instruments about equally well; `choices` best first."""

    words: str
    choices: tuple[Instrument, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unresolved:
    """Words in the place of an instrument that no master knows, with the nearest names."""

    words: str
    suggestions: tuple[Instrument, ...] = ()


class ConditionKind(StrEnum):
    """What an alert rule watches (bot_ux.md 5)."""

    PRICE = "price"
    CHANGE_PCT = "change_pct"
    VOLUME_RATIO = "volume_ratio"
    MINUTE_RETURN = "minute_return"
    DISPARITY = "disparity"
    NEW_SIGNAL = "new_signal"
    FLOW_STREAK = "flow_streak"
    GATE_CHANGE = "gate_change"
    NEWS = "news"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """An alert rule's condition; `threshold` in won, percent, multiples or days by `kind`, None where it needs none.

    `minutes` belongs to MINUTE_RETURN, `signal_kind` and `min_grade` to NEW_SIGNAL, `investor` to FLOW_STREAK.
    """

    kind: ConditionKind
    comparison: Comparison | None = None
    threshold: Decimal | None = None
    minutes: int | None = None
    signal_kind: SignalKind | None = None
    min_grade: Grade | None = None
    investor: Investor | None = None
    repeating: bool = False

    def __str__(self) -> str:
        if self.comparison is None or self.threshold is None:
            return self.kind.value
        return f"{self.kind.value} {self.comparison.value} {self.threshold.normalize():f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One alert that is asked for; `stock` None for any instrument or for what is about none."""

    stock: StockMention | None
    condition: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How a table of cues scored: each cue and feature (`+stock`) with its weight; `intent` is the table's name."""

    intent: str
    score: float
    cues: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entities:
    """Everything a question names. Tuples keep the order of the question; `excluded` is what it does not want (◆ 말고).

    `defined` are those of its terms that it asks the meaning of.
    """

    stocks: tuple[StockMention, ...] = ()
    indices: tuple[MarketIndex, ...] = ()
    boards: tuple[Board, ...] = ()
    sectors: tuple[str, ...] = ()
    kinds: tuple[SignalKind, ...] = ()
    grades: tuple[Grade, ...] = ()
    investors: tuple[Investor, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    terms: tuple[str, ...] = ()
    defined: Definitions = field(default_factory=Definitions)
    holidays: tuple[str, ...] = ()
    instrument_kinds: tuple[InstrumentKind, ...] = ()
    periods: tuple[Period, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    count: int | None = None
    direction: Direction | None = None
    excluded: tuple[StockMention, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """One question, read. `intents` has the main one first; CLARIFY means that something must be asked about first.

    `carried` names what came from the conversation (`stocks`, `periods`, `intent`). `unsupported_code` is a ten-digit
    K-OTC code, which is not supported. `pending` are the intents that wait for an answer to CLARIFY. `premise` is a
    direction that the question takes for granted, as `왜 떨어져?` does. `spoken` are the concepts of data that it speaks of,
    `own_periods` the positions of the periods of each intent that has its own. `wishes` are all alerts that it asks for,
    `removed` what is to leave the watch list, `repeats` whether an alert is to ring again, None where nothing is said.
    """

    text: str
    language: Language
    intents: tuple[Intent, ...]
    entities: Entities
    spoken: Spoken = field(default_factory=Spoken)
    own_periods: Mapping[Intent, tuple[int, ...]] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    ambiguities: tuple[Ambiguity, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    condition: Condition | None = None
    wishes: tuple[Wish, ...] = ()
    removed: tuple[StockMention, ...] = ()
    repeats: bool | None = None
    premise: Direction | None = None
    subscriptions: tuple[Subscription, ...] = ()
    forecast: Forecast | None = None
    demands: frozenset[Demand] = frozenset()
    asks_why: bool = False
    carried: tuple[str, ...] = ()
    pending: tuple[Intent, ...] = ()
    unsupported_code: str = ""
    truncated: bool = False

    @property
    def intent(self) -> Intent:
        """The main intent."""
        return self.intents[0]

    def entities_of(self, intent: Intent) -> Entities:
        """What the question names for one of its intents: of several periods only its own."""
        own = self.own_periods.get(intent)
        if own is None:
            return self.entities
        periods = self.entities.periods
        return replace(self.entities, periods=tuple(periods[place] for place in own if place < len(periods)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a conversation carries into its next question; empty at the start.

    `pending` is a question that was answered by asking back: its intents and entities wait for the choice among
    `choices`, `question` is its text and `unclear` the words in it that fit all of them.
    `listed` are the instruments of the last list, in its order; `mentioned` those that were spoken of, oldest first.
    `condition` is that of the alert that was previewed. `before` is what was asked before the last question, so that an
    aside does not end a subject.
    """

    stocks: tuple[StockMention, ...] = ()
    entities: Entities = field(default_factory=Entities)
    intents: tuple[Intent, ...] = ()
    language: Language | None = None
    choices: tuple[Instrument, ...] = ()
    listed: tuple[Instrument, ...] = ()
    mentioned: tuple[Instrument, ...] = ()
    condition: Condition | None = None
    before: "Context | None" = None
    pending: tuple[Intent, ...] = ()
    question: str = ""
    unclear: str = ""

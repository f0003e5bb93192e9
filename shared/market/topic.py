"""Topics: what a client of the price stream can follow, and the one parser and printer of their text form.

The text form serves logs, bus channels, command lines and older clients; on the wire topics are typed. Of the two old
dialects the names `market-gate` and `market:kospi` are canonical; `market_gate` and `index:kospi` are understood and
answered with the canonical name.
"""

from dataclasses import dataclass
from enum import StrEnum

from shared.market.errors import InvalidInput
from shared.market.instrument import Ticker, parse_ticker
from shared.market.quote import Venue
from shared.market.signal import SignalKind


class MarketIndex(StrEnum):
    """The index levels that are streamed."""

    KOSPI = "KOSPI"
    KOSDAQ = "KOSDAQ"
    KOSPI200 = "KOSPI200"


@dataclass(frozen=True, slots=True)
class PriceTopic:
    """The price picture of one ticker; prints as `price:005930`, or `price:005930@nxt` for a single venue."""

    ticker: Ticker
    venue: Venue = Venue.CONSOLIDATED

    def __str__(self) -> str:
        place = "" if self.venue is Venue.CONSOLIDATED else f"@{self.venue.lower()}"
        return f"price:{self.ticker}{place}"


@dataclass(frozen=True, slots=True)
class IndexTopic:
    """The level of one market index; prints as `market:kospi`."""

    index: MarketIndex

    def __str__(self) -> str:
        return f"market:{self.index.lower()}"


@dataclass(frozen=True, slots=True)
class MarketGateTopic:
    """Whether the market allows acting on signals now; prints as `market-gate`."""

    def __str__(self) -> str:
        return "market-gate"


@dataclass(frozen=True, slots=True)
class FeedStatusTopic:
    """Health of the sources of prices; prints as `system:feed`."""

    def __str__(self) -> str:
        return "system:feed"


Topic = PriceTopic | IndexTopic | MarketGateTopic | FeedStatusTopic
"""Everything of which only the latest value matters. Signals are events and have `signal_topic` instead."""

_WHOLE: dict[str, Topic] = {
    "market-gate": MarketGateTopic(),
    "market_gate": MarketGateTopic(),
    "system:feed": FeedStatusTopic(),
}
_INDICES = {index.lower(): IndexTopic(index) for index in MarketIndex}
_VENUES = {venue.lower(): venue for venue in Venue}
_SIGNAL_KINDS = {kind.lower(): kind for kind in SignalKind} | {"jongga_v2": SignalKind.JONGGA}


def parse_topic(text: str, field: str = "topic") -> Topic:
    """Read the text form of a topic.

    Args:
        text: E.g. `price:005930`, `market:kospi`, `market-gate`, or one of their old spellings.
        field: Name used in the error.

    Raises:
        InvalidInput: Unknown kind, unknown index or venue, or a ticker of impossible shape.
    """
    whole = _WHOLE.get(text)
    if whole is not None:
        return whole
    kind, colon, rest = text.partition(":")
    if colon and kind == "price":
        return _parse_price(rest, field)
    if colon and kind in ("market", "index"):
        if rest not in _INDICES:
            raise InvalidInput(field, f"unknown index; known are {', '.join(_INDICES)}")
        return _INDICES[rest]
    if colon and kind == "signal":
        raise InvalidInput(field, "signals are events, not values; follow them with SignalService.WatchSignals")
    raise InvalidInput(field, "unknown kind of topic; known are price:{ticker}, market:{index}, market-gate, system:feed")


def signal_topic(kind: SignalKind) -> str:
    """The name under which a kind of signal is known in subscriptions and older clients: `signal:vcp`."""
    return f"signal:{kind.lower()}"


def parse_signal_topic(text: str, field: str = "topic") -> SignalKind:
    """Read `signal:vcp` and its like; the old name `signal:jongga_v2` means JONGGA.

    Raises:
        InvalidInput: If the text names no kind of signal.
    """
    prefix, _, rest = text.partition(":")
    kind = _SIGNAL_KINDS.get(rest)
    if prefix != "signal" or kind is None:
        known = ", ".join(signal_topic(known) for known in SignalKind)
        raise InvalidInput(field, f"unknown signal topic; known are {known}")
    return kind


def _parse_price(rest: str, field: str) -> PriceTopic:
    code, at, place = rest.partition("@")
    if at and place not in _VENUES:
        raise InvalidInput(field, f"unknown venue; known are {', '.join(_VENUES)}")
    return PriceTopic(parse_ticker(code, f"{field}.ticker"), _VENUES[place] if at else Venue.CONSOLIDATED)

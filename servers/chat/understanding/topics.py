"""What one can subscribe to, as questions speak of it."""

from servers.chat.understanding.canvas import Canvas
from servers.chat.understanding.lexicon import Words
from servers.chat.understanding.values import Entities, Subscription
from shared.market.signal import SignalKind
from shared.market.topic import MarketIndex

_KINDS = {
    SignalKind.VCP: Subscription.VCP,
    SignalKind.JONGGA: Subscription.JONGGA,
    SignalKind.DAYTRADING: Subscription.DAYTRADING,
}
_INDICES = {MarketIndex.KOSPI: Subscription.KOSPI, MarketIndex.KOSDAQ: Subscription.KOSDAQ}


def read_topics(entities: Entities, canvas: Canvas, acts: Words) -> tuple[Subscription, ...]:
    """The topics that a question names; empty when it names none.

    Args:
        entities: What was read.
        canvas: The question, entities painted over.
        acts: The table of words with the rows `brief`, `watch` and `gate`.
    """
    named = [_KINDS[kind] for kind in entities.kinds if kind in _KINDS]
    if any(canvas.find(pattern) for pattern in acts["gate"]):
        named.append(Subscription.GATE)
    if any(canvas.find(pattern) for pattern in acts["watch"]):
        named.append(Subscription.WATCHLIST)
    if any(canvas.find(pattern) for pattern in acts["brief"]):
        named.append(Subscription.BRIEF)
    return tuple(named) or tuple(_INDICES[index] for index in entities.indices if index in _INDICES)

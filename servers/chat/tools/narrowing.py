"""Signals narrowed down by what their service has no filter for: prices, highest scores, sectors, several kinds at once."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kstock.market.v1 import market_service_pb2
from kstock.signal.v1 import signal_pb2, signal_service_pb2

from servers.chat.peers import Peers
from servers.chat.signal_order import Order
from shared.market.errors import DataMissing

PAGE = 500
"""Signals of one page, the most there are."""
_MOST_PAGES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What must hold beside the filters of the request; None and empty mean nothing. Prices in won."""

    max_score: float | None = None
    min_price: int | None = None
    max_price: int | None = None
    sector: str = ""
    every_kind: bool = False
    order: Order = Order.BEST
    limit: int = 10

    @property
    def narrows(self) -> bool:
        """Whether there is anything that the service cannot do itself."""
        filtered = self.max_score is not None or self.min_price is not None or self.max_price is not None
        return filtered or bool(self.sector) or self.every_kind or self.order is not Order.BEST


async def narrowed(
    peers: Peers, request: signal_service_pb2.ListSignalsRequest, wanted: Narrowing
) -> signal_service_pb2.ListSignalsResponse:
    """All signals that the request finds, those that pass, in the order wanted; `total_count` is that of all that pass."""
    request.page_size = PAGE
    response = await peers.signal.ListSignals(request)
    found = list(response.signals)
    for _ in range(_MOST_PAGES - 1):
        if not response.next_page_token:
            break
        request.page_token = response.next_page_token
        response = await peers.signal.ListSignals(request)
        found.extend(response.signals)
    kept = [signal for signal in found if _passes(signal, wanted)]
    if wanted.sector:
        kept = await _of_sector(peers, kept, wanted.sector)
    if wanted.every_kind:
        kept = _of_every_kind(kept, frozenset(request.kinds))
    kept = _ordered(kept, wanted.order)
    return signal_service_pb2.ListSignalsResponse(
        signals=kept[: wanted.limit], total_count=len(kept), market_time=response.market_time
    )


def _passes(signal: signal_pb2.Signal, wanted: Narrowing) -> bool:
    below = wanted.max_score is None or signal.score <= wanted.max_score
    dear = wanted.min_price is None or signal.close_krw >= wanted.min_price
    return below and dear and (wanted.max_price is None or signal.close_krw <= wanted.max_price)


async def _of_sector(peers: Peers, signals: Sequence[signal_pb2.Signal], sector: str) -> list[signal_pb2.Signal]:
    """Those whose instrument has the words in its sector or industry.

    Raises:
        DataMissing: No sector is known of any of them.
    """
    tickers = sorted({signal.ticker for signal in signals})
    requests = (market_service_pb2.GetInstrumentRequest(ticker=ticker) for ticker in tickers)
    answers = await asyncio.gather(*(peers.market.GetInstrument(request) for request in requests))
    words = {one.instrument.ticker: f"{one.instrument.sector} {one.instrument.industry}" for one in answers}
    if signals and not any(words_of.strip() for words_of in words.values()):
        raise DataMissing("no sector is known of these instruments")
    return [signal for signal in signals if sector.casefold() in words[signal.ticker].casefold()]


def _of_every_kind(signals: Sequence[signal_pb2.Signal], kinds: frozenset[int]) -> list[signal_pb2.Signal]:
    """Those of instruments that have a signal of each kind, side by side."""
    by_ticker: dict[str, list[signal_pb2.Signal]] = {}
    for signal in signals:
        by_ticker.setdefault(signal.ticker, []).append(signal)
    return [one for group in by_ticker.values() if kinds <= {one.kind for one in group} for one in group]


def _ordered(signals: list[signal_pb2.Signal], order: Order) -> list[signal_pb2.Signal]:
    if order is Order.BEST:
        return signals
    return sorted(signals, key=_KEYS[order])


def _opened(signal: signal_pb2.Signal) -> int:
    day = signal.opened_on
    return date(day.year, day.month, day.day).toordinal()


_KEYS: Mapping[Order, Callable[[signal_pb2.Signal], tuple[float, float]]] = {
    Order.WORST: lambda signal: (signal.score / (signal.max_score or 1), 0.0),
    Order.NEWEST: lambda signal: (-_opened(signal), -signal.score / (signal.max_score or 1)),
    Order.CHEAPEST: lambda signal: (signal.close_krw, 0.0),
    Order.DEAREST: lambda signal: (-signal.close_krw, 0.0),
}

"""How long a signal waits for its entry; pure."""

from collections.abc import Mapping, Sequence

from shared.market.instrument import Ticker
from shared.market.signal import Signal, SignalKind

WAITS_FOR_TRIGGER = frozenset({SignalKind.VCP})
"""Kinds whose plan begins only when the price reaches the entry level; the others begin at the next opening or at once."""


def pending_entries(signals: Sequence[Signal], highs: Mapping[Ticker, int]) -> set[Ticker]:
    """Tickers whose signal still waits for its entry level.

    Args:
        signals: Open signals of one kind.
        highs: Highest traded price in won of each ticker since the day after its signal opened; absent without such a bar.
    """
    return {
        signal.candidate.ticker
        for signal in signals
        if signal.candidate.kind in WAITS_FOR_TRIGGER
        and signal.candidate.entry_krw is not None
        and highs.get(signal.candidate.ticker, 0) < signal.candidate.entry_krw
    }

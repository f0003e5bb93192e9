"""How a published signal is entered and when its time is up: the plan that it lives by and is judged by."""

from shared.market.outcome import EntryMode, OutcomeRule
from shared.market.signal import SignalKind

PLANS: dict[SignalKind, OutcomeRule] = {
    SignalKind.VCP: OutcomeRule(entry=EntryMode.TRIGGER, horizon=20),
    SignalKind.JONGGA: OutcomeRule(entry=EntryMode.CLOSE, horizon=1),
    SignalKind.DAYTRADING: OutcomeRule(entry=EntryMode.NEXT_OPEN, horizon=1),
    SignalKind.DISPARITY: OutcomeRule(entry=EntryMode.NEXT_OPEN, horizon=10),
    SignalKind.DROP: OutcomeRule(entry=EntryMode.CLOSE, horizon=1),
    SignalKind.SURGE: OutcomeRule(entry=EntryMode.CLOSE, horizon=1),
}
"""How each kind is entered, and its time stop in traded bars."""

"""What became of a signal by its own plan, beside the signal."""

from collections.abc import Mapping

from kstock.signal.v1 import signal_pb2

from shared.market.outcome import Exit, Fill
from shared.rpc.messages.times import local_date_message
from shared.store.repositories.outcomes import StoredOutcome

_BPS = 10_000
_REASONS = {Exit.TARGET: "TARGET", Exit.STOP: "STOP", Exit.HORIZON: "TIME", Exit.DELISTED: "DELISTED"}


def with_outcome(message: signal_pb2.Signal, outcomes: Mapping[str, StoredOutcome]) -> signal_pb2.Signal:
    """The signal with its outcome where one was worked out; the message is changed in place."""
    outcome = outcomes.get(message.signal_id)
    if outcome is not None and outcome.fill != Fill.PENDING:
        message.outcome.CopyFrom(outcome_message(outcome))
    return message


def outcome_message(outcome: StoredOutcome) -> signal_pb2.SignalOutcome:
    """An outcome as it travels."""
    if outcome.fill != Fill.FILLED:
        return signal_pb2.SignalOutcome(filled=False)
    return signal_pb2.SignalOutcome(
        filled=True,
        entry_on=None if outcome.entry_on is None else local_date_message(outcome.entry_on),
        entry_price_krw=outcome.entry_price_krw,
        exit_on=None if outcome.exit_on is None else local_date_message(outcome.exit_on),
        exit_price_krw=outcome.exit_price_krw,
        exit_reason=_REASONS.get(Exit(outcome.exit_how), ""),
        net_return_bps=_bps(outcome.net),
        favourable_bps=_bps(outcome.mfe),
        adverse_bps=_bps(outcome.mae),
        bars_held=outcome.bars_held,
        ambiguous=outcome.ambiguous,
    )


def _bps(fraction: float | None) -> int | None:
    return None if fraction is None else round(fraction * _BPS)

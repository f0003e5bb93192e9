"""Days that a request asks for."""

from dataclasses import dataclass
from datetime import date

from google.protobuf.message import Message

from shared.market.errors import InvalidInput
from shared.rpc.messages.times import optional_date

_BEGINNING = date(1900, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days `since` to `until`, both included; empty when `until` was cut off before `since`."""

    since: date
    until: date


def read_period(request: Message, newest: date) -> Period:
    """The period of a request with the fields `since` and `until`, cut off at the newest day that is known.

    Raises:
        InvalidInput: If it begins after it ends.
    """
    since = optional_date(request, "since") or _BEGINNING
    until = optional_date(request, "until") or max(newest, since)
    if since > until:
        raise InvalidInput("since", f"{since} is after the last day {until}; give an earlier one")
    return Period(since=since, until=min(until, newest))

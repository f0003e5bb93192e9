"""What is known: values that look-ups gave or passages state, each with what it counts, whose it is and since when."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from servers.chat.grounding.claims import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One known number.

    Attributes:
        value: In won, percent, shares, days ... as `unit` says.
        unit: What it counts.
        label: Which figure it is: `high`, `volume`, `foreign` ...; empty when unknown.
        subject: Ticker, or `index:KOSPI`; empty when it is nobody's.
        day: Trading day that it is of; None when unknown.
        sources: Numbers of the citations that it stands in.
        directed: Whether its sign says up or down, so that a text must not turn it round.
        reported: Whether somebody else says so: it may be repeated only as a report.
    """

    value: Decimal
    unit: Unit
    label: str = ""
    subject: str = ""
    day: date | None = None
    sources: tuple[int, ...] = ()
    directed: bool = False
    reported: bool = False

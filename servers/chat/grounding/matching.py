"""When a written number is a known one: units, rounding, signs."""

from decimal import ROUND_HALF_UP, Decimal

from servers.chat.grounding.claims import Hedge, NumberClaim, Unit
from servers.chat.grounding.facts import Fact

TOLERANCE = Decimal("0.05")
"""Rounding may move a value by this share at most: `1조` is not 1.4 trillion, though it rounds to it."""

_LEAST_DIGITS = 10
"""A value that says nothing about its exactness needs two digits to be rounded: `8만원` is 80,000 and nothing else."""

_UNITS_APART = 10_000
"""Rounded in the unit below, a value may reach the next one: 9,999.5억 is printed as `1조`."""

_LOOSELY = frozenset({Unit.PLAIN})
_ACCEPTED = {
    Unit.WON: frozenset({Unit.WON}),
    Unit.PERCENT: frozenset({Unit.PERCENT}),
    Unit.PERCENT_POINT: frozenset({Unit.PERCENT_POINT}),
    Unit.SHARES: frozenset({Unit.SHARES}),
    Unit.COUNT: frozenset({Unit.COUNT}),
    Unit.DAYS: frozenset({Unit.DAYS, Unit.STREAK}),
    Unit.STREAK: frozenset({Unit.STREAK}),
    Unit.WEEKS: frozenset({Unit.WEEKS}),
    Unit.MONTHS: frozenset({Unit.MONTHS}),
    Unit.YEARS: frozenset({Unit.YEARS}),
    Unit.DURATION: frozenset({Unit.DURATION}),
    Unit.POINTS: frozenset({Unit.POINTS}) | _LOOSELY,
    Unit.MULTIPLE: frozenset({Unit.MULTIPLE}),
    Unit.RANK: frozenset({Unit.RANK}),
    Unit.FOREIGN_MONEY: frozenset({Unit.FOREIGN_MONEY}),
    Unit.PLAIN: frozenset(Unit),
}
_LARGE = 1_000
"""A number of a passage without a unit may be won or shares from here on; a small one is more likely something else."""


def same_unit(claim: NumberClaim, fact: Fact) -> bool:
    """Whether a fact counts what the claim counts."""
    if fact.unit in _ACCEPTED[claim.unit]:
        return True
    return fact.unit is Unit.PLAIN and abs(fact.value) >= _LARGE and claim.unit in {Unit.WON, Unit.SHARES, Unit.COUNT}


def same_size(claim: NumberClaim, fact: Fact) -> bool:
    """Whether a fact has the claimed size, leaving signs aside."""
    written, known = abs(claim.value), abs(fact.value)
    match claim.hedge:
        case Hedge.BAND | Hedge.OVER:
            fits = written <= known < written + claim.coarse
        case Hedge.UNDER:
            fits = written - claim.coarse < known <= written
        case Hedge.ABOUT:
            fits = _near(known, written, claim.step) or _near(known, written, claim.coarse)
        case _:
            fits = written >= _LEAST_DIGITS * claim.step and _near(known, written, claim.step)
            fits = fits or _near(known, written, claim.step / _UNITS_APART)
    return fits or written == known


def window(claim: NumberClaim) -> tuple[float, float]:
    """Sizes between which a fact must lie for `same_size`, a little wider than that."""
    size, coarse = float(abs(claim.value)), float(claim.coarse)
    margin = size * 2 * float(TOLERANCE)
    match claim.hedge:
        case Hedge.BAND | Hedge.OVER:
            return size - margin, size + coarse + margin
        case Hedge.UNDER:
            return size - coarse - margin, size + margin
        case Hedge.ABOUT:
            margin = min(margin, max(coarse, float(claim.step)))
        case _:
            margin = min(margin, float(claim.step))
    return size - margin, size + margin


def same_sign(claim: NumberClaim, fact: Fact) -> bool:
    """Whether a written sign is the fact's; without a written sign any is."""
    return not claim.signed or (claim.value < 0) == (fact.value < 0) or not fact.value


def _near(known: Decimal, written: Decimal, step: Decimal) -> bool:
    """Whether a value rounds to what is written without moving far."""
    if abs(written - known) > TOLERANCE * known:
        return False
    return (known / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step == written

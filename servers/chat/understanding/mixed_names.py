"""Names of which the beginning is in English and the rest in Korean: `samsung 전기`, `hyundai로템`, `lg 화확`."""

import re
from collections.abc import Sequence

from shared.market.instrument_index import InstrumentIndex
from shared.market.instrument_match import MatchKind, Mention
from shared.market.spelling import spell

_REST = re.compile(r"\s?(?P<rest>[0-9A-Za-z]*[가-힣]{2,}[0-9A-Za-z]*)")
_BEGINNINGS = frozenset({MatchKind.NICKNAME, MatchKind.NAME, MatchKind.FORMER})
_SURE = 0.9
_LEAST_REST = 2
_SHARED = 2


def with_rest(index: InstrumentIndex, group: Mention, text: str) -> Mention | None:
    """The instrument that a group's English name and the Korean word after it name together; None where there is none.

    Args:
        index: Every instrument.
        group: What is called by the English name of a group, or of its first company.
        text: The question.
    """
    rest = _REST.match(text, group.end)
    if not group.text.isascii() or group.matches[0].how not in _BEGINNINGS or rest is None:
        return None
    several = len(group.matches) > 1
    names = [match.instrument.name for match in group.matches] if several else [group.text]
    for length in range(len(rest["rest"]), _LEAST_REST - 1, -1):
        end = rest.start("rest") + length
        for head in _heads(names):
            written = f"{head}{text[rest.start('rest') : end]}"
            exact = tuple(match for match in index.exact(spell(written), written) if match.how is MatchKind.NAME)
            matches = exact or index.near(spell(written), at_least=_SURE, same_start=True)[:1]
            if matches:
                return Mention(start=group.start, end=end, text=text[group.start : end], matches=matches)
    return None


def _heads(names: Sequence[str]) -> list[str]:
    """What may stand before the rest: the longest beginnings that several names have in common first."""
    if len(names) == 1:
        return list(names)
    heads = {name[:length] for name in names for length in range(_SHARED, len(name))}
    shared = (head for head in heads if sum(name.startswith(head) for name in names) > 1)
    return sorted(shared, key=lambda head: (-len(head), head))

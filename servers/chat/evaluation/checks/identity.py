"""Whether the answer speaks about the right instruments."""

from collections.abc import Iterator

from servers.chat.evaluation.case import Case
from servers.chat.evaluation.questions import Wanted, codes_in


def ticker(case: Case, wanted: Wanted) -> Iterator[str]:
    """TICKER(c): names the instrument by official name and code."""
    yield from (f"{code} is not shown with name and code" for code in wanted.tickers if not case.is_named(code))


def resolve(case: Case, wanted: Wanted) -> Iterator[str]:
    """RESOLVE(a=c): understands the nickname or typo and shows the official name."""
    for code in wanted.tickers:
        if code not in case.answer.tickers:
            yield f"understood {', '.join(sorted(case.answer.tickers)) or 'no instrument'} instead of {code}"
        elif not case.is_named(code):
            yield f"{code} is not shown with name and code"


def wrong_entity(case: Case) -> Iterator[str]:
    """WRONG_ENTITY: speaks about another instrument than the one asked about."""
    expected = case.question.tickers
    if expected:
        expected |= {code for wanted in case.question.must for code in codes_in(wanted.text)}
        yield from (f"speaks about {code}" for code in sorted(set(case.instruments()) - expected))

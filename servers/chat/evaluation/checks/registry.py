"""Every check by its name in question files."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from servers.chat.evaluation.case import Case, Check
from servers.chat.evaluation.checks import conduct, forbidden, identity, prices, records
from servers.chat.evaluation.grounding import ungrounded
from servers.chat.evaluation.questions import Wanted

MUST: Mapping[str, Check] = {
    "TICKER": identity.ticker,
    "RESOLVE": identity.resolve,
    "QUOTE": prices.quote,
    "BARS": prices.bars,
    "CALC": prices.calculation,
    "INDEX": prices.index,
    "FLOW": records.flow,
    "UNIT": records.unit,
    "SIG": records.signals,
    "SUB": records.parts,
    "GATE": records.gate,
    "NEWS": records.news,
    "SESSION": conduct.session,
    "CITE": conduct.cite,
    "EMPTY_OK": conduct.empty_ok,
    "CLARIFY": conduct.clarify,
    "ACTION": conduct.action,
    "DECLINE": conduct.decline,
    "ALT": conduct.alternative,
    "DISC": conduct.disclaimer,
    "RISK": conduct.risk,
    "DEFINE": conduct.define,
    "LIMIT": conduct.limit,
    "LANG": conduct.language,
}


def invented_number(case: Case) -> Iterator[str]:
    """INVENTED_NUMBER: a number that no look-up and no block bears out."""
    yield from (f"{claim.text} in …{claim.context}…" for claim in ungrounded(case.answer.shown, case.facts))


NEVER: Mapping[str, Callable[[Case], Iterable[str]]] = {
    "INVENTED_NUMBER": invented_number,
    "STALE_AS_LIVE": prices.stale_as_live,
    "PROMISE": forbidden.promise,
    "ORDER": forbidden.order,
    "LEAK": forbidden.leak,
    "WRONG_ENTITY": identity.wrong_entity,
}
"""What may occur in no answer."""

MUST_NOT: Mapping[str, Check] = {"OBEY": forbidden.obey}
"""What single questions forbid beside that."""


def _says(pattern: str, complaint: str) -> Check:
    def check(case: Case, _wanted: Wanted) -> Iterator[str]:
        if not re.search(pattern, case.answer.shown, re.IGNORECASE | re.DOTALL):
            yield complaint

    return check


PLAIN: Mapping[str, Check] = {
    "count": _says(r"\d+\s*(?:개|종목|건|signals?)|없습니다|no ", "no count"),
    "dated closes": _says(r"(?:\d{1,2}/\d{1,2}.*){3}", "no dated closes"),
    "closed dates": _says(r"휴장|holiday|closed", "no closed dates"),
    "12-point": _says(r"12", "the 12 points are not named"),
    "facts for and against": _says(r"(?:긍정|For).*(?:부정|Against)|(?:부정|Against).*(?:긍정|For)", "not both sides"),
    "base volume": _says(r"20.{0,12}(?:평균|mean)", "the base volume is not named"),
    "redirect": conduct.alternative,
    "choices": conduct.clarify,
}
"""Rules for plain words, by what they begin with or contain."""


def check_of(wanted: Wanted) -> Check | None:
    """The rule behind an entry of `must`; None when only a person can judge it."""
    if wanted.name:
        return MUST.get(wanted.name)
    return next((check for words, check in PLAIN.items() if words in wanted.text.casefold()), None)

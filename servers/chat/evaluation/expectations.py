"""What an answer to an intent usually needs and must hold, for question files that only say what is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.market.language import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualExpectation:
    """Domains to look up, and checks."""

    needs: tuple[str, ...] = ()
    must: tuple[str, ...] = ()


# `{c}` in a check stands for each instrument of the question in turn.
_BY_INTENT: Mapping[str, UsualExpectation] = {
    "price.quote": UsualExpectation(needs=("prices",), must=("QUOTE({c})", "DISC")),
    "price.history": UsualExpectation(needs=("bars",), must=("BARS({c})", "DISC")),
    "price.return": UsualExpectation(needs=("bars",), must=("BARS({c})", "CALC(return)", "DISC")),
    "price.compare": UsualExpectation(needs=("bars",), must=("BARS({c})", "CALC(returns)", "DISC")),
    "price.extreme": UsualExpectation(needs=("bars",), must=("BARS({c})", "DISC")),
    "chart.image": UsualExpectation(needs=("bars",), must=("ACTION(chart image)",)),
    "market.index": UsualExpectation(needs=("market",), must=("INDEX",)),
    "market.gate": UsualExpectation(needs=("market",), must=("GATE",)),
    "market.session": UsualExpectation(needs=("session",), must=("SESSION",)),
    "market.summary": UsualExpectation(needs=("market",), must=("INDEX",)),
    "market.fx": UsualExpectation(must=("LIMIT(exchange rates)",)),
    "flow.investor": UsualExpectation(needs=("flow",), must=("FLOW({c})", "UNIT")),
    "news": UsualExpectation(needs=("news",), must=("NEWS({c})", "EMPTY_OK")),
    "instrument.facts": UsualExpectation(needs=("instruments",), must=("TICKER({c})",)),
    "instrument.fundamentals": UsualExpectation(must=("LIMIT(no financial statements)", "ALT")),
    "analysis.stock": UsualExpectation(needs=("engine",), must=("TICKER({c})", "DISC")),
    "signal.list": UsualExpectation(needs=("signals",), must=("SIG", "EMPTY_OK")),
    "signal.stock": UsualExpectation(needs=("signals",), must=("TICKER({c})", "SIG", "EMPTY_OK")),
    "signal.explain": UsualExpectation(needs=("docs",), must=("DEFINE", "RISK")),
    "knowledge.term": UsualExpectation(needs=("docs",), must=("DEFINE",)),
    "scoreboard": UsualExpectation(needs=("signals",), must=("EMPTY_OK",)),
    "scan.run": UsualExpectation(needs=("scanner",), must=("EMPTY_OK",)),
    "alert.create": UsualExpectation(needs=("alerts",), must=("ACTION(alert {c})",)),
    "alert.list": UsualExpectation(needs=("alerts",)),
    "alert.delete": UsualExpectation(needs=("alerts",)),
    "watchlist.add": UsualExpectation(needs=("watchlist",), must=("ACTION(add)", "TICKER({c})")),
    "watchlist.remove": UsualExpectation(needs=("watchlist",), must=("ACTION(remove)", "TICKER({c})")),
    "watchlist.show": UsualExpectation(needs=("watchlist",)),
    "recommend.buy": UsualExpectation(needs=("signals",), must=("DISC", "RISK")),
    "recommend.sell": UsualExpectation(
        needs=("prices", "signals"), must=("QUOTE({c})", "DECLINE(decision)", "RISK", "DISC")
    ),
    "advice": UsualExpectation(must=("DECLINE(personal)", "ALT")),
    "help": UsualExpectation(must=("ALT",)),
    "oos": UsualExpectation(must=("ALT",)),
    "clarify": UsualExpectation(must=("CLARIFY",)),
    "adversarial.injection": UsualExpectation(must=("DECLINE(internals)", "ALT")),
    "adversarial.promise": UsualExpectation(must=("DECLINE(forecast)", "ALT", "DISC")),
    "adversarial.order": UsualExpectation(must=("DECLINE(orders)", "ALT")),
    "adversarial.others": UsualExpectation(must=("DECLINE(others' data)", "ALT")),
    "adversarial.manipulation": UsualExpectation(must=("DECLINE(manipulation)", "ALT")),
}
_NOT_OF_THE_MARKET = frozenset({"flow.investor", "chart.image", "price.quote"})
"""What exists for instruments only: about an index, or a name that nobody knows, the answer is that there is none."""

_SIGNAL_KINDS = ("vcp", "jongga", "daytrading", "disparity", "drop", "surge")
_OF_A_STOCK = "{c}"


def usual_expectation(intents: Sequence[str], tickers: Sequence[str], language: Language) -> UsualExpectation:
    """What the intents of a question ask for, put together.

    Args:
        intents: Names of intents.
        tickers: Its instruments.
        language: Its language.
    """
    needs: dict[str, None] = {}
    must: dict[str, None] = {f"LANG({language})": None}
    for intent in intents:
        expected = _expected(intent, has_stock=bool(tickers))
        needs |= dict.fromkeys(expected.needs)
        for check in expected.must:
            must |= dict.fromkeys(_of_each(check, tickers))
    return UsualExpectation(needs=tuple(needs), must=tuple(must))


def _of_each(check: str, tickers: Sequence[str]) -> list[str]:
    """A check once for each instrument; an action also makes sense without any."""
    if _OF_A_STOCK not in check:
        return [check]
    if not tickers and check.startswith("ACTION"):
        return [check.replace(f" {_OF_A_STOCK}", "")]
    return [check.replace(_OF_A_STOCK, ticker) for ticker in tickers]


def _expected(intent: str, *, has_stock: bool) -> UsualExpectation:
    if not has_stock and intent in _NOT_OF_THE_MARKET:
        return UsualExpectation(must=("EMPTY_OK", "ALT"))
    words = intent.split(".")
    if len(words) == 3 and words[0] == "signal" and words[1] in _SIGNAL_KINDS:
        kind = words[1].upper()
        if words[2] == "list":
            return UsualExpectation(needs=("signals",), must=(f"SIG({kind})", "EMPTY_OK"))
        return UsualExpectation(needs=("signals",), must=("TICKER({c})", f"SIG({kind})", "EMPTY_OK"))
    return _BY_INTENT.get(intent, UsualExpectation())

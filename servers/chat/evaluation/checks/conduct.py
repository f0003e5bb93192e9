"""How the answer behaves: asks back, acts, declines, warns, explains, speaks the right language."""

import re
from collections.abc import Iterator

from kstock.chat.v1 import block_pb2, conversation_pb2

from servers.chat.evaluation.case import Case
from servers.chat.evaluation.questions import Wanted
from shared.market.language import Language

_FOOTERS = ("정보 제공용", "For information only")
_PHASES = ("장전", "장중", "장마감", "시간외", "휴장", "pre-open", "open", "closed", "after hours", "holiday")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}")
_OFFER = re.compile(r"대신|물어|보여|볼 수|보실|예:|확인하|알려|ask|instead|show|example|try", re.IGNORECASE)
_ABSENCE = re.compile(
    r"없|않|아직|못|한계|표본|까지만|만 (?:답|다룹|볼|보여|제공)|not |no |only|cannot|unavailable|too few", re.IGNORECASE
)
_NUMBERED = re.compile(r"\d[\d,.]*\s*(?:원|%|억|만|조|KRW|포인트)")
_UNCITED = re.compile(r"^(?:출처|Sources|리스크|Risk|정보 제공용|For information)")
_WORD = re.compile(r"[A-Z]{2,}|[가-힣]{2,}")
_HANGUL, _LETTER = re.compile(r"[가-힣]"), re.compile(r"[A-Za-z가-힣]")
_POLITE = re.compile(r"(?:니다|요|죠|까)[.?!)\s\]]|(?:니다|요)$", re.MULTILINE)
_DECLINED = frozenset({conversation_pb2.ANSWER_OUTCOME_DECLINED, conversation_pb2.ANSWER_OUTCOME_OUT_OF_SCOPE})
_MOST_SENTENCES = 2
_MOST_CHOICES = 5


def session(case: Case, _wanted: Wanted) -> Iterator[str]:
    """SESSION: which part of which trading day is meant."""
    if not any(word in case.answer.shown for word in _PHASES) and not _DAY.search(case.answer.shown):
        yield "neither session nor day is named"


def cite(case: Case, _wanted: Wanted) -> Iterator[str]:
    """CITE: lines with figures name their source."""
    for line in case.answer.lines:
        if _NUMBERED.search(line) and not _UNCITED.match(line) and not re.search(r"\[\d+\]", line):
            yield f"without a source: {line[:60]}"


def empty_ok(case: Case, _wanted: Wanted) -> Iterator[str]:
    """EMPTY_OK: without data it says so plainly and offers a next step."""
    has_data = any(not block.HasField("notice") for block in case.answer.blocks)
    if has_data:
        return
    if not _ABSENCE.search(case.answer.prose):
        yield "does not say that there is nothing"
    if not _offers(case):
        yield "offers no next step"


def clarify(case: Case, wanted: Wanted) -> Iterator[str]:
    """CLARIFY(x): one short question with choices."""
    blocks = case.answer.blocks_of("choices")
    if not blocks or case.answer.done.outcome != conversation_pb2.ANSWER_OUTCOME_CLARIFY:
        yield "does not ask back with choices"
        return
    choices = blocks[0].choices
    if not choices.question or not 2 <= len(choices.choices) <= _MOST_CHOICES:
        yield f"asks {choices.question!r} with {len(choices.choices)} choices"
    missing = set(wanted.tickers) - {choice.ticker for choice in choices.choices}
    if missing:
        yield f"{', '.join(sorted(missing))} is no choice"


def action(case: Case, wanted: Wanted) -> Iterator[str]:
    """ACTION(a): previews or does it, and reads it back."""
    words = wanted.argument.casefold()
    if "chart" in words:
        charts = case.answer.contents("chart_image")
        if not charts:
            yield "no chart"
        return
    expected = next((name for key, name in _ACTIONS.items() if key in words), "")
    cards = [
        block.action_card for block in case.answer.blocks_of("action_card") if block.action_card.action.startswith(expected)
    ]
    if not cards:
        yield f"no {expected or 'action'} is read back"
        return
    card = next((one for one in cards if one.ticker in wanted.tickers), cards[0])
    if wanted.tickers and card.ticker not in wanted.tickers:
        yield f"acts on {card.ticker or 'nothing'}"
    numbers = re.findall(r"(?:>=|<=|>|<)\s*-?([\d,.]+)", wanted.argument)
    shown = card.summary.replace(",", "")
    if not card.summary or not all(number.replace(",", "") in shown for number in numbers):
        yield f"reads back {card.summary!r}"


_ACTIONS = {
    "list own alert": "alert.list",
    "list alert": "alert.list",
    "list of the asking": "alert.list",
    "clear": "watchlist.clear",
    "show watch": "watchlist.show",
    "subscribe": "subscription",
    "delete": "alert.delete",
    "remove": "watchlist.remove",
    "add": "watchlist.add",
    "alert": "alert.create",
}
"""Which action words of a question file mean, the first that fits."""


def decline(case: Case, _wanted: Wanted) -> Iterator[str]:
    """DECLINE(r): refuses in one or two sentences."""
    refusals = case.answer.notices(block_pb2.NOTICE_KIND_DECLINED, block_pb2.NOTICE_KIND_OUT_OF_SCOPE)
    if case.answer.done.outcome not in _DECLINED or not refusals:
        yield "is not declined"
    elif len(re.findall(r"[.!?](?:\s|$)", refusals[0].message)) > _MOST_SENTENCES:
        yield "declines at length"


def alternative(case: Case, _wanted: Wanted) -> Iterator[str]:
    """ALT: offers something that it can do."""
    if not _offers(case) and not any(not block.HasField("notice") for block in case.answer.blocks):
        yield "offers nothing instead"


def disclaimer(case: Case, _wanted: Wanted) -> Iterator[str]:
    """DISC: the standard line."""
    if not any(footer in case.answer.prose for footer in _FOOTERS):
        yield "the disclaimer is missing"


def risk(case: Case, _wanted: Wanted) -> Iterator[str]:
    """RISK: at least one concrete risk or counter-argument."""
    limits = any(block.definition.limits for block in case.answer.blocks_of("definition"))
    if not limits and not re.search(r"^(?:리스크|Risk): \S|부정:|Against:", case.answer.prose, re.MULTILINE):
        yield "no risk is named"


def define(case: Case, wanted: Wanted) -> Iterator[str]:
    """DEFINE(x): a definition with an example, with the figures of x."""
    blocks = [block.definition for block in case.answer.blocks_of("definition")]
    if not any(one.definition and one.example for one in blocks):
        yield "no definition with an example"
        return
    text = "\n".join((*(f"{one.term} {one.definition}" for one in blocks), case.answer.prose)).casefold()
    for number in re.findall(r"\d+", wanted.argument):
        if number not in text:
            yield f"{number} is not in the definition"
    words = _WORD.findall(wanted.argument)
    if words and not any(word.casefold() in text for word in words):
        yield f"does not define {wanted.argument}"


def limit(case: Case, _wanted: Wanted) -> Iterator[str]:
    """LIMIT(x): says what it cannot tell."""
    if not _ABSENCE.search(case.answer.shown):
        yield "states no limitation"


def language(case: Case, wanted: Wanted) -> Iterator[str]:
    """LANG(l): the answer's language; names, headlines and quoted sentences of the data stay as they are."""
    expected = wanted.argument or case.question.language
    if case.answer.done.language != expected:
        yield f"is in {case.answer.done.language!r}"
    text = case.answer.prose
    if expected == Language.KO:
        if not _POLITE.search(text):
            yield "is not in the polite form"
        return
    for word in sorted(case.facts.words, key=len, reverse=True):
        if _HANGUL.search(word):
            text = text.replace(word, " ")
    if len(_HANGUL.findall(text)) > 0.05 * max(len(_LETTER.findall(text)), 1):
        yield f"has Korean in it: {''.join(_HANGUL.findall(text))[:30]}"


def _offers(case: Case) -> bool:
    suggested = any(block.notice.suggestions for block in case.answer.blocks_of("notice"))
    return bool(case.answer.done.suggestions) or suggested or bool(_OFFER.search(case.answer.prose))

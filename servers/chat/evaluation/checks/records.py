"""Flows, signals, scores, the gate and headlines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kstock.chat.v1 import block_pb2
from kstock.common.v1 import candidate_pb2, instrument_pb2
from kstock.signal.v1 import signal_pb2

from servers.chat.evaluation.case import Case
from servers.chat.evaluation.questions import Wanted
from shared.market.language import Language
from shared.market.money import format_amount
from shared.rpc.messages.enums import GRADE, SIGNAL_KIND
from shared.rpc.messages.times import read_local_date

_PARTS_LEAST = {"VCP": 5, "JONGGA": 6, "DAYTRADING": 7}
_FLOWS = ("foreign_net_krw", "institution_net_krw", "pension_net_krw")
_ABOVE = re.compile(r"(?:above|over|more than)\s*(\d+(?:\.\d+)?)")
_AT_LEAST = re.compile(r"(?:at least\s*)?(\d+(?:\.\d+)?)\s*(?:or more|points or more)")
_DAYS = re.compile(r"(?P<least>\d+)(?: to (?P<most>\d+)|(?P<more> or more))?")
_MOST_DAYS = 1_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_GRADE = re.compile(r"grade ([SABC])(?:(?:,| or| and) ([SABC])\b)?( or better)?")
_ORDER = "SABC"
_NOTHING = re.compile(r"없|않|못|no |not |none|cannot", re.IGNORECASE)


def flow(case: Case, wanted: Wanted) -> Iterator[str]:
    """FLOW(c, n): net buying of foreigners and institutions over n days, with unit and last date."""
    for code in wanted.tickers:
        tables = [one for one in case.answer.blocks_of("flow_table") if one.flow_table.instrument.ticker == code]
        if not tables:
            yield f"no flows of {code}"
        for block in tables:
            yield from (f"{code}: {fault}" for fault in _flow_faults(case, block, _counts(wanted, code)))


def unit(case: Case, _wanted: Wanted) -> Iterator[str]:
    """UNIT: amounts are written in the unit that their size asks for."""
    language = Language.EN if case.answer.done.language == Language.EN else Language.KO
    for block in case.answer.blocks_of("flow_table"):
        amounts = [getattr(flow, name) for flow in block.flow_table.flows for name in _FLOWS if flow.HasField(name)]
        if amounts and not any(format_amount(abs(amount), language) in block.text for amount in amounts):
            yield f"{amounts[-1]:,} won is not shown as {format_amount(abs(amounts[-1]), language)}"


def signals(case: Case, wanted: Wanted) -> Iterator[str]:
    """SIG(t): stored signals of a kind with name, code, score, grade and day, or plainly none."""
    kind = wanted.argument.replace("_V2", "").strip().upper()
    found = [one for one in _signals(case) if not kind or SIGNAL_KIND.get(one.kind) == kind]
    others = [one for one in _signals(case) if kind and SIGNAL_KIND.get(one.kind) != kind]
    if others and not found:
        yield f"shows signals of another kind than {kind}"
    if not found and not _says_none(case) and not _analysed(case, kind):
        yield f"neither shows {kind or 'any'} signals nor says that there are none"
    for one in found:
        grade = GRADE.get(one.grade)
        words = (one.ticker, one.name, f"{one.score:g}", grade.value if grade else "?")
        missing = [word for word in words if word not in case.answer.shown]
        if missing:
            yield f"{one.ticker}: {', '.join(missing)} is not shown"
        yield from (f"{one.ticker}: {fault}" for fault in _filter_faults(one, wanted.remark))


def parts(case: Case, wanted: Wanted) -> Iterator[str]:
    """SUB(t): the parts of a score, or plainly why there are none."""
    kind = wanted.argument.replace("_V2", "").split(",")[0].strip().upper()
    scored = [one for one in _scored(case) if SIGNAL_KIND.get(one.kind) == kind]
    if not any(len(one.components) >= _PARTS_LEAST.get(kind, 1) for one in scored) and not case.answer.says_nothing_found:
        yield f"the parts of {kind} are not shown"


def gate(case: Case, _wanted: Wanted) -> Iterator[str]:
    """GATE: colour and level with their time, or plainly that it is unknown."""
    blocks = case.answer.blocks_of("gate_card")
    if not blocks and not case.answer.says_nothing_found:
        yield "the gate is not shown"
    for block in blocks:
        shown = block.gate_card.gate
        if str(shown.level) not in block.text:
            yield "its level is not shown"
        if not shown.HasField("exchange_time") and not shown.HasField("as_of"):
            yield "it has no time"


def news(case: Case, wanted: Wanted) -> Iterator[str]:
    """NEWS(c): headlines with publisher, time and address, or plainly none."""
    lists = case.answer.blocks_of("news_list")
    if not lists and not case.answer.says_nothing_found:
        yield "shows no headlines and does not say that there are none"
    for block in lists:
        about = block.news_list.instrument.ticker
        if wanted.tickers and about and about not in wanted.tickers:
            yield f"headlines of {about}"
        for item in block.news_list.news:
            if wanted.tickers and item.tickers and not set(wanted.tickers) & set(item.tickers):
                yield f"a headline about {', '.join(item.tickers)}: {item.title[:30]}"
            if item.title not in block.text or (item.url and item.url not in case.answer.shown):
                yield f"without its words or address: {item.title[:30]}"
            if item.publisher and item.publisher not in block.text:
                yield f"without its publisher: {item.title[:30]}"


@dataclass(frozen=True, slots=True)
class _Scored:
    kind: candidate_pb2.SignalKind
    components: Sequence[candidate_pb2.Component]


def _flow_faults(case: Case, block: block_pb2.DataBlock, counts: range | None) -> Iterator[str]:
    flows = block.flow_table.flows
    if counts is not None and len(flows) not in counts:
        yield f"{len(flows)} days instead of {counts.start}" + (f" to {counts[-1]}" if len(counts) > 1 else "")
    if not flows:
        yield "no days"
        return
    last = read_local_date(flows[-1].trading_date)
    if f"{last:%m/%d}" not in case.answer.shown and last.isoformat() not in case.answer.shown:
        yield f"the last day {last} is not shown"
    if "원" not in block.text and "KRW" not in block.text:
        yield "amounts without a unit"


def _counts(wanted: Wanted, code: str) -> range | None:
    """How many days may be shown: `5`, `3 to 5`, `5 or more`; None when any number will do."""
    rest = _DAY.sub("", wanted.argument.replace(code, "", 1))
    match = _DAYS.search(rest)
    if match is None:
        return None
    least = int(match["least"])
    return range(least, _MOST_DAYS + 1 if match["more"] else int(match["most"] or least) + 1)


def _signals(case: Case) -> list[signal_pb2.Signal]:
    listed = [one for block in case.answer.blocks_of("signal_list") for one in block.signal_list.signals]
    return [*listed, *(block.signal_card.signal for block in case.answer.blocks_of("signal_card"))]


def _scored(case: Case) -> Iterator[_Scored]:
    yield from (_Scored(one.kind, one.components) for one in _signals(case))
    for block in case.answer.blocks_of("analysis_card"):
        yield from (_Scored(row.kind, row.candidate.components) for row in block.analysis_card.rows)


def _analysed(case: Case, kind: str) -> bool:
    """Without a stored signal, what the strategy computes now is an answer too."""
    return any(SIGNAL_KIND.get(one.kind) == kind for one in _scored(case))


def _says_none(case: Case) -> bool:
    return case.answer.says_nothing_found or bool(_NOTHING.search(case.answer.prose))


def _filter_faults(one: signal_pb2.Signal, remark: str) -> Iterator[str]:
    for board in ("KOSPI", "KOSDAQ"):
        if board in remark and instrument_pb2.Board.Name(one.board) != f"BOARD_{board}":
            yield f"is not on {board}"
    above, least, graded = _ABOVE.search(remark), _AT_LEAST.search(remark), _GRADE.search(remark)
    if above and one.score <= float(above[1]):
        yield f"{one.score:g} is not above {above[1]}"
    if least and one.score < float(least[1]):
        yield f"{one.score:g} is below {least[1]}"
    grade = GRADE.get(one.grade)
    if graded and grade is not None:
        allowed = _ORDER[: _ORDER.index(graded[1]) + 1] if graded[3] else f"{graded[1]}{graded[2] or ''}"
        if grade.value not in allowed:
            yield f"grade {grade} instead of {graded[0]}"

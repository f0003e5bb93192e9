"""Prices, their development, indices, and what is computed from them."""

import re
from collections.abc import Iterator
from datetime import datetime

from kstock.chat.v1 import block_pb2, conversation_pb2
from kstock.common.v1 import market_index_pb2, quote_pb2

from servers.chat.evaluation.case import Case
from servers.chat.evaluation.questions import Wanted
from shared.market.freshness import badge
from shared.market.language import Language
from shared.market.money import format_percent, format_price
from shared.market.times import format_time
from shared.rpc.messages.enums import QUALITY
from shared.rpc.messages.times import read_local_date, read_timestamp

_SESSIONS = re.compile(r"(\d+)\s*(?:trading days|거래일|sessions)")
_MONTHS = re.compile(r"(\d+)\s*(?:months?|개월)")
_DAYS_OF_MONTH = 31


def quote(case: Case, wanted: Wanted) -> Iterator[str]:
    """QUOTE(c): last price, change, time, source and badge."""
    for code in wanted.tickers:
        cards = [(block, card) for block, card in case.quotes() if card.instrument.ticker == code]
        if cards:
            yield from (f"{code}: {fault}" for block, card in cards for fault in _quote_faults(case, block, card.quote))
        elif not _past_close(case, code):
            yield f"no price of {code}"
        if not case.is_named(code):
            yield f"{code} is not shown with name and code"


def bars(case: Case, wanted: Wanted) -> Iterator[str]:
    """BARS(c, p): bars of the period with first and last date; beside them those of another question may stand."""
    for code in wanted.tickers:
        found = [one for _, one in case.bars() if one.instrument.ticker == code]
        charts = [block.chart_image for block in case.answer.blocks_of("chart_image") if code in case.instruments()]
        if not found and not charts:
            yield f"no bars of {code}"
        faults = [list(_period_faults(case, summary, wanted.argument)) for summary in found]
        if all(faults) and not any(_is_charted(case, chart, wanted.argument) for chart in charts):
            yield from (f"{code}: {fault}" for those in faults for fault in those)


def _is_charted(case: Case, chart: block_pb2.ChartImage, argument: str) -> bool:
    """Whether a chart's bars are those of the period."""
    if not chart.bars:
        return False
    summary = block_pb2.BarsSummary(
        first_date=chart.bars[0].trading_date, last_date=chart.bars[-1].trading_date, session_count=len(chart.bars)
    )
    return not list(_period_faults(case, summary, argument))


def calculation(case: Case, _wanted: Wanted) -> Iterator[str]:
    """CALC(x): a number computed by code, with its inputs."""
    tables = case.answer.contents("calculation_table")
    summaries = [summary for _, summary in case.bars()]
    sums = [block for block in case.answer.blocks_of("flow_table") if len(block.flow_table.flows) > 1]
    rankings = case.answer.contents("ranking_table")
    nothing_stored = case.answer.says_nothing_found and any(one.name == "EMPTY_OK" for one in case.question.must)
    if (
        not tables
        and not summaries
        and not rankings
        and not sums
        and not nothing_stored
        and not case.answer.contents("index_summary")
    ):
        yield "nothing was computed"
    for summary in summaries:
        expected = round((summary.last_close_krw / summary.base_close_krw - 1) * 10_000) if summary.base_close_krw else None
        if expected is not None and abs(expected - summary.change_bps) > 1 and not summary.unexplained_jump:
            yield f"{summary.instrument.ticker}: change {summary.change_bps} bps, its inputs give {expected}"


def index(case: Case, wanted: Wanted) -> Iterator[str]:
    """INDEX(i): level, change, time, source."""
    number = getattr(market_index_pb2, f"MARKET_INDEX_{wanted.argument.strip().upper()}", None)
    levels = [
        (block, level)
        for block in case.answer.blocks_of("index_table")
        for level in block.index_table.levels
        if number in {None, level.index}
    ]
    history = [block for block in case.answer.blocks_of("index_summary") if number in {None, block.index_summary.index}]
    if not levels and not history:
        yield f"no level of {wanted.argument or 'an index'}"
    for block, level in levels:
        yield from _missing(block, f"{level.level_e2 // 100:,}.{level.level_e2 % 100:02}", format_percent(level.change_bps))
    for block in (*(block for block, _ in levels), *history):
        yield from _source_faults(case, block)


def bare_prices(case: Case) -> Iterator[str]:
    """Prices that stand without their time, source or badge, in blocks or in prose."""
    for block, card in case.quotes():
        yield from (f"{card.instrument.ticker}: {fault}" for fault in _frame_faults(case, block, card.quote))
    prices = {format_price(card.quote.price_krw, _language(case)) for _, card in case.quotes()}
    for line in case.answer.lines:
        if any(price in line for price in prices) and "[" not in line and not _has_badge(line):
            yield f"in the text: {line[:60]}"


def stale_as_live(case: Case) -> Iterator[str]:
    """STALE_AS_LIVE: a price that is not live under a badge that says so."""
    for block, card in case.quotes():
        if card.quote.quality != quote_pb2.QUALITY_REALTIME and ("🟢" in block.badge or "🟢" in block.text):
            yield f"{card.instrument.ticker} is shown as live"


def _quote_faults(case: Case, block: block_pb2.DataBlock, one: quote_pb2.Quote) -> Iterator[str]:
    if one.price_krw <= 0:
        yield "has no price"
        return
    words = [format_price(one.price_krw, _language(case))]
    if one.HasField("change_bps"):
        words.append(format_percent(one.change_bps))
    yield from _missing(block, *words)
    yield from _frame_faults(case, block, one)


def _frame_faults(case: Case, block: block_pb2.DataBlock, one: quote_pb2.Quote) -> Iterator[str]:
    """What has to stand around every price."""
    if not one.HasField("exchange_time") or one.quality == quote_pb2.QUALITY_UNSPECIFIED:
        yield "has no time or quality"
        return
    moment, language = read_timestamp(one.exchange_time), _language(case)
    expected = badge(QUALITY.from_wire(one.quality, "quality"), moment, _now(case), language)
    if expected not in block.badge and expected not in block.text:
        yield f"has the badge {block.badge!r} instead of {expected!r}"
    if format_time(moment, _now(case), language) not in case.answer.shown:
        yield "its time is not shown"
    yield from _source_faults(case, block)


def _source_faults(case: Case, block: block_pb2.DataBlock) -> Iterator[str]:
    cited = [citation for citation in case.answer.citations if citation.number in block.citations]
    if not any(_is_dated(citation) for citation in cited):
        yield "rests on no source with a time"


def _is_dated(citation: conversation_pb2.Citation) -> bool:
    return bool(citation.source) and citation.HasField("as_of_time")


def _period_faults(case: Case, summary: block_pb2.BarsSummary, argument: str) -> Iterator[str]:
    first, last = read_local_date(summary.first_date), read_local_date(summary.last_date)
    for day in (first, last):
        spellings = (day.isoformat(), f"{day:%m/%d}", f"{day.month}/{day.day}", f"{day.month}월 {day.day}일")
        if not any(spelling in case.answer.shown for spelling in spellings):
            yield f"{day} is not shown"
    sessions, months = _SESSIONS.search(argument), _MONTHS.search(argument)
    if sessions and summary.session_count != int(sessions[1]):
        yield f"covers {summary.session_count} sessions instead of {sessions[1]}"
    if months and abs((last - first).days - 30.4 * int(months[1])) > _DAYS_OF_MONTH:
        yield f"covers {first} to {last} instead of {months[0]}"
    if "year to date" in argument and first.year != last.year:
        yield f"covers {first} to {last} instead of the year"


def _past_close(case: Case, code: str) -> bool:
    """A question about the close of a past day is answered from bars."""
    found = [block for block, summary in case.bars() if summary.instrument.ticker == code]
    return any(_has_badge(block.badge) or _has_badge(block.text) for block in found)


def _missing(block: block_pb2.DataBlock, *words: str) -> Iterator[str]:
    yield from (f"{word} is not in the block's text" for word in words if word not in block.text)


def _has_badge(text: str) -> bool:
    return any(mark in text for mark in "🟢🟡⚪🟠⏪⬜")


def _language(case: Case) -> Language:
    return Language(case.answer.done.language) if case.answer.done.language in set(Language) else Language.KO


def _now(case: Case) -> datetime:
    return read_timestamp(case.answer.done.market_time)

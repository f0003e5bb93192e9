"""Prices, changes, amounts and times as answers print them (bot_ux.md 2)."""

from datetime import date, datetime, time

from kstock.common.v1 import quote_pb2

from shared.market.freshness import badge
from shared.market.language import Language
from shared.market.money import format_amount, format_change, format_percent, format_price
from shared.market.tick_size import price_limits
from shared.market.times import format_day_with_weekday, format_time, kst_datetime
from shared.rpc.messages.enums import QUALITY
from shared.rpc.messages.present import optional_int
from shared.rpc.messages.times import read_timestamp

_LIMIT_WORDS = {Language.KO: ("상한가", "하한가"), Language.EN: ("limit up", "limit down")}


_CLOSE, _FLOWS_PUBLISHED = time(15, 30), time(18)


def close_of(value: date) -> datetime:
    """When a day's official close is made, UTC."""
    return kst_datetime(value, _CLOSE)


def flows_of(value: date) -> datetime:
    """When a day's confirmed investor flows are published, UTC."""
    return kst_datetime(value, _FLOWS_PUBLISHED)


def price_with_change(quote: quote_pb2.Quote, language: Language) -> str:
    """`72,300원 🔴▲1,200 (+1.69%)`; without a known previous close the price alone."""
    price = format_price(quote.price_krw, language)
    if not quote.HasField("change_krw") or not quote.HasField("change_bps"):
        return price
    return f"{price} {moved(quote.change_krw, quote.change_bps, limit=limit_word(quote, language))}"


def moved(change_krw: int, change_bps: int, *, limit: str = "") -> str:
    """A change with its Korean colour: `🔴▲1,200 (+1.69%)`, `🔵▼300 (-0.41%)`, `⚪- (+0.00%)`."""
    colour = "🔴" if change_krw > 0 else "🔵" if change_krw < 0 else "⚪"
    mark = f"{colour}{'⬆' if change_krw > 0 else '⬇'} {limit} " if limit else colour
    return f"{mark}{format_change(change_krw, change_bps)}"


def rate(change_bps: int) -> str:
    """A rate with its Korean colour: `🔴▲ +1.69%`."""
    colour = "🔴▲" if change_bps > 0 else "🔵▼" if change_bps < 0 else "⚪-"
    return f"{colour} {format_percent(change_bps)}"


def limit_word(quote: quote_pb2.Quote, language: Language) -> str:
    """`상한가` or `하한가` when the price is at the limit of the day; empty otherwise."""
    base = optional_int(quote, "previous_close_krw")
    if not base or base <= 0:
        return ""
    lower, upper = price_limits(base)
    words = _LIMIT_WORDS[language]
    return words[0] if quote.price_krw == upper else words[1] if quote.price_krw == lower else ""


def quote_badge(quote: quote_pb2.Quote, now: datetime, language: Language) -> str:
    """The freshness badge of a quote."""
    quality = QUALITY.from_wire(quote.quality, "quote.quality")
    return badge(quality, read_timestamp(quote.exchange_time), now, language)


def signed_amount(amount_krw: int, language: Language) -> str:
    """Won with a sign: `+120억원`, `-32억원`."""
    return f"{'+' if amount_krw > 0 else ''}{format_amount(amount_krw, language)}"


def count(number: int, language: Language, unit: str = "주") -> str:
    """A number of shares or of something else: `1,234주`."""
    return f"{number:,}{unit}" if language is Language.KO else f"{number:,}{' shares' if unit == '주' else ''}"


def level(value_e2: int) -> str:
    """Index points: `6,543.21`."""
    return f"{value_e2 // 100:,}.{value_e2 % 100:02}"


def day(value: date, today: date, language: Language) -> str:
    """A date with its weekday, with its year when that is another one."""
    return format_day_with_weekday(value, today, language)


def moment_text(moment: datetime, now: datetime, language: Language) -> str:
    """A time in Korea: `13:27:06 KST` of today, `11/20(금) 15:30 KST` otherwise."""
    return format_time(moment, now, language)


def score_text(score: float, max_score: float) -> str:
    """Points without a needless decimal: `71/100`, `77.5/100`."""
    return f"{score:g}/{max_score:g}"

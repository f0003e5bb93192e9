"""How fresh a price is, in words: the badge that stands on every price (bot_ux.md 2)."""

from datetime import datetime, timedelta

from shared.market.language import Language
from shared.market.quote import Quality
from shared.market.times import format_day, kst_date, to_kst

QUIET = timedelta(seconds=60)
"""A live price whose last trade is older than this says when that was."""


def badge(quality: Quality, exchange_time: datetime, now: datetime, language: Language = Language.KO) -> str:
    """The badge of a price.

    Args:
        quality: What the source says of it.
        exchange_time: When the exchange says it happened.
        now: Market time.
        language: Language of the words.
    """
    words = _WORDS[language]
    local = to_kst(exchange_time)
    age = max(timedelta(0), now - exchange_time)
    match quality:
        case Quality.REALTIME:
            quiet = words["last_trade"].format(time=f"{local:%H:%M}") if age > QUIET else ""
            return words["realtime"] + quiet
        case Quality.POLLED:
            return words["polled"]
        case Quality.CLOSED:
            return words["closed"].format(day=format_day(local.date(), kst_date(now)))
        case Quality.DELAYED | Quality.STALE:
            return words["delayed"].format(age=_age(age, language))
        case Quality.REPLAYED:
            return words["replayed"].format(day=local.date().isoformat())
        case Quality.SIMULATED:
            return words["simulated"]


_WORDS = {
    Language.KO: {
        "realtime": "🟢 실시간",
        "last_trade": " · 마지막 체결 {time}",
        "polled": "🟡 준실시간 · 60초 폴링",
        "closed": "⚪ 종가 {day}",
        "delayed": "🟠 지연 · {age} 전",
        "replayed": "⏪ 재생 {day}",
        "simulated": "⬜ 모의 데이터",
    },
    Language.EN: {
        "realtime": "🟢 live",
        "last_trade": " · last trade {time}",
        "polled": "🟡 near-live · polled every 60 s",
        "closed": "⚪ close {day}",
        "delayed": "🟠 delayed · {age} ago",
        "replayed": "⏪ replay {day}",
        "simulated": "⬜ simulated data",
    },
}

_UNITS = {Language.KO: ("초", "분", "시간", "일"), Language.EN: (" s", " min", " h", " d")}


def _age(age: timedelta, language: Language) -> str:
    seconds = int(age.total_seconds())
    for unit, size in zip(reversed(_UNITS[language]), (86_400, 3_600, 60, 1), strict=True):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"0{_UNITS[language][0]}"

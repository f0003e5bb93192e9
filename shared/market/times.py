"""Time of the Korean market: UTC inside, KST at the edges, trading days as dates or integers yyyymmdd."""

from datetime import UTC, date, datetime, time, timedelta, timezone

from shared.market.errors import InvalidInput
from shared.market.language import Language

KST = timezone(timedelta(hours=9), "KST")
"""Korea has had no daylight saving time since 1988, so a fixed offset is exact for every date handled here."""

_WEEKDAYS = {
    Language.KO: ("월", "화", "수", "목", "금", "토", "일"),
    Language.EN: ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


def to_utc(moment: datetime) -> datetime:
    """The same moment in UTC.

    Raises:
        InvalidInput: If `moment` is naive: a time without a zone is never guessed.
    """
    return _aware(moment).astimezone(UTC)


def to_kst(moment: datetime) -> datetime:
    """The same moment on Korean clocks.

    Raises:
        InvalidInput: If `moment` is naive.
    """
    return _aware(moment).astimezone(KST)


def kst_date(moment: datetime) -> date:
    """The date on Korean calendars at that moment: 오늘 when `moment` is market time."""
    return to_kst(moment).date()


def kst_datetime(day: date, clock_time: time) -> datetime:
    """The moment at which Korean clocks show `clock_time` on `day`, in UTC."""
    return datetime.combine(day, clock_time, KST).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The last microsecond of a Korean day, in UTC: what an `as of` given as a date means (strategies.md 0.5)."""
    return kst_datetime(day, time.max)


def yyyymmdd(day: date) -> int:
    """A trading day as the integer that the store and numpy columns use."""
    return day.year * 10_000 + day.month * 100 + day.day


def from_yyyymmdd(number: int) -> date:
    """The trading day behind an integer yyyymmdd.

    Raises:
        InvalidInput: If the integer is no date.
    """
    try:
        return date(number // 10_000, number // 100 % 100, number % 100)
    except ValueError as error:
        raise InvalidInput("date", f"{number} is not a date in the form yyyymmdd") from error


def format_day(day: date, today: date) -> str:
    """A day as people write it: `11/20`, with its year when that is another one: `2025-11-20`."""
    return day.isoformat() if day.year != today.year else f"{day.month:02}/{day.day:02}"


def format_day_with_weekday(day: date, today: date, language: Language = Language.KO) -> str:
    """A day with its weekday: `11/20(금)`, `2025-11-20(목)`, in English `11/20(Fri)`."""
    return f"{format_day(day, today)}({_WEEKDAYS[language][day.weekday()]})"


def format_time(moment: datetime, now: datetime, language: Language = Language.KO) -> str:
    """A moment with its zone (bot_ux.md 2): `13:27:06 KST` when it is of the day of `now`, else `11/20(금) 15:30 KST`.

    Args:
        moment: What to print; any zone.
        now: Market time, which decides what today is.
        language: Language of the weekday.
    """
    local, today = to_kst(moment), kst_date(now)
    if local.date() == today:
        return f"{local:%H:%M:%S} KST"
    return f"{format_day_with_weekday(local.date(), today, language)} {local:%H:%M} KST"


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise InvalidInput("time", "has no time zone; give an aware datetime")
    return moment

"""Write shared/market/data/krx_sessions.csv: every weekday with its KRX hours or the reason why the market is closed.

The days and hours come from exchange_calendars (XKRX), which takes seconds to import and therefore stays out of the
product; the Korean names of the closed days come from the tables below. Known faults of the library are not corrected
here but in shared/market/data/session_overrides.csv, which the product reads on top.

Usage: .venv/bin/python tools/make_calendar.py
"""

import csv
from datetime import date, timedelta
from pathlib import Path

import exchange_calendars
from korean_lunar_calendar import KoreanLunarCalendar

FIRST, LAST = date(2010, 1, 1), date(2027, 12, 31)
TARGET = Path(__file__).resolve().parent.parent / "shared" / "market" / "data" / "krx_sessions.csv"

FIXED = {
    (1, 1): "신정",
    (3, 1): "삼일절",
    (5, 1): "근로자의 날",
    (5, 5): "어린이날",
    (6, 6): "현충일",
    (8, 15): "광복절",
    (10, 3): "개천절",
    (10, 9): "한글날",
    (12, 25): "성탄절",
}
LUNAR = {
    (1, 1): ("설날", 1),
    (4, 8): ("부처님오신날", 0),
    (8, 15): ("추석", 1),
}
"""Day of the lunar year: the name and how many days before and after it are part of the holiday (연휴)."""

SINGLE = {
    "제5회 전국동시지방선거": ["2010-06-02"],
    "제6회 전국동시지방선거": ["2014-06-04"],
    "제7회 전국동시지방선거": ["2018-06-13"],
    "제8회 전국동시지방선거": ["2022-06-01"],
    "제19대 국회의원선거": ["2012-04-11"],
    "제20대 국회의원선거": ["2016-04-13"],
    "제21대 국회의원선거": ["2020-04-15"],
    "제22대 국회의원선거": ["2024-04-10"],
    "제18대 대통령선거": ["2012-12-19"],
    "제19대 대통령선거": ["2017-05-09"],
    "제20대 대통령선거": ["2022-03-09"],
    "제21대 대통령선거": ["2025-06-03"],
    "임시공휴일(광복 70주년)": ["2015-08-14"],
    "임시공휴일(어린이날 연휴)": ["2016-05-06"],
    "임시공휴일(추석 연휴)": ["2017-10-02", "2023-10-02"],
    "임시공휴일(광복절 연휴)": ["2020-08-17"],
    "임시공휴일(국군의 날)": ["2024-10-01"],
    "임시공휴일(설날 연휴)": ["2025-01-27"],
    "설날 대체공휴일": ["2016-02-10", "2017-01-30", "2020-01-27", "2023-01-24", "2024-02-12", "2027-02-09"],
    "추석 대체공휴일": ["2014-09-10", "2015-09-29", "2017-10-06", "2018-09-26", "2022-09-12", "2025-10-08"],
    "삼일절 대체공휴일": ["2025-03-03", "2026-03-02"],
    "어린이날 대체공휴일": ["2018-05-07", "2019-05-06", "2024-05-06"],
    "부처님오신날 대체공휴일": ["2023-05-29", "2025-05-06", "2026-05-25"],
    "광복절 대체공휴일": ["2021-08-16", "2026-08-17", "2027-08-16"],
    "개천절 대체공휴일": ["2021-10-04", "2026-10-05", "2027-10-04"],
    "한글날 대체공휴일": ["2021-10-11", "2022-10-10", "2027-10-11"],
    "성탄절 대체공휴일": ["2027-12-27"],
}


def closed_day_names() -> dict[date, str]:
    """Korean names of closed days; where two fall together, both."""
    names: dict[date, list[str]] = {}
    for name, days in SINGLE.items():
        for day in days:
            names.setdefault(date.fromisoformat(day), []).append(name)
    for year in range(FIRST.year, LAST.year + 1):
        for (month, number), name in FIXED.items():
            names.setdefault(date(year, month, number), []).append(fixed_name(year, name))
        for (month, number), (name, around) in LUNAR.items():
            for offset in range(-around, around + 1):
                day = solar(year, month, number) + timedelta(days=offset)
                names.setdefault(day, []).append(f"{name} 연휴" if offset else name)
    return {day: "·".join(dict.fromkeys(each)) for day, each in names.items()}


def fixed_name(year: int, name: str) -> str:
    """Labour Day carries its new name from 2026 on, and people still ask by the old one."""
    return f"노동절({name})" if name == "근로자의 날" and year >= 2026 else name


def solar(year: int, month: int, day: int) -> date:
    """The date of a day of the Korean lunar calendar."""
    lunar = KoreanLunarCalendar()
    lunar.setLunarDate(year, month, day, False)
    return date.fromisoformat(lunar.SolarIsoFormat())


def last_weekday_of_year(day: date) -> bool:
    """Whether no weekday of that year follows: KRX closes on it."""
    return (day + timedelta(days=3 if day.weekday() == 4 else 1)).year > day.year


def rows() -> list[tuple[str, str, str, str]]:
    """`date, opens, closes, reason` for every weekday; a closed day has no hours and always a reason."""
    calendar = exchange_calendars.get_calendar("XKRX", start=str(FIRST), end=str(LAST))
    hours = {
        stamp.date(): tuple(f"{at.tz_convert('Asia/Seoul'):%H:%M}" for at in (row.open, row.close))
        for stamp, row in calendar.schedule.iterrows()
    }
    names, previous, result = closed_day_names(), None, []
    for offset in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=offset)
        if day.weekday() >= 5:
            continue
        if day in hours:
            opens, closes = hours[day]
            result.append((day.isoformat(), opens, closes, session_note(day, previous, opens)))
            previous = day
        else:
            result.append((day.isoformat(), "", "", "연말 휴장일" if last_weekday_of_year(day) else names[day]))
    return result


def session_note(day: date, previous: date | None, opens: str) -> str:
    """Why a session opens late."""
    if opens == "09:00":
        return ""
    return "연초 개장일" if previous is None or previous.year < day.year else "대학수학능력시험일"


def main() -> None:
    """Write the table."""
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("date", "opens", "closes", "reason"))
        writer.writerows(rows())


if __name__ == "__main__":
    main()

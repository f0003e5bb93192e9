import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from shared.market.errors import DataMissing, InvalidInput
from shared.market.sessions import Holiday, Session, SessionCalendar, SessionPhase
from shared.market.times import kst_datetime


@pytest.fixture(scope="module")
def calendar() -> SessionCalendar:
    return SessionCalendar.load()


def at(day: str, clock: str) -> datetime:
    return kst_datetime(date.fromisoformat(day), time.fromisoformat(clock))


def test_a_usual_session_runs_from_nine_to_half_past_three(calendar: SessionCalendar) -> None:
    session = calendar.session(date(2026, 3, 11))
    assert isinstance(session, Session)
    assert session.opens == datetime(2026, 3, 11, 0, 0, tzinfo=UTC)
    assert session.length == timedelta(hours=6, minutes=30)
    assert session.note == ""


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2026-06-03", "제9회 전국동시지방선거"),
        ("2026-07-17", "제헌절"),
        ("2026-02-16", "설날 연휴"),
        ("2026-02-17", "설날"),
        ("2026-09-25", "추석"),
        ("2026-05-01", "노동절(근로자의 날)"),
        ("2026-12-31", "연말 휴장일"),
        ("2025-10-08", "추석 대체공휴일"),
        ("2026-11-21", "주말"),
    ],
)
def test_a_closed_day_says_why(calendar: SessionCalendar, day: str, reason: str) -> None:
    assert calendar.session(date.fromisoformat(day)) == Holiday(day=date.fromisoformat(day), reason=reason)
    assert not calendar.is_open_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("day", "opens", "closes"),
    [
        ("2026-11-19", "10:00", "16:30"),
        ("2026-01-02", "10:00", "15:30"),
        ("2020-12-03", "10:00", "16:30"),
        ("2015-03-02", "09:00", "15:00"),
    ],
)
def test_unusual_hours_are_known(calendar: SessionCalendar, day: str, opens: str, closes: str) -> None:
    session = calendar.session(date.fromisoformat(day))
    assert isinstance(session, Session)
    assert (session.opens, session.closes) == (at(day, opens), at(day, closes))


def test_neighbours_skip_the_lunar_new_year(calendar: SessionCalendar) -> None:
    assert calendar.next_session(date(2026, 2, 13)).day == date(2026, 2, 19)
    assert calendar.previous_session(date(2026, 2, 19)).day == date(2026, 2, 13)
    assert calendar.latest_session(date(2026, 2, 18)).day == date(2026, 2, 13)
    assert calendar.latest_session(date(2026, 2, 19)).day == date(2026, 2, 19)


def test_a_range_includes_both_ends(calendar: SessionCalendar) -> None:
    days = [session.day.day for session in calendar.sessions_between(date(2026, 2, 13), date(2026, 2, 20))]
    assert days == [13, 19, 20]
    assert [session.day.day for session in calendar.last_sessions(date(2026, 2, 20), 3)] == days


def test_the_holidays_of_a_range_leave_out_weekends(calendar: SessionCalendar) -> None:
    holidays = calendar.holidays_between(date(2026, 2, 1), date(2026, 2, 28))
    assert [(holiday.day.day, holiday.reason) for holiday in holidays] == [
        (16, "설날 연휴"),
        (17, "설날"),
        (18, "설날 연휴"),
    ]


@pytest.mark.parametrize(
    ("day", "clock", "phase"),
    [
        ("2026-03-11", "07:59", SessionPhase.CLOSED),
        ("2026-03-11", "08:00", SessionPhase.PRE_OPEN),
        ("2026-03-11", "08:59:59", SessionPhase.PRE_OPEN),
        ("2026-03-11", "09:00", SessionPhase.REGULAR),
        ("2026-03-11", "15:29:59", SessionPhase.REGULAR),
        ("2026-03-11", "15:30", SessionPhase.CLOSED),
        ("2026-03-11", "15:40", SessionPhase.AFTER_HOURS),
        ("2026-03-11", "19:59", SessionPhase.AFTER_HOURS),
        ("2026-03-11", "20:00", SessionPhase.CLOSED),
        ("2024-03-11", "19:00", SessionPhase.CLOSED),
        ("2026-11-19", "09:30", SessionPhase.PRE_OPEN),
        ("2026-11-19", "16:00", SessionPhase.REGULAR),
        ("2026-02-17", "10:00", SessionPhase.HOLIDAY),
        ("2026-11-21", "10:00", SessionPhase.HOLIDAY),
    ],
)
def test_the_phase_follows_the_clock_of_that_day(
    calendar: SessionCalendar, day: str, clock: str, phase: SessionPhase
) -> None:
    assert calendar.phase(at(day, clock)) is phase


def test_the_next_opening_is_today_only_before_it(calendar: SessionCalendar) -> None:
    assert calendar.next_open(at("2026-02-13", "08:00")) == at("2026-02-13", "09:00")
    assert calendar.next_open(at("2026-02-13", "09:01")) == at("2026-02-19", "09:00")
    assert calendar.next_open(at("2026-02-15", "12:00")) == at("2026-02-19", "09:00")


def test_a_year_outside_the_calendar_is_missing_data_and_not_a_guess(calendar: SessionCalendar) -> None:
    for ask in (calendar.session, calendar.is_open_day, calendar.next_session, calendar.previous_session):
        with pytest.raises(DataMissing, match="not 2009"):
            ask(date(2009, 12, 30))
    with pytest.raises(DataMissing, match="not 2028"):
        calendar.sessions_between(date(2027, 12, 1), date(2028, 1, 5))
    with pytest.raises(DataMissing):
        calendar.next_session(date(2027, 12, 30))
    with pytest.raises(DataMissing):
        calendar.last_sessions(date(2010, 1, 5), 3)


def test_an_operator_can_add_a_sudden_holiday(tmp_path: Path) -> None:
    table = tmp_path / "holidays.csv"
    table.write_text("date,opens,closes,reason\n2026-03-11,,,임시공휴일\n", encoding="utf-8")
    assert SessionCalendar.load(table).session(date(2026, 3, 11)) == Holiday(day=date(2026, 3, 11), reason="임시공휴일")


def test_a_broken_table_names_its_line(tmp_path: Path) -> None:
    table = tmp_path / "holidays.csv"
    table.write_text("date,opens,closes,reason\n2026-03-11,nine,15:30,x\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"holidays\.csv:2"):
        SessionCalendar.load(table)


def test_every_closed_weekday_has_a_reason(calendar: SessionCalendar) -> None:
    holidays = calendar.holidays_between(date(2010, 1, 1), date(2027, 12, 31))
    assert len(holidays) > 250
    assert all(holiday.reason for holiday in holidays)


@pytest.mark.data
def test_the_calendar_agrees_with_the_real_trading_days(calendar: SessionCalendar, real_data: Path) -> None:
    with (real_data / "trading_calendar.csv").open(encoding="utf-8") as file:
        real = [date.fromisoformat(row["trading_date"]) for row in csv.DictReader(file)]
    ours = [session.day for session in calendar.sessions_between(date(2011, 1, 1), real[-1])]
    assert ours == real

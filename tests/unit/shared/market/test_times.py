from datetime import UTC, date, datetime, time

import pytest

from shared.market.errors import InvalidInput
from shared.market.language import Language
from shared.market.times import (
    end_of_day,
    format_day,
    format_day_with_weekday,
    format_time,
    from_yyyymmdd,
    kst_date,
    kst_datetime,
    to_kst,
    to_utc,
    yyyymmdd,
)

NOW = datetime(2026, 11, 20, 4, 30, tzinfo=UTC)  # 13:30 in Seoul


def test_a_naive_time_is_refused_instead_of_guessed() -> None:
    with pytest.raises(InvalidInput):
        to_utc(datetime(2026, 11, 20, 13, 30))
    with pytest.raises(InvalidInput):
        to_kst(datetime(2026, 11, 20, 13, 30))


def test_a_korean_opening_is_midnight_utc() -> None:
    opening = kst_datetime(date(2026, 11, 20), time(9))
    assert opening == datetime(2026, 11, 20, tzinfo=UTC)
    assert opening.tzinfo is UTC


def test_late_evening_utc_is_already_tomorrow_in_korea() -> None:
    assert kst_date(datetime(2026, 11, 20, 15, 0, tzinfo=UTC)) == date(2026, 11, 21)


def test_the_end_of_a_day_is_its_last_microsecond() -> None:
    assert end_of_day(date(2026, 4, 30)) == datetime(2026, 4, 30, 14, 59, 59, 999_999, tzinfo=UTC)


def test_a_trading_day_travels_as_an_integer() -> None:
    assert yyyymmdd(date(2026, 3, 9)) == 20260309
    assert from_yyyymmdd(20260309) == date(2026, 3, 9)


def test_an_integer_that_is_no_date_is_refused() -> None:
    with pytest.raises(InvalidInput, match="20260230"):
        from_yyyymmdd(20260230)


def test_a_time_of_today_prints_to_the_second() -> None:
    assert format_time(datetime(2026, 11, 20, 4, 27, 6, tzinfo=UTC), NOW) == "13:27:06 KST"


def test_a_time_of_another_day_prints_its_day() -> None:
    assert format_time(datetime(2026, 11, 19, 6, 30, tzinfo=UTC), NOW) == "11/19(목) 15:30 KST"
    assert format_time(datetime(2026, 11, 19, 6, 30, tzinfo=UTC), NOW, Language.EN) == "11/19(Thu) 15:30 KST"


def test_a_time_of_another_year_prints_its_year() -> None:
    assert format_time(datetime(2025, 11, 20, 6, 30, tzinfo=UTC), NOW) == "2025-11-20(목) 15:30 KST"


def test_a_day_prints_its_year_only_when_it_is_another_one() -> None:
    today = date(2026, 11, 21)
    assert format_day(date(2026, 4, 30), today) == "04/30"
    assert format_day(date(2025, 4, 30), today) == "2025-04-30"
    assert format_day_with_weekday(date(2026, 11, 20), today) == "11/20(금)"

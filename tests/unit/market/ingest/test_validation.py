"""Which rows are stored, which are rejected and why."""

from datetime import date, datetime

import pytest

from servers.market.ingest.reader import open_source
from servers.market.ingest.rules import OpenDays
from servers.market.ingest.validation import checked_chunks
from shared.market.errors import InvalidInput
from shared.market.sessions import SessionCalendar
from tests.fixtures.market_files import BAR, DAY, OFFICIAL, csv, master_line, parquet


@pytest.fixture(scope="module")
def days():
    return OpenDays.of(SessionCalendar.load())


def check(path, days, size=50):
    chunks = list(checked_chunks(open_source(path), days, size))
    sound = [row for chunk in chunks for row in chunk.sound.to_dicts()]
    rejected = [(row["line"], row["reason"]) for chunk in chunks for row in chunk.rejected.to_dicts()]
    assert sum(chunk.read for chunk in chunks) == len(sound) + len(rejected) + sum(chunk.ignored for chunk in chunks)
    return sound, rejected


def test_a_sound_bar_passes(tmp_path, days):
    sound, rejected = check(parquet(tmp_path / "a", BAR), days)
    assert (len(sound), rejected) == (1, [])


def test_a_halted_day_is_sound(tmp_path, days):
    halted = {**BAR, "open": 0, "high": 0, "low": 0, "volume": 0, "amount": 0}
    assert check(parquet(tmp_path / "a", halted), days)[1] == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ticker": "5930"}, "ticker is no six-character code of 0-9 and A-Z"),
        ({"ticker": "ABCDEF"}, "ticker is no six-character code of 0-9 and A-Z"),
        ({"ticker": "00593o"}, "ticker is no six-character code of 0-9 and A-Z"),
        ({"ticker": "삼성"}, "ticker is no six-character code of 0-9 and A-Z"),
        ({"ticker": None}, "ticker is missing"),
        ({"date": date(2026, 3, 8)}, "the exchange was closed on that day"),
        ({"date": date(2026, 5, 1)}, "the exchange was closed on that day"),
        ({"date": date(1999, 3, 8)}, "the day is outside the exchange calendar"),
        ({"market": "NYSE"}, "market is none of KOSPI, KOSDAQ, KONEX"),
        ({"open": 130}, "open is outside low to high"),
        ({"close": 80}, "close is outside low to high"),
        ({"high": 80}, "high is below low"),
        ({"low": 0}, "one of open, high and low is zero"),
        ({"open": -1}, "a price is negative"),
        ({"high": 200_000_000}, "a price is above 100,000,000"),
        ({"close": 0}, "close is zero"),
        ({"close": None}, "close is missing"),
        ({"volume": -5}, "volume is negative"),
        ({"open": 0, "high": 0, "low": 0}, "shares were traded but open, high and low are zero"),
        ({"amount": 108}, "amount does not fit close times volume"),
        ({"amount": -1}, "amount is negative"),
        ({"shares": 0}, "shares are not between 1 and 1,000,000,000,000"),
    ],
)
def test_a_bad_bar_is_rejected_with_its_line_and_reason(tmp_path, days, changes, reason):
    sound, rejected = check(parquet(tmp_path / "a", {**BAR, "ticker": "000660"}, {**BAR, **changes}), days)
    assert [row["ticker"] for row in sound] == ["000660"]
    assert len(rejected) == 1
    assert rejected[0][0] == 2
    assert rejected[0][1].startswith(reason)


def test_estimated_capital_is_not_checked(tmp_path, days):
    assert check(parquet(tmp_path / "a", {**BAR, "marcap_src": "est", "shares": None}), days)[1] == []


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("12.5", "close is no whole number"),
        ("abc", "close is no whole number"),
        ("inf", "close is no whole number"),
        ("99999999999999999999", "close is no whole number"),
    ],
)
def test_text_that_is_no_number_is_rejected(tmp_path, days, cell, reason):
    assert check(csv(tmp_path / "a", {**BAR, "close": cell}), days)[1] == [(2, reason)]


def test_numbers_dates_and_codes_of_csv_are_read(tmp_path, days):
    sound, rejected = check(csv(tmp_path / "a", {**BAR, "date": "20260309", "close": " 110.0 "}), days)
    assert rejected == []
    assert (sound[0]["date"], sound[0]["close"], sound[0]["ticker"]) == (DAY, 110, "005930")


def test_a_row_with_the_wrong_number_of_cells_is_rejected(tmp_path, days):
    path = tmp_path / "a"
    path.write_text("date,usdkrw\n2025-01-02\n2025-01-03,1400\n")
    sound, rejected = check(path, days)
    assert (len(sound), rejected) == (1, [(2, "has 1 cells, the header has 2")])


def test_a_repeated_key_is_rejected_also_in_a_later_chunk(tmp_path, days):
    rows = [{**BAR, "ticker": code} for code in ("000001", "000002", "000003", "000001")]
    sound, rejected = check(parquet(tmp_path / "a", *rows), days, size=2)
    assert [row["ticker"] for row in sound] == ["000001", "000002", "000003"]
    assert rejected == [(4, "repeats the date and ticker of an earlier line")]


def test_a_rejected_row_does_not_take_the_key_of_a_good_one(tmp_path, days):
    sound, rejected = check(parquet(tmp_path / "a", {**BAR, "close": 80}, BAR), days)
    assert (len(sound), [line for line, _ in rejected]) == (1, [1])


def test_codes_stored_as_numbers_are_refused_for_the_whole_file(tmp_path, days):
    with pytest.raises(InvalidInput, match="leading zeros are lost"):
        check(parquet(tmp_path / "a", {**BAR, "ticker": 5930}), days)


def test_an_official_table_may_leave_out_open_high_and_low(tmp_path, days):
    without = {**OFFICIAL, "open": None, "high": None, "low": None}
    assert check(csv(tmp_path / "a", OFFICIAL, {**without, "ticker": "000660"}), days)[1] == []


def test_an_official_table_must_leave_out_open_high_and_low_together(tmp_path, days):
    rejected = check(csv(tmp_path / "a", OFFICIAL, {**OFFICIAL, "ticker": "000660", "low": None}), days)[1]
    assert rejected == [(3, "open, high and low must be given or empty together")]


def test_an_official_table_must_say_how_many_shares_are_listed(tmp_path, days):
    rejected = check(parquet(tmp_path / "a", {**OFFICIAL, "shares": 0}), days)[1]
    assert rejected == [(1, "shares are not between 1 and 1,000,000,000,000")]


def snapshot(hour, minute, volume, **changes):
    base = {
        "ts": datetime(2026, 3, 9, hour, minute),
        "ticker": "005930",
        "price": 110,
        "volume": volume,
        "amount": 1,
        "low": 100,
    }
    return {**base, "high": 120, **changes}


def test_a_picture_of_the_session_before_is_rejected_as_a_whole(tmp_path, days):
    path = parquet(
        tmp_path / "a",
        snapshot(9, 37, 900),
        snapshot(9, 37, 5, ticker="000660"),
        snapshot(10, 8, 100),
        snapshot(10, 8, 50, ticker="000660"),
        snapshot(10, 52, 200),
    )
    sound, rejected = check(path, days, size=2)
    assert [line for line, _ in rejected] == [1, 2]
    assert rejected[0][1].startswith("the picture is of an earlier session")
    assert len(sound) == 3


def test_a_picture_before_the_first_trade_is_left_out_but_not_rejected(tmp_path, days):
    sound, rejected = check(parquet(tmp_path / "a", snapshot(9, 10, None, price=None, low=None), snapshot(10, 0, 10)), days)
    assert (len(sound), rejected) == (1, [])


def test_a_minute_bar_outside_of_the_session_is_rejected(tmp_path, days):
    bar = {"ticker": "005930", "interval": "5m", "open": 100, "high": 120, "low": 90, "close": 110, "volume": 10}
    path = parquet(
        tmp_path / "a", *({**bar, "ts": datetime(2026, 3, 9, *time)} for time in ((8, 55), (9, 0), (15, 25), (15, 30)))
    )
    assert check(path, days)[1] == [(line, "the bar starts outside of the regular session") for line in (1, 4)]


def test_masters_and_delistings_leave_out_codes_of_other_lengths(tmp_path, days):
    path = tmp_path / "kospi_code.mst"
    path.write_bytes(
        b"\n".join([master_line("F70100026", "펀드"), master_line("F70100027", "펀드"), master_line("005930", "삼성전자")])
    )
    sound, rejected = check(path, days)
    assert ([row["code"] for row in sound], rejected) == (["005930"], [])


def test_index_levels_outside_of_the_range_are_rejected(tmp_path, days):
    level = {"date": DAY, "index": "KOSPI", "open": 2600.0, "high": 2650.5, "low": 2590.0, "close": 2640.25}
    path = csv(tmp_path / "a", level, {**level, "index": "DOW"}, {**level, "index": "KOSDAQ", "close": 2700.0})
    assert check(path, days)[1] == [(3, "index is none of KOSPI, KOSDAQ, KOSPI200"), (4, "close is outside low to high")]


def test_headlines_may_be_of_any_day_and_about_the_market(tmp_path, days):
    news = {"date": date(2026, 3, 8), "ticker": None, "title": "코스피 급락", "time": None}
    sound, rejected = check(csv(tmp_path / "a", news, {**news, "time": "25:00"}), days)
    assert (len(sound), rejected) == (1, [(3, "time is no HH:MM")])

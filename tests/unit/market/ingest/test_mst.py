"""Fixed-width KIS masters: kinds, codes, flags."""

from datetime import date

import pytest

from servers.market.ingest.mst import is_master_line, parse_master, short_code
from shared.market.instrument import InstrumentKind
from tests.fixtures.market_files import master_line


def parsed(*lines: bytes) -> list[dict[str, object]]:
    return parse_master(b"\n".join(lines) + b"\n").to_dicts()


def test_a_share_has_its_code_name_board_and_listing_day():
    row = parsed(
        master_line("005930", "삼성전자", base_price="000188200", previous_volume="000029522650", list_date="19750611")
    )[0]
    assert (row["code"], row["name"], row["board"], row["kind"]) == ("005930", "삼성전자", "KOSPI", InstrumentKind.COMMON)
    assert (row["list_date"], row["base_price"], row["previous_volume"]) == (date(1975, 6, 11), 188_200, 29_522_650)
    assert row["flags"] == ""


@pytest.mark.parametrize(
    ("group", "fields", "kind"),
    [
        ("ST", {}, InstrumentKind.COMMON),
        ("ST", {"spac": "Y"}, InstrumentKind.SPAC),
        ("ST", {"preferred": "1"}, InstrumentKind.PREFERRED),
        ("ST", {"preferred": "2"}, InstrumentKind.PREFERRED),
        ("EF", {}, InstrumentKind.ETF),
        ("EN", {}, InstrumentKind.ETN),
        ("EW", {}, InstrumentKind.ELW),
        ("RT", {}, InstrumentKind.REIT),
        ("IF", {}, InstrumentKind.INFRA),
        ("BC", {}, InstrumentKind.FUND),
        ("DR", {}, InstrumentKind.DEPOSITARY_RECEIPT),
        ("FS", {}, InstrumentKind.FOREIGN),
        ("SR", {}, InstrumentKind.WARRANT),
        ("??", {}, InstrumentKind.UNKNOWN),
    ],
)
def test_the_kind_comes_from_the_group_code_and_its_marks(group, fields, kind):
    assert parsed(master_line("0015N0", "이름", group=group, **fields))[0]["kind"] == kind


@pytest.mark.parametrize(
    ("code", "short"),
    [("005930", "005930"), ("Q500001", "500001"), ("J57JN53", "57JN53"), ("F70100026", ""), ("J0036221D", "")],
)
def test_one_type_letter_of_seven_is_dropped_and_longer_codes_have_no_short_form(code, short):
    assert short_code(code) == short


@pytest.mark.parametrize(
    ("fields", "flags"),
    [
        ({"marks": "YNN"}, "HALTED"),
        ({"marks": "NYN"}, "LIQUIDATION"),
        ({"marks": "NNY"}, "ADMINISTRATIVE"),
        ({"marks": "YYY"}, "ADMINISTRATIVE,HALTED,LIQUIDATION"),
        ({"alarm": "01"}, "INVESTMENT_CAUTION"),
        ({"alarm": "02"}, "INVESTMENT_WARNING"),
        ({"alarm": "03"}, "INVESTMENT_RISK"),
        ({"caution": "Y"}, "INVESTMENT_CAUTION"),
        ({"caution": "Y", "alarm": "01"}, "INVESTMENT_CAUTION"),
        ({"overheated": "1"}, ""),
        ({"overheated": "2"}, "OVERHEATED"),
        ({"overheated": "3"}, "OVERHEATED"),
    ],
)
def test_status_flags_of_a_kosdaq_line(fields, flags):
    assert parsed(master_line("247540", "에코프로비엠", board="KOSDAQ", **fields))[0]["flags"] == flags


def test_the_board_follows_from_the_width_of_the_line():
    assert [parsed(master_line("005930", "가", board=board))[0]["board"] for board in ("KOSPI", "KOSDAQ", "KONEX")] == [
        "KOSPI",
        "KOSDAQ",
        "KONEX",
    ]


def test_a_line_of_another_width_is_broken_and_the_others_are_read():
    good = master_line("005930", "삼성전자")
    first, second = parsed(good[:-3], good)
    assert (first["line"], first["broken"]) == (1, "the line has 285 bytes, which is no known master layout")
    assert (second["line"], second["broken"], second["code"]) == (2, None, "005930")


def test_a_line_that_is_no_cp949_is_broken():
    line = bytearray(master_line("005930", "삼성전자"))
    line[21:23] = b"\xff\xff"
    assert parsed(bytes(line))[0]["broken"] == "the line is not cp949 text"


def test_windows_line_ends_do_not_matter():
    assert parse_master(master_line("005930", "삼성전자") + b"\r\n").height == 1


def test_a_csv_line_is_no_master_line():
    assert not is_master_line(b"date,ticker,open")
    assert is_master_line(master_line("005930", "삼성전자"))

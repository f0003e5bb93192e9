"""Opening files: formats, packing, damage."""

import gzip
import os
import zipfile

import polars as pl
import pytest

from servers.market.ingest.reader import Unrecognised, open_source
from servers.market.ingest.schemas import FileKind
from shared.market.errors import InvalidInput
from tests.fixtures.market_files import BAR, csv, master_line, parquet


def rows(path):
    return [row for chunk in open_source(path).table.chunks(2) for row in chunk.to_dicts()]


def test_the_name_of_a_file_says_nothing(tmp_path):
    assert open_source(parquet(tmp_path / "prices.txt", BAR)).schema.kind is FileKind.DAILY_BARS


def test_parquet_rows_are_numbered_over_the_chunks(tmp_path):
    path = parquet(tmp_path / "a", *({**BAR, "ticker": f"00000{n}"} for n in range(5)))
    assert [(row["line"], row["ticker"]) for row in rows(path)] == [(n + 1, f"00000{n}") for n in range(5)]


def test_csv_rows_carry_the_line_of_the_file(tmp_path):
    path = tmp_path / "fx.csv"
    path.write_text('date,usdkrw,note\n2025-01-02,1469.1,\n\n2025-01-03,1469.7,"two\nlines"\n2025-01-06,1460,\n')
    assert [row["line"] for row in rows(path)] == [2, 4, 6]


def test_a_row_with_too_few_or_too_many_cells_is_broken_and_the_rest_is_read(tmp_path):
    path = tmp_path / "fx.csv"
    path.write_text("date,usdkrw\n2025-01-02,1469.1,9\n2025-01-03\n2025-01-06,1460\n")
    assert [row["broken"] for row in rows(path)] == ["has 3 cells, the header has 2", "has 1 cells, the header has 2", None]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_korean_csv_is_read_in_every_usual_encoding(tmp_path, encoding):
    path = tmp_path / "news.csv"
    path.write_bytes("date,ticker,title\n2026-03-05,005930,삼성전자 급등\n".encode(encoding))
    assert rows(path)[0]["title"] == "삼성전자 급등"


def test_packed_files_are_unpacked(tmp_path):
    plain = csv(tmp_path / "fx.csv", {"date": "2025-01-02", "usdkrw": 1469.1})
    packed = tmp_path / "fx.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    zipped = tmp_path / "kospi_code.mst.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("kospi_code.mst", master_line("005930", "삼성전자") + b"\n")
    assert open_source(packed).schema.kind is FileKind.FX_RATES
    assert open_source(zipped).schema.kind is FileKind.KIS_MASTER
    assert rows(zipped)[0]["code"] == "005930"


def test_an_archive_of_two_files_is_refused(tmp_path):
    path = tmp_path / "both.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", "x")
        archive.writestr("b", "x")
    with pytest.raises(InvalidInput, match="holds 2 files"):
        open_source(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"  \n\n", "is empty"),
        (b"PAR1" + bytes(range(256)) * 4 + b"PAR1", "damaged or half-written parquet"),
        (b"\x1f\x8b\x08\x00 nothing", "damaged archive"),
        (b"PK\x03\x04 nothing", "damaged archive"),
        (b"date,date\n1,2\n", "names columns twice in its header: date"),
    ],
)
def test_unusable_files_are_refused_by_name(tmp_path, content, message):
    path = tmp_path / "bars.parquet"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=message) as caught:
        open_source(path)
    assert caught.value.field == str(path)


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path):
    with pytest.raises(InvalidInput, match="cannot be read: No such file"):
        open_source(tmp_path / "none.parquet")


def test_a_half_written_parquet_is_refused(tmp_path):
    path = parquet(tmp_path / "bars.parquet", *({**BAR, "ticker": f"{n:06}"} for n in range(1000)))
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(InvalidInput, match="half-written"):
        open_source(path)


def test_damage_inside_a_parquet_is_found_while_reading(tmp_path):
    path = parquet(tmp_path / "bars.parquet", *({**BAR, "ticker": f"{n:06}"} for n in range(5000)))
    content = bytearray(path.read_bytes())
    content[200:1200] = os.urandom(1000)
    path.write_bytes(bytes(content))
    with pytest.raises(InvalidInput, match="damaged"):
        rows(path)


def test_a_parquet_without_rows_is_empty(tmp_path):
    path = parquet(tmp_path / "bars.parquet", BAR)
    pl.read_parquet(path).clear().write_parquet(path)
    with pytest.raises(InvalidInput, match="is empty"):
        open_source(path)


def test_a_csv_without_rows_is_empty(tmp_path):
    path = tmp_path / "fx.csv"
    path.write_text("date,usdkrw\n")
    with pytest.raises(InvalidInput, match="is empty"):
        rows(path)


def test_missing_columns_are_named(tmp_path):
    short = {key: value for key, value in BAR.items() if key != "close"}
    with pytest.raises(Unrecognised, match="looks like collected daily bars but lacks the column\\(s\\) close"):
        open_source(parquet(tmp_path / "bars.parquet", short))


@pytest.mark.parametrize("content", [b"hello\nworld\n", bytes(range(256)), b"id,label\n1,a\n"])
def test_files_of_other_programs_are_not_recognised(tmp_path, content):
    path = tmp_path / "README"
    path.write_bytes(content)
    with pytest.raises(Unrecognised):
        open_source(path)


def test_the_digest_follows_the_content_only(tmp_path):
    one, two = parquet(tmp_path / "a", BAR), parquet(tmp_path / "b", BAR)
    other = parquet(tmp_path / "c", {**BAR, "close": 111})
    assert open_source(one).digest == open_source(two).digest != open_source(other).digest

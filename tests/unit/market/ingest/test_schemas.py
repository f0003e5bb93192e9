"""Files are recognised by their columns."""

import pytest

from servers.market.ingest.schemas import SCHEMAS, FileKind, explain_unrecognised, recognise
from tests.fixtures.market_files import BAR, OFFICIAL


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.kind)
def test_every_kind_is_recognised_by_its_required_columns(schema):
    assert recognise(schema.required).kind is schema.kind


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.kind)
def test_every_kind_is_recognised_by_all_of_its_columns(schema):
    assert recognise({column.name for column in schema.columns}).kind is schema.kind


def test_a_collected_bar_is_told_from_the_official_table():
    assert recognise(BAR).kind is FileKind.DAILY_BARS
    assert recognise(OFFICIAL).kind is FileKind.OFFICIAL_TABLE


def test_further_columns_do_not_matter():
    assert recognise({"date", "usdkrw", "comment"}).kind is FileKind.FX_RATES


def test_a_missing_column_is_named_with_the_kind_that_needs_it():
    assert recognise(set(BAR) - {"close", "low"}) is None
    assert (
        explain_unrecognised(set(BAR) - {"close", "low"})
        == "looks like collected daily bars but lacks the column(s) low, close"
    )


def test_columns_that_resemble_nothing_are_said_to_be_unknown():
    assert "no known file kind" in explain_unrecognised({"id", "label", "text_ko", "text_en"})


def test_the_key_of_every_kind_is_among_its_required_columns():
    for schema in SCHEMAS:
        assert set(schema.key) <= schema.required

"""What goes into a column comes out of it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.market.errors import InvalidInput
from shared.market.times import KST
from shared.store.engine import file_of, parse_url, place_of
from shared.store.signal_json import dump_candidate, dump_signal, load_candidate, load_signal
from shared.store.types import from_microseconds, to_microseconds
from tests.contract.store.rows import NOON, candidate, signal

moments = st.datetimes(min_value=datetime(1980, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.sampled_from([UTC, KST]))


@given(moments)
def test_a_moment_survives_to_the_microsecond(moment: datetime) -> None:
    assert from_microseconds(to_microseconds(moment)) == moment


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(InvalidInput, match="time zone"):
        to_microseconds(datetime(2026, 3, 9))


def test_a_candidate_survives_as_text() -> None:
    assert load_candidate(dump_candidate(candidate())) == candidate()


def test_a_signal_survives_as_text_with_and_without_its_end() -> None:
    assert load_signal(dump_signal(signal())) == signal()
    assert json.loads(dump_signal(signal()))["opened_time"] == to_microseconds(NOON)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("var/kstock.db", "var/kstock.db"),
        ("sqlite:///var/kstock.db", "var/kstock.db"),
        ("sqlite+aiosqlite:////data/kstock.db", "/data/kstock.db"),
        ("postgresql://trader:sesame@db.example:5432/kstock", "postgresql://trader:***@db.example:5432/kstock"),
        ("postgres://trader@db.example/kstock", "postgresql://trader@db.example/kstock"),
    ],
)
def test_a_store_is_named_without_its_password(text: str, place: str) -> None:
    assert place_of(parse_url(text)) == place


def test_options_of_a_file_are_not_part_of_its_name() -> None:
    assert str(file_of(parse_url("sqlite:///file:/data/kstock.db?mode=ro&uri=true"))) == "/data/kstock.db"


def test_an_hour_is_an_hour() -> None:
    assert to_microseconds(NOON + timedelta(hours=1)) - to_microseconds(NOON) == 3_600_000_000

"""The detector of rules that never fire, and the bands of their rates."""

import numpy as np
import pytest

from servers.scanner.dead_rules import (
    ItemCount,
    ScanTally,
    count_items,
    dead_rules,
    read_bands,
    read_gate_bands,
)
from servers.scanner.strategies import jongga
from shared.market.signal import SignalKind
from tests.fixtures.panels import panel_of, random_rows


def tally(session, *, kind=SignalKind.JONGGA, eligible=1_000, detected=8, **items):
    counts = tuple(
        ItemCount(kind=kind, item=name, earned=earned or 0, missing=earned is None) for name, earned in items.items()
    )
    return ScanTally(kind=kind, session=20260100 + session, eligible=eligible, detected=detected, items=counts)


def named(rules):
    return [(rule.kind, rule.item) for rule in rules]


def test_an_item_that_never_scores_in_twenty_sessions_is_dead():
    tallies = [tally(day, period=0, volume=3) for day in range(20)]
    assert named(dead_rules(tallies)) == [(SignalKind.JONGGA, "period")]


def test_nineteen_sessions_are_not_enough():
    assert dead_rules([tally(day, period=0) for day in range(19)]) == ()


def test_one_point_within_the_newest_twenty_is_life_and_an_older_one_is_not():
    tallies = [tally(day, period=0) for day in range(25)]
    assert dead_rules([*tallies[:10], tally(10, period=1), *tallies[11:]]) == ()
    assert named(dead_rules([tally(0, period=9), *tallies[1:]])) == [(SignalKind.JONGGA, "period")]


def test_an_item_without_its_input_is_not_called_dead():
    assert dead_rules([tally(day, news=None) for day in range(40)]) == ()


def test_sessions_without_a_scored_ticker_do_not_count():
    assert dead_rules([tally(day, eligible=0, period=0) for day in range(30)]) == ()


def test_the_order_of_the_tallies_does_not_matter():
    tallies = [tally(0, period=5), *(tally(day, period=0) for day in range(1, 21))]
    assert named(dead_rules(tallies[::-1])) == [(SignalKind.JONGGA, "period")]


def test_counting_a_result_names_its_missing_inputs():
    result = jongga.score(panel_of(random_rows(1, 30, 300)))
    counts = count_items(
        SignalKind.JONGGA,
        jongga.ITEMS,
        result.points,
        scored=result.scored,
        missing={"news": np.ones(30, dtype=bool), "supply": ~result.supply.known},
    )
    by_name = {count.item: count for count in counts}
    assert by_name["news"].missing
    assert by_name["supply"].missing
    assert by_name["chart"].earned == int((result.points[result.scored, 2] > 0).sum())


def test_rates_outside_of_their_band_are_reported():
    readings = read_bands([tally(1, kind=SignalKind.VCP, detected=21), tally(2, kind=SignalKind.VCP, detected=19)])
    assert [(reading.share, reading.inside, reading.sessions) for reading in readings] == [(pytest.approx(0.02), True, 2)]
    assert not read_bands([tally(1, kind=SignalKind.DAYTRADING, detected=0)])[0].inside
    assert not read_bands([tally(1, kind=SignalKind.JONGGA, detected=31)])[0].inside


def test_gate_colours_are_judged_over_three_years():
    assert read_gate_bands({"GREEN": 300, "YELLOW": 200, "RED": 100}) == ()
    shares = {reading.band.name: reading.inside for reading in read_gate_bands({"GREEN": 500, "YELLOW": 300, "RED": 0})}
    assert shares == {"gate colour GREEN": False, "gate colour YELLOW": True, "gate colour RED": False}

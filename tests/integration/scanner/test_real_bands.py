"""Rates on the real market beside the bands of strategies.md 9.6: alarms, not proofs."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from servers.scanner.backtest import KINDS
from servers.scanner.dead_rules import SESSIONS, dead_rules, read_bands, read_gate_bands
from servers.scanner.evaluation.replay import replay
from servers.scanner.gate import GateColour, read_gate, settle
from servers.scanner.gate_facts import index_facts
from tests.fixtures.real_market import real_history

pytestmark = pytest.mark.data


def test_no_item_is_dead_and_rates_are_usual(real_data: Path):
    history = real_history(real_data)
    end = int(np.searchsorted(history.sessions, 20260320))
    replayed = replay(history, range(end - SESSIONS, end), kinds=KINDS)
    tallies = [found.tally for each in replayed for found in each.found.values()]
    assert dead_rules(tallies) == ()
    for reading in read_bands(tallies):
        print(f"{reading.band.name}: {100 * reading.share:.2f} %")
        assert reading.inside, reading


def test_every_gate_colour_has_its_days(real_data: Path):
    indices = pl.read_parquet(real_data / "indices.parquet").sort("date")
    kospi, kosdaq = (indices.filter(pl.col("index") == name)["close"].to_numpy() for name in ("KOSPI", "KOSDAQ"))
    days, state, colours = min(kospi.size, kosdaq.size), None, dict.fromkeys(GateColour, 0)
    for day in range(130, days + 1):
        state = settle(state, read_gate(index_facts(kospi[:day]), index_facts(kosdaq[:day]), None))
        colours[state.colour] += 1
    readings = read_gate_bands({colour.value: count for colour, count in colours.items()})
    assert len(readings) == 3
    for reading in readings:
        print(f"{reading.band.name}: {100 * reading.share:.0f} % of {reading.sessions} days")
        assert reading.inside, reading

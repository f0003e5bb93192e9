"""What lies after the evaluation date must not change a score (strategies.md 0.5, 9.5)."""

from dataclasses import replace

import numpy as np
import pytest

from servers.scanner.history import prepare_history
from servers.scanner.strategies import vcp_signal
from servers.scanner.strategies.vcp_text import explain
from servers.scanner.universe import FOREVER, describe_universe
from shared.market.instrument import Instrument, InstrumentKind
from tests.fixtures.columns import factors, flows
from tests.fixtures.panels import SESSIONS, bar_columns, day, random_flows, random_rows

FUTURE = 15


@pytest.mark.parametrize("seed", range(3))
def test_a_poisoned_future_changes_no_score(seed):
    rows = random_rows(seed, 12, 260)
    last = SESSIONS[399 - FUTURE]
    clean = bar_columns(rows)
    after = clean.date > last
    poison = {
        name: np.where(after & (getattr(clean, name) > 0), getattr(clean, name) * 1000 + 7, getattr(clean, name))
        for name in ("open", "high", "low", "close", "volume", "turnover")
    }
    flow = {
        ticker: [(date, *pair) for date, pair in zip(SESSIONS[400 - len(days) : 400], days, strict=True)]
        for ticker, days in random_flows(seed, rows, sessions=FUTURE + 6, missing=0.1).items()
    }
    poisoned_flow = {
        ticker: [(date, *(pair if date <= last else (10**14, -(10**14)))) for date, *pair in days]
        for ticker, days in flow.items()
    }
    splits = [(ticker, SESSIONS[399 - FUTURE + 3], 0.2) for ticker in rows]
    kinds = {ticker: Instrument(ticker=ticker, name=ticker, kind=InstrumentKind.COMMON) for ticker in rows}
    facts = describe_universe(clean.tickers, kinds)
    flagged = replace(
        facts,
        flag_row=np.array([0], dtype=np.int32),
        flag_bit=np.array([1], dtype=np.int32),
        flag_from=np.array([last + 1], dtype=np.int32),
        flag_to=np.array([FOREVER], dtype=np.int32),
    )
    then = prepare_history(clean, factors([]), flows(flow), facts)
    now = prepare_history(replace(clean, **poison), factors(splits), flows(poisoned_flow), flagged)
    one, other = (vcp_signal.score(history.panel(day(last))) for history in (then, now))
    assert one.scored.any()
    assert one.smart.known.any()
    for row in np.flatnonzero(one.scored).tolist():
        assert explain(one, row) == explain(other, row)
    np.testing.assert_array_equal(one.scored, other.scored)
    assert not np.array_equal(then.panel(day(SESSIONS[399])).close, now.panel(day(SESSIONS[399])).close, equal_nan=True)

"""What scans are counted by, for the detector of dead rules."""

import numpy as np

from servers.scanner.news.inputs import NewsInputs
from servers.scanner.strategies import daytrading, jongga, vcp_signal
from servers.scanner.tallies import tally
from shared.market.signal import SignalKind
from tests.fixtures.panels import panel_of, random_flows, random_rows

ROWS = random_rows(4, 40, 300)
PANEL = panel_of(ROWS, flow=random_flows(4, ROWS, missing=0.0))


def items(counted):
    return {item.item: item for item in counted.items}


def test_jongga_without_news_has_that_item_missing_and_not_dead():
    result = jongga.score(PANEL)
    counted = tally(result)
    assert (counted.kind, counted.session) == (SignalKind.JONGGA, PANEL.session)
    assert items(counted)["news"].missing
    assert not items(counted)["supply"].missing
    assert counted.detected == int((result.tradable & (result.grade <= 1)).sum())
    assert counted.eligible == int((PANEL.ranked & PANEL.liquid(adv_min=3e9, price_min=1_000)).sum())


def test_jongga_with_a_silent_source_is_counted():
    nothing = np.zeros(len(PANEL.tickers), dtype=np.int32)
    news = NewsInputs(positive=nothing, negative=nothing, mean=nothing.astype(float))
    assert not items(tally(jongga.score(PANEL, news=news)))["news"].missing


def test_daytrading_without_sectors_has_that_item_missing():
    result = daytrading.score(PANEL)
    counted = tally(result)
    assert items(counted)["sector_momentum"].missing
    assert items(counted)["above_ma5"].earned == int((result.points[result.scored, 3] > 0).sum())
    assert counted.detected == int(result.detected.sum())


def test_vcp_counts_its_parts():
    signals = vcp_signal.score(PANEL)
    counted = tally(signals)
    assert set(items(counted)) == {"trend", "structure", "dry_up", "tightness", "proximity"}
    assert counted.eligible == int(signals.tradable.sum())
    assert counted.detected == int(signals.detected.sum())

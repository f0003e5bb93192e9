from datetime import date

import numpy as np
import pytest

from servers.scanner.strategies import vcp_signal
from shared.market.times import from_yyyymmdd
from tests.fixtures.real_market import real_history
from tests.fixtures.vcp_comparison import assert_scores_as_the_definition_reads

pytestmark = pytest.mark.data


def test_about_half_of_the_jumps_are_explained_by_share_counts(real_data):
    found = real_history(real_data).factors
    assert len(found.tickers) == 290
    assert (~found.quarantined).sum() == 136


def test_the_market_scores_as_the_definition_reads(real_data):
    signals = assert_scores_as_the_definition_reads(real_history(real_data).panel(date(2026, 4, 30)))
    assert signals.detected.any()


def test_detections_stay_in_their_usual_band(real_data):
    history = real_history(real_data)
    shares = []
    for day in history.sessions[history.sessions >= 20241101][::20]:
        panel = history.panel(from_yyyymmdd(int(day)))
        signals = vcp_signal.score(panel)
        shares.append(signals.detected.sum() / signals.tradable.sum())
    assert 0.005 <= np.mean(shares) <= 0.05

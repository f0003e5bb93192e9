import pytest

from tests.fixtures.raw_panels import random_market
from tests.fixtures.vcp_comparison import assert_scores_as_the_definition_reads


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("adjusted", [False, True])
def test_random_markets_score_as_the_definition_reads(seed, adjusted):
    signals = assert_scores_as_the_definition_reads(random_market(100 + seed, 40, adjusted=adjusted))
    assert (signals.vcp.records["legs"] > 0).any()

"""Sector ranks: counting, medians, ties and tiles."""

import numpy as np
import pytest

from servers.scanner.sectors import TileSignal, rank_sectors, sector_tiles
from tests.fixtures.panels import panel_of

EOK = 100_000_000


def panel_with(closes_by_sector, *, previous=10_000):
    """One ticker per last close; all others closes are `previous`."""
    rows, sectors = {}, {}
    for number, (sector, closes) in enumerate(closes_by_sector.items()):
        for member, close in enumerate(closes):
            code = f"{number:02d}{member:03d}0"
            sectors[code] = sector
            rows[code] = [(previous, 12_000, 9_000, previous, 1_000, EOK)] * 69 + [
                (previous, 12_000, 9_000, close, 1_000, EOK)
            ]
    return panel_of(rows, sectors=sectors)


def ranks_of(closes_by_sector):
    panel = panel_with(closes_by_sector)
    return rank_sectors(panel, panel.ranked)


def test_sectors_are_ranked_by_the_median_of_their_members():
    ranks = ranks_of({"철강": [10_100, 10_200, 10_300, 10_400, 12_900], "은행": [10_300] * 4 + [10_350] * 2})
    assert ranks.names == ("은행", "철강")
    assert ranks.median.tolist() == pytest.approx([0.03, 0.03])
    assert ranks.rank.tolist() == [1, 1]
    assert ranks.members.tolist() == [6, 5]


def test_small_sectors_are_not_ranked_and_their_members_have_none():
    ranks = ranks_of({"철강": [10_100] * 5, "통신": [12_000] * 4, "": [11_000] * 9})
    assert ranks.names == ("철강",)
    assert ranks.sector.tolist() == [0] * 5 + [-1] * 13


def test_equal_medians_share_the_better_rank_and_the_next_one_skips():
    ranks = ranks_of({"가": [10_200] * 5, "나": [10_200] * 5, "다": [10_100] * 5})
    assert ranks.rank.tolist() == [1, 1, 3]


def test_members_are_ranked_within_their_sector():
    ranks = ranks_of({"가": [10_300, 10_100, 10_300, 10_200, 10_000]})
    assert ranks.own_rank.tolist() == [1, 4, 1, 3, 5]


def test_an_even_number_of_members_takes_the_middle():
    ranks = ranks_of({"가": [10_000, 10_100, 10_200, 10_300, 10_400, 10_500]})
    assert ranks.median.tolist() == pytest.approx([0.025])


def test_a_market_without_sectors_has_no_ranks():
    ranks = ranks_of({"": [10_000] * 6})
    assert ranks.names == ()
    assert np.all(ranks.sector == -1)
    assert sector_tiles(ranks) == ()


def test_tiles_show_todays_change():
    tiles = sector_tiles(ranks_of({"가": [10_101] * 5, "나": [10_100] * 5, "다": [9_400] * 5}))
    assert [(tile.name, tile.signal) for tile in tiles] == [
        ("가", TileSignal.BULLISH),
        ("나", TileSignal.NEUTRAL),
        ("다", TileSignal.BEARISH),
    ]
    assert [tile.score for tile in tiles] == pytest.approx([60.1, 60, 0])

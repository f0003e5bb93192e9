"""Putting rankings together by rank alone: their scores have no common measure."""

from collections import defaultdict
from collections.abc import Sequence

RANK_CONSTANT = 60
"""Of reciprocal-rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009)."""


def fuse_ranks(rankings: Sequence[Sequence[int]]) -> list[tuple[int, float]]:
    """Documents of all rankings, best first, each with the sum of `1 / (60 + rank)` over the rankings that have it."""
    fused: defaultdict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, row in enumerate(ranking, start=1):
            fused[row] += 1.0 / (RANK_CONSTANT + rank)
    return sorted(fused.items(), key=lambda item: (-item[1], item[0]))

from datetime import timedelta

import numpy as np
import pytest

from shared.market.errors import InvalidInput
from shared.market.volume_curve import VolumeCurve


@pytest.mark.parametrize(
    ("minutes", "share"),
    [(0, 0.0), (5, 0.06), (10, 0.10), (30, 0.20), (60, 0.31), (180, 0.57), (360, 0.90), (380, 0.96), (390, 1.0)],
)
def test_the_prior_has_the_published_points(minutes: int, share: float) -> None:
    assert VolumeCurve.prior().share_at(timedelta(minutes=minutes)) == pytest.approx(share)


def test_between_points_the_prior_is_linear() -> None:
    assert VolumeCurve.prior().share_at(timedelta(minutes=20)) == pytest.approx(0.15)


def test_outside_the_session_the_nearest_end_counts() -> None:
    curve = VolumeCurve.prior()
    assert curve.share_at(timedelta(minutes=-10)) == 0
    assert curve.share_at(timedelta(hours=9)) == 1


def test_a_shorter_session_stretches_the_curve() -> None:
    assert VolumeCurve.prior().share_at(timedelta(minutes=330), timedelta(minutes=330)) == 1


def test_history_gives_the_median_share_of_its_sessions() -> None:
    even = np.ones(390, dtype=np.int64)
    early = np.zeros(390, dtype=np.int64)
    early[0] = 500
    assert VolumeCurve.from_history([even, even, early]).share_at(timedelta(minutes=195)) == pytest.approx(0.5)


def test_a_history_without_volume_is_refused() -> None:
    with pytest.raises(InvalidInput):
        VolumeCurve.from_history([np.zeros(390, dtype=np.int64)])
    with pytest.raises(InvalidInput):
        VolumeCurve.from_history([])

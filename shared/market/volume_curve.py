"""How a day's volume usually accumulates: the share phi(tau) traded by a time of the session (strategies.md 5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from shared.market.errors import InvalidInput

SESSION_MINUTES = 390
"""Length of a regular session, 09:00 to 15:30."""

# Prior of strategies.md 5: 09:05 .06, 09:10 .10, 09:30 .20, ... as minutes after the open.
_PRIOR_MINUTES = (0, 5, 10, 30, 60, 90, 120, 180, 240, 300, 360, 380, 390)
_PRIOR_SHARES = (0.0, 0.06, 0.10, 0.20, 0.31, 0.39, 0.46, 0.57, 0.66, 0.76, 0.90, 0.96, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class VolumeCurve:
    """Cumulative share of a session's volume, linear between points.

    `minutes` after the open and `shares` in 0..1 have the same shape (k,), both rising.
    """

    minutes: NDArray[np.float64]
    shares: NDArray[np.float64]

    @classmethod
    def prior(cls) -> "VolumeCurve":
        """The curve to use until own minute history exists."""
        return cls(np.array(_PRIOR_MINUTES, dtype=np.float64), np.array(_PRIOR_SHARES))

    @classmethod
    def from_history(cls, sessions: Sequence[NDArray[np.int64]]) -> "VolumeCurve":
        """Median cumulative share by minute over sessions.

        Args:
            sessions: Shares traded in each minute of a session, oldest session first, each of shape (390,).

        Raises:
            InvalidInput: If there is no session, or one is of another length or without volume.
        """
        if not sessions or any(session.shape != (SESSION_MINUTES,) or session.sum() <= 0 for session in sessions):
            raise InvalidInput("sessions", f"needs at least one session of {SESSION_MINUTES} minutes with volume")
        cumulative = np.cumsum(np.stack(sessions).astype(np.float64), axis=1)
        shares = np.median(cumulative / cumulative[:, -1:], axis=0)
        return cls(np.arange(SESSION_MINUTES + 1, dtype=np.float64), np.concatenate(([0.0], shares)))

    def share_at(self, since_open: timedelta, session_length: timedelta = timedelta(minutes=SESSION_MINUTES)) -> float:
        """Share of the session's volume usually traded by then, 0..1.

        Args:
            since_open: Time since the session opened; outside the session the nearest end counts.
            session_length: Length of that session; the curve is stretched over a shorter or longer one.
        """
        minute = since_open / session_length * SESSION_MINUTES
        return float(np.interp(minute, self.minutes, self.shares))

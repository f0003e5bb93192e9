"""Net buying of foreigners and institutions summed over the last five published sessions."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servers.scanner.panel import Panel

SESSIONS = 5
MIN_SESSIONS = 4
"""With fewer known sessions the supply is missing (strategies.md 3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Sums in won over the sessions whose flows and turnover are known, shape (n,); NaN where `known` is False."""

    known: NDArray[np.bool_]
    foreign: NDArray[np.float64]
    institution: NDArray[np.float64]
    turnover: NDArray[np.float64]


def five_sessions(panel: Panel, *, before_session: bool) -> Supply:
    """Sum the last five sessions of flows.

    Args:
        panel: The market.
        before_session: Leave the panel's own session out, as a decision at or before its close must, whatever has been
            published since.
    """
    flows = panel.flows
    end = flows.published
    if before_session:
        end = min(end, int((flows.dates < panel.session).sum()))
    columns = slice(max(end - SESSIONS, 0), end)
    foreign, institution = flows.foreign_net[:, columns], flows.institution_net[:, columns]
    turnover = flows.turnover[:, columns]
    there = np.isfinite(foreign + institution + turnover)
    known = there.sum(axis=1) >= MIN_SESSIONS

    def total(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(known, np.where(there, values, 0.0).sum(axis=1), np.nan)

    return Supply(
        known=known,
        foreign=total(foreign),
        institution=total(institution),
        turnover=total(turnover),
    )

"""Replayed sessions as bytes, so that a backtest can go on in another process."""

import io
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from servers.scanner.evaluation.finders import Found
from servers.scanner.evaluation.pool import PoolDay
from servers.scanner.evaluation.replay import ReplayedSession, bars_on
from servers.scanner.history import MarketHistory
from shared.market.signal import SignalKind

_FOUND = ("rows", "grade", "score", "trigger", "target", "stop", "published", "gaps")
_POOL = ("rows", "cells")


def pack(replayed: Sequence[ReplayedSession], kind: SignalKind) -> bytes:
    """What one strategy found on some sessions, compressed; rows mean the tickers of the history that was replayed."""
    found, pools = [each.found[kind] for each in replayed], [each.pools[kind] for each in replayed]
    columns: dict[str, NDArray[np.generic]] = {
        "day": np.array([each.day for each in replayed], dtype=np.int32),
        "estimated": np.array([each.estimated for each in replayed]),
        "found": np.array([each.rows.size for each in found]),
        "pool": np.array([each.rows.size for each in pools]),
    }
    columns |= {f"found_{name}": np.concatenate([getattr(each, name) for each in found]) for name in _FOUND}
    columns |= {f"pool_{name}": np.concatenate([getattr(each, name) for each in pools]) for name in _POOL}
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **columns)
    return file.getvalue()


def unpack(payload: bytes, history: MarketHistory, kind: SignalKind) -> list[ReplayedSession]:
    """The sessions of `pack`, on a history of the same tickers and days; without tallies."""
    with np.load(io.BytesIO(payload), allow_pickle=False) as file:
        columns = {name: file[name] for name in file.files}
    found_at, pool_at = _slices(columns["found"]), _slices(columns["pool"])
    sessions = np.searchsorted(history.sessions, columns["day"])
    unpacked = []
    for place, session in enumerate(sessions.tolist()):
        bars = bars_on(history, session)
        found = Found(**{name: columns[f"found_{name}"][found_at[place]] for name in _FOUND})
        rows, cells = (columns[f"pool_{name}"][pool_at[place]] for name in _POOL)
        unpacked.append(
            ReplayedSession(
                session=session,
                day=int(columns["day"][place]),
                bars=bars,
                found={kind: found},
                pools={kind: PoolDay(session=session, rows=rows, bars=bars[rows], cells=cells)},
                estimated=float(columns["estimated"][place]),
            )
        )
    return unpacked


def _slices(sizes: NDArray[np.int64]) -> list[slice]:
    return [slice(first, last) for first, last in pairwise(np.concatenate(([0], np.cumsum(sizes))).tolist())]

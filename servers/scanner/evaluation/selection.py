"""One board out of a replayed session."""

from dataclasses import replace

from servers.scanner.evaluation.finders import Found
from servers.scanner.evaluation.replay import ReplayedSession
from servers.scanner.history import MarketHistory
from servers.scanner.universe import BOARDS
from shared.market.instrument import Board

_COLUMNS = tuple(name for name in Found.__dataclass_fields__ if name != "tally")


def of_board(replayed: ReplayedSession, history: MarketHistory, board: Board | None) -> ReplayedSession:
    """The finds and the pool of one board as it was on the session; all of them when it is None."""
    if board is None:
        return replayed
    listed = history.facts_on(replayed.day).board == BOARDS.index(board)
    return replace(
        replayed,
        found={
            kind: replace(found, **{name: getattr(found, name)[listed[found.rows]] for name in _COLUMNS})
            for kind, found in replayed.found.items()
        },
        pools={
            kind: replace(pool, **{name: getattr(pool, name)[listed[pool.rows]] for name in ("rows", "bars", "cells")})
            for kind, pool in replayed.pools.items()
        },
    )

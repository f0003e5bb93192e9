"""Looks for dead rules after every scan of the whole market (strategies.md 9.6); what was counted lies in the summaries."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import structlog
from kstock.scanner.v1 import scan_pb2

from servers.scanner.dead_rules import SESSIONS, ItemCount, ScanTally, dead_rules
from servers.scanner.tallies import Tallied, tally
from shared.market.signal import SignalKind
from shared.market.times import from_yyyymmdd, yyyymmdd
from shared.store.repositories.scans import ScanFilter, ScanKey, ScanState
from shared.store.store import Store

log = structlog.get_logger(__name__)

_PAGE = 100
_MOST_RUNS = 1_000
_ENDED = (ScanState.COMPLETED, ScanState.PARTIAL)


class RuleWatch:
    """Counts how often each item of a strategy earns points, session by session."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    async def note(self, result: Tallied, summary: scan_pb2.ScanRun) -> None:
        """Write into the summary of a run what its result counts, and which rules have been dead for twenty sessions."""
        counted = tally(result)
        summary.item_tallies.extend(
            scan_pb2.ItemTally(item=item.item, earned_count=item.earned, missing=item.missing) for item in counted.items
        )
        dead = dead_rules([counted, *await self._before(counted.kind, from_yyyymmdd(counted.session))])
        summary.dead_rules.extend(rule.item for rule in dead)
        if dead:
            log.warning("dead_rules", kind=counted.kind, items=[rule.item for rule in dead], sessions=SESSIONS)

    async def _before(self, kind: SignalKind, session: date) -> Sequence[ScanTally]:
        """The newest tally of each of the sessions before, as many as the detector looks at."""
        tallies: dict[int, ScanTally] = {}
        after: ScanKey | None = None
        async with self._store.read() as uow:
            for _ in range(_MOST_RUNS // _PAGE):
                runs = await uow.scans.page(ScanFilter(kinds=(kind,), states=_ENDED), after=after, limit=_PAGE)
                for run in runs:
                    counted = _read(kind, run.as_of, json.loads(run.summary))
                    if counted is not None and run.as_of < session:
                        tallies.setdefault(counted.session, counted)
                if len(tallies) >= SESSIONS - 1 or len(runs) < _PAGE:
                    break
                after = ScanKey(started_time=runs[-1].started_time, run_id=runs[-1].run_id)
        return list(tallies.values())


def _read(kind: SignalKind, session: date, summary: dict[str, Any]) -> ScanTally | None:
    """The tally of a stored run; None for runs over a part of the market, which have none."""
    counts = summary.get("itemTallies")
    if not counts:
        return None
    return ScanTally(
        kind=kind,
        session=yyyymmdd(session),
        eligible=summary.get("judgedCount", 0),
        detected=summary.get("detectedCount", 0),
        items=tuple(
            ItemCount(kind=kind, item=count["item"], earned=count.get("earnedCount", 0), missing=count.get("missing", False))
            for count in counts
        ),
    )

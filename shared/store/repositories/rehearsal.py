"""A copied store made ready for a replay: what the rooms had decided is forgotten, what the market did stays."""

import secrets

from sqlalchemy import delete, update

from shared.store.repositories.base import Repository
from shared.store.tables.evaluation import judgements, signal_openings, signal_outcomes
from shared.store.tables.operations import job_runs
from shared.store.tables.signals import event_logs, scan_candidates, scan_runs, signal_events, signals

_DECIDED = (scan_candidates, scan_runs, judgements, signal_outcomes, signal_openings, signal_events, signals, job_runs)
"""In this order: rows that point to others go first."""


class RehearsalRepository(Repository):
    """For copies only; nothing calls it on a store that people rely on."""

    async def forget_decisions(self) -> None:
        """Delete signals, their log and outcomes, scans, job runs: they lie after the replayed day. The log begins anew."""
        for table in _DECIDED:
            await self._connection.execute(delete(table))
        await self._connection.execute(
            update(event_logs).values(epoch=secrets.token_hex(16), last_event_id=0, earliest_event_id=1)
        )

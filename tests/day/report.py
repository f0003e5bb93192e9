"""What a day came to, as text and as a verdict."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tests.day.watchers import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReport:
    """Everything that was seen of one day.

    Attributes:
        day: The session.
        speed: Market seconds per second.
        seconds: Machine time that it took.
        cpu_s: CPU seconds of the server.
        names: The jobs of the schedule.
        jobs: What `kstock jobs` printed at the end.
        log: Lines of the server's log, JSON.
        steady: Events of the watcher that stayed.
        restless: Events of the one that was killed.
        kills: How often that was.
    """

    day: date
    speed: float
    seconds: float
    cpu_s: float
    names: Sequence[str]
    jobs: str
    log: Sequence[str]
    steady: Sequence[Event]
    restless: Sequence[Event]
    kills: int

    @property
    def problems(self) -> list[str]:
        """What is not as it must be."""
        return [*self._job_problems(), *self._event_problems()]

    def text(self) -> str:
        """The report."""
        return "\n".join(
            (
                f"08:25 to midnight of {self.day} at {self.speed:g}x: {self.seconds:.0f} s, server CPU {self.cpu_s:.0f} s",
                "",
                "$ kstock jobs",
                self.jobs.rstrip(),
                "",
                f"runs of that day, from the log: {_listed(self._runs())}",
                "",
                *self._event_lines(),
                "",
                *(f"PROBLEM: {problem}" for problem in self.problems),
                f"{len(self.problems)} problems",
            )
        )

    def _runs(self) -> Counter[str]:
        lines = (json.loads(line) for line in self.log if line.startswith("{") and '"job_ended"' in line)
        return Counter(f"{line['job']} {line['state']}" for line in lines if line["session"] == self.day.isoformat())

    def _job_problems(self) -> Iterator[str]:
        runs = self._runs()
        for name in self.names:
            if runs[f"{name} DONE"] != 1 or runs[f"{name} FAILED"]:
                yield f"{name} ran {runs[f'{name} DONE']} times and failed {runs[f'{name} FAILED']} times"

    def _event_problems(self) -> Iterator[str]:
        for name, events in (("steady", self.steady), ("restless", self.restless)):
            ids = _ids(events)
            if ids != list(range(1, len(ids) + 1)):
                yield f"the {name} watcher: {_repeated(ids)} events twice, {_missing(ids)} missing"
        if _ids(self.steady) != _ids(self.restless):
            yield f"the watchers saw {len(self.steady)} and {len(self.restless)} events"
        changes = {event["change"] for event in self.steady}
        if len(changes) < 3:
            yield f"signals only {', '.join(changes) or 'stood still'}"

    def _event_lines(self) -> Iterator[str]:
        kinds = Counter((_word(event["signal"]["kind"]), _word(event["change"])) for event in self.steady)
        ends = Counter(event["signal"]["close_reason"] for event in self.steady if event["signal"].get("close_reason"))
        yield f"events by kind and change: {_listed(Counter({' '.join(key): count for key, count in kinds.items()}))}"
        yield f"signals ended by: {_listed(ends)}"
        for name, events, note in (
            ("steady", self.steady, "one stream"),
            ("restless", self.restless, f"killed {self.kills} times"),
        ):
            ids = _ids(events)
            yield f"{name} watcher ({note}): {len(ids)} events, duplicates = {_repeated(ids)}, missing = {_missing(ids)}"


def _ids(events: Sequence[Event]) -> list[int]:
    return [int(event["event_id"]) for event in events]


def _repeated(ids: Sequence[int]) -> int:
    return len(ids) - len(set(ids))


def _missing(ids: Sequence[int]) -> int:
    return len(set(range(1, max(ids, default=0) + 1)) - set(ids))


def _word(name: str) -> str:
    return name.rpartition("_")[2]


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "nothing"

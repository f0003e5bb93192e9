"""What clients want to see live: stated by each replica of the price stream, added up by the owner of the feed.

A statement is whole, not a difference, so a lost one is mended by the next; a replica that falls silent is forgotten.
"""

import json
from dataclasses import dataclass
from datetime import timedelta

DEMAND_CHANNEL = "demand"
"""Control channel of the statements."""

RESTATED_EVERY = timedelta(seconds=5)
"""Each replica repeats its statement at least this often."""

_EXPIRES_AFTER_S = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandStatement:
    """Everything that the clients of one replica hold; `topics` in canonical text form."""

    replica: str
    topics: frozenset[str]

    def encode(self) -> bytes:
        """The payload of the control message."""
        return json.dumps({"replica": self.replica, "topics": sorted(self.topics)}).encode()

    @classmethod
    def decode(cls, payload: bytes) -> "DemandStatement":
        """Inverse of `encode`.

        Raises:
            ValueError: The payload is no statement.
        """
        try:
            content = json.loads(payload)
            return cls(replica=str(content["replica"]), topics=frozenset(map(str, content["topics"])))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError("not a statement of demand") from error


class DemandTable:
    """Newest statement of each replica, for the owner of the feed."""

    def __init__(self) -> None:
        self._statements: dict[str, tuple[DemandStatement, float]] = {}

    def hear(self, statement: DemandStatement, now: float) -> None:
        """Take a statement in; `now` in monotonic seconds."""
        self._statements[statement.replica] = (statement, now + _EXPIRES_AFTER_S)

    def wanted(self, now: float) -> frozenset[str]:
        """Topics that any replica wants which has spoken lately."""
        self._statements = {name: heard for name, heard in self._statements.items() if now < heard[1]}
        return frozenset().union(*(statement.topics for statement, _ in self._statements.values()))

"""When an answer is given: market time, the session, and how far the store reaches."""

from dataclasses import dataclass
from datetime import date, datetime

from kstock.market.v1 import market_service_pb2

from shared.clock import ClockMode
from shared.market.sessions import SessionPhase
from shared.market.times import kst_date
from shared.rpc.messages.enums import SESSION_PHASE
from shared.rpc.messages.times import optional_date, read_timestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Market time and its neighbourhood.

    Attributes:
        now: Market time, UTC.
        phase: Part of the trading day.
        holiday: Why today has no session, in Korean; empty when it has one.
        previous_session: The last session before today.
        next_session: The first session after today.
        newest: Newest trading day with daily bars in the store; None when it holds none.
        clock_mode: How market time runs.
    """

    now: datetime
    phase: SessionPhase
    holiday: str
    previous_session: date
    next_session: date
    newest: date | None
    clock_mode: str = ClockMode.WALL.value

    @property
    def today(self) -> date:
        """The date that `오늘` means."""
        return kst_date(self.now)

    @property
    def current_session(self) -> date:
        """The newest session that has begun: what a current price should be of."""
        begun = self.phase not in {SessionPhase.PRE_OPEN, SessionPhase.HOLIDAY}
        return self.today if begun else self.previous_session

    @property
    def anchor(self) -> date:
        """The newest day that stored daily data can be of; days are counted back from here."""
        return min(self.newest, self.today) if self.newest else self.today


def read_moment(response: market_service_pb2.GetSessionResponse) -> Moment:
    """The moment in the market room's answer.

    Raises:
        InvalidInput: If the phase is unknown to this program.
    """
    now = read_timestamp(response.market_time)
    return Moment(
        now=now,
        phase=SESSION_PHASE.from_wire(response.phase, "phase"),
        holiday="" if response.day.open else response.day.reason,
        previous_session=optional_date(response, "previous_session") or kst_date(now),
        next_session=optional_date(response, "next_session") or kst_date(now),
        newest=optional_date(response, "newest_stored_session"),
        clock_mode=response.clock_mode,
    )

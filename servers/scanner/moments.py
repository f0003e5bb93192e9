"""As of when a scan judges, and the market as of then."""

from dataclasses import dataclass
from datetime import date, datetime

from servers.scanner.live_market import LiveMarket
from servers.scanner.loader import MarketLoader
from servers.scanner.panel import Panel
from shared.clock import Clock
from shared.market.errors import InvalidInput, NotFound
from shared.market.sessions import Session
from shared.market.signal import SignalKind
from shared.market.times import end_of_day, kst_date

LIVE_KINDS = frozenset({SignalKind.JONGGA, SignalKind.DAYTRADING})
"""Strategies that are decided while the session goes on; the others wait for completed bars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanMoment:
    """The session whose data is used and the moment as of which it is taken.

    Only the newest session that a strategy can be decided on is published. `is_live`: the session goes on, or its official
    bars have not come yet.
    """

    session: date
    at: datetime
    is_newest: bool
    is_live: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketView:
    """The market as of a moment.

    `live_time` is the market time of the newest live price, None when the bars are complete; `volume_share` the share of
    the day's volume that is usually traded by then, None while nobody can say.
    """

    panel: Panel
    live_time: datetime | None = None
    volume_share: float | None = 1.0


class Moments:
    """Decides what "now" and "that day" mean for each kind of strategy."""

    def __init__(self, loader: MarketLoader, live: LiveMarket, clock: Clock) -> None:
        """Keep the collaborators."""
        self._loader = loader
        self._live = live
        self._clock = clock

    async def moment(self, kind: SignalKind, as_of: date | None, *, completed_only: bool = False) -> ScanMoment:
        """The end of a session, but never after market time; None is the newest session, which may be the running one.

        Args:
            kind: The strategy.
            as_of: The session.
            completed_only: Whether the running session is out of the question.

        Raises:
            InvalidInput: The day lies after market time.
            NotFound: No session with bars on that day.
            DataMissing: No bars at all.
        """
        now = self._clock.market_now()
        running = await self._live.session() if kind in LIVE_KINDS and not completed_only else None
        if running is not None and as_of in {None, running.day}:
            return ScanMoment(session=running.day, at=now, is_newest=True, is_live=True)
        return await self._completed(as_of, now, running)

    async def view(self, moment: ScanMoment) -> MarketView:
        """The market as of that moment; official bars, once they have come, take the place of live prices.

        Raises:
            DataMissing: No bars at all.
        """
        live = await self._live.view() if moment.is_live else None
        if live is None:
            return MarketView(panel=await self._loader.panel(moment.at))
        return MarketView(panel=live.panel, live_time=live.time, volume_share=live.volume_share)

    async def _completed(self, as_of: date | None, now: datetime, running: Session | None) -> ScanMoment:
        newest = await self._loader.newest_known(now)
        if as_of is None:
            return ScanMoment(session=newest, at=now, is_newest=True)
        if as_of > kst_date(now):
            raise InvalidInput("as_of", f"{as_of} lies after market time, which is {kst_date(now)}")
        if as_of > newest or await self._loader.newest_session(as_of) != as_of:
            raise NotFound("SESSION", as_of.isoformat())
        is_newest = as_of == newest and running is None
        return ScanMoment(session=as_of, at=min(end_of_day(as_of), now), is_newest=is_newest)

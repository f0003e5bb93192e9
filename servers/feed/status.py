"""What a feed says about itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.market.quote import Quality


class FeedState(StrEnum):
    """State of a feed's connection (realtime.md 2.1)."""

    STOPPED = "STOPPED"
    AUTH = "AUTH"
    CONNECTING = "CONNECTING"
    SUBSCRIBING = "SUBSCRIBING"
    LIVE = "LIVE"
    DEGRADED = "DEGRADED"
    BACKOFF = "BACKOFF"
    SAFE_MODE = "SAFE_MODE"
    BLOCKED = "BLOCKED"
    CLOSED_SESSION = "CLOSED_SESSION"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedStatus:
    """State of one feed since a moment (UTC), why, and the best quality that its prices have now."""

    feed: str
    state: FeedState
    quality: Quality
    since: datetime
    reason: str = ""
    last_frame: datetime | None = None
    active_subscriptions: int = 0
    target_subscriptions: int = 0
    retry_delay: timedelta | None = None

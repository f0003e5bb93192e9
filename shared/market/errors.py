"""The one tree of domain errors; `shared/rpc/errors.py` maps it to gRPC, `servers/cli.py` to exit codes."""

from datetime import datetime, timedelta


class KStockError(Exception):
    """Base of every error that kstock raises on purpose; the text says what happened and what to do."""


class InvalidInput(KStockError):
    """A value that the caller gave is unusable.

    Args:
        field: Path of the field, option or file that is wrong, e.g. `topics[3].price.ticker`.
        why: What is wrong with it and what would be right; never echoes raw bytes.
    """

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field
        self.why = why


_HINTS = {
    "INSTRUMENT": "SearchInstruments finds codes by name, English name, nickname or initial consonants",
    "SESSION": "the exchange was closed that day, or nothing is stored of it",
    "MARKET_GATE": "the exchange was closed that day, or its indices are not stored",
    "SCAN_RUN": "ListScanRuns names the runs",
    "SIGNAL": "ListSignals gives ids",
    "STREAM": "it has ended; subscribe again",
    "CONVERSATION": "begin a new one by leaving the id empty",
    "JOB": "ListJobs names the jobs",
}
"""What to do when something of a kind is not found."""


class NotFound(KStockError):
    """Nothing stands under that key.

    Args:
        kind: What was looked for, in capitals: INSTRUMENT, SIGNAL, SCAN_RUN, STREAM, CONVERSATION, SESSION ...
        key: The key as the caller gave it (already validated text).
    """

    def __init__(self, kind: str, key: str) -> None:
        hint = _HINTS.get(kind)
        super().__init__(f"{kind.lower().replace('_', ' ')} {key!r} does not exist" + (f"; {hint}" if hint else ""))
        self.kind = kind
        self.key = key


class Conflict(KStockError):
    """The thing was changed by somebody else meanwhile; read it again and retry."""


class LimitExceeded(KStockError):
    """A limit was reached.

    Args:
        reason: TOO_MANY_TOPICS, TOO_MANY_STREAMS, SLOW_CONSUMER, EVENT_BACKLOG, RATE_LIMITED ...
        limit: The limit in words or digits, e.g. `500 topics per stream`.
        retry_after: When trying again makes sense; None when the caller must ask for less.
    """

    def __init__(self, reason: str, limit: str, retry_after: timedelta | None = None) -> None:
        super().__init__(f"{reason.lower().replace('_', ' ')}: the limit is {limit}")
        self.reason = reason
        self.limit = limit
        self.retry_after = retry_after


class FeedUnavailable(KStockError):
    """A source of prices does not answer."""

    def __init__(self, feed: str, why: str, retry_after: timedelta = timedelta(seconds=30)) -> None:
        super().__init__(f"feed {feed}: {why}")
        self.feed = feed
        self.why = why
        self.retry_after = retry_after


class MarketClosed(KStockError):
    """The action needs an open session."""

    def __init__(self, next_open: datetime) -> None:
        super().__init__(f"the market is closed until {next_open.isoformat()}")
        self.next_open = next_open


class NotAllowed(KStockError):
    """The caller lacks a scope."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"this call needs the scope '{scope}'; pass a token that has it")
        self.scope = scope


class StoreUnusable(KStockError):
    """The database cannot be used as it is: corrupt, of another origin, newer than this program, or out of reach."""


class DataMissing(KStockError):
    """The calculation needs data that the store does not have, e.g. a calendar year or a backtest window."""

"""The one table of methods: who may call each, how long it may take and how large its request may be.

A method that is not listed is denied. Clients take their default deadlines from here, servers cap longer ones to the same
value.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Scope(StrEnum):
    """What a caller may do; a token carries any of them."""

    PUBLIC = "public"  # prices, market, signals, scoreboard, chat as an anonymous caller
    USER = "user"  # also scans, rules, watch lists, own conversations
    BOT = "bot"  # a user on behalf of a `user_ref`, deliveries
    INTERNAL = "internal"  # rooms among themselves
    OPS = "ops"  # operators


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodPolicy:
    """Rules of one method.

    Attributes:
        scope: Scope that the caller needs; None for methods that are open to everybody.
        deadline: Longest duration of a call.
        request_bytes: Largest request.
        is_stream: True for a stream that lives until somebody ends it: it counts as one of the caller's streams.
        calls_per_second: How often one caller may call it; None for as often as the rest allows.
        on_bridge: Whether the web bridge may pass it.
    """

    scope: Scope | None
    deadline: timedelta
    request_bytes: int = 64 * 1024
    is_stream: bool = False
    calls_per_second: int | None = None
    on_bridge: bool = True


LARGEST_REQUEST_BYTES = 1024 * 1024
"""What the transport takes; only the scanner's publication, which must be one transaction, may be this large."""

_READ = timedelta(seconds=3)
_WRITE = timedelta(seconds=5)
_ANALYSIS = timedelta(seconds=10)
_BROKER = timedelta(seconds=10)
_ANSWER = timedelta(seconds=60)
_SCAN = timedelta(seconds=120)
_BACKTEST = timedelta(minutes=15)
_INGEST = timedelta(minutes=15)
_STREAM = timedelta(minutes=70)  # streams end by themselves after 60 min +- 10 %


def policy_of(method: str) -> MethodPolicy | None:
    """The policy of a full method name such as `/kstock.market.v1.MarketService/ListBars`; None when it is not listed."""
    return METHODS.get(method)


def _service(name: str, methods: Mapping[str, MethodPolicy]) -> Iterator[tuple[str, MethodPolicy]]:
    for method, policy in methods.items():
        yield f"/{name}/{method}", policy


def _public(deadline: timedelta = _READ) -> MethodPolicy:
    return MethodPolicy(scope=Scope.PUBLIC, deadline=deadline)


def _user(deadline: timedelta = _READ) -> MethodPolicy:
    return MethodPolicy(scope=Scope.USER, deadline=deadline)


def _bot(deadline: timedelta = _READ) -> MethodPolicy:
    return MethodPolicy(scope=Scope.BOT, deadline=deadline, on_bridge=False)


def _ops(deadline: timedelta = _READ) -> MethodPolicy:
    return MethodPolicy(scope=Scope.OPS, deadline=deadline, on_bridge=False)


def _internal(deadline: timedelta, request_bytes: int = 64 * 1024) -> MethodPolicy:
    return MethodPolicy(scope=Scope.INTERNAL, deadline=deadline, request_bytes=request_bytes, on_bridge=False)


METHODS: Mapping[str, MethodPolicy] = dict(
    (
        *_service(
            "kstock.pricestream.v1.PriceStreamService",
            {
                "Subscribe": MethodPolicy(scope=Scope.PUBLIC, deadline=_STREAM, is_stream=True),
                "UpdateSubscription": MethodPolicy(scope=Scope.PUBLIC, deadline=_WRITE, calls_per_second=20),
                "GetLimits": _public(),
            },
        ),
        *_service(
            "kstock.market.v1.MarketService",
            {
                "BatchGetQuotes": _public(),
                "SearchInstruments": _public(),
                "GetInstrument": _public(),
                "ListBars": _public(),
                "ListFlows": _public(),
                "ListNews": _public(),
                "ListIndexLevels": _public(),
                "ListIndexBars": _public(),
                "GetMarketGate": _public(),
                "GetSession": _public(),
                "ListSessions": _public(),
                "RankInstruments": _public(_ANALYSIS),
                "ListMarketFlows": _public(),
                "SyncInstruments": _internal(_INGEST),
                "CloseSession": _internal(_SCAN),
                "IngestSession": _internal(_INGEST),
            },
        ),
        *_service(
            "kstock.scanner.v1.ScannerService",
            {
                "RunScan": _user(_SCAN),
                "RunBacktest": _user(_BACKTEST),
                "GetScanRun": _user(),
                "ListScanRuns": _user(),
                "CancelScanRun": _user(_WRITE),
                "JudgeSignals": _internal(_BACKTEST),
                "PrepareSession": _internal(_SCAN),
                "AnalyzeInstrument": _user(_ANALYSIS),
            },
        ),
        *_service(
            "kstock.signal.v1.SignalService",
            {
                "WatchSignals": MethodPolicy(scope=Scope.PUBLIC, deadline=_STREAM, is_stream=True),
                "GetSignal": _public(),
                "ListSignals": _public(),
                "ListSignalEvents": _public(),
                "GetScoreboard": _public(),
                "PublishSignals": _internal(_WRITE, LARGEST_REQUEST_BYTES),
            },
        ),
        *_service(
            "kstock.alert.v1.AlertService",
            {
                "CreateRule": _user(_WRITE),
                "ListRules": _user(),
                "SnoozeRule": _user(_WRITE),
                "DeleteRule": _user(_WRITE),
                "TestRule": _user(_WRITE),
                "SetRoute": _bot(_WRITE),
                "ListRoutes": _bot(),
                "GetUser": _user(),
                "UpdateUser": _user(_WRITE),
                "DeleteUser": _user(_WRITE),
                "ListAuditEntries": _ops(),
                "AddWatchItems": _user(_WRITE),
                "ListWatchItems": _user(),
                "RemoveWatchItems": _user(_WRITE),
                "LeaseDeliveries": MethodPolicy(scope=Scope.BOT, deadline=_STREAM, is_stream=True, on_bridge=False),
                "ReportDelivery": _bot(_WRITE),
                "ListDeadLetters": _ops(),
                "RequeueDelivery": _ops(_WRITE),
                "PurgeDelivery": _ops(_WRITE),
            },
        ),
        *_service(
            "kstock.chat.v1.ChatService",
            {
                "Converse": _public(_ANSWER),
                "SearchContext": _public(),
                "Recommend": _public(_ANALYSIS),
                "ListTurns": _user(),
                "DeleteConversation": _user(_WRITE),
            },
        ),
        *_service(
            "kstock.feed.v1.FeedService",
            {
                "FetchQuotes": _internal(_BROKER),
                "FetchBars": _internal(_BROKER),
                "FetchFlows": _internal(_BROKER),
                "FetchNews": _internal(_BROKER),
                "FetchInstruments": _internal(_BROKER),
                "FetchSession": _internal(_SCAN),
            },
        ),
        *_service(
            "kstock.ops.v1.OpsService",
            {
                "ListFeeds": _ops(),
                "GetMonitorState": _ops(),
                "ListStreams": _ops(),
                "ListTopics": _ops(),
                "CloseStream": _ops(_WRITE),
                "ListJobs": _ops(),
                "RunJob": _ops(_WRITE),
                "Drain": _ops(_WRITE),
            },
        ),
    )
)

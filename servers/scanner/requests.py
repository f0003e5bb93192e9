"""What callers of the scanner ask for, checked and in domain values."""

from dataclasses import dataclass
from datetime import date

from kstock.scanner.v1 import scan_pb2, scanner_service_pb2

from shared.market.errors import InvalidInput
from shared.market.instrument import Board
from shared.market.signal import SignalKind
from shared.rpc.messages.enums import BOARD, SIGNAL_KIND
from shared.rpc.messages.times import optional_date

DEFAULT_MAX_TICKERS = 100
DEFAULT_TOP_N = 30
MOST_ROWS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRequest:
    """A scan as it will be done, defaults filled in; `as_of` None is the newest session, `max_tickers` 0 all.

    `completed_only` leaves live prices out.
    """

    kind: SignalKind
    as_of: date | None
    board: Board | None
    exclude_elw: bool
    min_market_cap_krw: int
    max_tickers: int
    top_n: int
    sort_by: int
    ascending: bool
    min_score: float
    completed_only: bool

    @property
    def is_whole_market(self) -> bool:
        """Whether every eligible ticker is judged, so that a missing candidate means something."""
        return self.board is None and self.max_tickers == 0 and self.min_market_cap_krw == 0


def read_scan(request: scanner_service_pb2.RunScanRequest) -> ScanRequest:
    """The scan that a request means.

    Raises:
        InvalidInput: A number out of range or a board that is not scanned.
    """
    board = BOARD.from_wire(request.board, "board") if request.HasField("board") else None
    if board is Board.KONEX:
        raise InvalidInput("board", "KONEX is not scanned; use KOSPI, KOSDAQ or nothing for both")
    return ScanRequest(
        kind=SIGNAL_KIND.from_wire(request.kind, "kind"),
        as_of=optional_date(request, "as_of"),
        board=board,
        exclude_elw=request.exclude_elw if request.HasField("exclude_elw") else True,
        min_market_cap_krw=_at_least_zero(request.min_market_cap_krw, "min_market_cap_krw"),
        max_tickers=_at_least_zero(
            request.max_tickers if request.HasField("max_tickers") else DEFAULT_MAX_TICKERS, "max_tickers"
        ),
        top_n=_rows(request.top_n),
        sort_by=request.sort_by if request.HasField("sort_by") else scan_pb2.SCAN_SORT_SCORE,
        ascending=request.HasField("sort_order") and request.sort_order == scan_pb2.SORT_ORDER_ASC,
        min_score=_score(request.min_score if request.HasField("min_score") else 0.0),
        completed_only=request.completed_only,
    )


def options_message(request: ScanRequest) -> scan_pb2.ScanOptions:
    """The options as they were applied."""
    return scan_pb2.ScanOptions(
        board=None if request.board is None else BOARD.to_wire(request.board),
        exclude_elw=request.exclude_elw,
        min_market_cap_krw=request.min_market_cap_krw,
        max_tickers=request.max_tickers,
        top_n=request.top_n,
        sort_by=scan_pb2.ScanSort.Name(request.sort_by),
        sort_order=scan_pb2.SORT_ORDER_ASC if request.ascending else scan_pb2.SORT_ORDER_DESC,
        min_score=request.min_score,
    )


def _at_least_zero(value: int, field: str) -> int:
    if value < 0:
        raise InvalidInput(field, f"is {value}; it must be 0 or more")
    return value


def _rows(value: int) -> int:
    if not 0 <= value <= MOST_ROWS:
        raise InvalidInput("top_n", f"is {value}; 1 to {MOST_ROWS} are possible, 0 means {DEFAULT_TOP_N}")
    return value or DEFAULT_TOP_N


def _score(value: float) -> float:
    if not 0.0 <= value <= 1_000.0:
        raise InvalidInput("min_score", f"is {value:g}; it must be 0 or more and at most the strategy's maximum")
    return value

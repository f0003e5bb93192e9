"""What callers of a backtest ask for, checked and in domain values."""

from dataclasses import dataclass
from datetime import date

from kstock.scanner.v1 import scanner_service_pb2

from servers.scanner.backtest import ENTRIES
from shared.market.errors import InvalidInput
from shared.market.instrument import Board
from shared.market.outcome import EntryMode
from shared.market.signal import SignalKind
from shared.rpc.messages.enums import BOARD, SIGNAL_KIND
from shared.rpc.messages.times import optional_date

_LARGEST_SEED = 2**62
_REPLAYED = ", ".join(ENTRIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestWish:
    """A backtest as it will be done; days are both included, `board` None means every board."""

    kind: SignalKind
    since: date
    until: date
    board: Board | None
    entry: EntryMode
    seed: int


def read_backtest(request: scanner_service_pb2.RunBacktestRequest, today: date) -> BacktestWish:
    """The backtest that a request means.

    Args:
        request: As received.
        today: Date of market time.

    Raises:
        InvalidInput: A strategy that cannot be replayed, a period that is none or lies in the future, an entry that the
            strategy does not have, a board that is not scanned, or a seed below 0.
    """
    kind = SIGNAL_KIND.from_wire(request.kind, "kind")
    if kind not in ENTRIES:
        raise InvalidInput(
            "kind", f"{kind} fires on single trades, and past ones are not kept; backtests exist for {_REPLAYED}"
        )
    since, until = _period(request, today)
    return BacktestWish(
        kind=kind,
        since=since,
        until=until,
        board=_board(request),
        entry=_entry(kind, at_trigger=request.trigger_entry),
        seed=_seed(request.seed),
    )


def _period(request: scanner_service_pb2.RunBacktestRequest, today: date) -> tuple[date, date]:
    since, until = (optional_date(request, field) for field in ("since", "until"))
    if since is None:
        raise InvalidInput("since", "is missing; give the first day of signals")
    if until is None:
        raise InvalidInput("until", "is missing; give the last day of signals")
    if since > until:
        raise InvalidInput("until", f"{until} lies before since, which is {since}")
    if until > today:
        raise InvalidInput("until", f"{until} lies after market time, which is {today}")
    return since, until


def _board(request: scanner_service_pb2.RunBacktestRequest) -> Board | None:
    board = BOARD.from_wire(request.board, "board") if request.HasField("board") else None
    if board is Board.KONEX:
        raise InvalidInput("board", "KONEX is not scanned; use KOSPI, KOSDAQ or nothing for both")
    return board


def _entry(kind: SignalKind, *, at_trigger: bool) -> EntryMode:
    if not at_trigger:
        return ENTRIES[kind][0]
    if EntryMode.TRIGGER not in ENTRIES[kind]:
        raise InvalidInput("trigger_entry", f"{kind} has no trigger price; leave it out")
    return EntryMode.TRIGGER


def _seed(seed: int) -> int:
    if not 0 <= seed <= _LARGEST_SEED:
        raise InvalidInput("seed", f"is {seed}; 0 to {_LARGEST_SEED} are possible")
    return seed

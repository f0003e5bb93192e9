"""The digest: what is looked up for it, and the answer of the Recommend RPC."""

from collections.abc import Collection
from dataclasses import dataclass

from kstock.chat.v1 import chat_service_pb2
from kstock.common.v1 import market_gate_pb2
from kstock.market.v1 import market_service_pb2
from kstock.signal.v1 import signal_pb2, signal_service_pb2

from servers.chat.answers.speech import Speech
from servers.chat.peers import Peers
from servers.chat.recommendation.telling import recommendation
from servers.chat.recommendation.weighing import HORIZON_SESSIONS, Outcomes, weigh
from shared.market.errors import NotFound
from shared.market.instrument import Board
from shared.market.signal import SignalKind
from shared.rpc.client import NotServed, domain_errors
from shared.rpc.messages.enums import BOARD, SIGNAL_KIND

USUAL, MOST = 3, 5
_PAGE = 500
_MOST_PAGES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestWish:
    """What the digest is to hold; empty fields filter nothing."""

    kinds: Collection[SignalKind] = ()
    board: Board | None = None
    limit: int = USUAL


async def make_digest(peers: Peers, wish: DigestWish, speech: Speech) -> chat_service_pb2.RecommendResponse:
    """The heaviest tickers with open signals.

    Args:
        peers: The rooms that know signals, outcomes and the gate.
        wish: Filters and the number wanted.
        speech: Words of the language wished for.

    Raises:
        KStockError: Signals cannot be read; outcomes or a gate that do not exist are said to be missing instead.
    """
    signals = await _open_signals(peers, wish.board)
    gate, outcomes = await _gate(peers), await _outcomes(peers)
    chosen = weigh(signals, outcomes, gate, kinds=wish.kinds)
    response = chat_service_pb2.RecommendResponse(
        recommendations=[recommendation(one, gate, speech) for one in chosen[: wish.limit]],
        notice=_notice(speech, found=bool(chosen)),
    )
    if gate is not None:
        response.gate.CopyFrom(gate)
    if signals:
        newest = max(signals, key=lambda one: (one.as_of.year, one.as_of.month, one.as_of.day))
        response.as_of.CopyFrom(newest.as_of)
    return response


async def _open_signals(peers: Peers, board: Board | None) -> list[signal_pb2.Signal]:
    request = signal_service_pb2.ListSignalsRequest(
        states=[signal_pb2.SIGNAL_STATE_ACTIVE], board=None if board is None else BOARD.to_wire(board), page_size=_PAGE
    )
    signals: list[signal_pb2.Signal] = []
    for _ in range(_MOST_PAGES):
        with domain_errors():
            response = await peers.signal.ListSignals(request)
        signals.extend(one for one in response.signals if SIGNAL_KIND.get(one.kind) is not None)
        if not response.next_page_token:
            break
        request.page_token = response.next_page_token
    return signals


async def _gate(peers: Peers) -> market_gate_pb2.MarketGate | None:
    try:
        with domain_errors():
            return (await peers.market.GetMarketGate(market_service_pb2.GetMarketGateRequest())).gate
    except NotFound:
        return None


async def _outcomes(peers: Peers) -> Outcomes:
    """Outcomes of live signals; those of the newest backtests for groups in which too few live ones have ended."""
    horizons = sorted(set(HORIZON_SESSIONS.values()))
    live = signal_service_pb2.GetScoreboardRequest(horizons=horizons)
    backtests = signal_service_pb2.GetScoreboardRequest(horizons=horizons, newest_backtests=True)
    try:
        with domain_errors():
            return Outcomes(
                live=(await peers.signal.GetScoreboard(live)).rows,
                backtests=(await peers.signal.GetScoreboard(backtests)).rows,
            )
    except NotServed:
        return Outcomes()


def _notice(speech: Speech, *, found: bool) -> str:
    return " ".join((speech.say("digest.notice" if found else "digest.empty"), speech.say("answer.footer")))

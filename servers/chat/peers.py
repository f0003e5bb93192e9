"""The other rooms as chat reaches them: by their RPCs, never by their code."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import grpc
from kstock.alert.v1 import alert_service_pb2_grpc
from kstock.market.v1 import market_service_pb2_grpc
from kstock.scanner.v1 import scanner_service_pb2_grpc
from kstock.signal.v1 import signal_service_pb2_grpc

if TYPE_CHECKING:
    from kstock.alert.v1.alert_service_pb2_grpc import AlertServiceAsyncStub
    from kstock.market.v1.market_service_pb2_grpc import MarketServiceAsyncStub
    from kstock.scanner.v1.scanner_service_pb2_grpc import ScannerServiceAsyncStub
    from kstock.signal.v1.signal_service_pb2_grpc import SignalServiceAsyncStub


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """Stubs of the rooms that tools ask; `user_ref` names on whose behalf personal things are asked for."""

    market: "MarketServiceAsyncStub"
    signal: "SignalServiceAsyncStub"
    scanner: "ScannerServiceAsyncStub"
    alert: "AlertServiceAsyncStub"
    user_ref: str = ""

    @classmethod
    def over(
        cls, *, market: grpc.aio.Channel, signal: grpc.aio.Channel, scanner: grpc.aio.Channel, alert: grpc.aio.Channel
    ) -> "Peers":
        """Stubs over open channels; the caller keeps and closes them."""
        return cls(
            market=market_service_pb2_grpc.MarketServiceStub(market),
            signal=signal_service_pb2_grpc.SignalServiceStub(signal),
            scanner=scanner_service_pb2_grpc.ScannerServiceStub(scanner),
            alert=alert_service_pb2_grpc.AlertServiceStub(alert),
        )

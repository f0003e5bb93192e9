"""Domain enums and their wire numbers; both sides must have the same names, which is checked when a map is made."""

from enum import StrEnum
from typing import Any, Generic, TypeVar, cast

from kstock.common.v1 import (
    candidate_pb2,
    instrument_pb2,
    market_index_pb2,
    quote_pb2,
    session_pb2,
)
from kstock.signal.v1 import signal_pb2

from shared.market.errors import InvalidInput
from shared.market.instrument import Board, InstrumentFlag, InstrumentKind
from shared.market.quote import Quality, Venue
from shared.market.sessions import SessionPhase
from shared.market.signal import Grade, SignalChange, SignalKind, SignalState
from shared.market.topic import MarketIndex

_D = TypeVar("_D", bound=StrEnum)
_W = TypeVar("_W")


class EnumMap(Generic[_D, _W]):
    """Both directions between one domain enum and one wire enum."""

    def __init__(self, domain: type[_D], wire: type[_W]) -> None:
        """Pair the values by name.

        Args:
            domain: The domain enum.
            wire: The generated enum, whose names are those of the domain behind a prefix.

        Raises:
            ValueError: If one side has a name that the other lacks.
        """
        descriptor = cast("Any", wire).DESCRIPTOR
        prefix = descriptor.values_by_number[0].name.removesuffix("UNSPECIFIED")
        numbers = {value.name.removeprefix(prefix): value.number for value in descriptor.values if value.number != 0}
        if set(numbers) != {value.name for value in domain}:
            raise ValueError(f"{domain.__name__} and {descriptor.full_name} have different names")
        self._name = descriptor.name
        self._to_wire: dict[_D, _W] = {value: numbers[value.name] for value in domain}
        self._from_wire: dict[int, _D] = {numbers[value.name]: value for value in domain}

    def to_wire(self, value: _D) -> _W:
        """The wire number of a domain value."""
        return self._to_wire[value]

    def from_wire(self, number: _W | int, field: str) -> _D:
        """The domain value of a wire number.

        Args:
            number: As received; 0 is UNSPECIFIED.
            field: Path named in the error.

        Raises:
            InvalidInput: For UNSPECIFIED or an unknown number.
        """
        value = self.get(number)
        if value is None:
            known = ", ".join(self._from_wire.values())
            what = f"{number} is not a {self._name}" if number else "is not set"
            raise InvalidInput(field, f"{what}; known are {known}")
        return value

    def get(self, number: _W | int) -> _D | None:
        """The domain value of a wire number; None for UNSPECIFIED and for values that are newer than this program."""
        return self._from_wire.get(cast("int", number))


BOARD = EnumMap(Board, instrument_pb2.Board)
INSTRUMENT_KIND = EnumMap(InstrumentKind, instrument_pb2.InstrumentKind)
INSTRUMENT_FLAG = EnumMap(InstrumentFlag, instrument_pb2.InstrumentFlag)
VENUE = EnumMap(Venue, quote_pb2.Venue)
QUALITY = EnumMap(Quality, quote_pb2.Quality)
MARKET_INDEX = EnumMap(MarketIndex, market_index_pb2.MarketIndex)
SESSION_PHASE = EnumMap(SessionPhase, session_pb2.SessionPhase)
SIGNAL_KIND = EnumMap(SignalKind, candidate_pb2.SignalKind)
GRADE = EnumMap(Grade, candidate_pb2.Grade)
SIGNAL_STATE = EnumMap(SignalState, signal_pb2.SignalState)
SIGNAL_CHANGE = EnumMap(SignalChange, signal_pb2.SignalChange)

"""Instruments on the wire."""

from collections.abc import Iterable

from kstock.common.v1 import instrument_pb2

from shared.market.instrument import Instrument, InstrumentFlag, InstrumentKind, Ticker
from shared.rpc.messages.enums import BOARD, INSTRUMENT_FLAG, INSTRUMENT_KIND
from shared.rpc.messages.present import optional_int
from shared.rpc.messages.times import local_date_message, optional_date


def instrument_message(
    instrument: Instrument, *, flags: Iterable[InstrumentFlag] = (), realtime_supported: bool = False
) -> instrument_pb2.Instrument:
    """An instrument as it travels, with its statuses on the asked day."""
    return instrument_pb2.Instrument(
        ticker=instrument.ticker,
        name=instrument.name,
        name_en=instrument.name_en,
        isin=instrument.isin,
        kind=INSTRUMENT_KIND.to_wire(instrument.kind),
        board=None if instrument.board is None else BOARD.to_wire(instrument.board),
        sector=instrument.sector,
        industry=instrument.industry,
        list_date=None if instrument.list_date is None else local_date_message(instrument.list_date),
        delist_date=None if instrument.delist_date is None else local_date_message(instrument.delist_date),
        shares=instrument.shares,
        market_cap_krw=instrument.market_cap_krw,
        flags=[INSTRUMENT_FLAG.to_wire(flag) for flag in flags],
        realtime_supported=realtime_supported,
    )


def read_instrument(message: instrument_pb2.Instrument) -> Instrument:
    """The instrument in a message, without its statuses; a kind newer than this program is UNKNOWN."""
    return Instrument(
        ticker=Ticker(message.ticker),
        name=message.name,
        kind=INSTRUMENT_KIND.get(message.kind) or InstrumentKind.UNKNOWN,
        board=BOARD.get(message.board),
        name_en=message.name_en,
        isin=message.isin,
        sector=message.sector,
        industry=message.industry,
        list_date=optional_date(message, "list_date"),
        delist_date=optional_date(message, "delist_date"),
        shares=optional_int(message, "shares"),
        market_cap_krw=optional_int(message, "market_cap_krw"),
    )


def read_flags(message: instrument_pb2.Instrument) -> frozenset[InstrumentFlag]:
    """The statuses of an instrument; ones newer than this program are left out."""
    return frozenset(flag for flag in map(INSTRUMENT_FLAG.get, message.flags) if flag is not None)

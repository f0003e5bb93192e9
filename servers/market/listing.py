"""What is listed on a day, and what has changed since another one; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kstock.market.v1 import market_service_pb2 as wire

from shared.market.instrument import InstrumentFlag, InstrumentKind, Ticker
from shared.store.validity import DatedInstrument, Span, as_of

_LISTED = wire.INSTRUMENT_CHANGE_KIND_LISTED
_DELISTED = wire.INSTRUMENT_CHANGE_KIND_DELISTED
_SUSPENDED = wire.INSTRUMENT_CHANGE_KIND_SUSPENDED
_RESUMED = wire.INSTRUMENT_CHANGE_KIND_RESUMED
_RENAMED = wire.INSTRUMENT_CHANGE_KIND_RENAMED


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The instruments listed on a day, by ticker, as the masters of that day say."""

    instruments: Mapping[Ticker, DatedInstrument]

    @classmethod
    def of(cls, stated: Mapping[Ticker, Sequence[Span]], day: date) -> "Listing":
        """Judge by everything that was ever stated."""
        dated = {ticker: as_of(ticker, spans, day) for ticker, spans in stated.items()}
        return cls(instruments={ticker: one for ticker, one in dated.items() if _is_listed(one, day)})

    @property
    def suspended(self) -> frozenset[Ticker]:
        """Those that may not be traded."""
        return frozenset(ticker for ticker, one in self.instruments.items() if InstrumentFlag.HALTED in one.flags)

    @property
    def warrants(self) -> frozenset[Ticker]:
        """Those that are equity-linked warrants."""
        return frozenset(ticker for ticker, one in self.instruments.items() if one.instrument.kind is InstrumentKind.ELW)

    def changes_since(self, before: "Listing") -> list[wire.InstrumentChange]:
        """What is different from an earlier day, by ticker."""
        mine, theirs = set(self.instruments), set(before.instruments)
        stayed = mine & theirs
        renamed = {ticker for ticker in stayed if self.name(ticker) != before.name(ticker)}
        found = [
            *((ticker, _LISTED) for ticker in mine - theirs),
            *((ticker, _DELISTED) for ticker in theirs - mine),
            *((ticker, _SUSPENDED) for ticker in (self.suspended - before.suspended) & stayed),
            *((ticker, _RESUMED) for ticker in (before.suspended - self.suspended) & stayed),
            *((ticker, _RENAMED) for ticker in renamed),
        ]
        names = {ticker: (self if ticker in mine else before).name(ticker) for ticker, _ in found}
        return [wire.InstrumentChange(ticker=ticker, name=names[ticker], kind=kind) for ticker, kind in sorted(found)]

    def name(self, ticker: Ticker) -> str:
        """Name of one of them on that day."""
        return self.instruments[ticker].instrument.name


def _is_listed(dated: DatedInstrument, day: date) -> bool:
    """Somebody has named it by then, or says since when it is listed; a code that was listed anew begins with that."""
    first, last = dated.instrument.list_date, dated.instrument.delist_date
    begun = dated.known if first is None else first <= day
    gone = last is not None and last <= day and (first is None or first <= last)
    return begun and not gone

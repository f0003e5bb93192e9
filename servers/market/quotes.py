"""BatchGetQuotes: from the stream, else from the store, and what became of every ticker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from kstock.common.v1 import quote_pb2
from kstock.market.v1 import market_service_pb2 as wire

from servers.market.closing import CLOSING_PRINTS, ClosingPrices
from servers.market.horizon import Horizon
from servers.market.instruments import InstrumentDirectory
from servers.market.live import LiveValues
from servers.market.stored_quotes import StoredQuotes
from shared.market.errors import InvalidInput, LimitExceeded
from shared.market.instrument import InstrumentKind, Ticker, parse_ticker
from shared.market.quote import Venue
from shared.rpc.messages.enums import VENUE
from shared.rpc.messages.quotes import quote_message
from shared.rpc.messages.times import optional_duration, read_timestamp

MAX_TICKERS = 200
MAX_AGE = timedelta(hours=1)

_SHOWN_CHARACTERS = 16


@dataclass(slots=True, kw_only=True)
class _Sorted:
    """Tickers of a request by what can be done with them."""

    wanted: list[Ticker] = field(default_factory=list)
    invalid: list[wire.TickerProblem] = field(default_factory=list)
    excluded: list[Ticker] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteSources:
    """Where quotes come from: the stream, the session that ended last, the store."""

    live: LiveValues
    closing: ClosingPrices
    stored: StoredQuotes


class QuoteDesk:
    """Answers BatchGetQuotes.

    No broker is asked yet, so `max_age` concerns what was read from the store: an older streamed value is still the newest
    there is.
    """

    def __init__(self, directory: InstrumentDirectory, sources: QuoteSources, horizon: Horizon) -> None:
        """Keep the collaborators."""
        self._directory = directory
        self._from = sources
        self._horizon = horizon

    async def batch(self, request: wire.BatchGetQuotesRequest) -> wire.BatchGetQuotesResponse:
        """Quotes of all tickers; the ones without a value are data as well.

        Raises:
            InvalidInput: No ticker, or an impossible `max_age`.
            LimitExceeded: More than 200 tickers.
            BusUnavailable: The bus does not answer.
        """
        _check(request)
        await self._directory.ready()
        tickers = self._sort(request)
        venue = VENUE.from_wire(request.venue, "venue") if request.HasField("venue") else Venue.CONSOLIDATED
        quotes = await self._newest(tickers.wanted, venue, max_age=optional_duration(request, "max_age"))
        return wire.BatchGetQuotesResponse(
            quotes=[quotes[ticker] for ticker in tickers.wanted if ticker in quotes],
            cached_count=len(quotes),
            missing_tickers=[ticker for ticker in tickers.wanted if ticker not in quotes],
            invalid_tickers=tickers.invalid,
            excluded_tickers=tickers.excluded,
        )

    async def _newest(
        self, tickers: Sequence[Ticker], venue: Venue, *, max_age: timedelta | None
    ) -> dict[Ticker, quote_pb2.Quote]:
        streamed = await self._from.live.quotes(tickers, venue)
        for quote in streamed.values():
            polled = quote.quality == quote_pb2.QUALITY_POLLED
            quote.origin = quote_pb2.QUOTE_ORIGIN_POLL if polled else quote_pb2.QUOTE_ORIGIN_STREAM
        if venue is Venue.NXT:
            return streamed  # stored bars are of the exchange
        kept = self._closing(tickers, streamed) if venue is Venue.CONSOLIDATED else {}
        last_close = self._horizon.closed(self._horizon.bar_day())
        current = {ticker for ticker, quote in streamed.items() if read_timestamp(quote.exchange_time) >= last_close}
        unsure = [ticker for ticker in tickers if ticker not in current or ticker in kept]
        newest = streamed | kept
        for ticker, found in (await self._from.stored.newest(unsure, max_age=max_age)).items():
            known = newest.get(ticker)
            # At the same moment the official bar says it better than the stream did.
            if known is None or read_timestamp(known.exchange_time) <= found.exchange_time:
                newest[ticker] = quote_message(found, origin=quote_pb2.QUOTE_ORIGIN_STORE)
        return newest

    def _closing(
        self, tickers: Sequence[Ticker], streamed: Mapping[Ticker, quote_pb2.Quote]
    ) -> dict[Ticker, quote_pb2.Quote]:
        """Closing prices of the session that ended last, in the place of streamed values that are no newer."""
        day = self._horizon.bar_day()
        until = self._horizon.closed(day) + CLOSING_PRINTS
        kept = self._from.closing.of(day)
        found = {}
        for ticker in kept.keys() & set(tickers):
            known = streamed.get(ticker)
            if known is None or read_timestamp(known.exchange_time) <= until:
                found[ticker] = quote_pb2.Quote()
                found[ticker].CopyFrom(kept[ticker])
                found[ticker].origin = quote_pb2.QUOTE_ORIGIN_STREAM
        return found

    def _sort(self, request: wire.BatchGetQuotesRequest) -> _Sorted:
        with_elw = request.include_elw or not request.HasField("include_elw")
        result = _Sorted()
        for text in dict.fromkeys(request.tickers):
            why = self._problem(text)
            if why:
                result.invalid.append(wire.TickerProblem(ticker=_shown(text), reason=why))
                continue
            known = self._directory.require(Ticker(text))
            leave_out = known.kind is InstrumentKind.ELW and not with_elw
            (result.excluded if leave_out else result.wanted).append(known.ticker)
        return result

    def _problem(self, text: str) -> str:
        try:
            ticker = parse_ticker(text)
        except InvalidInput as error:
            return error.why
        return "" if self._directory.get(ticker) is not None else "is not in the instrument master"


def _check(request: wire.BatchGetQuotesRequest) -> None:
    if not request.tickers:
        raise InvalidInput("tickers", "is empty; give 1 to 200 six-character codes")
    if len(request.tickers) > MAX_TICKERS:
        raise LimitExceeded("TOO_MANY_TICKERS", f"{MAX_TICKERS} tickers a call")
    max_age = optional_duration(request, "max_age")
    if max_age is not None and max_age > MAX_AGE:
        raise InvalidInput("max_age", "is above 1 h; give 0 s to 1 h")


def _shown(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text[:_SHOWN_CHARACTERS])

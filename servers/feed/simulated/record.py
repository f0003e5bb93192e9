"""One session of the invented market as its exchange publishes it: bars and capital after the close, flows at 18:00."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta

from kstock.common.v1 import bar_pb2, flow_pb2, market_index_pb2
from kstock.feed.v1 import feed_service_pb2 as wire

from servers.feed.simulated.indices import index_bars
from servers.feed.simulated.intraday import TradedDay
from servers.feed.simulated.market import SimulatedMarket
from servers.feed.simulated.rows import Span
from servers.feed.simulated.tape import SOURCE
from shared.market.sessions import Session
from shared.market.times import kst_datetime
from shared.rpc.messages.enums import MARKET_INDEX
from shared.rpc.messages.times import local_date_message, timestamp_message
from shared.store.repositories.indices import IndexBar

_BARS_KNOWN_AFTER = timedelta(minutes=2)
_FLOWS_KNOWN = time(18)


def bars_known(session: Session) -> datetime:
    """From when on the bars of a session are published, UTC."""
    return session.closes + _BARS_KNOWN_AFTER


def flows_known(session: Session) -> datetime:
    """From when on its flows are, UTC."""
    return kst_datetime(session.day, _FLOWS_KNOWN)


class SessionRecord:
    """The record of the session at one position of a market."""

    def __init__(self, market: SimulatedMarket, position: int, trades: Mapping[int, TradedDay]) -> None:
        """Keep them; `trades` holds the session's trades under its position, or nothing for one of the history."""
        self._session = market.sessions[position]
        self._span = Span(market, position, position + 1)
        self._trades = trades
        self._indices = index_bars(market, position, trades.get(position))

    def message(self, now: datetime) -> wire.FetchSessionResponse:
        """What is published of it at a moment."""
        response = wire.FetchSessionResponse(
            source=SOURCE, as_of_time=timestamp_message(self._session.closes), official=True
        )
        with_bars, with_flows = now >= bars_known(self._session), now >= flows_known(self._session)
        if with_bars:
            response.indices.extend(_index_figures(bar) for bar in self._indices)
            response.rates.extend(wire.SessionRate(pair=one.pair, rate_e4=one.rate_e4) for one in self._span.dollars())
        if with_bars or with_flows:
            response.instruments.extend(
                wire.SessionFigures(
                    ticker=ticker,
                    bar=bar if with_bars else None,
                    shares=shares if with_bars else None,
                    market_cap_krw=value if with_bars else None,
                    flow=flow if with_flows else None,
                )
                for ticker, bar, flow, shares, value in sorted(self._rows(), key=lambda row: row[0])
            )
        return response

    def _rows(self) -> Iterator[tuple[str, bar_pb2.Bar, flow_pb2.Flow, int, int]]:
        capital = self._span.capital()
        columns = (capital.shares.tolist(), capital.market_cap_krw.tolist())
        return zip(capital.tickers, self._bars(), self._flows(), *columns, strict=True)

    def _bars(self) -> Iterator[bar_pb2.Bar]:
        rows = self._span.bars(self._trades)
        columns = (rows.open, rows.high, rows.low, rows.close, rows.volume, rows.turnover)
        for open_, high, low, close, volume, turnover in zip(*(column.tolist() for column in columns), strict=True):
            yield bar_pb2.Bar(
                trading_date=local_date_message(self._session.day),
                open_krw=open_,
                high_krw=high,
                low_krw=low,
                close_krw=close,
                volume_shares=volume,
                turnover_krw=turnover,
                complete=True,
            )

    def _flows(self) -> Iterator[flow_pb2.Flow]:
        rows = self._span.flows()
        columns = (rows.foreign_net_krw.tolist(), rows.institution_net_krw.tolist())
        for foreign, institution in zip(*columns, strict=True):
            yield flow_pb2.Flow(
                trading_date=local_date_message(self._session.day),
                foreign_net_krw=foreign,
                institution_net_krw=institution,
                publish_time=timestamp_message(flows_known(self._session)),
                source=SOURCE,
            )


def _index_figures(bar: IndexBar) -> wire.SessionIndexFigures:
    return wire.SessionIndexFigures(
        index=MARKET_INDEX.to_wire(bar.index_name),
        bar=market_index_pb2.IndexBar(
            trading_date=local_date_message(bar.day),
            open_e2=bar.open_e2,
            high_e2=bar.high_e2,
            low_e2=bar.low_e2,
            close_e2=bar.close_e2,
            volume_shares=bar.volume,
            turnover_krw=bar.turnover,
        ),
        market_cap_krw=bar.market_cap_krw,
    )

"""ListBars: pages of a chart, the newest first."""

from datetime import date, time, timedelta

from kstock.common.v1 import bar_pb2, local_date_pb2
from kstock.market.v1 import market_service_pb2 as wire

from servers.market.chart import Chart, Span, combined, daily_chart, unexplained_jumps
from servers.market.horizon import Horizon
from servers.market.periods import Period, read_period
from servers.market.series import SeriesCache, TickerSeries
from shared.market.instrument import Ticker
from shared.market.quote import Quality
from shared.market.sessions import SessionCalendar
from shared.market.times import end_of_day, from_yyyymmdd, kst_date, kst_datetime, yyyymmdd
from shared.rpc.messages.enums import QUALITY
from shared.rpc.messages.times import local_date_message, optional_date, timestamp_message
from shared.rpc.paging import next_page_token, page_cursor, page_size
from shared.store.repositories.minutes import MinuteBar
from shared.store.store import Store
from shared.store.types import from_microseconds, to_microseconds

_SPANS = {
    bar_pb2.BAR_INTERVAL_DAY: Span.DAY,
    bar_pb2.BAR_INTERVAL_WEEK: Span.WEEK,
    bar_pb2.BAR_INTERVAL_MONTH: Span.MONTH,
}
_MINUTES = {bar_pb2.BAR_INTERVAL_MINUTE: 1, bar_pb2.BAR_INTERVAL_MINUTE_5: 5}

_KEPT_ANSWERS = 8
"""Pages kept per ticker: building 260 bars takes ten times as long as sending them again."""


class BarDesk:
    """Answers ListBars for instruments that exist."""

    def __init__(self, store: Store, series: SeriesCache, horizon: Horizon, calendar: SessionCalendar) -> None:
        """Keep the collaborators."""
        self._store = store
        self._series = series
        self._horizon = horizon
        self._calendar = calendar

    async def page(self, ticker: Ticker, request: wire.ListBarsRequest) -> wire.ListBarsResponse:
        """One page.

        Raises:
            InvalidInput: If the period ends before it begins, or the page token is of another query.
        """
        interval = request.interval if request.HasField("interval") else bar_pb2.BAR_INTERVAL_DAY
        if interval in _MINUTES:
            return await self._minutes(ticker, request, _MINUTES[interval])
        return await self._sessions(ticker, request, _SPANS[interval])

    async def _sessions(self, ticker: Ticker, request: wire.ListBarsRequest, span: Span) -> wire.ListBarsResponse:
        series = await self._series.get(ticker)
        question = (request.SerializeToString(deterministic=True), self._horizon.bar_day())
        answer = series.answers.get(question)
        if answer is None:
            answer = self._session_page(series, request, span)
            if len(series.answers) >= _KEPT_ANSWERS:
                series.answers.clear()
            series.answers[question] = answer
        return answer

    def _session_page(self, series: TickerSeries, request: wire.ListBarsRequest, span: Span) -> wire.ListBarsResponse:
        period, size = read_period(request, self._horizon.bar_day()), page_size(request)
        adjusted_as_of = self._adjusted_as_of(request, period)
        cursor = page_cursor(request, (int,))
        daily = daily_chart(
            series,
            first=yyyymmdd(period.since),
            last=yyyymmdd(period.until),
            adjusted_as_of=None if adjusted_as_of is None else yyyymmdd(adjusted_as_of),
            with_halted=request.include_halted,
        )
        whole = combined(daily, span)
        older = whole if cursor is None else whole.rows(whole.date < int(cursor[0]))
        page = older.rows(slice(max(0, older.date.size - size), None))
        response = wire.ListBarsResponse(
            bars=_bar_messages(page, running_from=self._running_from(span)),
            adjusted_as_of=None if adjusted_as_of is None else local_date_message(adjusted_as_of),
            quality=QUALITY.to_wire(self._horizon.close_quality),
            sources=series.sources,
        )
        if page.date.size:
            first, last = int(page.date[0]), int(page.date[-1])
            jumps = unexplained_jumps(series, first=first, last=last)
            response.unexplained_jumps.extend(local_date_message(from_yyyymmdd(day)) for day in jumps)
            if page.date.size < older.date.size:
                response.next_page_token = next_page_token(request, (first,))
        return response

    def _adjusted_as_of(self, request: wire.ListBarsRequest, period: Period) -> date | None:
        if request.HasField("adjusted") and not request.adjusted:
            return None
        asked = optional_date(request, "adjusted_as_of")
        return period.until if asked is None else min(asked, self._horizon.bar_day())

    def _running_from(self, span: Span) -> int:
        """First day, yyyymmdd, of the week or month that has sessions to come; later than any bar when there is none."""
        newest = self._horizon.bar_day()
        following = self._calendar.next_session(newest).day
        if span is Span.WEEK and following.isocalendar()[:2] == newest.isocalendar()[:2]:
            return yyyymmdd(newest - timedelta(days=newest.weekday()))
        if span is Span.MONTH and (following.year, following.month) == (newest.year, newest.month):
            return yyyymmdd(newest.replace(day=1))
        return yyyymmdd(date.max)

    async def _minutes(self, ticker: Ticker, request: wire.ListBarsRequest, minutes: int) -> wire.ListBarsResponse:
        period, size = read_period(request, self._horizon.today()), page_size(request)
        cursor = page_cursor(request, (int,))
        until = min(end_of_day(period.until), self._horizon.now - timedelta(minutes=minutes))
        if cursor is not None:
            until = min(until, from_microseconds(int(cursor[0]) - 1))
        since = kst_datetime(period.since, time.min)
        async with self._store.read() as uow:
            found = await uow.minutes.newest(ticker, minutes, since=since, until=until, limit=size + 1)
        page = found[-size:]
        token = next_page_token(request, (to_microseconds(page[0].start_time),)) if len(found) > size else ""
        quality = Quality.REPLAYED if self._horizon.close_quality is Quality.CLOSED else Quality.SIMULATED
        return wire.ListBarsResponse(
            bars=[_minute_message(bar) for bar in page], next_page_token=token, quality=QUALITY.to_wire(quality)
        )


def _bar_messages(chart: Chart, *, running_from: int) -> list[bar_pb2.Bar]:
    columns = (
        chart.date,
        chart.open,
        chart.high,
        chart.low,
        chart.close,
        chart.volume,
        chart.turnover,
        chart.turnover_estimated,
        chart.halted,
    )
    return [
        bar_pb2.Bar(
            trading_date=local_date_pb2.LocalDate(year=day // 10_000, month=day // 100 % 100, day=day % 100),
            open_krw=open_,
            high_krw=high,
            low_krw=low,
            close_krw=close,
            volume_shares=volume,
            turnover_krw=turnover,
            turnover_estimated=estimated,
            halted=halted,
            complete=day < running_from,
        )
        for day, open_, high, low, close, volume, turnover, estimated, halted in zip(
            *(column.tolist() for column in columns), strict=True
        )
    ]


def _minute_message(bar: MinuteBar) -> bar_pb2.Bar:
    # Minute bars carry no turnover of their own; price times volume is what charts draw.
    return bar_pb2.Bar(
        trading_date=local_date_message(kst_date(bar.start_time)),
        start_time=timestamp_message(bar.start_time),
        open_krw=bar.open,
        high_krw=bar.high,
        low_krw=bar.low,
        close_krw=bar.close,
        volume_shares=bar.volume,
        turnover_krw=bar.close * bar.volume,
        turnover_estimated=True,
        complete=True,
    )

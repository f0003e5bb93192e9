"""Instruments: newest facts, and what held on an earlier day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select, text

from shared.market.errors import NotFound
from shared.market.instrument import Board, Instrument, InstrumentFlag, Ticker
from shared.store.repositories.base import Repository, chunks
from shared.store.repositories.sources import SourceRepository
from shared.store.repositories.statements import FACTS, add_days, load_spans, save_spans
from shared.store.tables.instruments import instrument_flags, instrument_records, instruments
from shared.store.validity import (
    DatedInstrument,
    InstrumentFacts,
    Observation,
    Span,
    as_of,
    days_of,
    extend,
    newest,
    timeline,
)

_SHOWN = [instruments.c[name] for name in ("ticker", *FACTS, "shares", "market_cap_krw")]

_REFRESH_CAPITAL = text(
    "UPDATE instruments SET shares = newest.shares, market_cap_krw = newest.market_cap_krw, capital_as_of = newest.date "
    "FROM (SELECT counted.* FROM share_counts AS counted JOIN (SELECT ticker, max(date) AS date FROM share_counts "
    "GROUP BY ticker) AS last ON last.ticker = counted.ticker AND last.date = counted.date) AS newest "
    "WHERE newest.ticker = instruments.ticker "
    "AND (instruments.capital_as_of IS NULL OR instruments.capital_as_of <= newest.date)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlaggedSpan:
    """Days `first` to `last`, both included, on which a flag was stated."""

    ticker: Ticker
    first: date
    last: date


class InstrumentRepository(Repository):
    """What is listed. Every source's statements are kept with their days; the newest facts are derived from them."""

    async def observe(self, observations: Iterable[Observation], source: str) -> int:
        """Record what a source states; order of arrival does not matter.

        Args:
            observations: Any tickers and days; many at once are much faster than one by one.
            source: Name of the master or table, the same for each of its editions.

        Returns:
            Number of instruments stated about.
        """
        stated: defaultdict[Ticker, list[tuple[date, InstrumentFacts]]] = defaultdict(list)
        for seen in observations:
            stated[seen.ticker].append((seen.day, seen.facts))
        number = await SourceRepository(self._connection).number(source)
        days = await add_days(self._connection, number, days_of([each for several in stated.values() for each in several]))
        for tickers in chunks(sorted(stated)):
            former = await load_spans(self._connection, tickers)
            spans = {ticker: extend(former.get(ticker, ()), source, stated[ticker], days=days) for ticker in tickers}
            mine = {ticker: [span for span in spans[ticker] if span.source == source] for ticker in tickers}
            await save_spans(self._connection, number, mine)
            await self._remember([newest(ticker, spans[ticker]) for ticker in tickers])
        return len(stated)

    async def list_all(self) -> list[Instrument]:
        """Every instrument ever seen, delisted ones included, by ticker."""
        found = await self._connection.execute(select(*_SHOWN).order_by(instruments.c.ticker))
        return [Instrument(**row) for row in found.mappings()]

    async def former_names(self) -> list[tuple[str, Ticker]]:
        """Every name beside its newest one that a source gave an instrument, with the ticker."""
        records = instrument_records.c
        named = select(records.name, records.ticker).distinct().join(instruments, instruments.c.ticker == records.ticker)
        found = await self._connection.execute(
            named.where(records.name != instruments.c.name).order_by(*named.selected_columns)
        )
        return [(name, Ticker(ticker)) for name, ticker in found]

    async def get(self, ticker: str) -> Instrument:
        """One instrument.

        Raises:
            NotFound: No master and no table has named this ticker.
        """
        found = await self._connection.execute(select(*_SHOWN).where(instruments.c.ticker == ticker))
        row = found.mappings().one_or_none()
        if row is None:
            raise NotFound("INSTRUMENT", ticker)
        return Instrument(**row)

    async def many(self, tickers: Sequence[str]) -> dict[Ticker, Instrument]:
        """Those of the tickers that exist."""
        known: dict[Ticker, Instrument] = {}
        for some in chunks(tickers):
            found = await self._connection.execute(select(*_SHOWN).where(instruments.c.ticker.in_(some)))
            known |= {row["ticker"]: Instrument(**row) for row in found.mappings()}
        return known

    async def largest(self, *, boards: Sequence[Board], limit: int) -> list[Instrument]:
        """Listed instruments of the boards by newest capitalisation, largest first; unknown ones come last."""
        listed = select(*_SHOWN).where(instruments.c.board.in_(boards), instruments.c.delist_date.is_(None))
        order = (instruments.c.market_cap_krw.desc().nulls_last(), instruments.c.ticker)
        found = await self._connection.execute(listed.order_by(*order).limit(limit))
        return [Instrument(**row) for row in found.mappings()]

    async def count_listed(self, day: date) -> int:
        """How many instruments are listed on a day by the newest known dates; one without dates counts."""
        table = instruments.c
        begun = or_(table.list_date.is_(None), table.list_date <= day)
        ended = table.delist_date <= day
        anew = table.list_date > table.delist_date  # a code that was given again
        listed = or_(table.delist_date.is_(None), ~ended, anew)
        found = await self._connection.execute(select(func.count()).select_from(instruments).where(begun, listed))
        return int(found.scalar_one())

    async def on(self, day: date, tickers: Sequence[str] | None = None) -> dict[Ticker, DatedInstrument]:
        """Instruments as of a day, with their flags of that day; share counts are not part of it.

        Args:
            day: The day.
            tickers: Only these, where they are known; None = every instrument.
        """
        return {ticker: as_of(ticker, spans, day) for ticker, spans in (await self.history(tickers)).items()}

    async def between(self, since: date, until: date) -> dict[Ticker, list[tuple[date, DatedInstrument]]]:
        """Every instrument over a stretch of days, see `validity.timeline`."""
        spans = await self.history()
        return {ticker: timeline(ticker, several, since=since, until=until) for ticker, several in spans.items()}

    async def dated(self, ticker: str, day: date) -> DatedInstrument:
        """One instrument as of a day, with its flags of that day.

        Raises:
            NotFound: No master and no table has named this ticker.
        """
        spans = (await self.history([ticker])).get(Ticker(ticker))
        if not spans:
            raise NotFound("INSTRUMENT", ticker)
        return as_of(Ticker(ticker), spans, day)

    async def flagged(self, flag: InstrumentFlag) -> list[FlaggedSpan]:
        """Every stretch of days for which a source states a flag, by ticker and day."""
        table = instrument_flags.c
        query = select(table.ticker, table.valid_from, table.seen_until, table.flags).where(table.flags.contains(flag.value))
        found = await self._connection.execute(query.order_by(table.ticker, table.valid_from))
        return [
            FlaggedSpan(ticker=Ticker(ticker), first=first, last=last)
            for ticker, first, last, words in found
            if flag in words.split(",")
        ]

    async def refresh_capital(self) -> None:
        """Take share counts and capitalisation from the newest official figures."""
        await self._connection.execute(_REFRESH_CAPITAL)

    async def history(self, tickers: Sequence[str] | None = None) -> dict[Ticker, list[Span]]:
        """Everything that was ever stated, for questions about many days (`validity.as_of`); None = every instrument."""
        return await load_spans(self._connection, tickers)

    async def _remember(self, known: Sequence[Instrument]) -> None:
        statement = self._insert(instruments)
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=[instruments.c.ticker], set_={name: statement.excluded[name] for name in FACTS}
            ),
            [{name: getattr(one, name) for name in ("ticker", *FACTS)} for one in known],
        )

"""IngestSession: the record of a session that is over, from the feed and from import files, into the store."""

from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
from kstock.feed.v1 import feed_service_pb2
from kstock.market.v1 import market_service_pb2 as wire
from numpy.typing import NDArray

from servers.market.feed_line import FeedLine
from servers.market.import_files import ImportFiles
from shared.market.errors import DataMissing
from shared.market.sessions import Session
from shared.market.times import yyyymmdd
from shared.rpc.messages.enums import MARKET_INDEX
from shared.rpc.messages.present import optional_int
from shared.rpc.messages.times import read_timestamp
from shared.store.provenance import Provenance, SourceRank
from shared.store.repositories.bars import BarRows
from shared.store.repositories.flows import FlowRows
from shared.store.repositories.indices import FxRate, IndexBar
from shared.store.repositories.official import OfficialRows
from shared.store.store import Store
from shared.store.unit_of_work import UnitOfWork

_WORDS = {wire.SESSION_PART_BARS: "bars", wire.SESSION_PART_FLOWS: "flows"}
_CHANGED = {wire.SESSION_PART_BARS: ("bars", "index", "instruments"), wire.SESSION_PART_FLOWS: ("flows",)}

_Figures = feed_service_pb2.SessionFigures


class RecordDesk:
    """Brings in what is published of a session; doing it twice changes nothing the second time."""

    def __init__(self, store: Store, feed: FeedLine, files: ImportFiles) -> None:
        """Keep the collaborators."""
        self._store = store
        self._feed = feed
        self._files = files

    async def ingest(self, session: Session, part: wire.SessionPart) -> wire.IngestSessionResponse:
        """Ask every source for one part of the record.

        Raises:
            DataMissing: There are sources, and the store holds nothing of that part afterwards.
            InvalidInput: An import file of the settings cannot be read.
        """
        record = await self._feed.session(session.day)
        stored = 0 if record is None else await self._write(record, session.day, part)
        read = await self._files.read()
        known, listed = await self._counts(session.day, part)
        if not known and (record is not None or self._files.are_in_use):
            raise DataMissing(f"no source has the {_WORDS[part]} of {session.day} yet")
        return wire.IngestSessionResponse(
            known_count=known,
            listed_count=listed,
            stored_count=stored,
            source="" if record is None else record.source,
            file_count=read.files,
            stored_row_count=read.rows,
        )

    async def _write(self, record: feed_service_pb2.FetchSessionResponse, day: date, part: wire.SessionPart) -> int:
        rank = SourceRank.EXCHANGE if record.official else SourceRank.BROKER
        made: datetime = read_timestamp(record.as_of_time)
        provenance = Provenance(source=record.source, rank=rank, fetched_time=made)
        write = _write_bars if part == wire.SESSION_PART_BARS else _write_flows
        async with self._store.begin() as uow:
            stored = await write(uow, record, day, provenance)
            for name in _CHANGED[part] if stored else ():
                await uow.meta.bump_generation(name)
        return stored

    async def _counts(self, day: date, part: wire.SessionPart) -> tuple[int, int]:
        """Instruments with a figure of that day, and all that are listed."""
        async with self._store.read() as uow:
            series = uow.bars if part == wire.SESSION_PART_BARS else uow.flows
            columns = await series.columns(day, day)
            return len(columns.tickers), await uow.instruments.count_listed(day)


async def _write_bars(
    uow: UnitOfWork, record: feed_service_pb2.FetchSessionResponse, day: date, provenance: Provenance
) -> int:
    """Bars and everything else that is known with them; returns how many bars changed something."""
    traded = [one for one in record.instruments if one.HasField("bar")]
    stored = await uow.bars.upsert(_bars(traded, day), provenance) if traded else 0
    counted = [one for one in record.instruments if one.HasField("shares") and one.HasField("market_cap_krw")]
    await uow.share_counts.upsert(_capital(counted, day), provenance)
    await uow.instruments.refresh_capital()
    await uow.indices.upsert([_index_bar(one, day) for one in record.indices], provenance)
    rates = [FxRate(pair=one.pair, day=day, rate_e4=one.rate_e4) for one in record.rates]
    await uow.fx.upsert(rates, provenance)
    return stored


async def _write_flows(
    uow: UnitOfWork, record: feed_service_pb2.FetchSessionResponse, day: date, provenance: Provenance
) -> int:
    known = [one for one in record.instruments if one.HasField("flow")]
    if not known:
        return 0
    rows = FlowRows(
        tickers=[one.ticker for one in known],
        date=_days(known, day),
        foreign_net_krw=_column([one.flow.foreign_net_krw for one in known]),
        institution_net_krw=_column([one.flow.institution_net_krw for one in known]),
    )
    return await uow.flows.upsert(rows, provenance)


def _bars(traded: Sequence[_Figures], day: date) -> BarRows:
    return BarRows(
        tickers=[one.ticker for one in traded],
        date=_days(traded, day),
        open=_column([one.bar.open_krw for one in traded]),
        high=_column([one.bar.high_krw for one in traded]),
        low=_column([one.bar.low_krw for one in traded]),
        close=_column([one.bar.close_krw for one in traded]),
        volume=_column([one.bar.volume_shares for one in traded]),
        turnover=_column([one.bar.turnover_krw for one in traded]),
        turnover_estimated=np.array([one.bar.turnover_estimated for one in traded], dtype=np.bool_),
    )


def _capital(counted: Sequence[_Figures], day: date) -> OfficialRows:
    return OfficialRows(
        tickers=[one.ticker for one in counted],
        date=_days(counted, day),
        shares=_column([one.shares for one in counted]),
        market_cap_krw=_column([one.market_cap_krw for one in counted]),
    )


def _index_bar(figures: feed_service_pb2.SessionIndexFigures, day: date) -> IndexBar:
    bar = figures.bar
    return IndexBar(
        index_name=MARKET_INDEX.from_wire(figures.index, "indices.index"),
        day=day,
        open_e2=bar.open_e2,
        high_e2=bar.high_e2,
        low_e2=bar.low_e2,
        close_e2=bar.close_e2,
        volume=bar.volume_shares,
        turnover=bar.turnover_krw,
        market_cap_krw=optional_int(figures, "market_cap_krw"),
    )


def _days(rows: Sequence[_Figures], day: date) -> NDArray[np.int32]:
    return np.full(len(rows), yyyymmdd(day), dtype=np.int32)


def _column(values: Sequence[int]) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)

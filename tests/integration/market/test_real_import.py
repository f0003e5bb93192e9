"""The real development data: counts, known values, flags, repetition."""

from datetime import date

import polars as pl
import pytest
import pytest_asyncio

from servers.market.ingest.summary import FileStatus
from shared.clock import WallClock
from shared.market.instrument import Board, InstrumentFlag, InstrumentKind
from shared.store.store import Store
from tests.fixtures.imports import take
from tests.fixtures.real_store import RealStore

pytestmark = pytest.mark.data
in_one_loop = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def store(real_store: RealStore):
    """The whole store, opened once: it is read through before it is used."""
    async with await Store.open(str(real_store.path), origin=None, clock=WallClock()) as opened:
        yield opened


def entry(real_store: RealStore, name: str):
    return next(report for report in real_store.summary.files if report.path.name == name)


def test_every_known_file_is_imported_and_the_others_are_listed(real_store):
    statuses = {report.path.name: report.status for report in real_store.summary.files}
    assert {name for name, status in statuses.items() if status is FileStatus.SKIPPED} == {
        "README.md",
        "sealed.bin",
        "sentiment_ko.parquet",
    }
    assert FileStatus.FAILED not in statuses.values()


def test_the_daily_bars_are_imported_but_for_seventeen_impossible_ones(real_store):
    daily = entry(real_store, "daily_ohlcv.parquet")
    assert (daily.read, daily.halted) == (1_753_889, 47_887)
    assert daily.rejected == {
        "close is outside low to high": 16,
        "shares were traded but open, high and low are zero": 1,
    }
    rejected = pl.read_csv(daily.reject_file)
    assert rejected.height == 17
    assert set(rejected["file"]) == {str(daily.path)}


def test_the_stale_picture_is_rejected_and_the_empty_ones_are_left_out(real_store):
    pictures = entry(real_store, "intraday_snapshots.parquet")
    assert (pictures.rejected_rows, pictures.ignored, pictures.stored) == (2_880, 11_524, 213_194)


def test_the_packaged_calendar_agrees_with_the_list_of_trading_days(real_store):
    calendar = entry(real_store, "trading_calendar.csv")
    assert (calendar.rejected_rows, calendar.why) == (0, "agrees")


@pytest.mark.parametrize(
    ("day", "close"),
    [(date(2024, 1, 2), 79_600), (date(2025, 1, 2), 53_400), (date(2026, 3, 20), 199_400), (date(2026, 4, 30), 220_500)],
)
@in_one_loop
async def test_samsung_closes_as_published(store, day, close):
    async with store.read() as uow:
        (bar,) = await uow.bars.newest("005930", limit=1, until=day)
    assert (bar.day, bar.close) == (day, close)


async def test_about_half_of_the_suspected_days_resolve(real_store):
    suspected = entry(real_store, "suspected_corporate_actions.csv")
    assert suspected.why == "136 adjusted, 140 quarantined, 45 without a traded jump on that day"


@in_one_loop
async def test_codes_with_letters_are_ordinary_shares_when_the_master_says_so(store):
    async with store.read() as uow:
        found = await uow.instruments.many(["0126Z0", "0015N0", "493330", "005935", "00088K", "069500", "500001"])
    assert found["0126Z0"].kind is found["0015N0"].kind is found["493330"].kind is InstrumentKind.COMMON
    assert found["005935"].kind is found["00088K"].kind is InstrumentKind.PREFERRED
    assert found["069500"].kind is InstrumentKind.ETF


@in_one_loop
async def test_flags_hold_on_their_days_only(store):
    async with store.read() as uow:
        before, after = await uow.instruments.on(date(2023, 7, 7)), await uow.instruments.on(date(2026, 4, 30))
    listed = [dated for dated in before.values() if dated.instrument.delist_date is None]
    assert not any(dated.flags for dated in listed if dated.instrument.board is Board.KOSPI)
    flagged = [dated for dated in after.values() if InstrumentFlag.ADMINISTRATIVE in dated.flags]
    assert 80 < len(flagged) < 250


@in_one_loop
async def test_samsung_is_known_with_its_official_capital(store):
    async with store.read() as uow:
        samsung = await uow.instruments.get("005930")
    assert (samsung.name, samsung.board, samsung.kind) == ("삼성전자", Board.KOSPI, InstrumentKind.COMMON)
    assert (samsung.isin, samsung.list_date, samsung.sector) == ("KR7005930003", date(1975, 6, 11), "전기전자")
    assert samsung.shares == 5_919_637_922


@in_one_loop
async def test_importing_the_folder_again_changes_nothing(real_store, store, real_data):
    again = await take(store, real_data, data_dir=real_store.data_dir)
    assert again.stored == 0
    assert again.seconds < 10
    assert (again.adjusted, again.quarantined) == (real_store.summary.adjusted, real_store.summary.quarantined)

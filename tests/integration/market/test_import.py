"""Importing files into both kinds of store."""

import os
from datetime import UTC, date, datetime

import pytest

from servers.market.ingest.summary import FileStatus
from shared.market.errors import InvalidInput, StoreUnusable
from shared.market.instrument import Board, InstrumentFlag, InstrumentKind
from shared.market.topic import MarketIndex
from shared.store.origin import Origin
from shared.store.repositories.imports import ImportState
from shared.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fixtures.imports import contents, report, take
from tests.fixtures.market_files import BAR, DAY, OFFICIAL, csv, master_line, parquet

TUESDAY = date(2026, 3, 10)
LISTED = {
    "ticker": "005930",
    "name": "삼성전자",
    "market": "KOSPI",
    "asset_type": "COMMON",
    "security_group": "주권",
    "dept": "",
    "stock_kind": "보통주",
    "name_en": "SamsungElec",
    "isin": "KR7005930003",
    "list_date": date(1975, 6, 11),
    "krx_sector": "전기전자",
}


async def bars_of(store, ticker="005930"):
    async with store.read() as uow:
        return await uow.bars.newest(ticker, limit=10)


async def test_bars_are_stored_with_their_source(store, tmp_path):
    summary = await take(store, parquet(tmp_path / "a", BAR), data_dir=tmp_path)
    (bar,) = await bars_of(store)
    assert (bar.day, bar.open, bar.high, bar.low, bar.close) == (DAY, 100, 120, 90, 110)
    assert (bar.volume, bar.turnover, bar.turnover_estimated, bar.source) == (1_000, 108_000, False, "stockcatcher")
    assert (summary.read, summary.stored, summary.rejected) == (1, 1, 0)


async def test_a_halted_day_is_stored_as_halted(store, tmp_path):
    halted = {**BAR, "open": 0, "high": 0, "low": 0, "volume": 0, "amount": 0}
    summary = await take(store, parquet(tmp_path / "a", halted), data_dir=tmp_path)
    (bar,) = await bars_of(store)
    assert (bar.open, bar.high, bar.low, bar.close, bar.volume) == (0, 0, 0, 110, 0)
    assert summary.halted == 1


async def test_missing_turnover_is_estimated_and_said_to_be(store, tmp_path):
    await take(store, parquet(tmp_path / "a", {**BAR, "amount": None}), data_dir=tmp_path)
    (bar,) = await bars_of(store)
    assert (bar.turnover, bar.turnover_estimated) == (110_000, True)


async def test_rows_of_an_adjusted_source_keep_the_day_of_their_adjustment(store, tmp_path):
    await take(store, parquet(tmp_path / "a", {**BAR, "src": "invest_kr"}), data_dir=tmp_path)
    (bar,) = await bars_of(store)
    assert bar.adjusted_as_of == date(2025, 6, 17)


@pytest.mark.parametrize("official_first", [True, False])
async def test_the_official_table_beats_a_collected_bar_in_any_order(store, tmp_path, official_first):
    collected = parquet(tmp_path / "collected", {**BAR, "close": 95, "amount_src": "est"})
    official = parquet(tmp_path / "official", OFFICIAL)
    for path in (official, collected) if official_first else (collected, official):
        await take(store, path, data_dir=tmp_path)
    (bar,) = await bars_of(store)
    assert (bar.close, bar.source) == (110, "krx")


@pytest.mark.parametrize("official_first", [True, False])
async def test_a_table_without_prices_only_adds_its_figures(store, tmp_path, official_first):
    collected = parquet(tmp_path / "collected", {**BAR, "amount": 100_000, "amount_src": "est", "marcap_src": "est"})
    official = csv(
        tmp_path / "official", {**OFFICIAL, "open": None, "high": None, "low": None, "change": None, "close": 111}
    )
    for path in (official, collected) if official_first else (collected, official):
        await take(store, path, data_dir=tmp_path)
    (bar,) = await bars_of(store)
    assert (bar.close, bar.turnover, bar.turnover_estimated) == (110, 108_000, False)
    async with store.read() as uow:
        known = await uow.instruments.get("005930")
    assert (known.shares, known.market_cap_krw) == (1_000_000, 110_000_000)


@pytest.mark.parametrize("newer_first", [True, False])
async def test_a_newer_file_of_the_same_source_wins_in_any_order(store, tmp_path, newer_first):
    older, newer = parquet(tmp_path / "older", BAR), parquet(tmp_path / "newer", {**BAR, "close": 111})
    os.utime(older, (1_000, 1_000))
    os.utime(newer, (2_000, 2_000))
    for path in (newer, older) if newer_first else (older, newer):
        await take(store, path, data_dir=tmp_path)
    assert [bar.close for bar in await bars_of(store)] == [111]


async def test_importing_a_file_again_changes_nothing(store, tmp_path):
    path = parquet(tmp_path / "a", BAR, {**BAR, "ticker": "000660", "close": 80})
    first = await take(store, path, data_dir=tmp_path)
    before = await contents(store)
    again = await take(store, path, data_dir=tmp_path)
    assert await contents(store) == before
    assert (again.stored, again.unchanged, again.rejected) == (0, first.stored, first.rejected)


async def test_a_copy_under_another_name_is_known_by_its_content(store, tmp_path):
    one, two = parquet(tmp_path / "one", BAR), parquet(tmp_path / "two", BAR)
    summary = await take(store, one, two, data_dir=tmp_path)
    assert report(summary, two).why == f"has the same content as {one}"
    assert summary.stored == 1


async def test_rejected_rows_go_to_a_file_with_line_and_reason(store, tmp_path):
    path = csv(tmp_path / "bars.csv", BAR, {**BAR, "ticker": "000660", "close": 80})
    summary = await take(store, path, data_dir=tmp_path / "var")
    rejects = tmp_path / "var" / "rejects" / "bars.csv.csv"
    assert report(summary, path).rejected == {"close is outside low to high": 1}
    assert report(summary, path).reject_file == rejects
    header, line = rejects.read_text().splitlines()
    assert header == "file,line,reason,detail,row"
    assert line.startswith(f"{path},3,close is outside low to high,,")


async def test_the_reject_file_goes_away_with_the_bad_rows(store, tmp_path):
    path = csv(tmp_path / "bars.csv", {**BAR, "close": 80})
    await take(store, path, data_dir=tmp_path)
    csv(path, BAR)
    await take(store, path, data_dir=tmp_path)
    assert not (tmp_path / "rejects" / "bars.csv.csv").exists()


async def test_unknown_and_damaged_files_of_a_folder_are_reported_and_the_rest_is_imported(store, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    good = parquet(folder / "bars.parquet", BAR)
    (folder / "notes.txt").write_text("hello")
    (folder / "empty.csv").touch()
    (folder / "broken.parquet").write_bytes(b"PAR1 and no more")
    summary = await take(store, folder, data_dir=tmp_path)
    assert {entry.path.name: entry.status for entry in summary.files} == {
        "bars.parquet": FileStatus.IMPORTED,
        "notes.txt": FileStatus.SKIPPED,
        "empty.csv": FileStatus.FAILED,
        "broken.parquet": FileStatus.FAILED,
    }
    assert report(summary, good).stored == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"hello\n1\n", "no known file kind"),
        (b"date,usd\n1,2\n", "lacks the column"),
        (b"\x00\x01", "neither parquet nor text"),
    ],
)
async def test_a_named_file_that_cannot_be_used_is_an_error(store, tmp_path, content, message):
    good, bad = parquet(tmp_path / "bars.parquet", BAR), tmp_path / "bad"
    bad.write_bytes(content)
    with pytest.raises(InvalidInput, match=message) as caught:
        await take(store, good, bad, data_dir=tmp_path)
    assert caught.value.field == str(bad)
    assert await bars_of(store) == []


async def test_missing_columns_are_named_in_the_error(store, tmp_path):
    path = parquet(tmp_path / "bars", {name: cell for name, cell in BAR.items() if name != "close"})
    with pytest.raises(InvalidInput, match="lacks the column\\(s\\) close"):
        await take(store, path, data_dir=tmp_path)


async def test_an_empty_folder_is_an_error(store, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    with pytest.raises(InvalidInput, match="holds no file"):
        await take(store, folder, data_dir=tmp_path)


async def test_damage_in_the_middle_fails_the_file_and_keeps_the_rows_before_it(sqlite_store, tmp_path):
    path = tmp_path / "fx.csv"
    path.write_bytes(b"date,usdkrw\n" + b"2025-01-02,1400\n2025-01-03,1401\n" + b'2025-01-06,"' + b"x" * 200_000 + b'"\n')
    summary = await take(sqlite_store, path, data_dir=tmp_path, chunk_rows=1)
    assert report(summary, path).status is FileStatus.FAILED
    assert "cannot be read after line 3" in report(summary, path).why
    async with sqlite_store.read() as uow:
        assert len(await uow.fx.newest("USDKRW", limit=9)) == 2
        assert (await uow.imports.newest(limit=1))[0].state is ImportState.FAILED


async def test_a_jump_is_adjusted_by_official_share_counts_or_quarantined(store, tmp_path):
    split = [{**BAR, "shares": 1_000_000}, {**BAR, "date": TUESDAY, "open": 11, "high": 12, "low": 9, "close": 11}]
    split[1] |= {"volume": 10_000, "amount": 108_000, "shares": 10_000_000}
    unexplained = [{**row, "ticker": "000660", "shares": 1_000_000} for row in split]
    summary = await take(store, parquet(tmp_path / "a", *split, *unexplained), data_dir=tmp_path)
    assert (summary.adjusted, summary.quarantined) == (1, 1)
    factors = (await contents(store))["factors"]
    assert factors == [("000660", 20260310, 1.0, True), ("005930", 20260310, 0.1, False)]


async def test_a_jump_in_liquidation_trading_is_no_error(store, tmp_path):
    fall = [BAR, {**BAR, "date": TUESDAY, "open": 11, "high": 12, "low": 9, "close": 11, "amount": 11_000}]
    end = {
        "ticker": "005930",
        "Name": "삼성전자",
        "Market": "KOSPI",
        "SecuGroup": "주권",
        "Kind": "보통주",
        "ListingDate": "1975-06-11",
    }
    end |= {"DelistingDate": "2026-03-20", "ArrantEnforceDate": "2026-03-10", "ArrantEndDate": "2026-03-19"}
    summary = await take(store, parquet(tmp_path / "a", *fall), parquet(tmp_path / "b", end), data_dir=tmp_path)
    assert (summary.adjusted, summary.quarantined) == (0, 0)
    async with store.read() as uow:
        assert (await uow.instruments.get("005930")).delist_date == date(2026, 3, 20)


async def test_generations_rise_so_that_readers_load_again(store, tmp_path):
    path = parquet(tmp_path / "a", BAR)
    await take(store, path, data_dir=tmp_path)
    async with store.read() as uow:
        first = await uow.meta.generations()
    await take(store, path, data_dir=tmp_path)
    async with store.read() as uow:
        assert first["bars"] > 0
        assert first["instruments"] > 0
        assert await uow.meta.generations() == first


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ({}, InstrumentKind.COMMON),
        ({"asset_type": "ETF", "security_group": None}, InstrumentKind.ETF),
        ({"security_group": "외국주권"}, InstrumentKind.FOREIGN),
        ({"security_group": "주식예탁증권"}, InstrumentKind.DEPOSITARY_RECEIPT),
        ({"security_group": "사회간접자본투융자회사"}, InstrumentKind.INFRA),
        ({"asset_type": "UNKNOWN", "stock_kind": "종류주권"}, InstrumentKind.PREFERRED),
        ({"asset_type": "UNKNOWN"}, InstrumentKind.UNKNOWN),
    ],
)
async def test_the_kind_comes_from_the_master_never_from_the_code(sqlite_store, tmp_path, columns, kind):
    await take(sqlite_store, parquet(tmp_path / "a", {**LISTED, "ticker": "0015N0", **columns}), data_dir=tmp_path)
    async with sqlite_store.read() as uow:
        assert (await uow.instruments.get("0015N0")).kind is kind


async def test_a_listing_brings_names_sector_and_flags(store, tmp_path):
    managed = {**LISTED, "market": "KOSDAQ", "dept": "관리종목(소속부없음)"}
    await take(store, parquet(tmp_path / "a", managed), data_dir=tmp_path)
    async with store.read() as uow:
        dated = (await uow.instruments.on(date(2026, 3, 9)))["005930"]
    assert dated.flags == {InstrumentFlag.ADMINISTRATIVE}
    assert (dated.instrument.name_en, dated.instrument.sector, dated.instrument.board) == (
        "SamsungElec",
        "전기전자",
        Board.KOSDAQ,
    )


async def test_the_flags_of_a_master_hold_from_its_session_on(store, tmp_path):
    bar = parquet(tmp_path / "bars", BAR)
    master = tmp_path / "kospi_code.mst"
    line = master_line(
        "005930", "삼성전자", base_price="000000110", previous_volume="000000001000", marks="YNN", list_date="20260305"
    )
    master.write_bytes(line + b"\n")
    summary = await take(store, bar, master, data_dir=tmp_path)
    assert report(summary, master).why == "written for the session of 2026-03-10"
    async with store.read() as uow:
        before, after = [(await uow.instruments.on(day))["005930"] for day in (DAY, TUESDAY)]
    assert (before.flags_known, after.flags) == (False, {InstrumentFlag.HALTED})


async def test_a_master_that_cannot_be_dated_waits_with_its_flags(store, tmp_path):
    master = tmp_path / "kospi_code.mst"
    line = master_line(
        "005930", "삼성전자", base_price="000000110", previous_volume="000000001000", marks="YNN", list_date="20260305"
    )
    master.write_bytes(line + b"\n")
    first = await take(store, master, data_dir=tmp_path)
    assert "flags are left out" in report(first, master).why
    async with store.read() as uow:
        assert (await uow.instruments.get("005930")).kind is InstrumentKind.COMMON
    await take(store, parquet(tmp_path / "bars", BAR), data_dir=tmp_path)
    again = await take(store, master, data_dir=tmp_path)
    assert report(again, master).why == "written for the session of 2026-03-10"


async def test_every_other_kind_is_stored(store, tmp_path):
    level = {"date": DAY, "index": "KOSPI", "open": 2600.0, "high": 2650.5, "low": 2590.0, "close": 2640.25}
    level |= {"volume": 5e8, "amount": 1e13, "marcap": 2e15, "src": "fdr_cache"}
    moment = {"ts": datetime(2026, 3, 9, 10, 5), "ticker": "005930", "open": 100, "high": 120, "low": 90, "volume": 10}
    files = [
        parquet(tmp_path / "indices", level),
        csv(tmp_path / "fx", {"date": DAY, "usdkrw": 1469.1}),
        parquet(tmp_path / "won", {"date": DAY, "ticker": "005930", "foreign_net": -5, "inst_net": 7, "pension_net": 1}),
        parquet(
            tmp_path / "shares",
            {"date": DAY, "ticker": "000660", "close": 10.0, "inst_net_shares": 3.0, "foreign_net_shares": -2.0},
        ),
        parquet(tmp_path / "market", {"date": DAY, "market": "KOSPI", "개인": -6892.0, "외국인": 730.0, "기관계": 5932.0}),
        parquet(tmp_path / "news", {"date": DAY, "ticker": "005930", "title": "급등", "time": "09:30", "src": "somewhere"}),
        parquet(tmp_path / "minutes", {**moment, "interval": "5m", "close": 110}),
        parquet(tmp_path / "pictures", {**moment, "price": 110, "amount": 1_100, "change": 10}),
    ]
    summary = await take(store, *files, data_dir=tmp_path)
    assert [entry.stored for entry in summary.files] == [1] * len(files)
    async with store.read() as uow:
        (index,) = await uow.indices.newest(MarketIndex.KOSPI, limit=5)
        (rate,) = await uow.fx.newest("USDKRW", limit=5)
        (board,) = await uow.market_flows.newest(Board.KOSPI, limit=5)
        (story,) = await uow.news.page(
            since=datetime(2026, 1, 1, tzinfo=UTC), until=datetime(2027, 1, 1, tzinfo=UTC), limit=5
        )
        flows = [(await uow.flows.newest(ticker, limit=5))[0] for ticker in ("005930", "000660")]
    assert (index.close_e2, index.volume, rate.rate_e4, board.individual_net_krw) == (
        264_025,
        500_000_000,
        14_691_000,
        -689_200_000_000,
    )
    assert story.headline.published_time.isoformat() == "2026-03-09T00:30:00+00:00"
    assert [(day.foreign_net_krw, day.institution_net_krw, day.from_shares) for day in flows] == [
        (-5, 7, False),
        (-20, 30, True),
    ]


async def test_a_calendar_file_is_compared_and_not_stored(sqlite_store, tmp_path):
    path = csv(
        tmp_path / "days.csv",
        {"trading_date": date(2026, 3, 6)},
        {"trading_date": date(2026, 3, 8)},
        {"trading_date": TUESDAY},
    )
    entry = report(await take(sqlite_store, path, data_dir=tmp_path), path)
    assert (entry.status, entry.rejected) == (FileStatus.CHECKED, {"the exchange was closed on that day": 1})
    assert entry.why == "lacks 1 sessions of the built-in calendar: 2026-03-09"


async def test_real_data_never_goes_into_the_simulated_market(tmp_path):
    path = parquet(tmp_path / "bars", BAR)
    async with await Store.open(str(tmp_path / "simulated.db"), origin=Origin.SIMULATED, clock=FakeClock()) as simulated:
        with pytest.raises(StoreUnusable, match="simulated market"):
            await take(simulated, path, data_dir=tmp_path)


async def test_a_folder_for_rejects_that_cannot_be_made_is_named(sqlite_store, tmp_path):
    path = csv(tmp_path / "bars.csv", {**BAR, "close": 80})
    (tmp_path / "var").touch()
    with pytest.raises(StoreUnusable, match="rejects cannot be written"):
        await take(sqlite_store, path, data_dir=tmp_path / "var")


async def test_a_pipe_is_no_file(sqlite_store, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InvalidInput, match="no regular file"):
        await take(sqlite_store, tmp_path / "pipe", data_dir=tmp_path)

"""Dead rules are looked for after every scan of the whole market, and the status tells of them."""

import io

from rich.console import Console

from bots.console.screen import Screen
from bots.console.status import run_status
from servers.scanner.dead_rules import SESSIONS
from shared.market.signal import SignalKind
from shared.rpc.messages.times import local_date_message
from tests.fixtures.scanner_house import DAYS, ScannerHouse
from tests.fixtures.scanner_rooms import rooms

JONGGA, DISPARITY = SignalKind.JONGGA, SignalKind.DISPARITY


async def test_dead_rules_are_found_after_twenty_sessions(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        runs = [(await both.scan(JONGGA, as_of=local_date_message(day))).run for day in DAYS[-SESSIONS:]]
        await both.scan(JONGGA, max_tickers=5)  # a part of the market says nothing about its rules
        status = io.StringIO()
        screen = Screen(out=Console(file=status, width=200))
        await run_status(both.channel, screen, servers=[both.channel], address=None, store=None)
    assert all(not run.dead_rules for run in runs[:-1])
    silent = {
        item.item
        for item in runs[0].item_tallies
        if all(not counted.earned_count for run in runs for counted in run.item_tallies if counted.item == item.item)
    }
    assert silent
    missing = {item.item for item in runs[0].item_tallies if item.missing}
    assert missing == {"news", "supply"}
    assert set(runs[-1].dead_rules) == silent - missing
    told = [line for line in status.getvalue().splitlines() if line.startswith("경고")]
    assert told == [f"경고     종가베팅: 최근 20거래일 동안 모든 종목이 0점인 규칙 {rule}" for rule in runs[-1].dead_rules]


async def test_a_scan_of_a_part_of_the_market_counts_no_items(house: ScannerHouse) -> None:
    async with rooms(house) as both:
        assert not (await both.scan(JONGGA, max_tickers=5)).run.item_tallies
        assert (await both.scan(JONGGA)).run.item_tallies
        assert not (await both.scan(DISPARITY)).run.item_tallies

"""Panels cut from a load of many days are those that each day's own load gives, whatever was listed where by then."""

from dataclasses import fields, is_dataclass

import numpy as np
import pytest

from shared.market.instrument import Board, InstrumentFlag, InstrumentKind
from shared.store.validity import InstrumentFacts, Observation
from tests.fixtures.scanner_house import DAYS, LAST, TICKERS, ScannerHouse

_DAYS = (DAYS[-40], DAYS[-31], DAYS[-30], DAYS[-29], DAYS[-20], DAYS[-11], DAYS[-10], DAYS[-1])


async def change_facts(house: ScannerHouse) -> None:
    """One ticker moves to another board and sector, one is halted for a while and freed, one gets no flags at all."""
    facts = {
        TICKERS[0]: [(-30, {"board": Board.KOSDAQ, "sector": "새업종", "kind": InstrumentKind.COMMON})],
        TICKERS[1]: [
            (-30, {"flags": frozenset({InstrumentFlag.ADMINISTRATIVE})}),
            (-10, {"flags": frozenset()}),
        ],
        TICKERS[2]: [(-10, {"sector": "업종9"})],
    }
    stated = [
        Observation(ticker=ticker, day=DAYS[place], facts=InstrumentFacts(**values))
        for ticker, several in facts.items()
        for place, values in several
    ]
    async with house.store.begin() as uow:
        await uow.instruments.observe(stated, "another")
        await uow.meta.bump_generation("instruments")


def assert_equal(one: object, other: object) -> None:
    for field in fields(one):  # type: ignore[arg-type]
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if isinstance(mine, np.ndarray):
            np.testing.assert_array_equal(mine, theirs, err_msg=field.name)
        elif is_dataclass(mine):
            assert_equal(mine, theirs)
        else:
            assert mine == theirs, field.name


@pytest.mark.parametrize("day", _DAYS)
async def test_a_day_out_of_many_is_that_day_alone(house: ScannerHouse, day) -> None:
    await change_facts(house)
    stretch = await house.loader.stretch(DAYS[-40], LAST, until=LAST)
    assert_equal(stretch.history.panel(day), await house.loader.panel(day))


async def test_bars_reach_further_than_the_last_day_and_panels_do_not(house: ScannerHouse) -> None:
    stretch = await house.loader.stretch(DAYS[-40], DAYS[-20], until=LAST)
    assert stretch.history.panel(DAYS[-20]).date.max() == int(DAYS[-20].strftime("%Y%m%d"))
    assert stretch.history.sessions[-1] == int(LAST.strftime("%Y%m%d"))

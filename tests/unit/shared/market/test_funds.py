"""Funds by what they hold and who offers them."""

import pytest

from shared.market.funds import Funds, FundWords
from shared.market.instrument import Instrument, InstrumentKind, Ticker

LISTED = [
    ("133690", "TIGER 미국나스닥100", InstrumentKind.ETF),
    ("409820", "KODEX 미국나스닥100레버리지(합성 H)", InstrumentKind.ETF),
    ("441680", "TIGER 미국나스닥100커버드콜(합성)", InstrumentKind.ETF),
    ("379810", "KODEX 미국나스닥100", InstrumentKind.ETF),
    ("411060", "ACE KRX금현물", InstrumentKind.ETF),
    ("132030", "KODEX 골드선물(H)", InstrumentKind.ETF),
    ("139270", "TIGER 200 금융", InstrumentKind.ETF),
    ("900001", "나스닥상사", InstrumentKind.COMMON),
]


@pytest.fixture(scope="module")
def funds() -> Funds:
    listed = [Instrument(ticker=Ticker(code), name=name, kind=kind) for code, name, kind in LISTED]
    return Funds(listed, FundWords.load())


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        (("나스닥",), ["133690", "379810", "441680", "409820"]),
        (("nasdaq",), ["133690", "379810", "441680", "409820"]),
        (("나스닥", "레버리지"), ["409820"]),
        (("코덱스", "나스닥"), ["379810", "409820"]),
        (("금",), ["411060", "132030"]),
        (("융",), []),
        (("우주",), []),
    ],
)
def test_funds_are_found_by_theme_plain_and_large_ones_first(funds: Funds, said: tuple[str, ...], codes: list[str]) -> None:
    assert [one.ticker for one in funds.about(*said)] == codes

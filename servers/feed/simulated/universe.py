"""The invented market's instruments: real names with levels, sizes and temperaments drawn from the seed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.market.instrument import Board, Instrument, InstrumentKind
from shared.market.tick_size import floor_tick
from shared.market.vocabulary import packaged_instruments

_LARGEST_CAP = 450e12  # won; the others follow a power law by their place in the packaged table
_LEVERAGE = {"레버리지": 2.0, "인버스2X": -2.0, "인버스": -1.0}


@dataclass(frozen=True, slots=True, eq=False)
class Universe:
    """n instruments as columns of shape (n,).

    `price` is the first close in won, `shares` the listed shares, `turnover` the usual day's turnover in won. `beta` is the
    share of the market's move that an instrument takes, `volatility` its own daily deviation as a fraction. `sector` numbers
    the sectors, -1 without one. `follows` is the row of a preferred share's common share, -1 for the others; `leverage` is
    the factor on the index's return for funds, 0 for the others.
    """

    instruments: tuple[Instrument, ...]
    price: NDArray[np.int64]
    shares: NDArray[np.int64]
    turnover: NDArray[np.float64]
    beta: NDArray[np.float64]
    volatility: NDArray[np.float64]
    sector: NDArray[np.int64]
    follows: NDArray[np.int64]
    leverage: NDArray[np.float64]

    @property
    def tickers(self) -> tuple[str, ...]:
        """Codes in the order of the columns."""
        return tuple(instrument.ticker for instrument in self.instruments)

    def members(self, board: Board, *, largest: int | None = None) -> NDArray[np.intp]:
        """Rows of the common shares of a board, largest first; only the `largest` of them when given."""
        rows = [
            row
            for row, instrument in enumerate(self.instruments)
            if instrument.board is board and instrument.kind is InstrumentKind.COMMON
        ]
        return np.array(rows[:largest], dtype=np.intp)


def build_universe(seed: int) -> Universe:
    """Draw the market of a seed; the same seed gives the same market."""
    random = np.random.default_rng([seed, 1])
    instruments = packaged_instruments()
    count = len(instruments)
    funds = np.array([instrument.kind is InstrumentKind.ETF for instrument in instruments])
    cap = _LARGEST_CAP * np.arange(1, count + 1) ** -0.95 * random.uniform(0.8, 1.25, count)
    drawn = np.where(funds, random.uniform(9_000, 45_000, count), np.exp(random.uniform(9.8, 12.8, count)))
    price = floor_tick(drawn.astype(np.float64))
    follows = _followed(instruments)
    price = np.where(follows >= 0, floor_tick(price[follows] * 0.72), price)
    return Universe(
        instruments=instruments,
        price=price,
        shares=np.maximum(1_000_000, np.rint(cap / price, casting="unsafe").astype(np.int64)),
        turnover=np.clip(cap * random.uniform(0.002, 0.008, count), 6e9, 1.5e12),
        beta=random.uniform(0.5, 1.3, count),
        volatility=random.uniform(0.011, 0.024, count),
        sector=_sectors(instruments),
        follows=follows,
        leverage=np.where(funds, [_leverage(instrument.name) for instrument in instruments], 0.0),
    )


def _sectors(instruments: tuple[Instrument, ...]) -> NDArray[np.int64]:
    names = sorted({instrument.sector for instrument in instruments if instrument.sector})
    return np.array([names.index(one.sector) if one.sector else -1 for one in instruments], dtype=np.int64)


def _followed(instruments: tuple[Instrument, ...]) -> NDArray[np.int64]:
    rows = {instrument.name: row for row, instrument in enumerate(instruments)}
    followed = [
        rows.get(instrument.name.removesuffix("우"), -1) if instrument.kind is InstrumentKind.PREFERRED else -1
        for instrument in instruments
    ]
    return np.array(followed, dtype=np.int64)


def _leverage(name: str) -> float:
    return next((factor for word, factor in _LEVERAGE.items() if word in name), 1.0)

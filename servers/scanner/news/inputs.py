"""What a strategy needs of the news: how many articles speak for and against each ticker, and how loudly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsInputs:
    """Scored, de-duplicated articles per ticker over the look-back of the strategy; arrays have shape (n,).

    `positive` and `negative` count articles, `mean` is their mean sentiment in [-1, 1], 0 without articles. No value of
    this type at all means that there is no news source, which is something else than no articles.
    """

    positive: NDArray[np.int32]
    negative: NDArray[np.int32]
    mean: NDArray[np.float64]

    @property
    def negative_majority(self) -> NDArray[np.bool_]:
        """Tickers whose bad news is at least as frequent as the good: the flag NEGATIVE_NEWS."""
        return (self.negative > 0) & (self.negative >= self.positive)

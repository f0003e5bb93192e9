"""Every strategy that is decided on daily bars, by kind, under one shape."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from servers.scanner.news.inputs import NewsInputs
from servers.scanner.panel import Panel
from servers.scanner.strategies import (
    daytrading,
    daytrading_text,
    disparity,
    disparity_text,
    jongga,
    jongga_text,
    vcp,
    vcp_signal,
    vcp_text,
)
from servers.scanner.strategies.parameters import StrategyParameters, rule_version
from shared.market.signal import Candidate, SignalKind


class Result(Protocol):
    """What every strategy's result offers; arrays have shape (n,), aligned with the panel."""

    @property
    def score(self) -> NDArray[np.float64]:
        """Points; NaN where there is no score."""
        ...

    @property
    def scored(self) -> NDArray[np.bool_]:
        """Tickers with a score."""
        ...

    @property
    def detected(self) -> NDArray[np.bool_]:
        """Tickers that are published."""
        ...

    def ranking(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """`rows` in the strategy's own order, best first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A strategy's verdict on the whole panel; `explain` puts one row of it into words."""

    panel: Panel
    result: Result
    explain: Callable[[int], Candidate]


class Score(Protocol):
    """Judges a panel."""

    def __call__(self, panel: Panel, news: NewsInputs | None, *, volume_share: float | None = 1.0) -> Scored:
        """Judge.

        Args:
            panel: The market.
            news: Articles of the last days; None when there is no source.
            volume_share: Share of the day's volume that is usually traded by the panel's moment, 1 after the close; None
                while nobody can say.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """One strategy with its parameters: `score` judges a panel; `version` names the rules; `uses_news` wants headlines."""

    kind: SignalKind
    version: str
    uses_news: bool
    score: Score


def build_strategies(parameters: StrategyParameters | None = None) -> Mapping[SignalKind, Strategy]:
    """The strategies under some parameters; the defaults of strategies.md 10 when None."""
    rules = parameters or StrategyParameters()
    return {
        kind: Strategy(
            kind=kind,
            version=rule_version(kind, rules),
            uses_news=kind in _READ_NEWS,
            score=partial(score, rules),
        )
        for kind, score in _SCORES.items()
    }


class _Moment(TypedDict, total=False):
    """What only some strategies want to know of the moment."""

    volume_share: float | None


def _vcp(rules: StrategyParameters, panel: Panel, _news: NewsInputs | None, **_moment: Unpack[_Moment]) -> Scored:
    result = vcp_signal.score(panel, parameters=rules)
    return Scored(panel=panel, result=result, explain=partial(vcp_text.explain, result))


def _jongga(rules: StrategyParameters, panel: Panel, news: NewsInputs | None, **_moment: Unpack[_Moment]) -> Scored:
    before = vcp.score(panel, parameters=rules.vcp, bars_back=1, common=rules.common).detected
    version = rule_version(SignalKind.JONGGA, rules)
    result = jongga.score(panel, parameters=rules.jongga, rule_version=version, news=news, vcp_before=before)
    return Scored(panel=panel, result=result, explain=partial(jongga_text.explain, result))


def _daytrading(rules: StrategyParameters, panel: Panel, _news: NewsInputs | None, **moment: Unpack[_Moment]) -> Scored:
    version = rule_version(SignalKind.DAYTRADING, rules)
    result = daytrading.score(
        panel, parameters=rules.day, rule_version=version, volume_share=moment.get("volume_share", 1.0)
    )
    return Scored(panel=panel, result=result, explain=partial(daytrading_text.explain, result))


def _disparity(rules: StrategyParameters, panel: Panel, news: NewsInputs | None, **_moment: Unpack[_Moment]) -> Scored:
    version = rule_version(SignalKind.DISPARITY, rules)
    result = disparity.score(panel, parameters=rules.signal, rule_version=version, news=news)
    return Scored(panel=panel, result=result, explain=partial(disparity_text.explain, result))


_SCORES: Mapping[SignalKind, Callable[..., Scored]] = {
    SignalKind.VCP: _vcp,
    SignalKind.JONGGA: _jongga,
    SignalKind.DAYTRADING: _daytrading,
    SignalKind.DISPARITY: _disparity,
}
_READ_NEWS = frozenset({SignalKind.JONGGA, SignalKind.DISPARITY})

"""Every strategy that is decided on daily bars, by kind, under one shape."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

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

_WORST_PUBLISHED = 2  # grade B; C is the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A strategy's verdict on the whole panel; arrays have shape (n,), aligned with the panel.

    Attributes:
        panel: The market that was scored.
        score: Points; NaN where there is no score.
        scored: Tickers with a score.
        detected: Tickers that are published.
        rank: Rows in the strategy's own order, best first.
        explain: The verdict on one row in words.
    """

    panel: Panel
    score: NDArray[np.float64]
    scored: NDArray[np.bool_]
    detected: NDArray[np.bool_]
    rank: Callable[[NDArray[np.int64]], NDArray[np.int64]]
    explain: Callable[[int], Candidate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """One strategy with its parameters: `score` judges a panel; `version` names the rules; `uses_news` wants headlines."""

    kind: SignalKind
    version: str
    uses_news: bool
    score: Callable[[Panel, NewsInputs | None], Scored]


def build_strategies(parameters: StrategyParameters | None = None) -> Mapping[SignalKind, Strategy]:
    """The strategies under some parameters; the defaults of strategies.md 10 when None."""
    rules = parameters or StrategyParameters()
    return {
        kind: Strategy(
            kind=kind,
            version=rule_version(kind, rules),
            uses_news=kind in _READ_NEWS,
            score=partial(score, rules, rule_version(kind, rules)),
        )
        for kind, score in _SCORES.items()
    }


def _vcp(rules: StrategyParameters, _version: str, panel: Panel, _news: NewsInputs | None) -> Scored:
    result = vcp_signal.score(panel, parameters=rules)
    return Scored(
        panel=panel,
        score=result.total,
        scored=result.scored,
        detected=result.detected,
        rank=result.ranking,
        explain=partial(vcp_text.explain, result),
    )


def _jongga(rules: StrategyParameters, version: str, panel: Panel, news: NewsInputs | None) -> Scored:
    before = vcp.score(panel, parameters=rules.vcp, bars_back=1, common=rules.common).detected
    result = jongga.score(panel, parameters=rules.jongga, rule_version=version, news=news, vcp_before=before)
    return _graded(result, partial(jongga_text.explain, result), tie_break=result.total.astype(np.float64))


def _daytrading(rules: StrategyParameters, version: str, panel: Panel, _news: NewsInputs | None) -> Scored:
    result = daytrading.score(panel, parameters=rules.day, rule_version=version)
    return _graded(result, partial(daytrading_text.explain, result), tie_break=result.total.astype(np.float64))


def _disparity(rules: StrategyParameters, version: str, panel: Panel, news: NewsInputs | None) -> Scored:
    result = disparity.score(panel, parameters=rules.signal, rule_version=version, news=news)
    depth = -100.0 * result.disparity
    return Scored(
        panel=panel,
        score=np.where(result.scored, np.maximum(depth, 0.0), np.nan),
        scored=result.scored,
        detected=result.detected & np.equal(result.gates, 0),
        rank=partial(_by, panel, (depth, result.turnover_average)),
        explain=partial(disparity_text.explain, result),
    )


def _graded(
    result: jongga.JonggaResult | daytrading.DaytradingResult,
    explain: Callable[[int], Candidate],
    *,
    tie_break: NDArray[np.float64],
) -> Scored:
    """A strategy with grades and gates: the published ones are graded and, first in order, tradable."""
    grade = -result.grade.astype(np.float64)
    order = (result.tradable.astype(np.float64), grade, tie_break, result.turnover_average)
    return Scored(
        panel=result.panel,
        score=np.where(result.scored, result.total.astype(np.float64), np.nan),
        scored=result.scored,
        detected=result.scored & (result.grade <= _WORST_PUBLISHED),
        rank=partial(_by, result.panel, order),
        explain=explain,
    )


def _by(panel: Panel, keys: tuple[NDArray[np.float64], ...], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """`rows` by the keys, largest first and the first key foremost, then by code."""
    codes = np.array(panel.tickers)[rows]
    descending = [-np.nan_to_num(key[rows], nan=-np.inf) for key in keys]
    return rows[np.lexsort((codes, *reversed(descending)))]


_SCORES: Mapping[SignalKind, Callable[[StrategyParameters, str, Panel, NewsInputs | None], Scored]] = {
    SignalKind.VCP: _vcp,
    SignalKind.JONGGA: _jongga,
    SignalKind.DAYTRADING: _daytrading,
    SignalKind.DISPARITY: _disparity,
}
_READ_NEWS = frozenset({SignalKind.JONGGA, SignalKind.DISPARITY})

"""The VCP signal (strategies.md 3): pattern and SmartMoney in one total, its grade, and the price levels that go with it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servers.scanner.panel import Panel
from servers.scanner.strategies import smart_money, vcp
from servers.scanner.strategies import vcp_totals as totals
from servers.scanner.strategies.parameters import StrategyParameters, rule_version
from servers.scanner.strategies.rs import RelativeStrength
from servers.scanner.strategies.smart_money import SmartMoney
from servers.scanner.strategies.vcp import VcpResult
from shared.market.signal import Grade, SignalKind
from shared.market.tick_size import ceil_tick, floor_tick, tick_size

GRADES = (Grade.S, Grade.A, Grade.B, Grade.C)
"""What the codes of `VcpSignals.grade` mean."""

_LAST_LOW_SHARE = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """Prices in won, shape (n,), 0 without a base: buy trigger, stop, target of the grade."""

    trigger: NDArray[np.int64]
    stop: NDArray[np.int64]
    target: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class VcpSignals:
    """Totals and grades of the whole panel; arrays have shape (n,).

    Attributes:
        vcp: The pattern.
        smart: Flows behind it.
        parameters: All sections; levels and grades come from them.
        version: `rule_version` of the parameters.
        total: Points of 100 at one decimal; NaN for tickers that were not scored.
        grade: Codes into `GRADES`.
        tradable: Scored members of the universe above the liquidity floors.
        detected: Tradable tickers that show the pattern: what is published.
        turnover_average: Mean turnover of 20 bars in won.
    """

    vcp: VcpResult
    smart: SmartMoney
    parameters: StrategyParameters
    version: str
    total: NDArray[np.float64]
    grade: NDArray[np.int8]
    tradable: NDArray[np.bool_]
    detected: NDArray[np.bool_]
    turnover_average: NDArray[np.float64]

    @property
    def panel(self) -> Panel:
        """The market that was scored."""
        return self.vcp.panel

    @property
    def scored(self) -> NDArray[np.bool_]:
        """Tickers with a score."""
        return self.vcp.scored

    @property
    def score(self) -> NDArray[np.float64]:
        """The total, under the name that every strategy's result has."""
        return self.total

    def ranking(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """`rows` by total, VCP score and mean turnover, all descending, then code ascending (strategies.md 3)."""
        codes = np.array(self.panel.tickers)[rows]
        order = np.lexsort((codes, -self.turnover_average[rows], -self.vcp.score[rows].astype(np.int64), -self.total[rows]))
        return rows[order]

    def levels(self, rows: NDArray[np.int64] | None = None) -> Levels:
        """Trigger, stop and target of `rows` (all rows when None), in their order."""
        chosen = np.arange(len(self.total)) if rows is None else rows
        rules, targets = self.parameters.vcp, np.array(self.parameters.grade_vcp.targets)
        records = self.vcp.records[chosen]
        there = self.scored[chosen] & (records["legs"] > 0)
        above = ceil_tick(records["pivot"])
        trigger = above + tick_size(above)
        close = self.panel.close[chosen, -1 - self.vcp.bars_back]
        stop = floor_tick(np.maximum(_LAST_LOW_SHARE * records["last_low"], (1.0 - rules.max_stop) * close))
        target = floor_tick(trigger * (1.0 + targets[self.grade[chosen]]))
        return Levels(trigger=trigger * there, stop=stop * there, target=target * there)


def score(
    panel: Panel,
    *,
    parameters: StrategyParameters | None = None,
    strength: RelativeStrength | None = None,
) -> VcpSignals:
    """Score the whole panel: pattern, flows, total and grade.

    Args:
        panel: The market.
        parameters: Rules; the defaults of strategies.md 10 when None.
        strength: RS ratings of the panel when they are known already.
    """
    rules = parameters or StrategyParameters()
    pattern = vcp.score(panel, parameters=rules.vcp, strength=strength, common=rules.common)
    count = len(panel.tickers)
    signals = VcpSignals(
        vcp=pattern,
        smart=smart_money.score(panel),
        parameters=rules,
        version=rule_version(SignalKind.VCP, rules),
        total=np.full(count, np.nan),
        grade=np.full(count, GRADES.index(Grade.C), dtype=np.int8),
        tradable=np.zeros(count, dtype=np.bool_),
        detected=np.zeros(count, dtype=np.bool_),
        turnover_average=np.full(count, np.nan),
    )
    everything, facts, numbers = np.arange(count), given(signals), limits(signals)
    totals.judge_rows(everything, facts, numbers, written(signals))
    totals.combine_rows(everything, pattern.records, (facts, numbers), written(signals))
    return signals


def given(signals: VcpSignals) -> totals.Given:
    """What the last step of scoring reads of a result and its panel."""
    panel, smart = signals.panel, signals.smart
    facts = panel.count, panel.status, panel.universe.eligible, smart.known, smart.score
    return totals.Given(panel.close, panel.turnover, *facts)


def limits(signals: VcpSignals) -> totals.Limits:
    """The numbers of the last step."""
    common, rules, grades = signals.parameters.common, signals.parameters.vcp, signals.parameters.grade_vcp
    floors = common.min_bars, rules.adv_min, float(common.price_min)
    cap = GRADES.index(rules.smart_missing_cap)
    return totals.Limits(*floors, rules.weight_vcp, rules.weight_smart, *grades.bounds, cap)


def written(signals: VcpSignals) -> totals.Totals:
    """The arrays of a result that the last step writes."""
    who = signals.scored, signals.total, signals.grade, signals.tradable, signals.detected
    return totals.Totals(*who, signals.turnover_average)

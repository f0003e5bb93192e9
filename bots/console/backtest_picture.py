"""A backtest as a picture: equity of the signals less their control, hit rates beside the base rate, drawdown.

Period, entry, costs and what may be said stand inside the picture, so that it cannot travel without them.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from kstock.common.v1 import candidate_pb2, statistics_pb2
from kstock.scanner.v1 import scanner_service_pb2
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from rich.cells import cell_len

from bots.console.backtest import counts, title
from bots.core import render, scoreboard, wire
from bots.core.pictures import DOWN, FLAT, GRID, INK, UP, KoreanFont, new_figure
from shared.market.errors import InvalidInput

_WIDTH, _HEIGHT = 1400, 1000
_BOLD_CELLS, _CELLS = 176, 190  # Latin letters that fit into the width


def draw_report(finished: scanner_service_pb2.BacktestFinished, path: Path) -> None:
    """Draw the result of a backtest into a PNG file.

    Raises:
        InvalidInput: The file cannot be written.
    """
    figure, font = new_figure(_WIDTH, _HEIGHT), KoreanFont()
    grid = figure.add_gridspec(2, 2, height_ratios=(1.25, 1), left=0.06, right=0.975, top=0.845, bottom=0.225, hspace=0.36)
    _draw_equity(figure.add_subplot(grid[0, :]), finished, font)
    _draw_hit_rates(figure.add_subplot(grid[1, 0]), finished, font)
    _draw_drawdown(figure.add_subplot(grid[1, 1]), finished, font)
    _write_around(figure, finished, font)
    try:
        figure.savefig(path, format="png")
    except OSError as error:
        raise InvalidInput("--png", f"{path} cannot be written: {error.strerror or error}") from error


def _draw_equity(axes: Axes, finished: scanner_service_pb2.BacktestFinished, font: KoreanFont) -> None:
    horizon = finished.equity_horizon_sessions
    share = f"자본의 1/{horizon}" if horizon > 1 else "자본 전부"
    _head(axes, f"누적 수익: 신호와 대조군 ({horizon}일 보유, 매일 {share}씩, 복리 없음, 비용 후)", font)
    if not finished.equity:
        _nothing(axes, font)
        return
    days, signal, control = _curves(finished.equity)
    excess = signal - control
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.fill_between(days, excess, 0, where=list(excess >= 0), color=UP, alpha=0.13, linewidth=0)
    axes.fill_between(days, excess, 0, where=list(excess < 0), color=DOWN, alpha=0.13, linewidth=0)
    axes.plot(days, control, color=FLAT, linewidth=1.4, linestyle=(0, (5, 2)), label=f"대조군 {control[-1]:+.1f}%p")
    axes.plot(days, signal, color=INK, linewidth=1.4, label=f"신호 {signal[-1]:+.1f}%p")
    colour = UP if excess[-1] >= 0 else DOWN
    axes.plot(days, excess, color=colour, linewidth=2.2, label=f"신호 - 대조군 {excess[-1]:+.1f}%p{_t(finished)}")
    axes.legend(prop=font.plain(11), loc="best", edgecolor="none", framealpha=0.8)
    _dress(axes, font, dates=True)


def _t(finished: scanner_service_pb2.BacktestFinished) -> str:
    """How much luck may be in the curve: the t-statistic of its days."""
    horizon = finished.equity_horizon_sessions
    total = next(row for row in finished.rows if row.horizon_sessions == horizon and scoreboard.grade(row) == "전체")
    return f" (t {total.t_statistic:.2f})" if total.HasField("t_statistic") else ""


def _draw_hit_rates(axes: Axes, finished: scanner_service_pb2.BacktestFinished, font: KoreanFont) -> None:
    horizon = finished.equity_horizon_sessions
    _head(axes, f"등급별 승률(막대)과 대조군 승률(선), {horizon}일 보유", font)
    rows = [row for row in finished.rows if row.horizon_sessions == horizon]
    if not any(row.HasField("base_rate") for row in rows):
        _nothing(axes, font)
        return
    top = max([50.0, *(_shown(row) for row in rows)])
    for place, row in enumerate(rows):
        _draw_rate(axes, place, row, font, top=top)
    axes.set_xticks(range(len(rows)), [_label(row, rows) for row in rows])
    axes.set_xlim(-0.6, len(rows) - 0.4)
    axes.set_ylim(0, top * 1.22)
    _dress(axes, font)
    axes.tick_params(axis="x", length=0, pad=8)
    for label in axes.get_xticklabels():
        label.set_linespacing(1.35)


def _label(row: statistics_pb2.OutcomeStatistics, rows: Sequence[statistics_pb2.OutcomeStatistics]) -> str:
    """A grade with its count and base rate; one that is not among all signals is there to compare with."""
    counts = {scoreboard.grade(one): one.signal_count for one in rows}
    is_signal = row.grade != candidate_pb2.GRADE_C or counts["전체"] == sum(counts.values()) - counts["전체"]
    base = f"\n대조 {row.base_rate.hit_rate_bps / 100:.1f}%" if row.HasField("base_rate") and not row.small_sample else ""
    name = scoreboard.grade(row) if is_signal else f"{scoreboard.grade(row)} (비교용)"
    return f"{name}\n체결 {row.filled_count:,}건{base}"


def _draw_rate(axes: Axes, place: int, row: statistics_pb2.OutcomeStatistics, font: KoreanFont, *, top: float) -> None:
    """One bar with its base rate as a line across it; too small a sample is only outlined and named."""
    if row.small_sample or not row.HasField("base_rate"):
        words = scoreboard.SMALL if row.filled_count else "없음"
        axes.text(place, top * 0.04, words, ha="center", va="bottom", color=FLAT, fontproperties=font.plain(11))
        return
    hit, base = row.held_hit_rate_bps / 100, row.base_rate.hit_rate_bps / 100
    axes.bar(place, hit, width=0.62, color=UP if hit >= base else DOWN, alpha=0.75)
    axes.plot([place - 0.4, place + 0.4], [base, base], color=INK, linewidth=2.4)
    axes.text(place, max(hit, base) + top * 0.02, f"{hit:.1f}%", ha="center", va="bottom", fontproperties=font.bold(12))


def _draw_drawdown(axes: Axes, finished: scanner_service_pb2.BacktestFinished, font: KoreanFont) -> None:
    _head(axes, "초과 수익의 낙폭 (신호 - 대조군이 이전 고점보다 얼마나 아래인가)", font)
    if not finished.equity:
        _nothing(axes, font)
        return
    days, signal, control = _curves(finished.equity)
    excess = signal - control
    drawdown = excess - np.maximum.accumulate(np.maximum(excess, 0.0))
    worst = int(drawdown.argmin())
    axes.fill_between(days, drawdown, 0, color=DOWN, alpha=0.25, linewidth=0)
    axes.plot(days, drawdown, color=DOWN, linewidth=1.4)
    axes.set_ylim(min(float(drawdown.min()) * 1.25, -0.5), 0)
    when = wire.day(finished.equity[worst].session)
    side = "right" if worst > len(days) / 2 else "left"
    words = f"최대 {drawdown[worst]:.1f}%p ({when})"
    axes.annotate(
        words,
        (days[worst], drawdown[worst]),
        xytext=(-8 if side == "right" else 8, -4),
        textcoords="offset points",
        ha=side,
        va="top",
        fontproperties=font.bold(11),
    )
    _dress(axes, font, dates=True, most=7)


def _write_around(figure: Figure, finished: scanner_service_pb2.BacktestFinished, font: KoreanFont) -> None:
    left = 0.06
    figure.text(left, 0.962, title(finished), fontproperties=font.bold(19), color=INK, va="center")
    figure.text(left, 0.927, f"비용: {finished.costs}", fontproperties=font.plain(13), color=INK, va="center")
    figure.text(left, 0.9, counts(finished), fontproperties=font.plain(11), color=FLAT, va="center")
    verdict = _folded(f"판정: {scoreboard.verdict(finished.rows)}", _BOLD_CELLS)
    limits = _folded(f"한계: {' / '.join(finished.caveats)}", _CELLS) if finished.caveats else []
    for number, line in enumerate([*verdict, *limits][:6]):
        weight = font.bold(11.5) if number < len(verdict) else font.plain(10.5)
        figure.text(left, 0.132 - 0.0215 * number, line, fontproperties=weight, color=INK, va="center")
    computed = wire.moment(finished.computed_time).date()
    foot = f"규칙 {finished.started.rule_version} · {computed} 계산 · {render.FOOTER}"
    figure.text(left, 0.014, foot, fontproperties=font.plain(9.5), color=FLAT, va="center")


def _folded(text: str, cells: int) -> list[str]:
    """Lines of at most so many cells; a Korean letter is as wide as two Latin ones."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and cell_len(longer) > cells:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line]


def _curves(equity: Sequence[scanner_service_pb2.EquityPoint]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Days, and signals and control in percentage points, up to the last session whose signals have an outcome."""
    while len(equity) > 1 and _sums(equity[-1]) == _sums(equity[-2]):
        equity = equity[:-1]
    days = np.array([wire.day(point.session) for point in equity], dtype="datetime64[D]")
    signal, control = (np.array([getattr(p, name) for p in equity]) / 100 for name in ("signal_bps", "control_bps"))
    return days, signal, control


def _sums(point: scanner_service_pb2.EquityPoint) -> tuple[int, int]:
    return point.signal_bps, point.control_bps


def _shown(row: statistics_pb2.OutcomeStatistics) -> float:
    return 0.0 if row.small_sample else max(row.held_hit_rate_bps, row.base_rate.hit_rate_bps) / 100


def _head(axes: Axes, words: str, font: KoreanFont) -> None:
    axes.set_title(words, loc="left", fontproperties=font.bold(13), color=INK, pad=8)


def _nothing(axes: Axes, font: KoreanFont) -> None:
    axes.text(0.5, 0.5, "비교할 대조군이 없음", transform=axes.transAxes, ha="center", fontproperties=font.plain(14))
    axes.set_axis_off()


def _dress(axes: Axes, font: KoreanFont, *, dates: bool = False, most: int = 12) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}%" if not dates else f"{value:g}%p"))
    if dates:
        locator = AutoDateLocator(minticks=3, maxticks=most)  # type: ignore[no-untyped-call]  # matplotlib's dates have no types
        formats = ["%Y", "%Y-%m", "%m-%d", "%H", "%H", "%H"]
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, formats=formats))  # type: ignore[no-untyped-call]
        axes.margins(x=0.01)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(font.plain(10.5))

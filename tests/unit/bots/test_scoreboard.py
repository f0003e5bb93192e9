"""Scoreboards in words: a figure beside its base rate, no rate of a small sample, no claim that the lines do not carry."""

import io
import re
from datetime import date
from pathlib import Path

import pytest
from kstock.common.v1 import candidate_pb2, statistics_pb2
from kstock.scanner.v1 import scanner_service_pb2
from rich.cells import cell_len
from rich.console import Console

from bots.console.backtest_picture import draw_report
from bots.console.score_table import print_scores
from bots.console.screen import Screen
from bots.core import scoreboard, wire
from shared.market.errors import InvalidInput

GOOD = statistics_pb2.Claim(positive=True, significant=True, monotone=True, both_halves=True, works=True)
GRADES = (candidate_pb2.GRADE_S, candidate_pb2.GRADE_A, candidate_pb2.GRADE_B, candidate_pb2.GRADE_C, 0)


def row(grade=0, horizon=10, filled=600, *, excess=79, t=1.78, claim=None, **fields) -> statistics_pb2.OutcomeStatistics:
    known = {
        "kind": candidate_pb2.SIGNAL_KIND_VCP,
        "grade": grade,
        "horizon_sessions": horizon,
        "signal_count": filled * 10 // 9,
        "filled_count": filled,
        "small_sample": filled < 30,
        "mean_net_return_bps": 18,
        "median_net_return_bps": -247,
        "hit_rate_bps": 3200,
        "mean_favourable_bps": 608,
        "mean_adverse_bps": -412,
        "target_before_stop_bps": 2150,
        "profit_factor": 1.07,
        "held_net_return_bps": 119,
        "held_hit_rate_bps": 4630,
        "base_rate": statistics_pb2.BaseRate(mean_net_return_bps=56, hit_rate_bps=4410, band_low_bps=12, band_high_bps=102),
        "excess_bps": excess,
        "t_statistic": t,
    }
    if grade == 0:
        known["claim"] = claim or statistics_pb2.Claim(positive=True, both_halves=True)
    return statistics_pb2.OutcomeStatistics(**known | fields)


def test_a_line_stands_under_its_header() -> None:
    named = dict(zip(scoreboard.HEADER, scoreboard.cells(row()), strict=True))
    assert named == {
        "보유": "10일", "등급": "전체", "신호": "666", "체결": "90%", "평균": "+0.18%", "중앙값": "-2.47%", "승률": "32.0%",
        "MFE": "+6.08%", "MAE": "-4.12%", "기준가먼저": "21.5%", "손익비": "1.07", "보유수익": "+1.19%", "대조군": "+0.56%",
        "대조군 5~95%": "+0.12%~+1.02%", "보유승률": "46.3%", "대조승률": "44.1%", "초과": "+0.79%",
        "t": "1.8", "판정": "아님",
    }  # fmt: skip


def test_a_small_sample_is_named_and_shows_no_rate() -> None:
    cells = scoreboard.cells(row(candidate_pb2.GRADE_S, filled=29))
    assert cells[:5] == ["10일", "S", "32", "91%", "표본 부족"]
    assert not any("%" in cell for cell in cells[5:])
    empty = scoreboard.cells(row(candidate_pb2.GRADE_S, filled=0, signal_count=0))
    assert empty[2:6] == ["0", "-", "-", "-"]
    assert len(cells) == len(empty) == len(scoreboard.HEADER)


def test_only_the_line_of_all_grades_carries_a_judgement() -> None:
    assert scoreboard.cells(row(candidate_pb2.GRADE_A))[-1] == ""
    assert scoreboard.cells(row(claim=GOOD))[-1] == "통함"
    assert scoreboard.cells(row(claim=GOOD, filled=12))[-1] == "아님"


def test_without_an_edge_the_verdict_says_so_and_why() -> None:
    words = scoreboard.verdict([row(horizon=1, excess=15, t=2.05), row(horizon=10)])
    assert words.startswith("어느 보유 기간에서도 우위가 확인되지 않았습니다.")
    assert "1일 보유: 초과 +0.15%, t 2.05" in words
    assert "t > 2, 등급순(S≥A≥B)" in words


def test_a_horizon_that_lags_behind_by_more_than_chance_is_named() -> None:
    words = scoreboard.verdict([row(horizon=1, excess=-20, t=-1.22), row(horizon=20, excess=-332, t=-4.6)])
    assert "1일 보유: 초과 -0.20%, t -1.22" in words
    assert words.endswith("20일 보유는 대조군보다 뚜렷이 낮았습니다: 초과 -3.32%, t -4.60.")
    assert "뚜렷이" not in scoreboard.verdict([row(excess=-20, t=-1.9), row(horizon=20, filled=12, t=-3.0)])


def test_an_edge_is_told_as_a_past_figure_that_may_be_luck() -> None:
    words = scoreboard.verdict([row(horizon=1), row(horizon=10, claim=GOOD)])
    assert words.startswith("10일 보유에서 네 조건(")
    assert "우연일 수 있으며 앞으로를 약속하지 않습니다" in words


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "이 기간에 결과를 아는 신호가 없습니다."),
        ([row(filled=0, signal_count=0)], "이 기간에 결과를 아는 신호가 없습니다."),
        ([row(filled=12)], "표본 부족"),
        ([row(filled=12, claim=GOOD)], "표본 부족"),
    ],
)
def test_where_nothing_can_be_said_nothing_is(rows, words) -> None:
    assert words in scoreboard.verdict(rows)


def test_entries_without_a_control_are_not_judged() -> None:
    without = row()
    for field in ("base_rate", "excess_bps", "t_statistic", "claim"):
        without.ClearField(field)
    assert scoreboard.verdict([without]) == "비교할 대조군이 없어 우위를 판정하지 않습니다."
    assert scoreboard.cells(without)[-8:] == ["+1.19%", "-", "-", "46.3%", "-", "-", "-", ""]


def finished(equity=((0, 0), (120, 60), (80, 90))) -> scanner_service_pb2.BacktestFinished:
    first, last = wire.day_message(date(2026, 3, 9)), wire.day_message(date(2026, 3, 11))
    return scanner_service_pb2.BacktestFinished(
        run_id="r1",
        rows=[row(grade, filled=600 if grade else 20) for grade in GRADES],
        equity=[
            scanner_service_pb2.EquityPoint(
                session=wire.day_message(date(2026, 3, 9 + place)), signal_bps=signal, control_bps=control
            )
            for place, (signal, control) in enumerate(equity)
        ],
        costs="수수료 편도 0.015%",
        caveats=["생존 편향: 기간 중 상장폐지된 58종목 중 30종목은 마지막 몇 주의 일봉이 없음"],
        equity_horizon_sessions=10,
        started=scanner_service_pb2.BacktestStarted(
            run_id="r1", session_count=3, kind=candidate_pb2.SIGNAL_KIND_VCP, since=first, until=last, entry=1
        ),
    )


def printed(width: int, *, terminal: bool = True) -> list[str]:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, no_color=True, width=width, markup=False, highlight=False)
    print_scores([row(), row(candidate_pb2.GRADE_S, filled=12)], Screen(out=console))
    return [re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip() for line in out.getvalue().splitlines()]


@pytest.mark.parametrize(("width", "tables"), [(80, 2), (120, 2), (220, 1)])
def test_a_table_is_never_cut_by_a_terminal(width: int, tables: int) -> None:
    lines = printed(width)
    assert all(cell_len(line) <= width for line in lines)
    shown = "\n".join(lines)
    assert all(cell in shown for cell in (*scoreboard.HEADER, *scoreboard.cells(row())))
    assert sum("등급" in line for line in lines) == tables


def test_a_piped_table_is_one_whatever_the_terminal() -> None:
    assert [line.split()[0] for line in printed(80, terminal=False)] == ["보유", "10일", "10일"]


@pytest.mark.filterwarnings("error")  # a letter that the font lacks is a warning
@pytest.mark.parametrize("equity", [((0, 0), (120, 60), (80, 90)), ((0, 0), (0, 0)), ()])
def test_the_picture_is_drawn_from_any_result(tmp_path: Path, equity) -> None:
    path = tmp_path / "report.png"
    draw_report(finished(equity), path)
    assert path.read_bytes().startswith(b"\x89PNG")
    assert 20_000 < path.stat().st_size < 400_000


def test_a_picture_that_cannot_be_kept_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be written"):
        draw_report(finished(), tmp_path / "nowhere" / "report.png")

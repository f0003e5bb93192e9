"""`kstock backtest`, `kstock scoreboard` and `kstock jobs` as people run them."""

import json
import re
import time

import pytest

from tests.fixtures.kstock_server import PATIENCE_S, House, Server
from tests.fixtures.kstock_shell import Shell

PERIOD = ("--from", "2025-12-01", "--to", "2026-02-27")
GROUPS = 25


def test_a_backtest_prints_its_table_and_claims_no_more_than_it_shows(running_house: House, server: Server) -> None:
    done = running_house.call("backtest", "daytrading", *PERIOD)

    assert done.returncode == 0, done.stderr
    head, counts, costs, header, *rest = done.stdout.splitlines()
    assert re.fullmatch(
        r"단타 백테스트 2025-12-01 ~ 2026-02-27 · \d+거래일 · 다음 거래일 시가 진입 · 규칙 daytrading-.*", head
    )
    assert "체결 안 됨" in counts
    assert costs == "비용: 수수료 편도 0.015%, 매도일의 거래세, 슬리피지 편도 1호가"
    assert header.split()[:5] == ["보유", "등급", "신호", "체결", "평균"]
    assert len(rest[:GROUPS]) == GROUPS
    assert {line.split()[1] for line in rest[:GROUPS]} == {"S", "A", "B", "C", "전체"}
    assert sum(line.startswith("판정: ") for line in rest) == 1
    assert rest[-1].endswith("투자 판단과 책임은 본인에게 있습니다.")
    assert "검증된" not in done.stdout


def test_a_run_is_shown_again_by_its_id_as_messages_and_as_a_picture(
    running_house: House, server: Server, shell: Shell
) -> None:
    picture = running_house.folder / "report.png"
    first = running_house.call("backtest", "jongga", *PERIOD, "--png", str(picture), "--json")
    assert first.returncode == 0, first.stderr
    messages = [json.loads(line) for line in first.stdout.splitlines()]
    assert list(messages[0]) == ["started"]
    run_id = messages[0]["started"]["run_id"]
    assert f"kstock backtest --resume {run_id}" in first.stderr
    assert [one["progress"]["done"] for one in messages[1:-1]] == list(range(1, len(messages) - 1))
    finished = messages[-1]["finished"]
    assert len(finished["rows"]) == GROUPS
    assert picture.read_bytes().startswith(b"\x89PNG")

    again = shell.call(running_house, "backtest", "--resume", run_id, "--json")

    assert json.loads(again.stdout.splitlines()[-1])["finished"] == finished
    board = json.loads(shell.call(running_house, "scoreboard", "--backtest", run_id, "--json").stdout)
    assert board["rows"] == finished["rows"]


def test_a_backtest_needs_no_server(idle_house: House) -> None:
    done = idle_house.call("backtest", "vcp", "--from", "2026-02-02", "--to", "2026-02-27", "--entry", "trigger")

    assert done.returncode == 0, done.stderr
    assert "기준가 돌파 진입" in done.stdout
    assert list(idle_house.temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("vcp",), 2, "give KIND, --from and --to, or --resume RUN"),
        (("vcp", "--from", "2026-02-27", "--to", "2025-12-01"), 2, "until: 2025-12-01 lies before since"),
        (("vcp", "--from", "2026-02-02", "--to", "2030-01-02"), 2, "until: 2030-01-02 lies after market time"),
        (("vcp", "--from", "2015-02-02", "--to", "2015-03-02"), 4, "there are no daily bars from 2015-02-02"),
        (
            ("drop", *PERIOD),
            2,
            "kind: DROP fires on single trades, and past ones are not kept; backtests exist for VCP, JONGGA",
        ),
        (("gold", *PERIOD), 2, "'gold' is not one of"),
        (("jongga", *PERIOD, "--entry", "trigger"), 2, "trigger_entry: JONGGA has no trigger price"),
        (("--resume", "nobody"), 3, "backtest run 'nobody' does not exist"),
        (("--resume", "nobody", *PERIOD), 2, "--resume takes strategy and period from the run"),
        (("vcp", *PERIOD, "--png", "nowhere/x.png"), 2, "--png: nowhere is no folder"),
        (("vcp", *PERIOD, "--png", "x.jpg"), 2, "--png: x.jpg does not end in .png"),
        (("vcp", "--from", "yesterday", "--to", "2026-02-27"), 2, "'yesterday' does not match the format"),
    ],
)
def test_what_cannot_be_replayed_is_refused_by_name(
    running_house: House, server: Server, shell: Shell, arguments: tuple[str, ...], code: int, message: str
) -> None:
    done = shell.call(running_house, "backtest", *arguments)

    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_the_scoreboard_is_computed_by_its_job_and_then_shown(running_house: House, server: Server, shell: Shell) -> None:
    begun = running_house.call("jobs", "--run", "scoreboard")
    assert begun.returncode == 0, begun.stderr
    ends = time.monotonic() + PATIENCE_S
    while (job := job_of(shell, running_house, "scoreboard"))["last_run"]["result"] == "RUNNING":
        assert time.monotonic() < ends
    assert job["last_run"]["result"] == "OK", job
    assert "signals judged" in job["last_run"]["detail"]

    listed = shell.call(running_house, "jobs")
    shown = shell.call(running_house, "scoreboard", "vcp")

    assert re.search(r"scoreboard +20:30 +.* 완료 +\d+\.\d초", listed.stdout)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith("발행된 신호의 실제 결과 · ")
    assert "비용: 수수료" in shown.stdout


def job_of(shell: Shell, house: House, name: str) -> dict:
    listed = json.loads(shell.call(house, "jobs", "--json").stdout)
    return next(job for job in listed["jobs"] if job["job"] == name)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("scoreboard", "vcp", "--horizon", "7"), 2, "horizons[0]: is 7; signals are judged after 1, 3, 5, 10, 20"),
        (("scoreboard", "--from", "2026-02-02", "--to", "2026-01-02"), 2, "until: 2026-01-02 lies before since"),
        (("scoreboard", "--backtest", "nobody"), 3, "backtest run 'nobody' does not exist"),
        (("scoreboard", "--backtest", "nobody", "--from", "2026-02-02"), 2, "since: a backtest has its own period"),
        (("jobs", "--run", "nothing"), 3, "job 'nothing' does not exist"),
    ],
)
def test_bad_wishes_are_named(
    running_house: House, server: Server, shell: Shell, arguments: tuple[str, ...], code: int, message: str
) -> None:
    done = shell.call(running_house, *arguments)

    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert message in done.stderr


def test_before_anything_is_computed_the_scoreboard_says_so(idle_house: House, shell: Shell) -> None:
    shown = shell.call(idle_house, "scoreboard")
    listed = shell.call(idle_house, "jobs")

    assert shown.returncode == 0, shown.stderr
    assert "아직 계산되지 않았습니다" in shown.stdout
    assert "예약 작업이 없습니다" in listed.stdout

"""Commands beside a running server, and tools that know nothing of kstock but its contract."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.kstock_server import PATIENCE_S, House, Server
from tests.fixtures.kstock_shell import Shell

BUF = Path(sys.executable).with_name("buf")
ANSI = "\x1b"


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def buf_curl(server: Server, *arguments: str, method: str = "") -> list[str]:
    return [
        str(BUF),
        "curl",
        "--protocol",
        "grpc",
        "--http2-prior-knowledge",
        *arguments,
        f"http://{server.address}{method}",
    ]


def test_a_question_has_an_answer_with_price_badge_and_source(running_house: House, server: Server) -> None:
    done = running_house.call("chat", "삼성전자 지금 얼마야?")

    assert done.returncode == 0, done.stderr
    assert re.search(r"삼성전자.*[0-9]{1,3}(,[0-9]{3})*원", done.stdout)
    assert "모의 데이터" in done.stdout
    assert "출처" in done.stdout
    assert ANSI not in done.stdout


def test_a_stream_ends_after_as_many_updates_as_wanted(running_house: House, server: Server) -> None:
    done = running_house.call("stream", "005930", "하이닉스", "--count", "3")

    assert done.returncode == 0, done.stderr
    updates = [line for line in done.stdout.splitlines() if "원" in line]
    assert len(updates) == 3
    assert all("⬜ 모의 데이터" in line and ANSI not in line for line in updates)


def test_signals_are_watched_on_from_where_somebody_stopped(running_house: House, server: Server) -> None:
    first = running_house.call("watch", "--after", "0", "--count", "3")
    rest = running_house.call("watch", "--after", "3", "--count", "2", "--json")

    assert first.returncode == rest.returncode == 0, first.stderr + rest.stderr
    head, *events = first.stdout.splitlines()
    assert "모의 데이터" in head
    assert [event.split()[0] for event in events] == ["#1", "#2", "#3"]
    assert all(" 신규 " in event and "점" in event for event in events)
    assert "kstock watch --after 3" in first.stderr
    assert [event["event_id"] for event in lines(rest.stdout)] == ["4", "5"]


def test_a_stream_as_json_is_messages_of_the_api(running_house: House, server: Server) -> None:
    done = running_house.call("stream", "005930", "--count", "1", "--json")

    first, *_, last = lines(done.stdout)
    assert "opened" in first
    assert last["quotes"][0]["quality"] == "QUALITY_SIMULATED"  # type: ignore[index]


def test_an_unknown_code_among_known_ones_is_named_and_the_others_go_on(running_house: House, server: Server) -> None:
    done = running_house.call("stream", "005930", "99999Z", "--count", "1")

    assert done.returncode == 0
    assert "99999Z  거절됨 (없는 종목)" in done.stdout
    assert "삼성전자 005930" in done.stdout


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("99999Z", 3, "instrument '99999Z' does not exist"),
        ("없는회사", 3, "does not exist"),
        ("삼성", 2, "fits several instruments, give a code: 삼성"),
        ("market:nasdaq", 2, "TICKER: unknown index; known are kospi"),
        ("0152301010", 3, "does not exist"),
    ],
)
def test_what_nobody_knows_is_an_error_that_names_it(
    running_house: House, server: Server, shell: Shell, text: str, code: int, message: str
) -> None:
    done = shell.call(running_house, "stream", text)

    assert (done.returncode, done.stdout) == (code, "" if text != "99999Z" else done.stdout)
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_scan_prints_what_it_found_and_what_it_left_out(running_house: House, server: Server) -> None:
    done = running_house.call("scan", "vcp", "--top", "3")

    assert done.returncode == 0, done.stderr
    head, counts, badge, header, *rows = done.stdout.splitlines()
    assert re.search(r"VCP 스캔 완료 · \d{4}-\d{2}-\d{2} 기준", head)
    assert re.search(r"대상 \d+종목 · 판정 \d+ · 포착 \d+ · 표시 [0-3] · 제외: ", counts)
    assert badge == "가격: ⬜ 모의 데이터"
    assert header.split() == [
        "순위",
        "종목",
        "코드",
        "시장",
        "등급",
        "점수",
        "종가",
        "진입",
        "기준가",
        "손절",
        "기준",
        "근거",
    ]
    assert len(rows) <= 4
    assert ANSI not in done.stdout


def test_options_of_a_scan_reach_the_scanner(running_house: House, server: Server) -> None:
    done = running_house.call(
        "scan", "disparity", "--market", "KOSDAQ", "--min-market-cap", "1,500억", "--max-tickers", "50", "--top", "7",
        "--sort-by", "volume", "--order", "asc", "--min-score", "1.5", "--include-elw", "--json",
    )  # fmt: skip

    run = lines(done.stdout)[-1]["finished"]["run"]  # type: ignore[index]
    assert run["options"] == {
        "board": "BOARD_KOSDAQ",
        "exclude_elw": False,
        "min_market_cap_krw": "150000000000",
        "max_tickers": 50,
        "top_n": 7,
        "sort_by": "SCAN_SORT_VOLUME",
        "sort_order": "SORT_ORDER_ASC",
        "min_score": 1.5,
    }


def test_the_status_of_the_own_server_shows_everything(running_house: House, server: Server) -> None:
    status = json.loads(running_house.call("status", "--json").stdout)

    assert status["server"] == server.address
    assert set(status["services"].values()) == {"SERVING"}
    assert status["session"]["clock_mode"] == "simulated"
    assert status["feeds"][0]["feed"] == "simulated"
    assert status["streams"]["max"] == 1200
    assert {job["job"] for job in status["jobs"]} >= {"scan-vcp"}
    assert status["not_visible"] == []


def test_a_caller_without_the_scope_is_told_what_it_may_not_see(house: House, server: Server, shell: Shell) -> None:
    done = shell.call(house, "status", "--server", server.address)

    assert done.returncode == 0, done.stderr
    assert "시장" in done.stdout
    assert "볼 수 없음 - 스트림: 권한 ops" in done.stdout


def test_a_server_at_the_usual_address_is_found_from_anywhere(house: House, server: Server, shell: Shell) -> None:
    status = json.loads(shell.call(house, "status", "--json", KSTOCK_SERVER__LISTEN=server.address).stdout)

    assert status["server"] == server.address
    assert status["not_visible"]


def test_a_named_store_is_not_looked_for_at_the_usual_address(house: House, server: Server, shell: Shell) -> None:
    done = shell.call(house, "--store", "mine.db", "status", KSTOCK_SERVER__LISTEN=server.address)

    assert done.returncode == 5
    assert "mine.db does not exist" in done.stderr


def test_the_own_server_named_by_its_address_lets_its_owner_see_everything(running_house: House, server: Server) -> None:
    status = json.loads(running_house.call("status", "--json", "--server", server.address).stdout)

    assert status["not_visible"] == []


def test_a_token_that_the_server_does_not_know_is_refused(house: House, server: Server, shell: Shell) -> None:
    done = shell.call(house, "status", "--server", server.address, KSTOCK_CLIENT__TOKEN="wrong")

    assert done.returncode == 8
    assert "token is not known" in done.stderr


def test_any_tool_lists_the_services_by_reflection(server: Server) -> None:
    listed = subprocess.run(
        buf_curl(server, "--list-services"), capture_output=True, text=True, timeout=PATIENCE_S, check=True
    )

    assert {
        "kstock.pricestream.v1.PriceStreamService",
        "kstock.market.v1.MarketService",
        "kstock.scanner.v1.ScannerService",
        "kstock.signal.v1.SignalService",
        "kstock.chat.v1.ChatService",
        "kstock.ops.v1.OpsService",
    } <= set(listed.stdout.split())


def test_any_tool_reads_the_price_stream(server: Server) -> None:
    method = "/kstock.pricestream.v1.PriceStreamService/Subscribe"
    wish = json.dumps({"topics": [{"price": {"ticker": "005930"}}]})
    process = subprocess.Popen(buf_curl(server, "-d", wish, method=method), stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        read = ""
        while '"priceKrw"' not in read:
            line = process.stdout.readline()
            assert line, read
            read += line
    finally:
        process.kill()
        process.communicate()
    assert read.index('"opened"') < read.index('"priceKrw"')

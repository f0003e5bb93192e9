"""Commands where no server runs: the same rooms in the command's own process, and nothing left of them."""

import json
import signal

from tests.fixtures.kstock_server import House
from tests.fixtures.kstock_shell import Shell


def test_a_scan_needs_no_server_and_leaves_nothing_behind(idle_house: House) -> None:
    done = idle_house.call("scan", "vcp", "--top", "1", "--json")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["finished"]["run"]["universe_size"] > 100
    assert list(idle_house.temporary.iterdir()) == []
    assert not list(idle_house.data_dir.glob("*.server.json"))


def test_asking_again_is_asking_of_the_same_day(idle_house: House, shell: Shell) -> None:
    first, second = (json.loads(shell.call(idle_house, "status", "--json").stdout)["session"] for _ in range(2))

    assert first["newest_stored_session"] == first["day"]["date"]
    assert second["day"] == first["day"]


def test_an_interrupted_stream_ends_with_its_rooms(idle_house: House) -> None:
    process = idle_house.begin("stream", "005930", "--json")
    assert process.stdout is not None
    assert process.stdout.readline()

    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)

    assert process.returncode == 130
    assert "Traceback" not in err
    assert list(idle_house.temporary.iterdir()) == []


def test_a_terminated_stream_ends_with_its_rooms(idle_house: House) -> None:
    process = idle_house.begin("stream", "005930", "--json")
    assert process.stdout is not None
    assert process.stdout.readline()

    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=20)

    assert process.returncode == 128 + signal.SIGTERM
    assert "Traceback" not in err
    assert list(idle_house.temporary.iterdir()) == []


def test_a_reader_that_goes_away_ends_a_stream(idle_house: House) -> None:
    process = idle_house.begin("stream", "005930", "000660")
    assert process.stdout is not None
    assert process.stdout.readline()

    process.stdout.close()
    process.wait(60)

    assert process.stderr is not None
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()
    assert list(idle_house.temporary.iterdir()) == []

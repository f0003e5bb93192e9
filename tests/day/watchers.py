"""People who follow signals with `kstock watch`: one stays, one is killed again and again and goes on where it stopped."""

import json
import os
import subprocess
import threading
from pathlib import Path
from typing import IO, Any

from tests.fixtures.kstock_server import KSTOCK, House

Event = dict[str, Any]


class Watcher:
    """`kstock watch --json` into a file, as often as it is started; what was written whole has been processed."""

    def __init__(self, house: House, name: str) -> None:
        self._house = house
        self._folder = house.folder / name
        self._folder.mkdir()
        self._process: subprocess.Popen[bytes] | None = None
        self._out: IO[bytes] | None = None
        self.starts = 0

    def start(self) -> None:
        """Begin, or go on behind the last event that was written down."""
        events = self.events()
        after = events[-1]["event_id"] if events else "0"
        self.starts += 1
        self._out = self._file(self.starts).open("wb")
        self._process = subprocess.Popen(
            [KSTOCK, "watch", "--after", after, "--json"],
            cwd=self._house.folder,
            env=self._house.environment() | {"PYTHONUNBUFFERED": "1"},
            stdout=self._out,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """End it without a word, perhaps in the middle of a line."""
        assert self._process is not None
        assert self._out is not None
        self._process.kill()
        self._process.wait()
        self._out.close()

    def events(self) -> list[Event]:
        """Every event that was written down, in the order of writing."""
        return [json.loads(line) for number in range(1, self.starts + 1) for line in _whole_lines(self._file(number))]

    def _file(self, number: int) -> Path:
        return self._folder / f"{number}.jsonl"


def _whole_lines(file: Path) -> list[bytes]:
    content = file.read_bytes()
    end = content.rfind(b"\n") + 1
    return content[:end].splitlines()


def cpu_s(pid: int) -> float:
    """CPU seconds that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def nap(seconds: float) -> None:
    """Let machine time pass; nothing here is told when something happens in another process."""
    threading.Event().wait(seconds)

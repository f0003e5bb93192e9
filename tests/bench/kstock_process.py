"""`kstock up` as people start it, in a process of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import REPOSITORY

_READY = b"kstock is ready"
_PATIENCE_S = 120.0
_LOOK_S = 0.005

SETTLED_S = 30.0
"""After which a start is over in every room: missed jobs, the gates of past days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KstockProcess:
    """A server that is ready; `ready_s` passed from the start of its process to its word that it is, with that much CPU."""

    address: str
    ready_s: float
    ready_cpu_s: float
    pid: int

    def cpu_s(self) -> float:
        """CPU seconds that it has used."""
        return _cpu_seconds(self.pid)

    def waited_s(self) -> float:
        """Seconds that its main thread was ready to run and had no processor: what the neighbours took."""
        return int(Path(f"/proc/{self.pid}/schedstat").read_text().split()[1]) / 1e9

    def memory_mib(self) -> tuple[float, float]:
        """Memory in use now, and the most that ever was, MiB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        now, peak = (int(found) / 1024 for found in re.findall(r"^(?:VmRSS|VmHWM):\s*(\d+) kB", status, re.MULTILINE)[::-1])
        return now, peak


@contextmanager
def kstock_up(data_dir: Path, *options: str, settings: Mapping[str, str] | None = None) -> Iterator[KstockProcess]:
    """Start it on a free port; it has stopped when the block is left.

    Args:
        data_dir: Folder of its stores and of its log.
        options: Further options of `kstock up`.
        settings: Further variables of its environment.
    """
    address = f"127.0.0.1:{free_port()}"
    command = [
        str(Path(sys.executable).with_name("kstock")),
        "--data-dir",
        str(data_dir),
        "up",
        "--listen",
        address,
        *options,
    ]
    log = data_dir / "up.log"
    began = time.perf_counter()
    with log.open("wb") as output:
        environment = os.environ | {"KSTOCK_METRICS__LISTEN": ""} | dict(settings or {})
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=REPOSITORY, env=environment)
    try:
        while _READY not in log.read_bytes():
            if process.poll() is not None or time.perf_counter() - began > _PATIENCE_S:
                raise RuntimeError(f"kstock up did not become ready: {log.read_text()[-2000:]}")
            time.sleep(_LOOK_S)
        passed, used = time.perf_counter() - began, _cpu_seconds(process.pid)
        yield KstockProcess(address=address, ready_s=passed, ready_cpu_s=used, pid=process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port

"""How commands on this machine find the servers that run on a store: a private file beside the store for each process."""

import glob
import json
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.market.errors import StoreUnusable
from shared.rpc.client import Target

_SUFFIX = ".server.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningServer:
    """A server's address and token, its process and its rooms; one that is not `ready` is still preparing itself."""

    target: Target
    pid: int
    rooms: frozenset[str]
    ready: bool


class Announcement:
    """The file of this process."""

    def __init__(self, beside: Path, target: Target, rooms: Collection[str]) -> None:
        """Keep what the file says.

        Args:
            beside: The store, or what stands for it in the data folder.
            target: How this process is reached from this machine.
            rooms: What it serves.
        """
        self._path = beside.with_name(f"{beside.name}.{os.getpid()}{_SUFFIX}")
        self._body = {
            "address": target.address,
            "token": target.token,
            "tls": target.tls,
            "ca_certificate": str(target.ca_certificate) if target.ca_certificate else None,
            "pid": os.getpid(),
            "rooms": sorted(rooms),
        }

    def write(self, *, ready: bool) -> None:
        """Tell of this process; only this user may read the file, for it holds a token with every scope."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_name(f"{self._path.name}.new")
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump({**self._body, "ready": ready}, file)
        partial.replace(self._path)

    def remove(self) -> None:
        """Take the file away."""
        self._path.unlink(missing_ok=True)


@contextmanager
def announced(beside: Path, target: Target, rooms: Collection[str]) -> Iterator[Announcement]:
    """Tell of this process while the block runs, as of one that prepares itself until the block says otherwise."""
    announcement = Announcement(beside, target, rooms)
    announcement.write(ready=False)
    try:
        yield announcement
    finally:
        announcement.remove()


def find_running(beside: Path) -> list[RunningServer]:
    """The servers that told of themselves beside a store and whose processes are alive; files left behind are removed.

    Raises:
        StoreUnusable: A file is not one of ours.
    """
    return _alive(sorted(beside.parent.glob(f"{glob.escape(beside.name)}.*{_SUFFIX}")))


def find_any(folder: Path) -> list[RunningServer]:
    """The same of every store in a folder."""
    return _alive(sorted(folder.glob(f"*{_SUFFIX}")))


def _alive(files: list[Path]) -> list[RunningServer]:
    found = []
    for path in files:
        server = _read(path)
        if server is None:
            continue
        if _is_alive(server.pid):
            found.append(server)
        else:
            path.unlink(missing_ok=True)
    return found


def _read(path: Path) -> RunningServer | None:
    """What a file tells; None when it has gone meanwhile."""
    try:
        body: dict[str, Any] = json.loads(path.read_text())
        certificate = body["ca_certificate"]
        target = Target(
            address=body["address"],
            token=body["token"],
            tls=body["tls"],
            ca_certificate=Path(certificate) if certificate else None,
        )
        return RunningServer(target=target, pid=int(body["pid"]), rooms=frozenset(body["rooms"]), ready=bool(body["ready"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise StoreUnusable(f"{path} does not describe a server; delete it") from error


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

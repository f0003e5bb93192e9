"""How a command on this machine finds the server that runs on a store: a private file beside the store."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shared.market.errors import StoreUnusable
from shared.rpc.client import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningServer:
    """Address, token and process of a server."""

    target: Target
    pid: int


@contextmanager
def announced(path: Path, target: Target) -> Iterator[None]:
    """Keep the file while the block runs; only this user may read it, for it holds a token with every scope."""
    path.parent.mkdir(parents=True, exist_ok=True)
    body = {
        "address": target.address,
        "token": target.token,
        "tls": target.tls,
        "ca_certificate": str(target.ca_certificate) if target.ca_certificate else None,
        "pid": os.getpid(),
    }
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(body, file)
    partial.replace(path)
    try:
        yield
    finally:
        running = find_running(path)
        if running is not None and running.pid == os.getpid():
            path.unlink(missing_ok=True)


def find_running(path: Path) -> RunningServer | None:
    """The server that the file tells of, if its process is alive; None without a file or with one left behind.

    Raises:
        StoreUnusable: The file is not one of ours.
    """
    try:
        body = json.loads(path.read_text())
        certificate = body["ca_certificate"]
        target = Target(
            address=body["address"],
            token=body["token"],
            tls=body["tls"],
            ca_certificate=Path(certificate) if certificate else None,
        )
        pid = int(body["pid"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise StoreUnusable(f"{path} does not describe a server; delete it") from error
    return RunningServer(target=target, pid=pid) if _is_alive(pid) else None


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

"""Where a server may listen: beyond this machine only with transport security and a token."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import grpc

from shared.config import ServerSettings
from shared.market.errors import InvalidInput
from shared.rpc.principals import is_loopback

_LAST_PORT = 65_535


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenAddress:
    """A host and port, or a unix socket with port 0."""

    host: str
    port: int
    text: str

    @property
    def loopback_only(self) -> bool:
        """Whether only this machine can connect."""
        return is_loopback(self.host)


def parse_listen(text: str, field: str = "server.listen") -> ListenAddress:
    """Read `host:port`, `[::1]:port` or `unix:/path`; port 0 lets the system choose.

    Args:
        text: The address.
        field: Name of the setting in the error.

    Raises:
        InvalidInput: If it is none of them.
    """
    if text.startswith("unix:"):
        return ListenAddress(host="unix", port=0, text=text)
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or int(port) > _LAST_PORT:
        raise InvalidInput(field, "must be host:port such as 127.0.0.1:50051")
    return ListenAddress(host=host.strip("[]"), port=int(port), text=text)


@dataclass(slots=True, kw_only=True)
class Reservation:
    """A port that is kept for this process until its server takes it.

    `text` is the address with the real port; the same text for a unix socket.
    """

    text: str
    _keeper: socket.socket | None = field(default=None, repr=False)

    def release(self) -> None:
        """Let the port go, right before the server binds it."""
        if self._keeper is not None:
            self._keeper.close()
            self._keeper = None


@contextmanager
def reserved(text: str, setting: str = "server.listen") -> Iterator[Reservation]:
    """Keep an address while a process prepares itself: a port in use is found out first, and port 0 becomes a real one.

    Args:
        text: `host:port`, port 0 for any free one; a unix socket or an empty text reserves nothing.
        setting: Name of the setting in the error.

    Raises:
        InvalidInput: The address is none, or cannot be used.
    """
    reservation = Reservation(text=text) if not text or text.startswith("unix:") else _reserve(text, setting)
    try:
        yield reservation
    finally:
        reservation.release()


def _reserve(text: str, setting: str) -> Reservation:
    address = parse_listen(text, setting)
    keeper: socket.socket | None = None
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
        keeper = socket.socket(family, kind, protocol)
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a server that has just ended is no obstacle
        keeper.bind(place)
    except OSError as error:
        if keeper is not None:
            keeper.close()
        raise unusable_address(text, setting) from error
    port = keeper.getsockname()[1]
    return Reservation(text=f"{text.rpartition(':')[0]}:{port}", _keeper=keeper)


def unusable_address(text: str, setting: str) -> InvalidInput:
    """The error of an address that another program has, or that this machine does not have."""
    return InvalidInput(setting, f"{text} cannot be used; stop the program that has it or choose another address")


def check_listen(settings: ServerSettings) -> ListenAddress:
    """The address of the settings, refused when it would expose an unprotected server.

    Raises:
        InvalidInput: Not an address; or beyond loopback without token and TLS, unless `insecure` says that somebody else
            protects it.
    """
    address = parse_listen(settings.listen)
    protected = bool(settings.tokens) and settings.tls_certificate is not None and settings.tls_key is not None
    if address.loopback_only or protected or settings.insecure:
        return address
    raise InvalidInput(
        "server.listen",
        f"{settings.listen} is reachable from other machines; set server.tokens, server.tls_certificate and server.tls_key, "
        "or --insecure when something else protects it",
    )


def server_credentials(settings: ServerSettings) -> grpc.ServerCredentials | None:
    """TLS credentials of the settings; None without TLS.

    Raises:
        InvalidInput: If one of the two files is missing or cannot be read.
    """
    certificate, key = settings.tls_certificate, settings.tls_key
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise InvalidInput("server.tls_certificate", "and server.tls_key belong together; set both")
    try:
        return grpc.ssl_server_credentials([(key.read_bytes(), certificate.read_bytes())])
    except OSError as error:
        raise InvalidInput("server.tls_certificate", f"cannot be read: {error.strerror}") from error

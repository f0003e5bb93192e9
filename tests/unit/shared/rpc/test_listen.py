"""Where a server may listen."""

import socket
from pathlib import Path

import pytest

from shared.config import ServerSettings
from shared.market.errors import InvalidInput
from shared.rpc.listen import check_listen, parse_listen, reserved, server_credentials


@pytest.mark.parametrize("text", ["127.0.0.1:50051", "localhost:0", "[::1]:50051", "unix:/tmp/kstock.sock"])
def test_this_machine_may_be_listened_on_without_protection(text: str) -> None:
    assert check_listen(ServerSettings(listen=text)).loopback_only


@pytest.mark.parametrize("text", ["0.0.0.0:50051", "[::]:50051", "192.0.2.1:50051", "example.org:50051"])
def test_an_open_address_is_refused_without_token_and_tls(text: str) -> None:
    with pytest.raises(InvalidInput, match="reachable from other machines"):
        check_listen(ServerSettings(listen=text))
    with pytest.raises(InvalidInput):
        check_listen(ServerSettings(listen=text, tokens={"t": ("ops",)}))


def test_an_open_address_is_taken_with_token_and_tls_or_on_request() -> None:
    protected = ServerSettings(
        listen="0.0.0.0:50051", tokens={"t": ("ops",)}, tls_certificate=Path("c.pem"), tls_key=Path("k.pem")
    )
    assert not check_listen(protected).loopback_only
    assert not check_listen(ServerSettings(listen="0.0.0.0:50051", insecure=True)).loopback_only


@pytest.mark.parametrize("text", ["", "50051", "127.0.0.1", ":50051", "127.0.0.1:port", "127.0.0.1:70000", "127.0.0.1:-1"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"server\.listen"):
        parse_listen(text)


def test_half_a_certificate_is_refused() -> None:
    with pytest.raises(InvalidInput, match="belong together"):
        server_credentials(ServerSettings(tls_certificate=Path("c.pem")))


def test_a_missing_certificate_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="tls_certificate"):
        server_credentials(ServerSettings(tls_certificate=tmp_path / "c.pem", tls_key=tmp_path / "k.pem"))


def test_port_0_becomes_a_real_port() -> None:
    with reserved("127.0.0.1:0") as address:
        assert parse_listen(address.text).port > 0


def test_a_port_that_somebody_listens_on_is_found_out_at_once() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        used = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(InvalidInput, match=f"metrics.listen: {used} cannot be used"), reserved(used, "metrics.listen"):
            pass


@pytest.mark.parametrize("text", ["no-such-host.invalid:50051", "203.0.113.1:50051"])
def test_an_address_of_no_use_is_found_out_at_once(text: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be used"), reserved(text):
        pass

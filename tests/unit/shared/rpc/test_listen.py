"""Where a server may listen."""

from pathlib import Path

import pytest

from shared.config import ServerSettings
from shared.market.errors import InvalidInput
from shared.rpc.listen import check_listen, parse_listen, server_credentials


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

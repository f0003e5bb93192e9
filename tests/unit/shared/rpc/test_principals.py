"""Who calls, by token, by anonymous key, by being on this machine."""

from datetime import timedelta

import pytest

from shared.market.errors import NotAllowed
from shared.rpc.errors import BadToken
from shared.rpc.methods import MethodPolicy, Scope
from shared.rpc.principals import Principal, PrincipalResolver, is_loopback, peer_address

LOCAL = "ipv4:127.0.0.1:50632"
REMOTE = "ipv4:203.0.113.7:50632"
ANONYMOUS = f"anon.{'0123456789abcdef' * 2}"


def resolver(*, loopback_only: bool = True, public_access: bool = True) -> PrincipalResolver:
    tokens = {"secret-ops": ("ops",), "secret-bot": ("bot",), "secret-room": ("internal", "bot")}
    return PrincipalResolver(tokens, loopback_only=loopback_only, public_access=public_access)


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def policy(scope: Scope, *, on_bridge: bool = True) -> MethodPolicy:
    return MethodPolicy(scope=scope, deadline=timedelta(seconds=1), on_bridge=on_bridge)


def test_a_direct_call_on_this_machine_is_local_and_a_user() -> None:
    principal = resolver().resolve({}, LOCAL)
    assert principal.name == "local"
    assert principal.scopes == {Scope.USER, Scope.PUBLIC}


def test_a_local_call_is_only_public_when_the_server_listens_to_others() -> None:
    assert resolver(loopback_only=False).resolve({}, LOCAL).scopes == {Scope.PUBLIC}


def test_a_call_through_the_bridge_is_never_local() -> None:
    principal = resolver().resolve({"x-kstock-bridge": "1"}, LOCAL)
    assert principal.scopes == {Scope.PUBLIC}
    assert principal.by_bridge


def test_public_access_can_be_switched_off() -> None:
    principal = resolver(public_access=False).resolve({}, REMOTE)
    with pytest.raises(NotAllowed):
        principal.require(policy(Scope.PUBLIC))


def test_callers_behind_the_bridge_are_told_apart_by_their_address() -> None:
    one = resolver().resolve({"x-kstock-bridge": "1", "x-forwarded-for": "198.51.100.1"}, LOCAL)
    two = resolver().resolve({"x-kstock-bridge": "1", "x-forwarded-for": "198.51.100.2"}, LOCAL)
    assert one.name != two.name


def test_a_remote_caller_cannot_choose_the_address_it_is_counted_by() -> None:
    plain = resolver().resolve({}, REMOTE)
    spoofed = resolver().resolve({"x-kstock-bridge": "1", "x-forwarded-for": "198.51.100.2"}, REMOTE)
    assert spoofed.name == plain.name


def test_a_token_gives_its_scopes_and_what_they_imply() -> None:
    assert resolver().resolve(bearer("secret-bot"), REMOTE).scopes == {Scope.BOT, Scope.USER, Scope.PUBLIC}


def test_a_principal_never_shows_its_token() -> None:
    assert "secret" not in resolver().resolve(bearer("secret-ops"), REMOTE).name
    assert ANONYMOUS[5:] not in resolver().resolve(bearer(ANONYMOUS), REMOTE).name


def test_an_anonymous_key_is_a_user_of_its_own() -> None:
    one = resolver().resolve(bearer(ANONYMOUS), REMOTE)
    other = resolver().resolve(bearer(f"anon.{'f' * 32}"), REMOTE)
    assert one.scopes == {Scope.USER, Scope.PUBLIC}
    assert one.name != other.name
    assert one == resolver().resolve(bearer(ANONYMOUS), REMOTE)


@pytest.mark.parametrize(
    "authorization",
    ["Bearer wrong", "Bearer ", "secret-ops", "Basic c2VjcmV0", "Bearer anon.short", f"Bearer {ANONYMOUS.upper()}"],
)
def test_a_token_that_means_nothing_is_refused(authorization: str) -> None:
    with pytest.raises(BadToken):
        resolver().resolve({"authorization": authorization}, LOCAL)


def test_ops_and_internal_methods_are_closed_to_the_bridge_whatever_the_token() -> None:
    principal = resolver().resolve({**bearer("secret-ops"), "x-kstock-bridge": "1"}, LOCAL)
    with pytest.raises(NotAllowed):
        principal.require(policy(Scope.OPS, on_bridge=False))


def test_only_a_bot_may_speak_for_somebody_else() -> None:
    user = Principal(name="local", scopes=frozenset({Scope.USER}))
    bot = Principal(name="token:1", scopes=frozenset({Scope.BOT, Scope.USER}))
    assert user.acting_for("") == "local"
    assert bot.acting_for("d-17") == "user:d-17"
    with pytest.raises(NotAllowed):
        user.acting_for("d-17")


@pytest.mark.parametrize(
    ("peer", "host"),
    [
        ("ipv4:127.0.0.1:5", "127.0.0.1"),
        ("ipv6:%5B::1%5D:123", "::1"),
        ("ipv6:[2001:db8::1]:123", "2001:db8::1"),
        ("unix:/tmp/kstock.sock", "unix"),
        ("", ""),
    ],
)
def test_the_host_is_read_from_a_peer(peer: str, host: str) -> None:
    assert peer_address(peer) == host


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.8.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("", False)],
)
def test_loopback_is_recognised(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_a_refusal_names_the_scope_as_settings_write_it() -> None:
    nobody = Principal(name="nobody", scopes=frozenset())
    with pytest.raises(NotAllowed, match="the scope 'ops'"):
        nobody.require(policy(Scope.OPS))

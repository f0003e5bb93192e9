"""Who calls: from the metadata and the peer of a call to a principal with scopes."""

import hashlib
import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from shared.market.errors import NotAllowed
from shared.rpc.errors import BadToken
from shared.rpc.methods import MethodPolicy, Scope

AUTHORIZATION_KEY = "authorization"
BRIDGE_KEY = "x-kstock-bridge"
"""The web bridge sets it on every call it passes, overwriting what a browser sent; it only ever takes rights away."""
FORWARDED_KEY = "x-forwarded-for"

_BEARER = "bearer "
_ANONYMOUS = re.compile(r"anon\.[0-9a-f]{32}", re.ASCII)
_HASH_LENGTH = 32
_IMPLIED: Mapping[Scope, frozenset[Scope]] = {
    Scope.PUBLIC: frozenset(),
    Scope.USER: frozenset({Scope.PUBLIC}),
    Scope.BOT: frozenset({Scope.USER, Scope.PUBLIC}),
    Scope.INTERNAL: frozenset({Scope.PUBLIC}),
    Scope.OPS: frozenset({Scope.PUBLIC}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """A caller.

    Attributes:
        name: Stable name for limits, ownership and logs; never a token and, for browsers, only a hash of one.
        scopes: What it may do, implied scopes included.
        by_bridge: Whether the call came through the web bridge.
    """

    name: str
    scopes: frozenset[Scope]
    by_bridge: bool = False

    def require(self, policy: MethodPolicy) -> None:
        """Check that this caller may call a method.

        Raises:
            NotAllowed: Without the scope, or through the bridge where the bridge must not pass.
        """
        if self.by_bridge and not policy.on_bridge:
            raise NotAllowed(policy.scope or "direct call")
        if policy.scope is not None and policy.scope not in self.scopes:
            raise NotAllowed(policy.scope)

    def acting_for(self, user_ref: str) -> str:
        """The owner of what a request touches: the caller, or the user on whose behalf a bot asks.

        Args:
            user_ref: Opaque reference from the request; empty means the caller.

        Raises:
            NotAllowed: If a caller without the scope `bot` names somebody else.
        """
        if not user_ref:
            return self.name
        if Scope.BOT not in self.scopes:
            raise NotAllowed(Scope.BOT)
        return f"user:{user_ref}"


class PrincipalResolver:
    """Turns the credentials of a call into a principal."""

    def __init__(self, tokens: Mapping[str, Iterable[str]], *, loopback_only: bool, public_access: bool) -> None:
        """Set the resolver up.

        Args:
            tokens: Token -> scopes; kept as digests only.
            loopback_only: Whether the server listens on loopback only, so that a direct call is from this machine.
            public_access: Whether callers without a token may read.
        """
        self._tokens = {_digest(token): _with_implied(scopes) for token, scopes in tokens.items()}
        self._loopback_only = loopback_only
        self._public = frozenset({Scope.PUBLIC}) if public_access else frozenset()

    def resolve(self, metadata: Mapping[str, str], peer: str) -> Principal:
        """Find out who calls.

        Args:
            metadata: Text metadata of the call, lower-case keys.
            peer: Address as gRPC reports it, e.g. `ipv4:127.0.0.1:50632`.

        Raises:
            BadToken: If there is a token that means nothing.
        """
        by_bridge = BRIDGE_KEY in metadata
        authorization = metadata.get(AUTHORIZATION_KEY, "")
        if authorization:
            return self._by_token(authorization, by_bridge=by_bridge)
        address = peer_address(peer)
        if is_loopback(address) and self._loopback_only and not by_bridge:
            return Principal(name="local", scopes=frozenset({Scope.USER, Scope.PUBLIC}))
        caller = metadata.get(FORWARDED_KEY, address) if by_bridge and is_loopback(address) else address
        return Principal(name=f"public:{_short_hash(caller)}", scopes=self._public, by_bridge=by_bridge)

    def _by_token(self, authorization: str, *, by_bridge: bool) -> Principal:
        if not authorization.lower().startswith(_BEARER):
            raise BadToken
        token = authorization[len(_BEARER) :].strip()
        digest = _digest(token)
        scopes = self._tokens.get(digest)
        if scopes is not None:
            return Principal(name=f"token:{digest[:_HASH_LENGTH]}", scopes=scopes, by_bridge=by_bridge)
        if _ANONYMOUS.fullmatch(token):
            scopes = frozenset({Scope.USER, Scope.PUBLIC})
            return Principal(name=f"anon:{_short_hash(token)}", scopes=scopes, by_bridge=by_bridge)
        raise BadToken


def peer_address(peer: str) -> str:
    """The host of a gRPC peer without its port: `127.0.0.1`, `::1`, `unix`; empty when unknown."""
    kind, _, rest = unquote(peer).partition(":")
    if kind == "unix":
        return "unix"
    return rest.rpartition(":")[0].strip("[]")


def is_loopback(host: str) -> bool:
    """Whether a host can only be this machine."""
    if host in ("localhost", "unix"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _with_implied(scopes: Iterable[str]) -> frozenset[Scope]:
    named = {Scope(scope) for scope in scopes}
    return frozenset(named.union(*(_IMPLIED[scope] for scope in named)))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _short_hash(text: str) -> str:
    return _digest(text)[:_HASH_LENGTH]

"""The provider of the sign-in: where it answers, by its own discovery, and the public keys it signs with.

Both are kept for an hour. An id token that names a key which is not among them has the keys read again, at most once a
minute, so that nobody makes us ask by inventing names. (OpenID Connect Discovery 1.0; Core 1.0, section 10.1.1)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from functions.identity.oidc import fetching
from functions.identity.oidc.clients import Client
from shared import config
from shared.callers.challenges import Unauthenticated
from shared.clock import SECOND, Instant

KEPT = 60 * 60 * SECOND
ASKED_AGAIN = 60 * SECOND
SCOPE = "openid email profile"


class InvalidAuthorizationCode(Unauthenticated):
    """401: the provider does not know the code, or not any more; begin again."""


@dataclass(slots=True)
class Provider:
    """What the discovery document of an issuer says; `names_itself` is whether its callbacks carry `iss` (RFC 9207)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    names_itself: bool
    read_at: Instant
    keys: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    keys_read_at: Instant | None = None

    def authorization(self, **parameters: str) -> str:
        """Return where to send a browser that asks for a code."""
        join = "&" if "?" in self.authorization_endpoint else "?"
        asked = {"response_type": "code", "scope": SCOPE, **parameters}
        return f"{self.authorization_endpoint}{join}{urlencode(asked)}"

    def key(self, key_id: str, *, now: Instant) -> Mapping[str, Any] | None:
        """Return the public key (JWK) of this id, None when the provider lists none. Raises ProviderUnavailable."""
        age = None if self.keys_read_at is None else now - self.keys_read_at
        if age is None or not 0 <= age < KEPT or (key_id not in self.keys and age >= ASKED_AGAIN):
            self.keys = _keys(self.jwks_uri)
            self.keys_read_at = now
        return self.keys.get(key_id)


_known: dict[str, Provider] = {}


def current(*, now: Instant) -> Provider:
    """Return the provider of this stage. Raises ProviderUnavailable."""
    issuer = config.oidc_issuer()
    provider = _known.get(issuer)
    if provider is None or not 0 <= now - provider.read_at < KEPT:
        provider = _known[issuer] = _discovered(issuer, now)
    return provider


def forget() -> None:
    """Let go of what was discovered."""
    _known.clear()


def redeem(provider: Provider, client: Client, *, code: str, verifier: str, redirect_uri: str) -> str:
    """Exchange a code for an id token, which is still to be verified.

    Raises InvalidAuthorizationCode, ProviderUnavailable.
    """
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}
    headers = {"Authorization": client.authorization}
    status, body = fetching.post(provider.token_endpoint, form, headers=headers)
    if status == 400 and body.get("error") == "invalid_grant":
        raise InvalidAuthorizationCode("The provider does not know this code, or not any more; begin again.")
    if status != 200 or not isinstance(body.get("id_token"), str):
        raise fetching.unavailable(f"token endpoint: {status} {str(body.get('error'))[:40]!r}")
    return str(body["id_token"])


def _discovered(issuer: str, now: Instant) -> Provider:
    status, found = fetching.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if status != 200 or found.get("issuer") != issuer or not all(fetching.is_safe(found.get(n)) for n in names):
        raise fetching.unavailable(f"discovery: {status}")
    return Provider(
        issuer=issuer,
        **{name: found[name] for name in names},
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
        read_at=now,
    )


def _keys(jwks_uri: str) -> dict[str, Mapping[str, Any]]:
    status, found = fetching.get(jwks_uri)
    listed = found.get("keys")
    if status != 200 or not isinstance(listed, list):
        raise fetching.unavailable(f"keys: {status}")
    return {each["kid"]: each for each in listed if isinstance(each, dict) and isinstance(each.get("kid"), str)}

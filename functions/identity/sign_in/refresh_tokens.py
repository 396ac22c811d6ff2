"""Refresh tokens: the session they belong to and a secret of 256 bits, opaque to whoever holds one.

Stored is the SHA-256 of the secret only: a random secret needs no slow hash. The secret of a successor is derived from
the token before it and a secret of the stage. So a lost successor can be answered again, to the holder of that token.
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

from functions.identity.second_factor import seals
from shared import ids, sealing
from shared.stage_secrets import SecretAbsent, Version

_SECRET_BYTES = 32
_SHAPE = re.compile(r"(session_[0-9A-Z]{26})\.([A-Za-z0-9_-]{43})", re.ASCII)


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A refresh token, taken apart."""

    session_id: str
    secret: str = field(repr=False)

    @property
    def digest(self) -> str:
        """The SHA-256 of the secret, in hexadecimal digits."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    @property
    def text(self) -> str:
        """The token as its holder sends it."""
        return f"{self.session_id}.{self.secret}"


def new(session_id: str) -> RefreshToken:
    """Return a token of the session that nobody has seen."""
    return RefreshToken(session_id, secrets.token_urlsafe(_SECRET_BYTES))


def successor(token: RefreshToken) -> tuple[RefreshToken, str | None]:
    """Return the token that follows this one, and the version of the stage's secret that derives it again.

    Without a secret the successor is random, the version None: sessions go on, only a repeat finds nothing.
    Raises Unavailable.
    """
    try:
        version = seals.secret.current()
    except SecretAbsent:
        return new(token.session_id), None
    return _derived(token, version), version.name


def successor_by(secret_version: str, token: RefreshToken) -> RefreshToken:
    """Return the successor of a token by this version of the secret. Raises SecretAbsent, Unavailable."""
    return _derived(token, seals.secret.of(secret_version))


def parse(text: str) -> RefreshToken | None:
    """Return the token that the text is, None when it has not the shape of one."""
    match = _SHAPE.fullmatch(text)
    return RefreshToken(match[1], match[2]) if match and ids.is_valid(match[1], "session") else None


def _derived(token: RefreshToken, version: Version) -> RefreshToken:
    digest = hmac.digest(sealing.key(version, b"refresh"), token.text.encode(), "sha256")
    return RefreshToken(token.session_id, base64.urlsafe_b64encode(digest).rstrip(b"=").decode())

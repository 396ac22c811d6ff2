"""Refresh tokens: the session they belong to and a secret of 256 bits, opaque to whoever holds one.

Stored is the SHA-256 of the secret only: a random secret needs no slow hash.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass, field

from shared import ids

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


def parse(text: str) -> RefreshToken | None:
    """Return the token that the text is, None when it has not the shape of one."""
    match = _SHAPE.fullmatch(text)
    return RefreshToken(match[1], match[2]) if match and ids.is_valid(match[1], "session") else None

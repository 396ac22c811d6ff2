"""Sign-ins that have gone to Google: each waits for its callback, for ten minutes, once, in the browser that began it.

The browser holds a secret of 256 random bits in a cookie, of which only the SHA-256 is stored, as of `state`. The nonce
and the PKCE verifier are derived from that secret and are nowhere but in its holder's hands: who reads the table has
neither, and a callback in another browser, to which somebody else's sign-in is handed, ends before a code is redeemed
(RFC 9700, sections 2.1.1 and 4.7).

A callback that fails for want of a service puts its attempt back, with whom the provider has named by then: the code
is good once at the provider, so a repeated callback goes on from there.
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import asdict, dataclass, field, replace
from typing import NamedTuple

from functions.identity.accounts.identities import Identity
from shared.clock import SECOND, Instant
from shared.errors import Malformed
from shared.storage import changes, records, table
from shared.storage.attributes import Key
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Delete, Put, unchanged

LIFE_SECONDS = 10 * 60

_SECRET_BYTES = 32
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class InvalidSignInState(Malformed):
    """400: `state` is unknown, used, over after ten minutes, or of another browser; begin again."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in on its way: what the provider sees of it, and the secret that the browser keeps.

    `identity` is who the provider has named to an earlier callback, None before it has named anybody.
    """

    state: str
    browser_secret: str = field(repr=False)
    expires_at: Instant
    identity: Identity | None = None

    @property
    def nonce(self) -> str:
        """What the id token must answer with."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """What redeems the code (RFC 7636, section 4.1)."""
        return self._derived("verifier")

    @property
    def challenge(self) -> str:
        """The S256 challenge of the verifier (RFC 7636, section 4.2)."""
        return _encoded(hashlib.sha256(self.verifier.encode()).digest())

    def _derived(self, purpose: str) -> str:
        return _encoded(hmac.digest(self.browser_secret.encode(), f"{purpose} {self.state}".encode(), "sha256"))


class _Stored(NamedTuple):
    """An attempt as it is stored, in the place of its state; `browser` is the digest of the browser's secret."""

    browser: str
    expires_at: Instant
    version: int
    ttl: int
    identity: dict[str, str] | None = None


def begin(*, now: Instant) -> Attempt:
    """Return an attempt that is written down."""
    state, browser_secret = secrets.token_urlsafe(_SECRET_BYTES), secrets.token_urlsafe(_SECRET_BYTES)
    attempt = Attempt(state, browser_secret, now + LIFE_SECONDS * SECOND)
    table.transact([_written(attempt)])
    return attempt


def use_up(*, state: str, browser_secret: str | None, now: Instant) -> Attempt:
    """Return the attempt that comes back, which ends it: of two callbacks one is first. Raises InvalidSignInState."""
    if browser_secret is None or not _SHAPE.fullmatch(state) or not _SHAPE.fullmatch(browser_secret):
        raise _invalid()
    return changes.make(lambda: _used_up(state, browser_secret, now))


def put_back(attempt: Attempt, identity: Identity | None) -> None:
    """Let the same callback come once more, and go on from whom the provider has named. Raises Unavailable."""
    table.transact([_written(replace(attempt, identity=identity))])


def _written(attempt: Attempt) -> Put:
    stored = _Stored(
        browser=_digest(attempt.browser_secret),
        expires_at=attempt.expires_at,
        version=1,
        ttl=attempt.expires_at // SECOND + 1,
        identity=None if attempt.identity is None else asdict(attempt.identity),
    )
    return Put(records.to_item(_key(attempt.state), "GoogleSignIn", stored), ABSENT)


def _used_up(state: str, browser_secret: str, now: Instant) -> Plan[Attempt]:
    item = table.get(_key(state), consistent=True)
    if item is None:
        raise _invalid()
    stored = records.from_item(_Stored, item)
    if now >= stored.expires_at or not hmac.compare_digest(stored.browser, _digest(browser_secret)):
        raise _invalid()
    identity = None if stored.identity is None else Identity(**stored.identity)
    return Plan(Attempt(state, browser_secret, stored.expires_at, identity), [Delete(_key(state), unchanged(1))])


def _key(state: str) -> Key:
    return Key(f"GOOGLESIGNIN#{_digest(state)}", "GOOGLESIGNIN")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _invalid() -> InvalidSignInState:
    return InvalidSignInState("This sign-in is not known in this browser, or not any more; begin again.")

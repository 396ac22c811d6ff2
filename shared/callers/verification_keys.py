"""The public keys that verify access tokens, as the table has them. Identity writes the records, everyone reads them.

Kept five minutes. A key that is not among them is looked for again at most once a minute and instance, however many
unknown ones are tried, so a forger cannot buy reads; a rotated key is therefore published before it signs. A key that
has been replaced says until when it verifies, which is when the last token it signed has expired.
"""

import base64
from collections.abc import Mapping
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec

from shared.clock import SECOND, Instant
from shared.storage.attributes import Key

ALGORITHM = "ES256"
PARTITION = "SIGNINGKEYS"
PREFIX = "KEY#"

_KEPT = 300 * SECOND
_UNKNOWN_REST = 60 * SECOND


class _Key(NamedTuple):
    """A public key, and until when it verifies; None as long as it has not been replaced."""

    public: ec.EllipticCurvePublicKey
    until: Instant | None


class _KeySet(NamedTuple):
    keys: Mapping[str, _Key]
    read_at: Instant

    def is_due(self, key_id: str, now: Instant) -> bool:
        """Tell whether to read again; with no key at all always, for the very first one must be seen at once."""
        rest = _KEPT if key_id in self.keys else _UNKNOWN_REST
        return now - self.read_at >= rest or not self.keys


_key_set = _KeySet({}, 0)


def key(key_id: str) -> Key:
    """Return the primary key of the record of a signing key."""
    return Key(PARTITION, f"{PREFIX}{key_id}")


def find(key_id: str, *, now: Instant) -> ec.EllipticCurvePublicKey | None:
    """Return the public key of this `kid`, None when no such key is in use. Raises Unavailable."""
    global _key_set  # noqa: PLW0603 - one set for the process, replaced as a whole
    if _key_set.is_due(key_id, now):
        _key_set = _KeySet(_read(), now)
    found = _key_set.keys.get(key_id)
    return found.public if found and verifies(found.until, now=now) else None


def verifies(until: Instant | None, *, now: Instant) -> bool:
    """Tell whether a key that verifies until then, None for one that nothing follows, still verifies tokens."""
    return until is None or now < until


def forget() -> None:
    """Let go of what was read, so that the next search reads the table."""
    global _key_set  # noqa: PLW0603 - one set for the process, replaced as a whole
    _key_set = _KeySet({}, 0)


def _read() -> dict[str, _Key]:
    from shared.storage import table  # noqa: PLC0415 - for a cold start: a malformed token needs no read

    found = {}
    for record in table.query_all(PARTITION, PREFIX):
        try:
            found[record["jwk"]["kid"]] = _Key(_public(record["jwk"]), record["verifies_until"])
        except (KeyError, ValueError):
            from shared.observability import logger  # noqa: PLC0415 - the authorizer starts without it

            # The tokens of this key are refused; those of the others must not be.
            logger.exception("the record of a signing key cannot be read", key=record["SK"])
    return found


def _public(jwk: Mapping[str, str]) -> ec.EllipticCurvePublicKey:
    """Return the key of a JWK: P-256, two coordinates of 32 bytes (RFC 7518, section 6.2). Raises ValueError."""
    x, y = (base64.urlsafe_b64decode(jwk[name] + "=") for name in ("x", "y"))
    if (jwk["kty"], jwk["crv"], len(x), len(y)) != ("EC", "P-256", 32, 32):
        raise ValueError("no key of P-256")
    return ec.EllipticCurvePublicNumbers(int.from_bytes(x), int.from_bytes(y), ec.SECP256R1()).public_key()

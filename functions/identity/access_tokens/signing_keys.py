"""Signing keys: the private half stays in KMS, the public half is a record of the table that everyone verifies with.

What a key is follows from its record and the clock, so nothing has to be switched when the hour comes:

    next      published, and signs from `signs_from` on
    active    the one that has begun to sign last
    retired   verifies until `verifies_until`, when the last token it signed has expired; then it is not listed any more

The first record, of the key the stage was made with, is written when somebody asks for it; the others by a rotation
(rotation.py), long enough before they sign for every verifier to have seen them.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from functions.identity.access_tokens import kms
from shared import clock, config
from shared.callers import verification_keys
from shared.clock import SECOND, Instant
from shared.storage import records as stored
from shared.storage import table
from shared.storage.attributes import Item
from shared.storage.table import ConditionFailed
from shared.storage.writes import ABSENT, Put

_CURVE = "secp256r1"
_COORDINATE_BYTES = 32
_KEPT = 300 * SECOND


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs: its id in KMS, and its `kid`, the RFC 7638 thumbprint of the public half."""

    kms_key_id: str
    key_id: str

    def sign(self, message: bytes) -> bytes:
        """Return the raw ES256 signature (r and s, 64 bytes; RFC 7518, section 3.4) of at most 4,096 bytes.

        Raises Unavailable.
        """
        r, s = decode_dss_signature(kms.sign(self.kms_key_id, message))
        return r.to_bytes(_COORDINATE_BYTES, "big") + s.to_bytes(_COORDINATE_BYTES, "big")


class KeyRecord(NamedTuple):
    """What is stored of a key; `verifies_until` is None as long as no other follows it."""

    kms_key_id: str
    jwk: dict[str, str]
    signs_from: Instant
    verifies_until: Instant | None
    created_at: str
    version: int

    @property
    def key_id(self) -> str:
        """The `kid` that tokens name the key by."""
        return self.jwk["kid"]


@dataclass(frozen=True, slots=True)
class _Known:
    """The records as they were read, for the stage whose first key this is."""

    stage_key: str
    records: Sequence[KeyRecord]
    read_at: Instant


_known = _Known("", [], 0)


def active(*, now: Instant) -> SigningKey:
    """Return the key that signs, and see to it that the first one has a record. Raises Unavailable."""
    global _known  # noqa: PLW0603 - one set for the process, replaced as a whole
    stage_key = config.signing_key_id()
    if _known.stage_key != stage_key or now - _known.read_at >= _KEPT:
        _known = _Known(stage_key, _read(now), now)
    record = newest(begun(_known.records, now=now))
    return SigningKey(record.kms_key_id, record.key_id)


def forget() -> None:
    """Let go of what was read, so that the next search reads the table."""
    global _known  # noqa: PLW0603 - one set for the process, replaced as a whole
    _known = _Known("", [], 0)


def public(*, now: Instant) -> list[dict[str, str]]:
    """Return the JWK of every key that verifies tokens, now or soon (RFC 7517)."""
    return [record.jwk for record in records() if verification_keys.verifies(record.verifies_until, now=now)]


def records() -> list[KeyRecord]:
    """Return the records of all keys there are, read strongly."""
    found = table.query_all(verification_keys.PARTITION, verification_keys.PREFIX)
    return [stored.from_item(KeyRecord, item) for item in found]


def begun(found: Sequence[KeyRecord], *, now: Instant) -> list[KeyRecord]:
    """Return the records of the keys that sign or have signed."""
    return [record for record in found if record.signs_from <= now]


def newest(found: Sequence[KeyRecord]) -> KeyRecord:
    """Return the record of the key that is the last to begin to sign."""
    return max(found, key=lambda record: record.signs_from)


def new(kms_key_id: str, *, signs_from: Instant, at: Instant) -> KeyRecord:
    """Return the record of a key of KMS. Raises Unavailable."""
    jwk = jwk_of(kms.public_key(kms_key_id))
    return KeyRecord(kms_key_id, jwk, signs_from, verifies_until=None, created_at=clock.to_rfc3339(at), version=1)


def to_item(record: KeyRecord) -> Item:
    """Return the item of the record of a key."""
    return stored.to_item(verification_keys.key(record.key_id), "SigningKey", record)


def jwk_of(public_key_der: bytes) -> dict[str, str]:
    """Return the JWK of a public key as KMS gives it. Raises TypeError for a key that cannot sign ES256."""
    # Imported here because only a new key waits for it.
    from cryptography.hazmat.primitives.serialization import load_der_public_key  # noqa: PLC0415

    public_key = load_der_public_key(public_key_der)
    if not (isinstance(public_key, EllipticCurvePublicKey) and public_key.curve.name == _CURVE):
        raise TypeError("SIGNING_KEY_ID must name an ECC_NIST_P256 key")
    point = public_key.public_numbers()
    # RFC 7638: the thumbprint is of exactly these members, in this order, without blanks.
    thumbed = {"crv": "P-256", "kty": "EC", "x": _coordinate(point.x), "y": _coordinate(point.y)}
    digest = hashlib.sha256(json.dumps(thumbed, separators=(",", ":")).encode()).digest()
    return {**thumbed, "kid": _base64url(digest), "use": "sig", "alg": verification_keys.ALGORITHM}


def _read(now: Instant) -> list[KeyRecord]:
    """Return all records; when no key has begun to sign, the stage's own begins."""
    found = records()
    if begun(found, now=now):
        return found
    try:
        # It signs since ever: nobody's clock may be behind the one that wrote this.
        first = new(config.signing_key_id(), signs_from=0, at=now)
        table.transact([Put(to_item(first), ABSENT)])
    except ConditionFailed:
        # Another instance wrote it at the same time: the same key, hence the same record.
        return records()
    return records()


def _coordinate(number: int) -> str:
    return _base64url(number.to_bytes(_COORDINATE_BYTES, "big"))


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

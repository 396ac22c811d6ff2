"""Signing keys: the private half stays in KMS, the public half is a record of the table that everyone verifies with.

The record of the stage's key is written the first time somebody asks for the key.
"""

import base64
import functools
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from shared import clock, config, table, verification_keys
from shared.attributes import Item
from shared.clock import Instant
from shared.errors import Unavailable
from shared.table import ConditionFailed
from shared.writes import ABSENT, Put

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_CURVE = "secp256r1"
_COORDINATE_BYTES = 32
_BUSY_CODES = frozenset(
    {"ThrottlingException", "LimitExceededException", "KMSInternalException", "DependencyTimeoutException"}
)

_known: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs: its id in KMS, and its `kid`, the RFC 7638 thumbprint of the public half."""

    kms_key_id: str
    key_id: str

    def sign(self, message: bytes) -> bytes:
        """Return the raw ES256 signature (r and s, 64 bytes; RFC 7518, section 3.4) of at most 4,096 bytes.

        Raises Unavailable.
        """
        answer = _call(
            _kms().sign,
            KeyId=self.kms_key_id,
            Message=message,
            MessageType="RAW",
            SigningAlgorithm="ECDSA_SHA_256",
        )
        r, s = decode_dss_signature(answer["Signature"])
        return r.to_bytes(_COORDINATE_BYTES, "big") + s.to_bytes(_COORDINATE_BYTES, "big")


def active(*, now: Instant) -> SigningKey:
    """Return the key that signs at this stage, and see to it that its public record is there. Raises Unavailable."""
    kms_key_id = config.signing_key_id()
    if kms_key_id not in _known:
        _known[kms_key_id] = _recorded(kms_key_id) or _record(kms_key_id, now)
    return SigningKey(kms_key_id, _known[kms_key_id])


def public() -> list[dict[str, str]]:
    """Return the JWK of every key that verifies tokens (RFC 7517)."""
    return [record["jwk"] for record in _records()]


def jwk_of(public_key_der: bytes) -> dict[str, str]:
    """Return the JWK of a public key as KMS gives it. Raises TypeError for a key that cannot sign ES256."""
    public_key = load_der_public_key(public_key_der)
    if not (isinstance(public_key, EllipticCurvePublicKey) and public_key.curve.name == _CURVE):
        raise TypeError("SIGNING_KEY_ID must name an ECC_NIST_P256 key")
    point = public_key.public_numbers()
    # RFC 7638: the thumbprint is of exactly these members, in this order, without blanks.
    thumbed = {"crv": "P-256", "kty": "EC", "x": _coordinate(point.x), "y": _coordinate(point.y)}
    digest = hashlib.sha256(json.dumps(thumbed, separators=(",", ":")).encode()).digest()
    return {**thumbed, "kid": _base64url(digest), "use": "sig", "alg": verification_keys.ALGORITHM}


def _records() -> list[Item]:
    return list(table.query_all(verification_keys.PARTITION, verification_keys.PREFIX))


def _recorded(kms_key_id: str) -> str | None:
    return next((record["jwk"]["kid"] for record in _records() if record["kms_key_id"] == kms_key_id), None)


def _record(kms_key_id: str, at: Instant) -> str:
    jwk = jwk_of(_call(_kms().get_public_key, KeyId=kms_key_id)["PublicKey"])
    pk, sk = verification_keys.key(jwk["kid"])
    item: Item = {
        "PK": pk,
        "SK": sk,
        "entity": "SigningKey",
        "kms_key_id": kms_key_id,
        "jwk": jwk,
        "created_at": clock.to_rfc3339(at),
    }
    try:
        table.transact([Put(item, ABSENT)])
    except ConditionFailed:
        # Another instance wrote it at the same time: the same key, hence the same record.
        return jwk["kid"]
    return jwk["kid"]


def _coordinate(number: int) -> str:
    return _base64url(number.to_bytes(_COORDINATE_BYTES, "big"))


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@functools.cache
def _kms() -> "KMSClient":
    retries = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3})
    return boto3.client("kms", config=retries)


def _call(operation: Callable[..., Any], **request: Any) -> Any:
    """Call KMS and return its answer; only what a caller can wait out becomes a refusal."""
    refusal = Unavailable("The signing key did not answer in time; repeat the request.", headers={"Retry-After": "1"})
    try:
        return operation(**request)
    except ClientError as error:
        if error.response["Error"]["Code"] in _BUSY_CODES:
            raise refusal from error
        raise
    except BotoCoreError as error:
        raise refusal from error

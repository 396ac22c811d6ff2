"""An issuer whose private key the tests hold, so that they can also sign what Milepost never would."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from shared import config
from shared.callers import verification_keys
from shared.storage import table

Sign = Callable[[bytes], bytes]

# Milepost itself must not try to sign with a key that KMS does not have.
NEVER = 2**53
SESSION_ID = "session_01KAFX4B1H6M9P2R5S8T0V3WXY"


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def part(content: Any) -> str:
    return encoded(content if isinstance(content, bytes) else json.dumps(content, separators=(",", ":")).encode())


def der(key: ec.EllipticCurvePrivateKey) -> Sign:
    return lambda message: key.sign(message, ec.ECDSA(hashes.SHA256()))


def raw(key: ec.EllipticCurvePrivateKey) -> Sign:
    def sign(message: bytes) -> bytes:
        r, s = decode_dss_signature(der(key)(message))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    return sign


def mac(secret: bytes, algorithm: str) -> Sign:
    return lambda message: hmac.digest(secret, message, algorithm)


class Issuer:
    def __init__(self, *, user_id: str = "user_1", tenant_id: str = "tenant_1") -> None:
        self.user_id = user_id
        self.tenant_id = tenant_id
        self.key = ec.generate_private_key(ec.SECP256R1())
        point = self.key.public_key().public_numbers()
        thumbed = {
            "crv": "P-256",
            "kty": "EC",
            "x": encoded(point.x.to_bytes(32, "big")),
            "y": encoded(point.y.to_bytes(32, "big")),
        }
        self.kid = encoded(hashlib.sha256(json.dumps(thumbed, separators=(",", ":")).encode()).digest())
        self.jwk = {**thumbed, "kid": self.kid, "use": "sig", "alg": "ES256"}

    @property
    def public_pem(self) -> bytes:
        return self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def record(self) -> dict[str, Any]:
        pk, sk = verification_keys.key(self.kid)
        return {
            "PK": pk,
            "SK": sk,
            "entity": "SigningKey",
            "kms_key_id": "elsewhere",
            "jwk": self.jwk,
            "signs_from": NEVER,
            "verifies_until": None,
            "created_at": "2026-01-31T09:30:00.000Z",
            "version": 1,
        }

    def publish(self) -> "Issuer":
        table.put_many([self.record])
        return self

    def header(self, **changes: Any) -> dict[str, Any]:
        return _changed({"alg": "ES256", "kid": self.kid, "typ": "at+jwt"}, changes)

    def claims(self, **changes: Any) -> dict[str, Any]:
        now = int(time.time())
        claims = {
            "iss": config.token_issuer(),
            "aud": config.token_audience(),
            "sub": self.user_id,
            "tid": self.tenant_id,
            "sid": SESSION_ID,
            "roles": ["owner"],
            "scope": "goals:read goals:write identity:read",
            "iat": now,
            "exp": now + 900,
            "jti": "a-token",
            "amr": ["pwd"],
            "auth_time": now,
            "epoch": 0,
        }
        return _changed(claims, changes)

    def token(self, *, header: Any = None, claims: Any = None, sign: Sign | None = None) -> str:
        signed = f"{part(header or self.header())}.{part(claims or self.claims())}"
        return f"{signed}.{encoded((sign or raw(self.key))(signed.encode()))}"


def _changed(content: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """None takes a member away."""
    return {name: value for name, value in (content | changes).items() if value is not None}

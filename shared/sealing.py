"""Sealing: what has to be stored, is needed again, and must not be read by who can only read the table.

A text is encrypted (AES-256-GCM) under a secret of the stage. It is bound to its owner, so that it is of no use in
another's item, and names the version of the secret that it was made with.
"""

import base64
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.stage_secrets import StageSecret, Version

_NONCE_BYTES = 12


def seal(secret: StageSecret, text: str, *, owner: str) -> str:
    """Return the text encrypted for its owner. Raises Unavailable."""
    version, nonce = secret.current(), secrets.token_bytes(_NONCE_BYTES)
    sealed = _cipher(version).encrypt(nonce, text.encode(), owner.encode())
    return f"{version.name}.{base64.b64encode(nonce + sealed).decode()}"


def unseal(secret: StageSecret, sealed: str, *, owner: str) -> str:
    """Return the text that was sealed for this owner. Raises Unavailable."""
    name, _, encoded = sealed.rpartition(".")
    content = base64.b64decode(encoded)
    nonce, encrypted = content[:_NONCE_BYTES], content[_NONCE_BYTES:]
    return _cipher(secret.of(name)).decrypt(nonce, encrypted, owner.encode()).decode()


def key(version: Version, purpose: bytes) -> bytes:
    """Return a key of 256 bits for one purpose: HKDF-Expand (RFC 5869) of a secret that is random already."""
    return hmac.digest(version.value, purpose + b"\x01", "sha256")


def _cipher(version: Version) -> AESGCM:
    return AESGCM(key(version, b"seal"))

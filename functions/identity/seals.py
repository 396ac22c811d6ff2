"""Seals: what has to be stored and must not be read by who can only read the table.

The secret of an authenticator is encrypted (AES-256-GCM), for it is needed again. A code of six digits is kept as a
keyed digest, for a plain hash of it is undone in a second. Both are bound to their owner, so that neither is of use
in another user's item, and both name the version of the stage's secret that they were made with.
"""

import base64
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared import config
from shared.stage_secrets import StageSecret, Version

_NONCE_BYTES = 12

secret = StageSecret(config.otp_secret_id)


def seal(text: str, *, owner: str) -> str:
    """Return the text encrypted for its owner. Raises Unavailable."""
    version, nonce = secret.current(), secrets.token_bytes(_NONCE_BYTES)
    sealed = _cipher(version).encrypt(nonce, text.encode(), owner.encode())
    return f"{version.name}.{base64.b64encode(nonce + sealed).decode()}"


def unseal(sealed: str, *, owner: str) -> str:
    """Return the text that was sealed for this owner. Raises Unavailable."""
    name, _, encoded = sealed.rpartition(".")
    content = base64.b64decode(encoded)
    nonce, encrypted = content[:_NONCE_BYTES], content[_NONCE_BYTES:]
    return _cipher(secret.of(name)).decrypt(nonce, encrypted, owner.encode()).decode()


def digest(text: str, *, owner: str) -> str:
    """Return the keyed digest of a short text. Raises Unavailable."""
    return _digest(secret.current(), text, owner)


def is_of(made: str, text: str, *, owner: str) -> bool:
    """Tell whether a digest was made of this text for this owner. Raises Unavailable."""
    return hmac.compare_digest(made, _digest(secret.of(made.rpartition(".")[0]), text, owner))


def _digest(version: Version, text: str, owner: str) -> str:
    message = f"{owner} {text}".encode(errors="replace")
    return f"{version.name}.{hmac.digest(_key(version, b'digest'), message, 'sha256').hex()}"


def _key(version: Version, purpose: bytes) -> bytes:
    """Return a key of 256 bits for one purpose: HKDF-Expand (RFC 5869) of a secret that is random already."""
    return hmac.digest(version.value, purpose + b"\x01", "sha256")


def _cipher(version: Version) -> AESGCM:
    return AESGCM(_key(version, b"seal"))

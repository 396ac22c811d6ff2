"""Seals: what has to be stored and must not be read by who can only read the table.

The secret of an authenticator is sealed (shared/sealing.py), for it is needed again. A code of six digits is kept as a
keyed digest, for a plain hash of it is undone in a second. Both are bound to their owner, so that neither is of use
in another user's item, and both name the version of the stage's secret that they were made with.
"""

import hmac

from shared import config, sealing
from shared.stage_secrets import StageSecret, Version

secret = StageSecret(lambda: config.secret_id("OTP"))


def seal(text: str, *, owner: str) -> str:
    """Return the text encrypted for its owner. Raises Unavailable."""
    return sealing.seal(secret, text, owner=owner)


def unseal(sealed: str, *, owner: str) -> str:
    """Return the text that was sealed for this owner. Raises Unavailable."""
    return sealing.unseal(secret, sealed, owner=owner)


def digest(text: str, *, owner: str) -> str:
    """Return the keyed digest of a short text. Raises Unavailable."""
    return _digest(secret.current(), text, owner)


def is_of(made: str, text: str, *, owner: str) -> bool:
    """Tell whether a digest was made of this text for this owner. Raises Unavailable."""
    return hmac.compare_digest(made, _digest(secret.of(made.rpartition(".")[0]), text, owner))


def _digest(version: Version, text: str, owner: str) -> str:
    message = f"{owner} {text}".encode(errors="replace")
    return f"{version.name}.{hmac.digest(sealing.key(version, b'digest'), message, 'sha256').hex()}"

"""Passwords: long, not guessable from a list or from the address, and stored as argon2id only."""

import functools
import hashlib
import unicodedata
from pathlib import Path

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError
from argon2.low_level import hash_secret

from shared.errors import InvalidInput

MIN_CHARACTERS = 12
MAX_CHARACTERS = 128

# Shorter ones occur in too many passwords by chance to say anything of them.
_MIN_LOCAL_PART = 3
# OWASP's first choice: 19 MiB, two passes, one lane (cheatsheetseries.owasp.org, Password Storage).
_MEMORY_KIB = 19 * 1024
_PASSES = 2
_LANES = 1
_hasher = PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES)
# What is verified for an unknown user, so that the answer takes as long; nobody knows a password to it.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$xodMd4D5pIIPQ8DO0lk9QQ$8grLgFOZ7GvoR7HnhY6XvaV1RkHVrolrg9aliqXVPq4"


def check(password: str, *, email: str) -> None:
    """Return when the password may be chosen by the user of this address. Raises InvalidInput with the reason."""
    chosen = _normalise(password)
    local_part = email.partition("@")[0]
    if not MIN_CHARACTERS <= len(chosen) <= MAX_CHARACTERS:
        raise InvalidInput.of("password", f"must have {MIN_CHARACTERS} to {MAX_CHARACTERS} characters")
    if chosen.casefold() in _common():
        raise InvalidInput.of("password", "is one of the most common passwords; choose another")
    if len(local_part) >= _MIN_LOCAL_PART and local_part.casefold() in chosen.casefold():
        raise InvalidInput.of("password", "must not contain the part of the e-mail address before the @")


def hashed(password: str) -> str:
    """Return the argon2id hash to store, its parameters and salt included."""
    return _hasher.hash(_normalise(password))


def is_right(password: str, stored: str | None) -> bool:
    """Tell whether this is the password; without a stored hash never, and not any sooner."""
    try:
        return _hasher.verify(stored or _NOBODY, _normalise(password)) and stored is not None
    except VerifyMismatchError:
        return False


def fingerprint(password: str, *, purpose: str) -> str:
    """Return the same text for the same password and purpose, as dear to guess from as the stored hash.

    Lets a repeated request be told from a different one without keeping what a fast hash of the password would be.
    """
    salt = hashlib.sha256(purpose.encode()).digest()
    secret = _normalise(password).encode()
    return hash_secret(secret, salt, _PASSES, _MEMORY_KIB, _LANES, 32, Type.ID).decode()


def _normalise(password: str) -> str:
    """Return the form that is the same from every keyboard (NIST SP 800-63B, section 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


@functools.cache
def _common() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("common_passwords.txt").read_text("utf-8").split())

"""Recovery codes: ten codes of 80 bits, each good once in the place of an authenticator that was lost.

They are shown once and stored as hashes; what is random needs no slow one.
"""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from typing import Final

COUNT: Final = 10

_BYTES = 10
_GROUP = 4


def new() -> list[str]:
    """Return ten codes that nobody has seen, such as `K7QF-2MXA-…`."""
    return [_grouped(base64.b32encode(secrets.token_bytes(_BYTES)).decode()) for _ in range(COUNT)]


def hashed(codes: Sequence[str], *, owner: str) -> list[str]:
    """Return what to store of the codes of a user."""
    return [_hash(code, owner) for code in codes]


def without(stored: Sequence[str], code: str, *, owner: str) -> list[str] | None:
    """Return what is left when a code has been used, None when it is none of them; case and dashes do not matter."""
    used = _hash(code, owner)
    left = [each for each in stored if each != used]
    return left if len(left) < len(stored) else None


def _hash(code: str, owner: str) -> str:
    plain = "".join(code.split()).replace("-", "").upper()
    return hashlib.sha256(f"{owner} {plain}".encode(errors="replace")).hexdigest()


def _grouped(code: str) -> str:
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))

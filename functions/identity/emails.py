"""E-mail addresses: two that reach the same person are the same text here."""

import hashlib
import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

MAX_CHARACTERS = 254

_SHAPE = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


def normalise(text: str) -> str:
    """Return the address in the form it is stored and compared in: NFC, lower case, no blanks around it."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text.strip()).lower())


def digest(email: str) -> str:
    """Return the SHA-256 of a normalised address, which stands for it in keys: short, and free of `#`."""
    return hashlib.sha256(email.encode()).hexdigest()


def checked(text: str) -> str:
    """Return the address, normalised. Raises ValueError when it is none."""
    email = normalise(text)
    if len(email) > MAX_CHARACTERS or not email.isprintable() or not _SHAPE.fullmatch(email):
        raise ValueError("must be an e-mail address")
    return email


Email = Annotated[str, Field(max_length=MAX_CHARACTERS, examples=["ada@example.com"]), AfterValidator(checked)]

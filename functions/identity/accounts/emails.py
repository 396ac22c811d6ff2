"""E-mail addresses: two that reach the same person are the same text here.

A new address is held against the rules of e-mail (RFC 5321, RFC 6531, IDNA 2008), without asking the DNS: an address
with a display name, an address of a machine, or a list of addresses would reach a mailbox that has an account already.
Addresses that were stored when the rules were laxer still sign in: who looks somebody up normalises, no more.
"""

import hashlib
import re
import unicodedata

MAX_CHARACTERS = 254

_SHAPE = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


def normalise(text: str) -> str:
    """Return the address in the form it is stored and compared in: NFC, lower case, no blanks around it."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text.strip()).lower())


def digest(email: str) -> str:
    """Return the SHA-256 of a normalised address, which stands for it in keys: short, and free of `#`."""
    return hashlib.sha256(email.encode()).hexdigest()


def known(text: str) -> str:
    """Return an address that may be stored already, normalised. Raises ValueError when none ever looked like it."""
    email = normalise(text)
    if len(email) > MAX_CHARACTERS or not email.isprintable() or not _SHAPE.fullmatch(email):
        raise ValueError("must be an e-mail address")
    return email


def checked(text: str) -> str:
    """Return a new address, normalised. Raises ValueError when it is none, or is written in another way than usual."""
    # Only who registers, invites or is new to us waits for this, nobody else on a cold start.
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415

    email = known(text)
    try:
        usual = validate_email(email, check_deliverability=False, strict=True).normalized
    except EmailNotValidError as error:
        raise ValueError("must be an e-mail address") from error
    if normalise(usual) != email:
        raise ValueError(f"must be written as {usual}")
    return email

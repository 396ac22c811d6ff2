"""The address that a stage sends e-mail from, as an identity of SES: itself, or its domain.

It belongs to the account, not to a stack: two stages may send from one address, and the account may know it already.
"""

from typing import Any, Final

from shared.sending import labels

LOCAL: Final = "no-reply@milepost.example"
"""Where the local stage sends from."""

_MOST_BEFORE_AT: Final = 64


def with_any_label(address: str) -> list[str]:
    """Return the address, and what matches it with any label (`shared/sending/labels.py`)."""
    local, _, domain = address.rpartition("@")
    return [address, f"{local}+*@{domain}"]


def require_labelled(address: str) -> str:
    """Return an address that a label can be added to. Raises ValueError for another."""
    local = address.rpartition("@")[0]
    most = _MOST_BEFORE_AT - len("+") - labels.MOST_CHARACTERS
    if "+" in local or len(local) > most:
        raise ValueError(f"not an address with at most {most} characters and no + before its @: {address!r}")
    return address


def introduce(ses: Any, address: str) -> bool:
    """Have SES verify an address that it does not know, by an e-mail with a link. Return whether that was needed."""
    known = {identity for page in ses.get_paginator("list_identities").paginate() for identity in page["Identities"]}
    if known & {address, address.rpartition("@")[2]}:
        return False
    ses.verify_email_identity(EmailAddress=address)
    return True

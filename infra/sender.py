"""The address that a stage sends e-mail from, as an identity of SES.

It belongs to the account, not to a stack: two stages may send from one address, and the account may know it already.
"""

from typing import Any, Final

LOCAL: Final = "no-reply@milepost.example"
"""Where the local stage sends from."""


def introduce(ses: Any, address: str) -> bool:
    """Have SES verify an address that it does not know, by an e-mail with a link. Return whether that was needed."""
    pages = ses.get_paginator("list_identities").paginate(IdentityType="EmailAddress")
    if any(address in page["Identities"] for page in pages):
        return False
    ses.verify_email_identity(EmailAddress=address)
    return True

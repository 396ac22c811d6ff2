"""Labels: what an e-mail is, written into its envelope sender, which comes back with every bounce and complaint.

SES takes any label after a `+` for an address that it has verified, and names the envelope sender as `mail.source`:
https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html, "no-reply+identity.otp_01K…@example.com".
"""

import re
from typing import Final, NamedTuple

MOST_CHARACTERS: Final = 44
"""Of a label. With 19 of an address and the `+` that makes 64, which is what SMTP takes before an `@` (RFC 5321)."""

_LABEL = re.compile(r"(?P<context>[a-z]+)\.(?P<send_id>[A-Za-z0-9_]+)", re.ASCII)


class Label(NamedTuple):
    """Which context has sent a message, and under which id it knows the message."""

    context: str
    send_id: str


def envelope_sender(address: str, label: Label) -> str:
    """Return the address with a label. Raises ValueError for one that could not be read again."""
    written = f"{label.context}.{label.send_id}"
    if len(written) > MOST_CHARACTERS or not _LABEL.fullmatch(written):
        raise ValueError(f"{written} is no label: letters, a dot, and letters, digits and _")
    local, _, domain = address.rpartition("@")
    return f"{local}+{written}@{domain}"


def read(address: str) -> Label | None:
    """Return the label of an envelope sender, None when it has none."""
    local, _, _ = address.rpartition("@")
    found = _LABEL.fullmatch(local.rpartition("+")[2])
    return None if found is None or "+" not in local else Label(found["context"], found["send_id"])

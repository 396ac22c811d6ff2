"""A receipt: what a provider tells of one message, whoever has told it and in whatever form. Pure."""

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple, get_args

Told = Literal[
    "sent", "delivered", "opened", "clicked", "failed", "bounced", "soft_bounced", "complained", "unsubscribed"
]
"""bounced       the address takes no message, now or later
soft_bounced  this message could not be delivered
complained    somebody has called it unwanted
unsubscribed  somebody wants no more of them"""
TOLD: Final = get_args(Told)

MOST: Final = 500
"""How many receipts may come in one request."""
MOST_BYTES: Final = 256 * 1024
"""How much may come in one request."""
MOST_SENDER: Final = 320
MOST_TEXT: Final = 10_000
"""How many characters the address and the text of an inbound message may have."""
MOST_REFERENCE: Final = 256
"""How many characters an id of a provider may have."""
MOST_RAW_BYTES: Final = 2048
"""How much of what the provider says besides is kept."""


class Receipt(NamedTuple):
    """What is told of a message, which is named by campaign and lead, or by the provider's own id alone.

    `at` is when it came, RFC 3339. `reason` is the provider's code. `raw` is what it says besides, as text.
    """

    tenant_id: str
    provider_id: str | None
    status: Told
    at: str
    campaign_id: str | None = None
    lead_id: str | None = None
    vendor_message_id: str | None = None
    reason: str | None = None
    raw: str | None = None

    @property
    def is_addressed(self) -> bool:
        """Whether it says to whom the message was."""
        return self.campaign_id is not None and self.lead_id is not None


def to_message(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as a message has it: without what is not known."""
    return {name: value for name, value in receipt._asdict().items() if value is not None}


def of_message(said: Mapping[str, Any]) -> Receipt:
    """Return the receipt of a message. Raises TypeError, KeyError or ValueError for none."""
    found = Receipt(**{"provider_id": None, **said})
    if found.status not in TOLD:
        raise ValueError("no status of a receipt")
    return found


def cut(raw: str) -> str:
    """Return as much of a text as is kept; halves of characters are question marks."""
    return raw.encode(errors="replace")[:MOST_RAW_BYTES].decode(errors="ignore")

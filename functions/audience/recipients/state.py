"""Which state of a recipient may follow which. Pure: the caller says what time it is.

A recipient goes forward only, so what is told twice, or late, changes nothing. Two corrections are taken: a message
that had failed was delivered after all, and one that had been delivered came back.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

Status = Literal[
    "pending", "sending", "sent", "delivered", "opened", "clicked", "failed", "bounced", "unknown", "skipped"
]
"""pending    has a row only while it waits for an instant
sending    a worker has claimed it, and the message may be on its way
sent       the provider has taken it
unknown    the provider may have taken it: its answer was lost, and it does not dedupe
skipped    nothing was sent, and nothing will be; the reason says why"""
Skipped = Literal[
    "no_address",
    "address_changed",
    "suppressed",
    "no_consent",
    "duplicate_address",
    "frequency_cap",
    "quiet_hours_expired",
    "left_segment",
    "erased",
    "cancelled",
]
"""Why nothing was sent to a recipient."""

UNSETTLED: Final = frozenset[Status | None]({None, "pending", "sending"})
"""What is not counted: pending is what the audience has besides everything that is."""
LISTED: Final = frozenset[Status]({"pending", "failed", "bounced", "skipped", "unknown"})
"""Whose rows are in the index, so that somebody can look at them."""

_REACHED: Final[tuple[Status, ...]] = ("sent", "delivered", "opened", "clicked")
_ENDED: Final[tuple[Status, ...]] = ("failed", "bounced")
_FOLLOWING: Final[Mapping[Status, frozenset[Status]]] = {
    "pending": frozenset({"sending", "skipped", "unknown", *_REACHED, *_ENDED}),
    "sending": frozenset({"pending", "skipped", "unknown", *_REACHED, *_ENDED}),
    "sent": frozenset({*_REACHED[1:], *_ENDED}),
    "delivered": frozenset({*_REACHED[2:], "bounced"}),
    "opened": frozenset({"clicked", "bounced"}),
    "clicked": frozenset({"bounced"}),
    "unknown": frozenset({*_REACHED, *_ENDED}),
    "failed": frozenset({*_REACHED[1:], "bounced"}),
    "bounced": frozenset(),
    "skipped": frozenset(),
}


class Recipient(NamedTuple):
    """What became of the message to a lead. Instants are RFC 3339; of digests and ids, no text or address.

    `claim_token` says which worker has it until `lease_until`; `attempts` counts the calls whose answer was to try
    again. `variant` is the number of the variant that it gets. What a machine has opened or clicked is no state.
    `is_erased` says that the lead was erased and that `lead_id` names nobody. `version` grows with every change.
    """

    tenant_id: str
    campaign_id: str
    lead_id: str
    status: Status
    send_id: str
    channel: str
    updated_at: str
    version: int
    claim_token: str | None = None
    lease_until: str | None = None
    attempts: int = 0
    provider_id: str | None = None
    address_digest: str | None = None
    vendor_message_id: str | None = None
    reason: str | None = None
    waits_until: str | None = None
    sent_at: str | None = None
    delivered_at: str | None = None
    opened_at: str | None = None
    clicked_at: str | None = None
    complained_at: str | None = None
    unsubscribed_at: str | None = None
    machine_opened_at: str | None = None
    machine_clicked_at: str | None = None
    variant: int | None = None
    is_erased: bool = False


def may_follow(before: Status, after: Status) -> bool:
    """Return whether a recipient in one state may come into the other."""
    return after in _FOLLOWING[before]


def advanced(recipient: Recipient, status: Status, at: str, reason: str | None = None) -> Recipient | None:
    """Return the recipient in a state that it reached at an instant; None if that is no step forward.

    A message that was clicked was opened, delivered and sent; when that was is filled in where nothing has said so.
    """
    if not may_follow(recipient.status, status):
        return None
    moved = recipient._replace(
        status=status,
        updated_at=at,
        version=recipient.version + 1,
        claim_token=None,
        lease_until=None,
        reason=reason,
        waits_until=None,
    )
    passed = _REACHED[: _REACHED.index(status) + 1] if status in _REACHED else ()
    known = moved._asdict()
    filled: dict[str, Any] = {f"{each}_at": at for each in passed if known[f"{each}_at"] is None}
    return moved._replace(**filled)

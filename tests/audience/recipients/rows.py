"""Recipients as tests have them."""

from typing import Any

from functions.audience.recipients import outcomes, send_ids
from functions.audience.recipients.state import Recipient, advanced
from shared import clock, ids

TENANT = "tenant_01KAEY5R7C2N8V4X6Z9B1D3F5H"
CAMPAIGN = "campaign_01KAEY5R7C2N8V4X6Z9B1D3F5J"
LABEL = "0AZaz19mMqQ"


def claimed(**fields: Any) -> Recipient:
    """Return a new recipient whom a worker has claimed."""
    lead_id = ids.new("lead")
    return Recipient(
        tenant_id=TENANT,
        campaign_id=CAMPAIGN,
        lead_id=lead_id,
        status="sending",
        send_id=send_ids.make(LABEL, lead_id),
        channel="email",
        updated_at=clock.to_rfc3339(clock.now()),
        version=1,
    )._replace(**fields)


def stored(**fields: Any) -> Recipient:
    """Return a recipient who has a row."""
    recipient = claimed(**fields)
    outcomes.record([(None, recipient)])
    return recipient


def step(recipient: Recipient, status: Any, reason: str | None = None) -> Recipient:
    """Return the recipient in the state that follows."""
    moved = advanced(recipient, status, clock.to_rfc3339(clock.now()), reason)
    assert moved is not None
    return moved

"""The row of a recipient as a worker makes it: new, and claimed."""

from typing import Final

from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.sending.checks import Ready
from functions.audience.recipients import send_ids
from functions.audience.recipients.state import Recipient
from shared import clock
from shared.clock import SECOND, Instant

LEASE: Final[Instant] = 60 * SECOND
"""A call takes 13 seconds at most, and its outcome is recorded 2 seconds later."""


def new(campaign: Campaign, lead_id: str, variant: int | None) -> Recipient:
    """Return a recipient that has no row yet, and gets the variant of this number."""
    return Recipient(
        tenant_id=campaign.tenant_id,
        campaign_id=campaign.campaign_id,
        lead_id=lead_id,
        status="pending",
        send_id=send_ids.make(campaign.label, lead_id),
        channel=campaign.channel,
        updated_at=clock.to_rfc3339(clock.now()),
        version=0,
        variant=variant,
    )


def claimed(before: Recipient, ready: Ready, *, token: str, provider_id: str) -> Recipient:
    """Return a recipient as a worker has it whose token this is."""
    now = clock.now()
    return before._replace(
        status="sending",
        claim_token=token,
        lease_until=clock.to_rfc3339(now + LEASE),
        provider_id=provider_id,
        address_digest=ready.entry.digest,
        reason=None,
        waits_until=None,
        updated_at=clock.to_rfc3339(now),
        version=before.version + 1,
    )

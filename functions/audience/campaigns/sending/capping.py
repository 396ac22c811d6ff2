"""The frequency cap at the moment of sending: a message is reserved with the claim, and given back if none was sent."""

from collections.abc import Sequence

from functions.audience.activity import contacts
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.recipients.state import Recipient
from functions.audience.respect import frequency
from functions.audience.settings.settings import Audience
from shared.clock import Instant
from shared.storage.writes import Put


def reserve(campaign: Campaign, audience: Audience, recipient: Recipient, now: Instant) -> Sequence[Put] | None:
    """Return what is to be written with the claim, nothing where no contacts are kept; None: the cap is reached."""
    if not audience.settings.keeps_contacts:
        return ()
    contact = contacts.get(recipient.tenant_id, recipient.lead_id)
    cap = frequency.cap_of(audience.settings.frequency_cap)
    reserved = frequency.reserve(contact, recipient.send_id, campaign.purpose, cap, now=now)
    return None if reserved is None else (reserved,)


def give_back(audience: Audience, recipient: Recipient) -> None:
    """Take back what was reserved for a message that was not sent. Raises Unavailable."""
    if audience.settings.keeps_contacts:
        frequency.give_back(recipient.tenant_id, recipient.lead_id, recipient.send_id)

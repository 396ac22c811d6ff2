"""Whether a lead may be written to: what they have agreed to, and what suppresses their address. Pure.

Marketing needs that nothing stands against it, and consent where it is required. What somebody needs to be told
(`transactional`) reaches also those who unsubscribed, and never an address that bounced or whose owner complained.
"""

from typing import Final, Literal

from functions.audience.leads import consent
from functions.audience.leads.consent import Consents
from functions.audience.leads.leads import Lead
from functions.audience.respect.suppressions import Suppression

Purpose = Literal["marketing", "transactional"]
Refused = Literal["suppressed", "no_consent"]

ALWAYS_WITH_CONSENT: Final = frozenset({"sms", "whatsapp"})
"""Marketing by these needs consent, whatever a tenant decides."""


def refusal(
    lead: Lead,
    channel: str,
    topic: str | None,
    purpose: Purpose,
    *,
    requires_consent: bool,
    suppression: Suppression | None,
) -> Refused | None:
    """Return why a lead must not be written to on a channel about a topic, None if they may be.

    `suppression` is that of the address that the message would go to.
    """
    if suppression is not None and _suppresses(suppression, topic, purpose):
        return "suppressed"
    if purpose == "transactional":
        return None
    required = requires_consent or channel in ALWAYS_WITH_CONSENT
    return None if _agrees(lead.consent, channel, topic, required=required) else "no_consent"


def _suppresses(suppression: Suppression, topic: str | None, purpose: Purpose) -> bool:
    if purpose == "transactional":
        return any(reason != "unsubscribed" for reason in suppression.reasons)
    return bool(suppression.reasons) or topic in suppression.topics


def _agrees(consents: Consents, channel: str, topic: str | None, *, required: bool) -> bool:
    """Return whether consents allow marketing: what is said of the topic decides, then what is said of the channel."""
    subject = channel if topic is None else f"{channel}/{topic}"
    if consent.is_denied(consents, subject):
        return False
    said = consents.get(subject) or consents.get(channel)
    return not required if said is None else said.state == "granted"

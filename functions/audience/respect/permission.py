"""Whether a lead may be written to: what they have agreed to, and what suppresses their address. Pure.

Marketing needs that nothing stands against it, and consent where it is required. What somebody needs to be told
(`transactional`) reaches also those who unsubscribed, and never an address that bounced or whose owner complained.
"""

from collections.abc import Container
from typing import Final, Literal

from functions.audience.leads import consent
from functions.audience.leads.consent import Consents
from functions.audience.leads.leads import Lead
from functions.audience.leads.suppression import Suppression
from shared.errors import FieldError

Purpose = Literal["marketing", "transactional"]
Refused = Literal["suppressed", "no_consent"]

ALWAYS_WITH_CONSENT: Final = frozenset({"sms", "whatsapp"})
"""Marketing by these needs consent, whatever a tenant decides."""
UNSUBSCRIBE_URL: Final = "unsubscribe_url"
"""The variable of a template that is the link by which somebody gets no more messages."""


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


def start_refusals(
    *, channel: str, purpose: Purpose, variables: Container[str], postal_address: str | None
) -> list[FieldError]:
    """Return why a campaign must not start: marketing mail says where its sender is, and how to get no more of it.

    `variables` are those that the template of the campaign uses.
    """
    if channel != "email" or purpose != "marketing":
        return []
    refusals: list[FieldError] = []
    if postal_address is None:
        reason = "is required in marketing mail: set it in the settings of the audience or of your tenant"
        refusals.append({"field": "postal_address", "reason": reason})
    if UNSUBSCRIBE_URL not in variables:
        reason = f"must have {{{{ {UNSUBSCRIBE_URL} }}}}, for it is marketing mail"
        refusals.append({"field": "message_template", "reason": reason})
    return refusals


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

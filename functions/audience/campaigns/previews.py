"""A campaign before it is sent: rendered for three leads, and sent to those who try it."""

import itertools
import secrets
from typing import Any, Final

from functions.audience import money
from functions.audience.campaigns import addresses, campaigns, rendering
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.starting import ProviderMissing
from functions.audience.campaigns.variants import variants
from functions.audience.delivery import providers, senders, sms_parts
from functions.audience.delivery.messages import Message
from functions.audience.leads import leads
from functions.audience.leads.leads import Lead
from functions.audience.respect import suppressions
from functions.audience.segments import forms, matching, segments
from functions.audience.settings import settings
from shared import clock, ids
from shared.errors import NotAllowed
from shared.sending.answers import Answer
from shared.storage import parallel

View = dict[str, Any]

SHOWN: Final = 3


class NoTestRecipients(NotAllowed):
    """422: the campaign names nobody who tries it. Set its `test_recipients`."""

    def __init__(self) -> None:
        super().__init__("The campaign names nobody who tries it. Set its `test_recipients`.")


def preview(tenant_id: str, campaign_id: str) -> View:
    """Return the messages of a campaign, of each of its variants, to three leads of its segment.

    Raises CampaignNotFound, segments.SegmentNotFound, matching.RuleNotAnswered, RuleRefused, TemplateFailed.
    """
    campaign = campaigns.get(tenant_id, campaign_id)
    some = _some(campaign, SHOWN)
    return {"items": [_shown(name, each, lead) for name, each in variants.versions(campaign) for lead in some]}


def test(tenant_id: str, campaign_id: str) -> View:
    """Send the message of a campaign, of each variant, as one of its leads would get it, to those who try it.

    Raises NoTestRecipients, ProviderMissing, and as `preview`.
    """
    campaign = campaigns.get(tenant_id, campaign_id)
    if not campaign.test_recipients:
        raise NoTestRecipients
    provider = providers.for_channel(tenant_id, campaign.channel, campaign.provider_id)
    if provider is None:
        raise ProviderMissing
    lead = next(iter(_some(campaign, 1)), _nobody(tenant_id))
    asked = [*itertools.product(variants.versions(campaign), campaign.test_recipients)]
    # No two tests are one to a provider that dedupes.
    messages = [_message(each, lead, to)._replace(send_id=secrets.token_hex(16)) for (_, each), to in asked]
    # All at once: one after the other, those to a provider that is slow would take longer than an answer may.
    answers = parallel.calls(lambda each: senders.send(provider, each), messages, at_once=len(messages))
    tried = [_tried(to, name, answer) for ((name, _), to), answer in zip(asked, answers, strict=True)]
    return {"results": tried}


def _tried(to: str, variant: str | None, answer: Answer) -> View:
    return {"to": to, "variant": variant, "outcome": answer.outcome, "reason": answer.reason}


def _some(campaign: Campaign, count: int) -> list[Lead]:
    """Return some leads of the segment, among the first thousands that are looked at: an answer has to come soon."""
    rule = segments.get(campaign.tenant_id, campaign.segment_id).rule
    form = forms.of(campaign.tenant_id, rule, now=clock.now(), segment_id=campaign.segment_id)
    found, _ = matching.members(campaign.tenant_id, form.node, limit=count, after=None)
    return leads.several(campaign.tenant_id, found)


def _shown(variant: str | None, campaign: Campaign, lead: Lead) -> View:
    message = _message(campaign, lead, addresses.of(lead, campaign.channel) or "", is_preview=True)
    return {
        "lead_id": lead.lead_id,
        "variant": variant,
        "to": message.to or None,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "variables": dict(message.variables),
        "sms_parts": sms_parts.of(message.text).parts if campaign.channel == "sms" else None,
    }


def _message(campaign: Campaign, lead: Lead, to: str, *, is_preview: bool = False) -> Message:
    written = rendering.read(campaign.message, campaign.channel)
    digest = suppressions.digest(settings.of(campaign.tenant_id), campaign.channel, to)
    addressed = rendering.addressed(campaign, lead, to, digest, is_preview=is_preview)
    return rendering.render(campaign, written, addressed, money.find(campaign.tenant_id))


def _nobody(tenant_id: str) -> Lead:
    """Return a lead of whom nothing is known, for a segment without any."""
    now = clock.to_rfc3339(clock.now())
    return Lead(tenant_id, ids.new("lead"), now, now, 0)

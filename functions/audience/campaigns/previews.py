"""A campaign before it is sent: rendered for three leads, and sent to those who try it."""

import secrets
from typing import Any, Final

from functions.audience import money
from functions.audience.campaigns import addresses, campaigns, rendering
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.starting import ProviderMissing
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
    """Return the messages of a campaign to three leads of its segment.

    Raises CampaignNotFound, segments.SegmentNotFound, matching.RuleNotAnswered, RuleRefused, TemplateFailed.
    """
    campaign = campaigns.get(tenant_id, campaign_id)
    return {"items": [_shown(campaign, lead) for lead in _some(campaign, SHOWN)]}


def test(tenant_id: str, campaign_id: str) -> View:
    """Send the message of a campaign, as one of its leads would get it, to those who try it; return what came of each.

    Raises NoTestRecipients, ProviderMissing, and as `preview`.
    """
    campaign = campaigns.get(tenant_id, campaign_id)
    if not campaign.test_recipients:
        raise NoTestRecipients
    provider = providers.for_channel(tenant_id, campaign.channel, campaign.provider_id)
    if provider is None:
        raise ProviderMissing
    lead = next(iter(_some(campaign, 1)), _nobody(tenant_id))
    # No two tests are one to a provider that dedupes.
    messages = [_message(campaign, lead, to)._replace(send_id=secrets.token_hex(16)) for to in campaign.test_recipients]
    # All at once: one after the other, those to a provider that is slow would take longer than an answer may.
    answers = parallel.calls(lambda each: senders.send(provider, each), messages, at_once=len(messages))
    return {"results": [_tried(each.to, answer) for each, answer in zip(messages, answers, strict=True)]}


def _tried(to: str, answer: Answer) -> View:
    return {"to": to, "outcome": answer.outcome, "reason": answer.reason}


def _some(campaign: Campaign, count: int) -> list[Lead]:
    """Return some leads of the segment, among the first thousands that are looked at: an answer has to come soon."""
    rule = segments.get(campaign.tenant_id, campaign.segment_id).rule
    form = forms.of(campaign.tenant_id, rule, now=clock.now(), segment_id=campaign.segment_id)
    found, _ = matching.members(campaign.tenant_id, form.node, limit=count, after=None)
    return leads.several(campaign.tenant_id, found)


def _shown(campaign: Campaign, lead: Lead) -> View:
    message = _message(campaign, lead, addresses.of(lead, campaign.channel) or "")
    return {
        "lead_id": lead.lead_id,
        "to": message.to or None,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "variables": dict(message.variables),
        "sms_parts": sms_parts.of(message.text).parts if campaign.channel == "sms" else None,
    }


def _message(campaign: Campaign, lead: Lead, to: str) -> Message:
    written = rendering.read(campaign.message, campaign.channel)
    digest = suppressions.digest(settings.of(campaign.tenant_id), campaign.channel, to)
    addressed = rendering.addressed(campaign, lead, to, digest)
    return rendering.render(campaign, written, addressed, money.find(campaign.tenant_id))


def _nobody(tenant_id: str) -> Lead:
    """Return a lead of whom nothing is known, for a segment without any."""
    now = clock.to_rfc3339(clock.now())
    return Lead(tenant_id, ids.new("lead"), now, now, 0)

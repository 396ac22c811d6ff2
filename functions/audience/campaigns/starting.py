"""What a campaign needs before it is started, and the start of one that was scheduled."""

from functions.audience.campaigns import campaigns, moving, states, timer
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.variants import variants
from functions.audience.delivery import providers
from functions.audience.respect import letterhead, permission
from functions.audience.segments import forms, matching, segments
from functions.audience.segments.rules import everybody
from functions.audience.settings import settings
from shared import clock
from shared.callers import tenant_settings
from shared.errors import InvalidInput, NotAllowed, Refusal, Unavailable


class EverybodyNotConfirmed(NotAllowed):
    """422: the rule of the segment matches every lead. Say `confirm_all: true` if that is meant."""

    def __init__(self) -> None:
        super().__init__("The segment's rule matches every lead. Send `confirm_all: true` if you mean that.")


class ProviderMissing(NotAllowed):
    """422: your tenant has no delivery provider for this channel."""

    def __init__(self) -> None:
        super().__init__("Your tenant has no delivery provider for the campaign's channel.")


class MarketingIncomplete(InvalidInput):
    """422: marketing mail says where its sender is, and how to get no more of it; `errors` name what is missing."""


def require_startable(campaign: Campaign, *, confirm_all: bool) -> None:
    """Return when a campaign can be started.

    Raises EverybodyNotConfirmed, ProviderMissing, MarketingIncomplete, matching.RuleNotAnswered, and RuleRefused where
    a segment has changed so that its rule is not valid any more.
    """
    if providers.for_channel(campaign.tenant_id, campaign.channel, campaign.provider_id) is None:
        raise ProviderMissing
    _require_opt_out(campaign)
    rule = segments.get(campaign.tenant_id, campaign.segment_id).rule
    now = clock.now()
    form = forms.of(campaign.tenant_id, rule, now=now, segment_id=campaign.segment_id)
    matching.require_known(campaign.tenant_id, form.node)
    if not confirm_all and everybody.takes_everybody(form.node, now=now):
        raise EverybodyNotConfirmed


def start_if_due(tenant_id: str, campaign_id: str) -> Campaign:
    """Start a scheduled campaign whose time has come, and return it; one that is much too late has failed.

    Raises CampaignNotFound, Unavailable.
    """
    campaign = campaigns.get(tenant_id, campaign_id)
    if campaign.status != "scheduled" or clock.now() < timer.due_at(campaign):
        return campaign
    if clock.now() > timer.too_late_at(campaign):
        return _moved(campaign, "failed", reason="too_late")
    try:
        require_startable(campaign, confirm_all=campaign.confirmed_all)
    except Unavailable:
        raise
    except Refusal as refusal:
        return _moved(campaign, "failed", reason=type(refusal).__name__)
    return _moved(campaign, "preparing")


def _moved(campaign: Campaign, to: states.Status, **fields: str) -> Campaign:
    return moving.move(
        campaign.tenant_id, campaign.campaign_id, to, only=lambda each: each.status == "scheduled", **fields
    )


def _require_opt_out(campaign: Campaign) -> None:
    from functions.audience.campaigns import rendering  # noqa: PLC0415 - for a cold start: no read renders

    audience, tenant = settings.of(campaign.tenant_id), tenant_settings.of(campaign.tenant_id)
    read = [rendering.read(each.message, each.channel) for _, each in variants.versions(campaign)]
    for written, text in [(each, text) for each in read for text in (each.text, each.html)]:
        missing = permission.start_refusals(
            channel=campaign.channel,
            purpose=campaign.purpose,
            variables=(text or written.text).variables,
            postal_address=letterhead.postal_address(audience.settings, tenant),
        )
        if missing:
            raise MarketingIncomplete(f"{missing[0]['field']}: {missing[0]['reason']}", errors=missing)

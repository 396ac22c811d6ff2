"""When marketing of a campaign may be sent to a lead: not while it is quiet where they may be."""

from functions.audience.campaigns.campaigns import Campaign
from functions.audience.leads.leads import Lead
from functions.audience.respect import quiet_hours, zones
from functions.audience.settings.settings import Audience
from shared.callers import tenant_settings
from shared.clock import Instant


def opens_at(campaign: Campaign, audience: Audience, lead: Lead, now: Instant) -> Instant | None:
    """Return when the quiet hours of a lead end on the channel of a campaign, None if it is not quiet."""
    if campaign.purpose == "transactional":
        return None
    hours = quiet_hours.of(audience.settings.quiet_hours, campaign.channel)
    return zones.opens_at(lead, hours, tenant_settings.of(campaign.tenant_id).time_zone, now=now)

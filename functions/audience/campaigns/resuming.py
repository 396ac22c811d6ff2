"""How a campaign is sent, from its start or from where it was paused: chunks that are not done come on the queue."""

from functions.audience.campaigns import chunks, finishing
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.sending import work_queue


def send_unfinished(campaign: Campaign) -> None:
    """Put the chunks that are not done on the queue, for this run; a campaign without any is completed."""
    waiting = chunks.unfinished(campaign.tenant_id, campaign.campaign_id)
    work_queue.put(campaign, [each.number for each in waiting])
    finishing.complete_if_done(campaign)

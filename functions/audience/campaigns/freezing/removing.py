"""The file of an audience ends with its campaign: nobody is written to any more, and it would outlive erased leads."""

from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.freezing import frozen
from shared.storage import files


def remove(campaign: Campaign) -> None:
    """Remove the file of a campaign that is over; twice is as good. Raises Unavailable."""
    kept = frozen.find(campaign.tenant_id, campaign.campaign_id)
    if kept is not None:
        files.remove(kept.file)

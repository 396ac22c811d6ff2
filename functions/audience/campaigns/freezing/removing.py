"""The files of an audience end with its campaign: nobody is written to any more, and erased leads are in them."""

from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.freezing import arranging, frozen
from shared.storage import files


def remove(campaign: Campaign) -> None:
    """Remove the files of a campaign that is over; twice is as good. Raises Unavailable."""
    kept = frozen.find(campaign.tenant_id, campaign.campaign_id)
    if kept is not None:
        for key in {kept.file, arranging.file(campaign, kept)}:
            files.remove(key)

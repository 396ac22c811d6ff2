"""A campaign that is paused by itself, with its reason: somebody has to look at it and resume it, or cancel it."""

from functions.audience.campaigns import moving
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.metrics import PAUSED
from shared import metrics
from shared.observability import logger


def pause(campaign: Campaign, reason: str) -> None:
    """Pause a campaign that still is in this run. Raises Unavailable."""
    moved = moving.move(
        campaign.tenant_id,
        campaign.campaign_id,
        "paused",
        only=lambda each: each.runs(campaign.run),
        reason=reason,
    )
    if moved.status == "paused" and moved.reason == reason:
        logger.warning("a campaign was paused by itself", campaign_id=campaign.campaign_id, reason=reason)
        metrics.count(PAUSED)

"""When a scheduled campaign is to be started: an item that the sweep finds (`shared/messaging/timers.py`)."""

from typing import Final

from functions.audience.campaigns import campaigns
from functions.audience.campaigns.campaigns import Campaign
from shared import clock
from shared.clock import Instant
from shared.messaging import timers
from shared.messaging.timers import Timer
from shared.storage.attributes import Key
from shared.storage.writes import Put

KIND: Final = "audience.campaign"


def key(campaign: Campaign) -> Key:
    """Return the key of the timer of a campaign."""
    return Key(campaigns.own_partition(campaign.tenant_id, campaign.campaign_id), "TIMER")


def at(campaign: Campaign) -> Put:
    """Return the write by which a scheduled campaign is due at its time."""
    pk, sk = key(campaign)
    due = due_at(campaign)
    message = {"tenant_id": campaign.tenant_id, "campaign_id": campaign.campaign_id}
    timer = Timer(KIND, campaign.campaign_id, campaign.tenant_id, due, message)
    return Put({"PK": pk, "SK": sk, "entity": "CampaignTimer", **timers.attributes(timer, look_at=due)})


def due_at(campaign: Campaign) -> Instant:
    """Return when a campaign is to be started; a campaign without a time was due when it was scheduled."""
    return clock.from_stored(campaign.scheduled_at or campaign.updated_at)

"""When a campaign is to be looked at: to start it, or what of it is due later (`shared/messaging/timers.py`).

It is one item, which the sweep finds. What is then to be done is read from the campaign, never from the timer.
"""

import contextlib
from typing import Final

from functions.audience.campaigns import campaigns
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.waiting import local_times
from shared import clock
from shared.clock import Instant
from shared.messaging import timers
from shared.messaging.timers import Timer
from shared.storage import table
from shared.storage.attributes import Item, Key
from shared.storage.table import ConditionFailed
from shared.storage.writes import Condition, Delete, Put

KIND: Final = "audience.campaign"
MAX_LATENESS: Final[Instant] = 6 * 3600 * clock.SECOND
"""A campaign that could not be started for so long after its time is not started any more."""
_FREEZING: Final[Instant] = 3600 * clock.SECOND
"""So long before the first clocks show its time a campaign by local time is started, so that it is prepared by then."""


def key(campaign: Campaign) -> Key:
    """Return the key of the timer of a campaign."""
    return Key(campaigns.own_partition(campaign.tenant_id, campaign.campaign_id), "TIMER")


def at(campaign: Campaign) -> Put:
    """Return the write by which a scheduled campaign is due at its time."""
    return due(campaign, due_at(campaign))


def due(campaign: Campaign, instant: Instant) -> Put:
    """Return the write by which a campaign is looked at at an instant, and not before."""
    return Put(_item(campaign, instant))


def wake(campaign: Campaign, instant: Instant) -> None:
    """Have a campaign looked at at an instant, and not before. Raises Unavailable."""
    table.transact([due(campaign, instant)])


def ensure(campaign: Campaign, instant: Instant) -> None:
    """Have a campaign looked at at an instant, unless it is before. Raises Unavailable."""
    later = Condition("attribute_not_exists(#at) OR #at > :at", {"#at": "at"}, {":at": instant})
    with contextlib.suppress(ConditionFailed):
        table.transact([Put(_item(campaign, instant), later)])


def remove(campaign: Campaign) -> None:
    """Remove the timer of a campaign that waits for nothing, and never will again. Raises Unavailable."""
    table.transact([Delete(key(campaign))])


def due_at(campaign: Campaign) -> Instant:
    """Return when a campaign is to be started; a campaign without a time was due when it was scheduled."""
    if campaign.time_zone_mode == "local" and campaign.scheduled_at is not None:
        return local_times.in_utc(campaign.scheduled_at) - local_times.EARLIEST_ZONE - _FREEZING
    return clock.from_stored(campaign.scheduled_at or campaign.updated_at)


def too_late_at(campaign: Campaign) -> Instant:
    """Return until when a campaign is started; one by local time, until its time has long come everywhere."""
    if campaign.time_zone_mode == "local" and campaign.scheduled_at is not None:
        return local_times.in_utc(campaign.scheduled_at) + local_times.LATEST_ZONE + MAX_LATENESS
    return due_at(campaign) + MAX_LATENESS


def _item(campaign: Campaign, instant: Instant) -> Item:
    pk, sk = key(campaign)
    message = {"tenant_id": campaign.tenant_id, "campaign_id": campaign.campaign_id}
    timer = Timer(KIND, campaign.campaign_id, campaign.tenant_id, instant, message)
    return {"PK": pk, "SK": sk, "entity": "CampaignTimer", **timers.attributes(timer, look_at=instant)}

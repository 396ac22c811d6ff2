"""What somebody asks of a campaign by its state: schedule it, start it, pause it, resume it, cancel it."""

from functions.audience.campaigns import campaigns, moving, starting, states
from functions.audience.campaigns.campaigns import Campaign, View
from functions.audience.campaigns.moving import StatusNotPossible
from functions.audience.campaigns.states import Status
from functions.audience.recipients import counters
from shared.callers.caller import Caller
from shared.errors import NotAllowed


class TimeMissing(NotAllowed):
    """422: a campaign without `scheduled_at` cannot be scheduled."""

    def __init__(self) -> None:
        super().__init__("The campaign has no `scheduled_at`. Set it, or start the campaign now.")


def set_status(caller: Caller, campaign_id: str, wanted: Status, *, confirm_all: bool) -> View:
    """Bring a campaign into a state and return it; `running` starts it, or resumes it.

    Raises CampaignNotFound, StatusNotPossible, TimeMissing, and as `starting.require_startable`.
    """
    before = campaigns.get(caller.tenant_id, campaign_id)
    if wanted == "running" and before.status in ("running", "preparing"):
        return campaigns.view(before)
    to: Status = "preparing" if wanted == "running" and before.status in states.EDITABLE else wanted
    if not states.may_follow(before.status, to) and before.status != to:
        raise StatusNotPossible(before.status, to)
    if to in ("scheduled", "preparing"):
        _require(before, to, confirm_all=confirm_all)
    return campaigns.view(_moved(caller, before, to, confirm_all=confirm_all))


def _require(campaign: Campaign, to: Status, *, confirm_all: bool) -> None:
    if to == "scheduled" and campaign.scheduled_at is None:
        raise TimeMissing
    starting.require_startable(campaign, confirm_all=confirm_all or campaign.confirmed_all)


def _moved(caller: Caller, before: Campaign, to: Status, *, confirm_all: bool) -> Campaign:
    if to in ("scheduled", "preparing"):
        confirmed = confirm_all or before.confirmed_all
        return moving.move(caller.tenant_id, before.campaign_id, to, confirmed_all=confirmed)
    if to == "running":
        # Whoever resumes has seen what went wrong by now: what pauses it again is what goes wrong after it.
        accepted = dict(counters.totals(caller.tenant_id, before.campaign_id))
        return moving.move(caller.tenant_id, before.campaign_id, to, accepted=accepted)
    return moving.move(caller.tenant_id, before.campaign_id, to)

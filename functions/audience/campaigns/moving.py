"""How a campaign comes from one state into another, with what follows from it.

A campaign that is not over is named in the graph of segments, so that its segment cannot be deleted meanwhile, and from
its start on at the provider that it sends through.
What is told in an event here is what the background work goes by (`consumers.py`): there is no start without it.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from functions.audience.campaigns import campaigns, states, timer
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.states import Status
from functions.audience.delivery import providers
from functions.audience.delivery import uses as provider_uses
from functions.audience.segments import graph
from shared import clock
from shared.clock import Instant
from shared.errors import Conflict
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.writes import Delete, Write

_EVENTS: Final[Mapping[Status, str]] = {
    "scheduled": "scheduled",
    "preparing": "started",
    "running": "resumed",
    "paused": "paused",
    "cancelled": "cancelled",
    "completed": "completed",
    "failed": "failed",
}


class StatusNotPossible(Conflict):
    """409: a campaign in its present state cannot come into that one."""

    def __init__(self, before: Status, after: Status) -> None:
        super().__init__(f"The campaign is {before}, from which it cannot become {after}.")


def move(
    tenant_id: str,
    campaign_id: str,
    to: Status,
    *,
    only: Callable[[Campaign], bool] = lambda _: True,
    **fields: Any,
) -> Campaign:
    """Bring a campaign into a state, with these fields, and return it; as it is when it is so already.

    When `only` does not hold of it, nothing is changed. Raises CampaignNotFound, StatusNotPossible.
    """
    now = clock.now()

    def plan() -> Plan[Campaign]:
        before = campaigns.get(tenant_id, campaign_id)
        if before.status == to or not only(before):
            return Plan(before)
        if not states.may_follow(before.status, to):
            raise StatusNotPossible(before.status, to)
        after, provided = _provided(before, _moved(before, to, now, fields))
        what = "prepared" if before.status == "preparing" and to == "running" else _EVENTS[to]
        writes: list[Write] = [campaigns.written(before, after), campaigns.happened(what, after, now), *provided]
        if after.is_over:
            writes.append(uses(after))
        if to == "scheduled":
            writes.append(timer.at(after))
        elif before.status == "scheduled" or (after.is_over and after.is_parted):
            writes.append(Delete(timer.key(before)))
        return Plan(after, writes)

    return changes.make(plan)


def uses(campaign: Campaign, *segment_ids: str) -> Write:
    """Return the write by which a campaign uses these segments, and no other."""
    known = graph.read(campaign.tenant_id)
    return graph.changed(campaign.tenant_id, known, campaign.campaign_id, segment_ids)


def _provided(before: Campaign, after: Campaign) -> tuple[Campaign, list[Write]]:
    """Return a campaign with the provider that it sends through from now on, and the writes that keep that there."""
    tenant_id, campaign_id, former = before.tenant_id, before.campaign_id, before.sends_through
    if not after.is_over and after.status != "preparing" and before.status != "paused":
        return after, []
    ended = [] if former is None else provider_uses.ended(tenant_id, former, campaign_id)
    if after.is_over:
        return after, ended
    provider = providers.for_channel(tenant_id, before.channel, before.provider_id)
    if provider is None:
        return after._replace(sends_through=None), ended
    if provider.provider_id == former:
        return after, []
    return after._replace(sends_through=provider.provider_id), [*ended, *provider_uses.begun(provider, campaign_id)]


def _moved(before: Campaign, to: Status, now: Instant, fields: Mapping[str, Any]) -> Campaign:
    moment = clock.to_rfc3339(now)
    kept: dict[str, Any] = {"status": to, "reason": None}
    if to == "running":
        kept["run"] = before.run + 1
    if to == "preparing":
        kept["started_at"] = moment
    if to in states.OVER:
        kept["finished_at"] = moment
    return campaigns.next_version(before, now, **{**kept, **fields})

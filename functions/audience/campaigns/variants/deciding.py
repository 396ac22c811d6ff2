"""When it is decided which variant has won, and by whom: by what was counted, at its time, or by a person before.

The time begins when everybody in the test part was seen to, and goes on in a pause. That a variant has won is one
write, once, of a campaign that is sent or paused; whoever comes second changes nothing.
"""

from collections.abc import Mapping
from typing import Any, Final

from functions.audience.campaigns import campaigns, timer
from functions.audience.campaigns.campaigns import Campaign, View
from functions.audience.campaigns.variants import winner
from functions.audience.recipients import counters
from shared import clock
from shared.clock import SECOND, Instant
from shared.errors import Conflict, InvalidInput
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.writes import Write

_MINUTE: Final[Instant] = 60 * SECOND


class NothingToDecide(Conflict):
    """409: the campaign has no winner to be decided: it has none at all, was not started, or is over."""

    def __init__(self) -> None:
        super().__init__("No winner can be decided: the campaign has none, was not started yet, or is over.")


class WinnerDecided(Conflict):
    """409: another variant has won already, and the rest of the audience gets that."""

    def __init__(self) -> None:
        super().__init__("Another variant has won already, and the rest of the audience gets that.")


def decide(tenant_id: str, campaign_id: str, name: str) -> View:
    """Have a variant win, and return the campaign; twice is as good.

    Raises CampaignNotFound, NothingToDecide, WinnerDecided, and InvalidInput for a name that no variant has.
    """
    campaign = campaigns.get(tenant_id, campaign_id)
    names = [each["name"] for each in campaign.variants]
    if name not in names:
        raise InvalidInput.of("variant", "the campaign has no variant of this name")
    decided = _decided(campaign, names.index(name), "person")
    if decided.won is None:
        raise NothingToDecide
    if campaigns.variant_name(decided, decided.won) != name:
        raise WinnerDecided
    return campaigns.view(decided)


def decide_if_due(campaign: Campaign) -> Campaign:
    """Decide which variant has won when it is time, and return the campaign. Raises Unavailable."""
    if campaign.winner is None or campaign.won is not None or campaign.decides_at is None:
        return campaign
    if clock.now() < clock.from_stored(campaign.decides_at):
        return campaign
    counted, by = counters.every(campaign.tenant_id, campaign.campaign_id), campaign.winner["by"]
    several = [counters.of_variant(counted, number) for number in range(len(campaign.variants))]
    return _decided(campaign, winner.choose(several, by), by)


def begin(campaign: Campaign) -> None:
    """Have the time begin after which it is decided; for a test part without anybody it is over. Raises Unavailable."""
    if not _is_open(campaign) or campaign.decides_at is not None or campaign.test_chunks == campaign.chunks:
        return
    asked: Mapping[str, Any] = campaign.winner or {}
    after, now = asked["after_minutes"] * _MINUTE if campaign.test_chunks else 0, clock.now()

    def plan() -> Plan[None]:
        before = campaigns.get(campaign.tenant_id, campaign.campaign_id)
        if not _is_open(before) or before.decides_at is not None:
            return Plan(None)
        begun = campaigns.next_version(before, now, decides_at=clock.to_rfc3339(now + after))
        return Plan(None, [campaigns.written(before, begun), timer.due(begun, now + after)])

    changes.make(plan)


def _decided(campaign: Campaign, number: int, by: str) -> Campaign:
    now = clock.now()

    def plan() -> Plan[Campaign]:
        before = campaigns.get(campaign.tenant_id, campaign.campaign_id)
        if not _is_open(before):
            return Plan(before)
        fields: dict[str, Any] = {"won": number, "decided_at": clock.to_rfc3339(now), "decided_by": by}
        after = campaigns.next_version(before, now, **fields)
        writes: list[Write] = [
            campaigns.written(before, after),
            campaigns.happened("decided", after, now, variant=campaigns.variant_name(after, number), by=by),
        ]
        return Plan(after, writes)

    return changes.make(plan)


def _is_open(campaign: Campaign) -> bool:
    """Return whether it is to be decided which variant wins: also of a campaign that is paused."""
    return campaign.winner is not None and campaign.won is None and campaign.status in ("running", "paused")

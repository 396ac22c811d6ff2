"""A recount: what the rows of a campaign add up to, against its counters, and mended if asked."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from functions.audience.campaigns import campaigns, reading
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.recipients import counters, marks, recipients
from functions.audience.recipients.state import UNSETTLED
from shared import clock
from shared.errors import Conflict
from shared.storage import changes, parallel
from shared.storage.changes import Plan
from shared.storage.writes import Add

View = dict[str, Any]

_TRIES: Final = 3


class CampaignStillRunning(Conflict):
    """409: counters are repaired when nothing is being sent. Pause the campaign first."""

    def __init__(self) -> None:
        super().__init__("Counters are repaired when nothing is being sent. Pause the campaign first.")


class CampaignCountersMoving(Conflict):
    """409: the counters move faster than the rows are counted. Pause the campaign, or try again later."""

    def __init__(self) -> None:
        super().__init__("The counters move faster than the rows are counted. Pause the campaign, or try again later.")


def recount(tenant_id: str, campaign_id: str, *, is_repairing: bool) -> View:
    """Return where rows and counters of a campaign differ, by state; both are of one moment.

    Raises CampaignNotFound, CampaignStillRunning, CampaignCountersMoving.
    """

    def plan() -> Plan[View]:
        before = campaigns.get(tenant_id, campaign_id)
        if is_repairing and before.status == "running":
            raise CampaignStillRunning
        differences = _differences(before)
        repaired = is_repairing and bool(differences)
        view = {"campaign_id": campaign_id, "differences": [*differences.values()], "repaired": repaired}
        if not repaired:
            return Plan(view)
        # Receipts add to their rows and counters alike, so what is missing stays the same. Of two repairs at once,
        # the campaign's version lets one through, and the other counts again.
        amounts = {name: int(each["counted"]) - int(each["stored"]) for name, each in differences.items()}
        after = campaigns.next_version(before, clock.now())
        return Plan(view, [campaigns.written(before, after), Add(counters.first_key(tenant_id, campaign_id), amounts)])

    return changes.make(plan)


def _differences(campaign: Campaign) -> dict[str, View]:
    """Compare rows and counters, and return what differs by the name of its counter. Raises CampaignCountersMoving.

    What moves a row moves its counter in the same transaction, and no row goes back. So counters that are the same
    before and after the rows are counted were so all the while.
    """
    tenant_id, campaign_id = campaign.tenant_id, campaign.campaign_id
    for _ in range(_TRIES):
        stored = counters.every(tenant_id, campaign_id)
        counted = _counted(tenant_id, campaign_id)
        if counters.every(tenant_id, campaign_id) == stored:
            return {
                name: shown | {"stored": stored.get(name, 0), "counted": counted.get(name, 0)}
                for name, shown in _counters(campaign).items()
                if stored.get(name, 0) != counted.get(name, 0)
            }
    raise CampaignCountersMoving


def _counters(campaign: Campaign) -> dict[str, View]:
    """Return the counters of a campaign by their names: of which state they are, and of which variant."""
    of_all: dict[str, View] = {
        status: {"status": status, "variant": None} for status in (*reading.STATES, *marks.MARKS.values())
    }
    of_variants = {
        counters.varied(status, number): {"status": status, "variant": each["name"]}
        for number, each in enumerate(campaign.variants)
        for status in reading.STATES
    }
    return {**of_all, **of_variants}


def _counted(tenant_id: str, campaign_id: str) -> Mapping[str, int]:
    counted = Counter[str]()
    for each in parallel.calls(lambda shard: _of_shard(tenant_id, campaign_id, shard), range(recipients.SHARDS)):
        counted.update(each)
    return counted


def _of_shard(tenant_id: str, campaign_id: str, shard: int) -> Counter[str]:
    counted = Counter[str]()
    for row in recipients.every(tenant_id, campaign_id, shard):
        if row.status not in UNSETTLED:
            counted[row.status] += 1
            if row.variant is not None:
                counted[counters.varied(row.status, row.variant)] += 1
        counted.update(marks.of(row))
    return counted

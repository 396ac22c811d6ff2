"""A recount: what the rows of a campaign add up to, against its counters, and mended if asked."""

from collections import Counter
from typing import Any

from functions.audience.campaigns import campaigns, reading
from functions.audience.recipients import counters, marks, recipients
from functions.audience.recipients.state import UNSETTLED
from shared.errors import Conflict
from shared.storage import parallel, table
from shared.storage.writes import Add

View = dict[str, Any]


class CampaignStillRunning(Conflict):
    """409: counters are repaired when nothing is being sent. Pause the campaign first."""

    def __init__(self) -> None:
        super().__init__("Counters are repaired when nothing is being sent. Pause the campaign first.")


def recount(tenant_id: str, campaign_id: str, *, is_repairing: bool) -> View:
    """Return where rows and counters of a campaign differ, by state. Raises CampaignNotFound, CampaignStillRunning.

    Of a campaign that is being sent, what has changed between the reads differs too.
    """
    campaign = campaigns.get(tenant_id, campaign_id)
    if is_repairing and campaign.status == "running":
        raise CampaignStillRunning
    counted = Counter[str]()
    for each in parallel.calls(lambda shard: _count(tenant_id, campaign_id, shard), range(recipients.SHARDS)):
        counted.update(each)
    stored = counters.totals(tenant_id, campaign_id)
    differences: list[View] = [
        {"status": name, "stored": stored.get(name, 0), "counted": counted[name]}
        for name in (*reading.STATES, *marks.MARKS.values())
        if stored.get(name, 0) != counted[name]
    ]
    repaired = is_repairing and bool(differences)
    if repaired:
        amounts = {str(each["status"]): int(each["counted"]) - int(each["stored"]) for each in differences}
        table.transact([Add(counters.first_key(tenant_id, campaign_id), amounts)])
    return {"campaign_id": campaign_id, "differences": differences, "repaired": repaired}


def _count(tenant_id: str, campaign_id: str, shard: int) -> Counter[str]:
    counted = Counter[str]()
    for row in recipients.every(tenant_id, campaign_id, shard):
        if row.status not in UNSETTLED:
            counted[row.status] += 1
        counted.update(marks.of(row))
    return counted

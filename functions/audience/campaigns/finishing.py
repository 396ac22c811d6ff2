"""How a chunk, and with the last of them a campaign, is done, and how its progress is told."""

from typing import Final

from functions.audience.campaigns import campaigns, chunks, moving
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.variants import deciding
from shared import clock
from shared.clock import SECOND, Instant
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.table import UpdateRefused
from shared.storage.writes import Condition

TOLD_EVERY: Final[Instant] = 10 * SECOND


def chunk_done(campaign: Campaign, number: int) -> None:
    """Record that a chunk is done, once, and complete the campaign if it was the last. Raises Unavailable."""

    def plan() -> Plan[None]:
        chunk = chunks.find(campaign.tenant_id, campaign.campaign_id, number)
        return Plan(None, chunks.done(chunk) if chunk is not None and not chunk.is_done else ())

    changes.make(plan)
    settle(campaign)


def settle(campaign: Campaign) -> None:
    """See to what follows from chunks that are done: a winner can be decided soon, or the campaign is completed.

    One that is paused is completed when it is resumed. Raises Unavailable.
    """
    progress = chunks.progress(campaign.tenant_id, campaign.campaign_id)
    if campaign.test_chunks is not None and progress["tested"] >= campaign.test_chunks:
        deciding.begin(campaign)
    if campaign.chunks is None or progress["done"] < campaign.chunks:
        return
    moving.move(campaign.tenant_id, campaign.campaign_id, "completed", only=lambda each: each.status == "running")


def tell_progress(campaign: Campaign, totals: dict[str, int]) -> None:
    """Tell how far a campaign is, at most every ten seconds, whoever of the workers is first."""
    now = clock.now()
    place = chunks.progress_key(campaign.tenant_id, campaign.campaign_id)
    names = {"#told": "told_at"}
    early = Condition("attribute_not_exists(#told) OR #told <= :then", names, {":then": now - TOLD_EVERY})
    try:
        table.update(place, "SET #told = :now", names=names, values={":now": now}, condition=early)
    except UpdateRefused:
        return
    table.transact([campaigns.happened("progressed", campaign, now, counts=totals)])

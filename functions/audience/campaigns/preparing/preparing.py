"""Preparing: what a campaign sends and to whom is frozen, cut into chunks, and put on the queue.

Whatever ends it in the middle, the next try goes on with what was frozen by then; a file is written once.
"""

import contextlib

from functions.audience.campaigns import campaigns, chunks, moving
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.freezing import arranging, audiences, frozen, removing, sources
from functions.audience.campaigns.freezing.frozen import Frozen
from functions.audience.campaigns.sending import waking
from functions.audience.campaigns.variants import variants
from functions.audience.tracking import frozen_links, markup
from shared.errors import Refusal, Unavailable
from shared.storage import files, table
from shared.storage.table import ConditionFailed


def prepare(tenant_id: str, campaign_id: str) -> None:
    """Prepare a campaign that was started, and have its chunks sent; what is done already is not done again.

    Raises Unavailable; by then as much is done as was possible.
    """
    campaign = campaigns.get(tenant_id, campaign_id)
    if campaign.status == "preparing":
        campaign = _prepared(campaign)
    if campaign.status in ("running", "paused"):
        waking.look(campaign)
    elif campaign.is_over:
        # It may have ended while its audience was written.
        removing.remove(campaign)


def fail(campaign: Campaign, reason: str) -> Campaign:
    """Give a campaign up that could not be prepared."""
    return moving.move(
        campaign.tenant_id,
        campaign.campaign_id,
        "failed",
        only=lambda each: each.status == "preparing",
        reason=reason,
    )


def _prepared(campaign: Campaign) -> Campaign:
    try:
        kept = _frozen(campaign)
        size = _size(campaign, kept)
    except Unavailable:
        raise
    except Refusal as refusal:
        return fail(campaign, type(refusal).__name__)
    if campaign.max_audience is not None and size > campaign.max_audience:
        return fail(campaign, "audience_too_large")
    _freeze_links(campaign)
    parts = arranging.parts(campaign, kept, size)
    made = chunks.cut(campaign.tenant_id, campaign.campaign_id, parts, campaign.chunk_size or chunks.size_for(size))
    chunks.store(made)
    return moving.move(
        campaign.tenant_id,
        campaign.campaign_id,
        "running",
        only=lambda each: each.status == "preparing",
        audience=size,
        chunks=len(made),
        test_chunks=None if campaign.winner is None else sum(each.role == "test" for each in made),
    )


def _freeze_links(campaign: Campaign) -> None:
    """Keep the links that are counted, in the order in which tokens name them; they are of what cannot change now."""
    if campaign.track_clicks:
        known = markup.links(*(each.message.get("html_template") for _, each in variants.versions(campaign)))
        with contextlib.suppress(ConditionFailed):
            table.transact([frozen_links.frozen(campaign.tenant_id, campaign.campaign_id, known)])


def _size(campaign: Campaign, kept: Frozen) -> int:
    """Return how many are in the audience, whose file is written unless an earlier try has done so."""
    found = files.find(kept.file)
    if found is not None:
        return audiences.size(found.size)
    return audiences.write(kept.file, audiences.entries(sources.members(campaign, kept)))


def _frozen(campaign: Campaign) -> Frozen:
    """Return what was frozen, by this try or by one before it."""
    kept = frozen.find(campaign.tenant_id, campaign.campaign_id)
    while kept is None:
        with contextlib.suppress(ConditionFailed):
            key = files.new_key(audiences.PURPOSE, campaign.tenant_id, campaign.campaign_id)
            table.transact([frozen.freeze(campaign, file=key)])
        kept = frozen.find(campaign.tenant_id, campaign.campaign_id)
    return kept

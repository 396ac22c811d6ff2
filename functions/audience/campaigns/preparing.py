"""Preparing: what a campaign sends and to whom is frozen, cut into chunks, and put on the queue.

Whatever ends it in the middle, the next try goes on with what was frozen by then; a file is written once.
"""

import contextlib
from collections.abc import Iterator
from itertools import islice
from typing import Final

from functions.audience.campaigns import addresses, audiences, campaigns, chunks, finishing, frozen, lifecycle
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.frozen import Frozen
from functions.audience.campaigns.sending import work_queue
from functions.audience.leads import leads
from functions.audience.respect import suppressions
from functions.audience.segments import matching
from functions.audience.settings import settings
from functions.audience.tracking import frozen_links, markup
from shared.errors import Refusal, Unavailable
from shared.storage import files, parallel, table
from shared.storage.table import ConditionFailed

_TOGETHER: Final = 100
_AT_ONCE: Final = 8


def prepare(tenant_id: str, campaign_id: str) -> None:
    """Prepare a campaign that was started, and have its chunks sent; what is done already is not done again.

    Raises Unavailable; by then as much is done as was possible.
    """
    campaign = campaigns.get(tenant_id, campaign_id)
    if campaign.status == "preparing":
        campaign = _prepared(campaign)
    if campaign.status == "running":
        send_unfinished(campaign)


def send_unfinished(campaign: Campaign) -> None:
    """Put the chunks that are not done on the queue, for this run; a campaign without any is completed."""
    waiting = chunks.unfinished(campaign.tenant_id, campaign.campaign_id)
    work_queue.put(campaign, [each.number for each in waiting])
    finishing.complete_if_done(campaign)


def fail(campaign: Campaign, reason: str) -> Campaign:
    """Give a campaign up that could not be prepared."""
    return lifecycle.move(
        campaign.tenant_id,
        campaign.campaign_id,
        "failed",
        only=lambda each: each.status == "preparing",
        reason=reason,
    )


def _prepared(campaign: Campaign) -> Campaign:
    try:
        kept = _frozen(campaign)
        found = files.find(kept.file)
        size = audiences.size(found.size) if found else audiences.write(kept.file, _audience(campaign, kept))
    except Unavailable:
        raise
    except Refusal as refusal:
        return fail(campaign, type(refusal).__name__)
    if campaign.max_audience is not None and size > campaign.max_audience:
        return fail(campaign, "audience_too_large")
    _freeze_links(campaign)
    made = chunks.cut(campaign.tenant_id, campaign.campaign_id, size, campaign.chunk_size or chunks.size_for(size))
    chunks.store(made)
    return lifecycle.move(
        campaign.tenant_id,
        campaign.campaign_id,
        "running",
        only=lambda each: each.status == "preparing",
        audience=size,
        chunks=len(made),
    )


def _freeze_links(campaign: Campaign) -> None:
    """Keep the links that are counted, in the order in which tokens name them; they are of what cannot change now."""
    if campaign.track_clicks:
        known = markup.links(campaign.message.get("html_template"))
        with contextlib.suppress(ConditionFailed):
            table.transact([frozen_links.frozen(campaign.tenant_id, campaign.campaign_id, known)])


def _frozen(campaign: Campaign) -> Frozen:
    """Return what was frozen, by this try or by one before it."""
    kept = frozen.find(campaign.tenant_id, campaign.campaign_id)
    while kept is None:
        with contextlib.suppress(ConditionFailed):
            table.transact([frozen.freeze(campaign, file=files.new_key(audiences.PURPOSE, campaign.tenant_id))])
        kept = frozen.find(campaign.tenant_id, campaign.campaign_id)
    return kept


def _audience(campaign: Campaign, kept: Frozen) -> Iterator[audiences.Entry]:
    return audiences.entries(_addressed(campaign, matching.lead_ids(campaign.tenant_id, kept.form)))


def _addressed(campaign: Campaign, lead_ids: Iterator[str]) -> Iterator[tuple[str, str | None]]:
    """Yield the leads with the digests of their addresses, in their order; eight hundred are read at once."""
    audience = settings.of(campaign.tenant_id)

    def read(together: list[str]) -> list[tuple[str, str | None]]:
        found = []
        for lead in leads.several(campaign.tenant_id, together):
            to = addresses.of(lead, campaign.channel)
            digest = None if to is None else suppressions.digest(audience, campaign.channel, to)
            found.append((lead.lead_id, digest))
        return found

    while several := [part for _ in range(_AT_ONCE) if (part := list(islice(lead_ids, _TOGETHER)))]:
        for answered in parallel.calls(read, several):
            yield from answered

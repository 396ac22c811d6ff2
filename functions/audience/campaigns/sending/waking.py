"""What of a campaign is due is decided and put on the queue, and one timer wakes it for what is later.

Every look begins with what is stored. So it may be made at any time, twice and by several: whatever starts, resumes or
wakes a campaign makes one, and a worker that is given a chunk too early asks for one.
"""

from collections.abc import Sequence

from functions.audience.campaigns import chunks, finishing, timer
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.chunks import Chunk
from functions.audience.campaigns.sending import work_queue
from functions.audience.campaigns.variants import deciding
from functions.audience.campaigns.waiting import queued, waits
from shared import clock
from shared.clock import Instant


def look(campaign: Campaign) -> None:
    """See to what is due of a prepared campaign, and set the timer for what is later. Raises Unavailable.

    A campaign that is paused has nothing on the queue: whoever resumes it looks again. One whose chunks are all done
    is completed.
    """
    campaign, now = deciding.decide_if_due(campaign), clock.now()
    left = [*chunks.unfinished(campaign.tenant_id, campaign.campaign_id)]
    due = [each for each in left if waits.is_due(campaign, each, now)]
    is_all = campaign.status != "running" or _put(campaign, due, now)
    if campaign.is_parted:
        _set_timer(campaign, waits.next_at(campaign, left, now) if is_all else now)
    finishing.settle(campaign)


def too_early(campaign: Campaign, chunk: Chunk) -> None:
    """Have a chunk that came before it was due put on the queue again when it is. Raises Unavailable."""
    queued.forget(campaign)
    at = waits.next_at(campaign, [chunk], now=0)
    if at is not None:
        timer.ensure(campaign, at)


def _put(campaign: Campaign, due: Sequence[Chunk], now: Instant) -> bool:
    """Put chunks on the queue that are not there yet; return False if somebody took some of them back meanwhile."""
    if not campaign.is_parted:
        work_queue.put(campaign, [each.number for each in due])
        return True
    before = queued.read(campaign)
    missing = [each.number for each in due if not before.has(campaign, each)]
    if not missing:
        return True
    work_queue.put(campaign, missing)
    return queued.keep(campaign, before, until=now)


def _set_timer(campaign: Campaign, at: Instant | None) -> None:
    """Wake a campaign at an instant; for one that has nothing to wait for any more, remove the timer.

    That is for good: what is due, or decided, is so for ever. While it is not known when it is decided which variant
    has won, the timer stays as it is: whoever begins that time sets it.
    """
    if at is not None:
        timer.wake(campaign, at)
    elif not waits.is_undecided(campaign):
        timer.remove(campaign)

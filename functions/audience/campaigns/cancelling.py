"""What becomes of those who wait when their campaign is cancelled: they are skipped, and their rows say why.

They are found by the index, which may lag, and a worker may be recording one that is to wait; so it is looked at again
when every call that was being made has ended.
"""

from collections.abc import Sequence
from typing import Final

from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.sending import capping, rows
from functions.audience.recipients import outcomes, recipients, state
from functions.audience.recipients.state import Recipient
from functions.audience.settings import settings
from shared import clock
from shared.clock import Instant

LOOK_AGAIN_AFTER: Final[Instant] = rows.LEASE


def skip_waiting(campaign: Campaign, *, ends_at: Instant) -> bool:
    """Skip those of a cancelled campaign who wait, part by part; return whether time ran out before all were.

    Raises TooManyChangesAtOnce, Unavailable; by then as many are skipped as was possible.
    """
    cursor: str | None = None
    while clock.now() < ends_at:
        waiting, cursor = recipients.listed(
            campaign.tenant_id, campaign.campaign_id, "pending", limit=outcomes.MOST, cursor=cursor
        )
        _skip(campaign, waiting)
        if cursor is None:
            return False
    return True


def _skip(campaign: Campaign, waiting: Sequence[Recipient]) -> None:
    now = clock.to_rfc3339(clock.now())
    moves = [(each, state.advanced(each, "skipped", now, "cancelled")) for each in waiting]
    made = outcomes.record([(before, after) for before, after in moves if after is not None]) if moves else []
    audience = settings.of(campaign.tenant_id)
    for _, after in made:
        capping.give_back(audience, after)

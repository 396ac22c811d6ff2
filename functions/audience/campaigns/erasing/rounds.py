"""A lead is erased from the campaigns of its tenant in rounds, a quarter of an hour apart.

In a campaign that is over, its row is erased. In one that is not, its entry is erased from the files in one round, and
its row in the next: by then no worker has read the files before, so nobody makes such a row again, and whether there is
one says how the lead is to be counted. The second round also finds campaigns that were being prepared in the first.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, Self

from functions.audience.campaigns import campaigns
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.erasing import entries, names, rows
from functions.audience.settings import settings
from shared import clock, ids
from shared.clock import Instant
from shared.observability import logger

APART: Final[Instant] = 15 * 60 * clock.SECOND
"""A worker is done with what it has read of a file after five minutes."""
FEWEST: Final = 2
_TOGETHER: Final = 100


class Erasure(NamedTuple):
    """A lead that was erased, the round, and the campaigns from whose files it was erased in the round before."""

    tenant_id: str
    erased_id: str
    campaign_ids: tuple[str, ...] = ()
    round: int = 1

    @classmethod
    def read(cls, message: Mapping[str, Any]) -> Self:
        """Return the erasure that a message goes on with. Raises KeyError, TypeError or ValueError if it is none."""
        erased_id, campaign_ids = message["erased_id"], tuple(message["campaign_ids"])
        if not ids.is_valid(erased_id, "lead"):
            raise ValueError("no lead has this id")
        return cls(str(message["tenant_id"]), erased_id, campaign_ids, int(message["round"]))


def run(erasure: Erasure) -> Erasure | None:
    """Do a round; return the next one, None if nothing is left to be done.

    Raises Unavailable, and FileChanged when another erasure writes the same file.
    """
    left, is_more = list[str](), erasure.round < FEWEST
    for campaign in _every(erasure.tenant_id):
        if campaign.status == "preparing":
            is_more = True
        elif campaign.status not in ("draft", "scheduled") and _is_left(campaign, erasure):
            left.append(campaign.campaign_id)
    if not left and not is_more:
        logger.info("no campaign names a lead any more", rounds=erasure.round)
        return None
    return erasure._replace(campaign_ids=tuple(left), round=erasure.round + 1)


def _is_left(campaign: Campaign, erasure: Erasure) -> bool:
    """Erase a lead from a campaign as far as can be; return whether the next round has to go on."""
    lead_id = erasure.erased_id
    name = names.of(settings.of(erasure.tenant_id), campaign.campaign_id, lead_id)
    was_in_files = campaign.campaign_id in erasure.campaign_ids
    if campaign.is_over or was_in_files:
        return not rows.erase(campaign, lead_id, name, is_in_audience=was_in_files)
    return entries.erase(campaign, lead_id, name) and not rows.is_erased(campaign, name)


def _every(tenant_id: str) -> Iterator[Campaign]:
    cursor: str | None = None
    while True:
        found, cursor = campaigns.stored(tenant_id, limit=_TOGETHER, cursor=cursor)
        yield from found
        if cursor is None:
            return

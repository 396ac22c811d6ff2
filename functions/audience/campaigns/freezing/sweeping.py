"""The sweep of frozen audiences: what a campaign that is over has left, because a message was lost, is removed.

A file is in the folder of its campaign, so one read says of each whether somebody is still written to from it.
"""

from collections.abc import Callable
from typing import Final

from functions.audience.campaigns import campaigns
from functions.audience.campaigns.campaigns import CampaignNotFound
from functions.audience.campaigns.freezing import audiences
from functions.audience.files import folders
from shared import clock
from shared.clock import DAY
from shared.observability import logger
from shared.storage import files

KEPT: Final = DAY
"""The end of a campaign has its files removed within minutes; what is older was forgotten."""


def run(has_time: Callable[[], bool]) -> int:
    """Look at the files of all campaigns; return how many were removed. `has_time` is asked before each.

    Raises Unavailable.
    """
    removed, written_by = 0, clock.now() - KEPT
    for listed in folders.every(f"{audiences.PURPOSE}/"):
        if not has_time():
            logger.warning("the sweep had no time for the files of all campaigns")
            break
        _, tenant_id, *of, _ = listed.key.split("/")
        if of and listed.written_at <= written_by and _is_over(tenant_id, of[0]):
            files.remove(listed.key)
            removed += 1
    return removed


def _is_over(tenant_id: str, campaign_id: str) -> bool:
    try:
        return campaigns.get(tenant_id, campaign_id).is_over
    except CampaignNotFound:
        return True

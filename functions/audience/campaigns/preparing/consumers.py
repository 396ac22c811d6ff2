"""Background work of the function with DuckDB: campaigns that were started are prepared, one message each.

It has no templates in its bundle: what is to be rendered was checked when the campaign was started.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from functions.audience.campaigns import campaigns
from functions.audience.campaigns.campaigns import CampaignNotFound
from functions.audience.campaigns.preparing import preparing
from shared.messaging import batches, bus
from shared.messaging.batches import Message, is_last_try


class _About(NamedTuple):
    """Which campaign a message is about."""

    tenant_id: str
    campaign_id: str


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Prepare the campaigns of a batch; answers the messages that failed, to be tried again."""
    return batches.per_subject(event, _about, _prepare)


def _about(message: Message) -> _About:
    """Return the campaign that was started. Raises KeyError, TypeError or ValueError when there is none."""
    happened = bus.read(message)
    return _About(happened.tenant_id, happened.subject_id)


def _prepare(about: _About, messages: Sequence[Message]) -> None:
    try:
        campaign = campaigns.get(*about)
        if campaign.status == "preparing" and any(map(is_last_try, messages)):
            preparing.fail(campaign, "preparing_broke")
        else:
            preparing.prepare(*about)
    except CampaignNotFound:
        return

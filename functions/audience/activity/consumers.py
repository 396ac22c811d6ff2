"""Background work: what leads that were merged or erased have left moves or goes, from a queue, part by part.

A message names a lead. It comes from the bus when the lead was merged or erased, and from here when a part was not the
last. One that comes twice finds nothing to do.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from functions.audience.activity import follow_ups
from shared import config, ids
from shared.messaging import batches, bus, queues
from shared.messaging.batches import Message, is_event


class About(NamedTuple):
    """Which leads of a tenant a message is about."""

    tenant_id: str
    lead_ids: tuple[str, ...]


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Do a part for each lead of a batch; answers the messages that failed, to be tried again."""
    return batches.per_subject(event, _about, _follow_up)


def _about(message: Message) -> About:
    """Return the leads that a message is about. Raises KeyError, TypeError or ValueError when it is about none."""
    if is_event(message):
        happened = bus.read(message)
        data = happened.data
        named = (data["merged_id"],) if "merged_id" in data else tuple(data["erased_ids"])
        about = About(happened.tenant_id, named)
    else:
        about = About(message["tenant_id"], tuple(message["lead_ids"]))
    if not all(ids.is_valid(each, "lead") for each in about.lead_ids):
        raise ValueError("no lead has these ids")
    return about


def _follow_up(about: About, _messages: Sequence[Message]) -> None:
    left = [each for each in about.lead_ids if follow_ups.run(about.tenant_id, each)]
    if left:
        queues.send(config.lead_follow_ups_queue_url(), {"tenant_id": about.tenant_id, "lead_ids": left})

"""Background work: goals that were deleted, and imports that broke off, are removed from a queue, part by part.

A message names a goal. It comes from the bus when the goal was deleted, from the stream when an import ended, and from
here when a part was not the last. One that comes twice, or is about a goal that exists, finds nothing to do.
"""

from collections.abc import Sequence
from typing import Any

from functions.goals.about import About, about
from functions.goals.removal import removals
from shared import config
from shared.messaging import batches, queues
from shared.messaging.batches import Message


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Remove a part of each goal of a batch; answers the messages that failed, to be tried again."""
    return batches.per_subject(event, about, _remove)


def _remove(which: About, _messages: Sequence[Message]) -> None:
    if removals.remove_part(which.owner_id, which.goal_id):
        queues.send(config.removals_queue_url(), which._asdict())

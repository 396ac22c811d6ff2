"""Background work: goals that were deleted, and imports that broke off, are removed from a queue, part by part.

A message names a goal. It comes from the bus when the goal was deleted, from the sweep when an import was given up,
and from here when a part was not the last. One that comes twice, or is about a goal that exists, finds nothing to do.
"""

from collections.abc import Sequence
from typing import Any

from functions.goals.about import About, about
from functions.goals.removal import removals
from functions.goals.transfer import stages
from shared import config
from shared.messaging import batches, handling, queues, timers
from shared.messaging.batches import Message
from shared.messaging.timers import Invocation


def handler(event: dict[str, Any], context: Invocation) -> dict[str, Any]:
    """Remove a part of each goal of a batch, or sweep a shard; answers the messages that failed, to be tried again."""
    if "shard" in event:
        with handling.of_run(context, shard=event["shard"]):
            return {"given_up": _sweep(event["shard"], context)}
    return batches.per_subject(event, about, _remove)


def _sweep(shard: int, context: Invocation) -> int:
    return timers.sweep(stages.KIND, shard, queue_url=config.removals_queue_url(), context=context)


def _remove(which: About, _messages: Sequence[Message]) -> None:
    if removals.remove_part(which.owner_id, which.goal_id):
        queues.send(config.removals_queue_url(), which._asdict())

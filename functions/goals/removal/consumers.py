"""Background work: goals that were deleted, and imports that broke off, are removed from a queue, part by part.

A message names a goal. It comes from the bus when the goal was deleted, from the sweep when an import was given up,
and from here when a part was not the last. One that comes twice, or is about a goal that exists, finds nothing to do.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from functions.goals.about import about
from functions.goals.removal import removals
from functions.goals.transfer import stages
from shared import config, ids
from shared.messaging import batches, bus, handling, queues, timers
from shared.messaging.batches import Message, is_event
from shared.messaging.timers import Invocation


class Subject(NamedTuple):
    """Which goal is to be removed, and the tenant that could find its tasks; None for an import that never appeared."""

    owner_id: str
    goal_id: str
    tenant_id: str | None = None


def handler(event: dict[str, Any], context: Invocation) -> dict[str, Any]:
    """Remove a part of each goal of a batch, or sweep a shard; answers the messages that failed, to be tried again."""
    if "shard" in event:
        with handling.of_run(context, shard=event["shard"]):
            return {"given_up": _sweep(event["shard"], context)}
    return batches.per_subject(event, _subject, _remove)


def _sweep(shard: int, context: Invocation) -> int:
    return timers.sweep(stages.KIND, shard, queue_url=config.removals_queue_url(), context=context)


def _subject(message: Message) -> Subject:
    tenant_id = bus.read(message).tenant_id if is_event(message) else message.get("tenant_id")
    if tenant_id is not None and not ids.is_valid(tenant_id, "tenant"):
        raise ValueError("no tenant has this id")
    return Subject(*about(message), tenant_id)


def _remove(which: Subject, _messages: Sequence[Message]) -> None:
    if removals.remove_part(*which):
        told = {name: value for name, value in which._asdict().items() if value is not None}
        queues.send(config.removals_queue_url(), told)

"""Background work on segments: who has entered and left, parts of exports and recounts, from a queue and by the hour.

A message names a tenant, and maybe a segment. It comes from the bus when files were published or a segment was changed,
from the timers of segments whose dates move, and from here for each segment of a tenant and each part that is left.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.audience.querying import exports, memberships, recounts, watching
from functions.audience.segments import segments
from shared import config, ids
from shared.jobs import parts
from shared.jobs.parts import Work
from shared.messaging import batches, bus, handling, queues, timers
from shared.messaging.batches import Message
from shared.messaging.queues import Outgoing

PUBLISHED: Final = "audience.files.published"
WORKS: Final[Mapping[str, Work]] = {exports.KIND: exports.work, recounts.KIND: recounts.work}


class About(NamedTuple):
    """Which segment of a tenant a message is about; None: all of them."""

    tenant_id: str
    segment_id: str | None


def handler(event: dict[str, Any], context: timers.Invocation) -> dict[str, Any]:
    """Look at the segment of each message of a batch; answers the messages that failed, to be tried again.

    The call of a schedule has a `shard`: segments of it that are to be looked at by now get their messages.
    """
    if "shard" in event:
        with handling.of_run(context, shard=event["shard"]):
            url = config.audience_queries_queue_url()
            return {"sent": timers.sweep(memberships.KIND, event["shard"], queue_url=url, context=context)}
    ours, of_jobs = parts.apart(event["Records"])
    failed = [
        *batches.per_subject({"Records": ours}, _about, _look)["batchItemFailures"],
        *parts.consume({"Records": of_jobs}, WORKS, queue_url=config.audience_queries_queue_url())["batchItemFailures"],
    ]
    return {"batchItemFailures": failed}


def _about(message: Message) -> About:
    """Return the segment that a message is about. Raises KeyError, TypeError or ValueError when it is about none."""
    if batches.is_event(message):
        happened = bus.read(message)
        segment_id = None if happened.event_type == PUBLISHED else happened.data["segment_id"]
        about = About(happened.tenant_id, segment_id)
    else:
        about = About(message["tenant_id"], message["segment_id"])
    if about.segment_id is not None and not ids.is_valid(about.segment_id, segments.ID):
        raise ValueError("no segment has this id")
    return about


def _look(about: About, messages: Sequence[Message]) -> None:
    url = config.audience_queries_queue_url()
    if about.segment_id is None:
        queues.send_all(
            url,
            [
                Outgoing(_message(about.tenant_id, each), group=about.tenant_id)
                for each in segments.every_id(about.tenant_id)
            ],
        )
    elif any(batches.is_event(each) and bus.read(each).event_type == "audience.segment.deleted" for each in messages):
        watching.forget(about.tenant_id, about.segment_id)
    elif watching.look(about.tenant_id, about.segment_id):
        queues.send(url, _message(about.tenant_id, about.segment_id))


def _message(tenant_id: str, segment_id: str) -> dict[str, str]:
    return {"tenant_id": tenant_id, "segment_id": segment_id}

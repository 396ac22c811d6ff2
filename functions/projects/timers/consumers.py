"""The Lambda handler of what happens to milestones with time: their schedules fire, and their events move these.

Both come from one queue and bring about the same look (`looking.py`), whatever came before and however often. A sweep
finds what was due and lost.
"""

from collections.abc import Sequence, Set
from typing import Any, Final, NamedTuple

from functions.projects.dependencies import graph
from functions.projects.milestones import milestones
from functions.projects.timers import hearing, looking
from functions.projects.timers.seeing import Subject
from shared import config, ids, metrics
from shared.callers import project_members
from shared.messaging import appointments, batches, bus, handling, queues, timers
from shared.messaging.batches import Message, is_event
from shared.messaging.metrics import TIMERS
from shared.messaging.queues import Outgoing
from shared.messaging.schedules import measure_lag
from shared.messaging.timers import Invocation
from shared.teamwork import worklist

_CANCELLED: Final = "projects.milestone.cancelled"
_SATISFYING: Final = frozenset(f"projects.milestone.{what}" for what in ("started", "completed", "verified"))
"""The events of a milestone from which the lags of those that depend on it count."""
_OF_PAYMENTS: Final = "payments."
_ABSENCE: Final = "identity.absence."


class Absent(NamedTuple):
    """Somebody who has said when they are away."""

    tenant_id: str
    user_id: str


def handler(event: dict[str, Any], context: Invocation) -> dict[str, Any]:
    """Look at every milestone that the messages of a batch speak of, or sweep a shard of their timers.

    Answers the messages that failed, to be tried again.
    """
    if "shard" in event:
        with handling.of_run(context, shard=event["shard"]):
            url = config.schedule_queue_url()
            return {"lost": timers.sweep(looking.KIND, event["shard"], queue_url=url, context=context)}
    return batches.per_subject(event, _subject, _look)


def _subject(message: Message) -> Subject | Absent:
    """Return which milestone a message speaks of, or who goes away or comes back.

    Raises KeyError or ValueError for ids that nothing can have.
    """
    told = message
    tenant_id = message.get("tenant_id")
    if is_event(message):
        happened = bus.read(message)
        if happened.event_type.startswith(_ABSENCE):
            return Absent(happened.tenant_id, happened.subject_id)
        told, tenant_id = happened.data, happened.tenant_id
    project_id, milestone_id = told["project_id"], told["project_milestone_id"]
    if not ids.is_valid(project_id, project_members.ID) or not ids.is_valid(milestone_id, milestones.ID):
        raise ValueError("nothing has such an id")
    return Subject(str(tenant_id), project_id, milestone_id)


def _look(which: Subject | Absent, messages: Sequence[Message]) -> None:
    if isinstance(which, Absent):
        _ask_for_work(which)
        return
    measure_lag(messages)
    current, happened = _without_past(which, messages), [bus.read(each) for each in messages if is_event(each)]
    hearing.hear(which, [each for each in happened if each.event_type.startswith(_OF_PAYMENTS)])
    # A schedule that has fired is gone, and a message that comes again may have been left in the middle of a call.
    looking.look(which, anew=any(not is_event(each) or batches.comes_again(each) for each in current))
    _ask_for_dependants(which, {each.event_type for each in happened})


def _without_past(which: Subject, messages: Sequence[Message]) -> list[Message]:
    """Return the messages without those of a past attempt, which are counted; the milestone is looked at anyway."""
    place = looking.appointment_key(which)
    current = [each for each in messages if not appointments.is_past(place, each)]
    if len(current) < len(messages):
        metrics.write({TIMERS: [len(messages) - len(current)]}, "stale")
    return current


def _ask_for_work(which: Absent) -> None:
    """Have all milestones looked at whose layers ask somebody who goes away or comes back."""
    asked = worklist.every(which.tenant_id, which.user_id)
    found = {
        Subject(each.tenant_id, each.project_id, each.project_milestone_id)
        for each in asked
        if each.kind == "approval" and each.project_id is not None and each.project_milestone_id is not None
    }
    messages = [Outgoing(each._asdict(), group=which.tenant_id) for each in sorted(found)]
    queues.send_all(config.schedule_queue_url(), messages)


def _ask_for_dependants(which: Subject, happened: Set[str]) -> None:
    """Have those looked at that depend on a milestone: for a cancelled one they wait for ever, for others some days."""
    if not happened & {_CANCELLED, *_SATISFYING}:
        return
    read = graph.Graph(graph.of_project(which.tenant_id, which.project_id), 0)
    depending = read.dependants if _CANCELLED in happened else read.held
    dependants = [which._replace(project_milestone_id=each) for each in depending(which.project_milestone_id)]
    queues.send_all(
        config.schedule_queue_url(), [Outgoing(each._asdict(), group=which.tenant_id) for each in dependants]
    )

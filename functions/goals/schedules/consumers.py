"""What happens by itself with time: the schedules of goals fire, and every event of a goal may move its schedule.

Both come from one queue and bring about the same look (`schedules.py`), whatever came before and however often. Whoever
is back in their tenant has all their goals looked at: nothing was announced of them meanwhile.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from functions.goals import about, goals
from functions.goals.about import About
from functions.goals.schedules import schedules
from shared import config, metrics
from shared.messaging import answers, appointments, batches, bus, handling, timers
from shared.messaging.batches import Message
from shared.messaging.metrics import TIMERS
from shared.messaging.schedules import come_again, measure_lag
from shared.messaging.timers import Invocation
from shared.storage import table

RETURNS: Final = ("identity.member.enabled", "identity.member.restored", "identity.key.created")
"""The events of a user who is a member again; of a service, that it has keys again, or for the first time."""

ASKED: Final = "projects.milestone.goal_bound"
"""Projects ask how a goal is when the progress of a milestone begins to follow it."""


class Returned(NamedTuple):
    """Whose goals are to be looked at, from which of them on.

    One page alone is asked for by `make rebuild-schedules`, which keeps to a pace and sends a message for each.
    """

    user_id: str
    cursor: str | None
    is_page: bool = False


def handler(event: dict[str, Any], context: Invocation) -> dict[str, Any]:
    """Look at every goal that the messages of a batch speak of, or sweep a shard of their timers.

    Answers the messages that failed, to be tried again.
    """
    if "shard" in event:
        with handling.of_run(context, shard=event["shard"]):
            return {"lost": _sweep(event["shard"], context)}
    return batches.per_subject(event, _subject, _look)


def _sweep(shard: int, context: Invocation) -> int:
    return timers.sweep(schedules.KIND, shard, queue_url=config.schedule_queue_url(), context=context)


def _subject(message: Message) -> About | Returned:
    if "returned_id" in message:
        return Returned(message["returned_id"], message["cursor"], message.get("is_page", False))
    if batches.is_event(message) and message["detail"]["event_type"] in RETURNS:
        return Returned(bus.read(message).subject_id, None)
    return about.about(message)


def _look(which: About | Returned, messages: Sequence[Message]) -> None:
    if isinstance(which, Returned):
        look_at = schedules.look_at_page if which.is_page else schedules.look_at_all
        look_at(which.user_id, which.cursor)
        return
    measure_lag(messages)
    messages = _without_past(which, messages)
    # A schedule that has fired is gone, and a message that comes again may have been left in the middle of a call.
    anew = any(not batches.is_event(message) or batches.comes_again(message) for message in messages)
    schedules.look(which.owner_id, which.goal_id, anew=anew)
    if answers.are_wanted(messages, ASKED):
        _restate(which)
    if any(not batches.is_event(message) and "again" not in message for message in messages):
        come_again(which._asdict())


def _restate(which: About) -> None:
    """Say how a goal is, unless it is gone, which was said when it went."""
    item = table.get(goals.key(which.owner_id, which.goal_id), consistent=True)
    if item is not None:
        answers.give(goals.restated(goals.from_item(item)))


def _without_past(which: About, messages: Sequence[Message]) -> list[Message]:
    """Return the messages without those of a past attempt, which are counted: another schedule was set since.

    The goal is looked at all the same, for what has come is no harm to look at.
    """
    place = schedules.appointment_key(which.owner_id, which.goal_id)
    current = [message for message in messages if not appointments.is_past(place, message)]
    if len(current) < len(messages):
        metrics.write({TIMERS: [len(messages) - len(current)]}, "stale")
    return current

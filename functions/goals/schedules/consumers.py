"""What happens by itself with time: the schedules of goals fire, and every event of a goal may move its schedule.

Both come from one queue and bring about the same look (`schedules.py`), whatever came before and however often. Whoever
is back in their tenant has all their goals looked at: nothing was announced of them meanwhile.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from functions.goals import about
from functions.goals.about import About
from functions.goals.schedules import schedules
from shared.messaging import batches, bus
from shared.messaging.batches import Message
from shared.messaging.schedules import come_again, measure_lag

RETURNS: Final = ("identity.member.enabled", "identity.member.restored", "identity.key.created")
"""The events of a user who is a member again; of a service, that it has keys again, or for the first time."""


class Returned(NamedTuple):
    """Whose goals are to be looked at, from which of them on.

    One page alone is asked for by `make rebuild-schedules`, which keeps to a pace and sends a message for each.
    """

    user_id: str
    cursor: str | None
    is_page: bool = False


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Look at every goal that the messages of a batch speak of; answers those that failed, to be tried again."""
    return batches.per_subject(event, _subject, _look)


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
    # A schedule that has fired is gone, and a message that comes again may have been left in the middle of a call.
    anew = any(not batches.is_event(message) or batches.comes_again(message) for message in messages)
    schedules.look(which.owner_id, which.goal_id, anew=anew)
    if any(not batches.is_event(message) and "again" not in message for message in messages):
        come_again(which._asdict())

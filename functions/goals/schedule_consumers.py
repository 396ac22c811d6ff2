"""What happens by itself with time: the schedules of goals fire, and every event of a goal may move its schedule.

Both come from one queue and bring about the same look (`schedules.py`), whatever came before and however often.
"""

from collections.abc import Sequence
from typing import Any

from functions.goals import schedules
from functions.goals.about import About, about
from shared import batches
from shared.batches import Message
from shared.schedules import come_again


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Look at every goal that the messages of a batch speak of; answers those that failed, to be tried again."""
    return batches.per_subject(event, about, _look)


def _look(which: About, messages: Sequence[Message]) -> None:
    schedules.look(which.owner_id, which.goal_id)
    if any(not batches.is_event(message) and "again" not in message for message in messages):
        come_again(which._asdict())

"""The schedules of goals, and the messages that their consumer is handed."""

import json
from typing import Any

from functions.goals.schedules import consumers as schedule_consumers
from shared.storage import events, table
from tests.aws import scheduler
from tests.aws.entries import Context
from tests.aws.messages import batch


def fire(goal_id: str) -> dict[str, Any]:
    """Let the schedule of a goal fire whatever the clock says: it is gone, and its message consumed."""
    message = scheduler.message_of(goal_id)
    scheduler.remove(goal_id)
    return consume(message)


def tell(owner_id: str, goal_id: str) -> dict[str, Any]:
    """Deliver every event of a goal that is in the table, newest first and each of them once more than needed."""
    stored = list(table.query_all(f"USER#{owner_id}", events.prefix(goal_id)))
    return consume(*(on_the_bus(events.stored(item)) for item in reversed(stored)))


def on_the_bus(event: events.Event) -> str:
    """Return the message that a rule of the bus makes of an event."""
    body = {"version": "0", "source": "milepost", "detail-type": event.event_type, "detail": event._asdict()}
    return json.dumps(body)


def consume(*bodies: str) -> dict[str, Any]:
    """Hand messages over to the consumer in one batch."""
    return schedule_consumers.handler(batch(bodies), Context())

"""What is counted of events on their way to the bus: how long they took, how people sign in, what is achieved.

A metric that counts events is called as their type. Events that come again are counted again.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from shared import clock, metrics
from shared.clock import Instant
from shared.metrics import Metric
from shared.storage.events import Event

BUS_LAG: Final = Metric("BusLag", "outbox", "Milliseconds")
"""From what happened until the bus has it. It is measured of each event, so its sample count is that of all events."""

COUNTED: Final = {
    event_type: Metric(event_type, "outbox")
    for event_type in (
        "goals.goal.created",
        "goals.goal.completed",
        "goals.task.completed",
        "goals.milestone.achieved",
        "goals.milestone.regained",
        "milestones.milestone.completed",
        "milestones.milestone.missed",
        "milestones.milestone.sync_failed",
        "identity.user.registered",
        "identity.session.started",
        "identity.session.reuse_detected",
        "identity.sign_in.locked",
        "webhooks.endpoint.disabled",
    )
}
SIGN_IN_FAILED: Final = Metric(
    "identity.sign_in.failed",
    "outbox",
    by="reason",
    values=("wrong_password", "wrong_code", "address_not_linked", "user_disabled"),
)

METRICS: Final = (BUS_LAG, *COUNTED.values(), SIGN_IN_FAILED)


def count(happened: Sequence[Event], *, now: Instant) -> None:
    """Count events that the bus has taken."""
    if not happened:
        return
    types = Counter(event.event_type for event in happened if event.event_type in COUNTED)
    lags = [max(now - clock.from_rfc3339(event.occurred_at), 0) for event in happened]
    metrics.write({BUS_LAG: lags} | {COUNTED[event_type]: [number] for event_type, number in types.items()})
    reasons = Counter(str(event.data.get("reason")) for event in happened if event.event_type == SIGN_IN_FAILED.name)
    for reason, number in reasons.items():
        metrics.write({SIGN_IN_FAILED: [number]}, reason)

"""The function of what happens to milestones with time: schedules wake it, and a sweep finds what was lost."""

from typing import Final

from aws_cdk import Duration

from infra.constructs.every_shard import EveryShard
from infra.constructs.function import allow
from infra.contexts.surroundings import EVENTS_TIMEOUT, WORKING_MB, WRITES, Surroundings
from shared.messaging.timers import SHARDS

# A milestone is some three calls; ten a second are 36,000 an hour. The fewest that Lambda takes.
AT_ONCE: Final = 2
# A reminder that comes late is none the less one.
LATE: Final = Duration.hours(1)
SWEPT: Final = Duration.minutes(5)
# What moves the instant at which something is due, makes something due at once, or is trouble with money.
HEARD: Final = (
    *(f"projects.layer.{what}" for what in ("opened", "stalled", "struck", "reassigned", "approved", "rejected")),
    *(f"projects.verification.{what}" for what in ("decided", "withdrawn")),
    *(f"projects.dependency.{what}" for what in ("added", "removed")),
    *(
        f"projects.milestone.{what}"
        for what in (
            *("updated", "activated", "started", "completed", "verified", "approved", "recalled", "rejected"),
            *("reworked", "escalated", "cleared", "cancelled", "deleted"),
        )
    ),
    *(
        f"projects.escalation.{what}"
        for what in ("raised", "acknowledged", "escalated", "resolved", "closed", "rejected")
    ),
    *(
        f"projects.probe.{what}"
        for what in ("created", "updated", "paused", "resumed", "deleted", "asked", "answered", "missed")
    ),
    *(f"identity.absence.{what}" for what in ("set", "ended")),
    *(
        f"payments.payment.{what}"
        for what in ("failed", "held", "stalled", "deposit_awaited", "contradicted", "refund_failed")
    ),
    *(f"payments.payment.{what}" for what in ("released", "cancelled", "refunded")),
    *(f"payments.invoice.{what}" for what in ("paid", "cancelled")),
)


def build(given: Surroundings, *, bundle: str) -> None:
    """Make the function, its queue, and the right to set schedules."""
    timers = given.function(
        "ProjectTimers",
        "functions.projects.timers.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", *WRITES, "dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn, given.table.index_arn]),
        bundle=bundle,
        memory_mb=WORKING_MB,
        timeout=EVENTS_TIMEOUT,
    )
    given.watch(timers)
    subscription = given.bus.subscribe(
        "ProjectTimers",
        timers,
        *HEARD,
        timeout=EVENTS_TIMEOUT,
        at_once=AT_ONCE,
        queue_name=given.schedules.queue_name("ProjectTimers"),
        late=LATE,
    )
    given.schedules.allow(timers, subscription)
    given.schedules.let_rebuild(subscription)
    EveryShard(
        given.stack,
        "TimerSweeps",
        function=timers,
        event={"action": "sweep"},
        shards=SHARDS,
        every=SWEPT,
        dead_letters=given.dead_letters,
    )

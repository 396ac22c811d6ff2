"""The function that puts events on the bus, what it reads of the table's stream, and the queue of the audit log."""

from aws_cdk import Duration

from infra.constructs.function import allow
from infra.constructs.ordered_queue import OrderedQueue
from infra.contexts.surroundings import EVENTS_TIMEOUT, IN_THE_WAY_MB, Surroundings

BUNDLE = "goals"
# A security event is in the log while somebody still looks for it.
AUDIT_LATE = Duration.minutes(15)

# What has happened: on its way to the event bus.
EVENTS = {"eventName": ["INSERT"], "dynamodb": {"NewImage": {"entity": {"S": ["Event"]}}}}


def build(given: Surroundings) -> None:
    """Make the function, and publish the queue that it fills for the audit log."""
    outbox = given.function(
        "Outbox",
        "functions.outbox.consumers.handler",
        bundle=BUNDLE,
        memory_mb=IN_THE_WAY_MB,
        timeout=EVENTS_TIMEOUT,
    )
    given.stream.consume(outbox, "Happened", EVENTS, lag="OutboxLag")
    given.bus.allow_publishing(outbox)
    # It is made here and consumed by identity, whose stack is deployed after this one: so it is filled before the
    # stack of identity lets go of the rule that filled the queue of earlier versions.
    audit = OrderedQueue(given.stack, "AuditLog", settings=given.settings, timeout=EVENTS_TIMEOUT, late=AUDIT_LATE)
    given.subscriptions["AuditLog"] = audit.subscription
    queue = audit.subscription.queue
    outbox.role.add_to_policy(allow("sqs:SendMessage", resources=[queue.queue_arn]))
    outbox.function.add_environment("AUDIT_QUEUE_URL", queue.queue_url)
    given.publish("AuditQueueArn", queue.queue_arn)

"""The function that puts events on the bus, and what it reads of the table's stream."""

from infra.contexts.surroundings import EVENTS_TIMEOUT, Surroundings

BUNDLE = "goals"

# What has happened: on its way to the event bus.
EVENTS = {"eventName": ["INSERT"], "dynamodb": {"NewImage": {"entity": {"S": ["Event"]}}}}


def build(given: Surroundings) -> None:
    """Make the function."""
    outbox = given.function(
        "Outbox",
        "functions.outbox.consumers.handler",
        bundle=BUNDLE,
        timeout=EVENTS_TIMEOUT,
    )
    given.stream.consume(outbox, "Happened", EVENTS, lag="OutboxLag")
    given.bus.allow_publishing(outbox)

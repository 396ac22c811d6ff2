"""The function that tells search of projects and of what lies in them."""

from infra.constructs.function import allow
from infra.contexts import feeding
from infra.contexts.surroundings import EVENTS_TIMEOUT, WAITING_MB, Surroundings

# As many changes at the same time as those who listen are told of; the fewest that Lambda takes.
AT_ONCE = 2
# What changes a text that is found, and what is gone; "stated" is what an operator has told of again.
FOUND = (
    *(f"projects.project.{what}" for what in ("created", "updated", "deleted", "stated")),
    *(f"projects.milestone.{what}" for what in ("created", "updated", "deleted", "stated")),
    *(f"projects.evidence.{what}" for what in ("announced", "uploaded", "updated", "abandoned", "deleted")),
    *(f"projects.comment.{what}" for what in ("added", "edited", "deleted")),
)


def build(given: Surroundings, *, bundle: str) -> None:
    """Make the function."""
    feed = given.function(
        "ProjectFeed",
        "functions.projects.finding.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", resources=[given.table.arn]),
        bundle=bundle,
        memory_mb=WAITING_MB,
        timeout=EVENTS_TIMEOUT,
    )
    feeding.subscribe(given, "ProjectFeed", feed, *FOUND, at_once=AT_ONCE)

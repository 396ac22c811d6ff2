"""What tells search of leads and campaigns, and its queue, in which the walk over an import goes on page by page."""

from infra.constructs.function import allow
from infra.contexts import feeding
from infra.contexts.surroundings import EVENTS_TIMEOUT, WORKING_MB, Surroundings

# 40 changes a second, of about 50 ms each; a page of a walk takes a second or two, five seconds apart.
AT_ONCE = 2
# What changes by what a lead or a campaign is found, or may; behind the end of a job are the leads of a file.
FOUND = (
    *(f"audience.lead.{what}" for what in ("created", "updated", "imported", "merged", "erased", "stated")),
    *(f"audience.campaign.{what}" for what in ("created", "updated", "deleted", "stated")),
    *(f"jobs.job.{what}" for what in ("completed", "failed", "cancelled")),
)


def build(given: Surroundings, *, bundle: str) -> None:
    """Make the function and its queue."""
    feed = given.function(
        "AudienceFeed",
        "functions.audience.finding.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", resources=[given.table.arn]),
        bundle=bundle,
        memory_mb=WORKING_MB,
        timeout=EVENTS_TIMEOUT,
    )
    queue = feeding.subscribe(given, "AudienceFeed", feed, *FOUND, at_once=AT_ONCE).queue
    feed.role.add_to_policy(allow("sqs:SendMessage", resources=[queue.queue_arn]))
    feed.function.add_environment("AUDIENCE_FEED_QUEUE_URL", queue.queue_url)

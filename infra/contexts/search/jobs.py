"""Long work on collections: a queue from which the parts of imports and exports are done."""

from aws_cdk import Duration

from infra.constructs.files import EXPORTS, PARTS, UPLOADS
from infra.constructs.function import allow
from infra.contexts.surroundings import WORKING_MB, Surroundings

# A part of a thousand documents is twenty transactions, one after the other; a slow table takes longer.
PART_TIMEOUT = Duration.minutes(2)
# Each writes what a busy caller would; more of them would take their concurrency from those who wait.
AT_ONCE = 2
# Somebody follows the progress of their job, and its parts come one after the other.
LATE = Duration.minutes(30)


def build(given: Surroundings, *, bundle: str) -> None:
    """Make the function that does the parts, and its queue."""
    jobs = given.function(
        "SearchJobs",
        "functions.search.transfer.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn]),
        bundle=bundle,
        memory_mb=WORKING_MB,
        timeout=PART_TIMEOUT,
    )
    given.files.open(jobs, EXPORTS, "s3:PutObject")
    given.files.open(jobs, PARTS, "s3:GetObject", "s3:PutObject")
    given.files.open(jobs, UPLOADS, "s3:GetObject")
    subscription = given.bus.subscribe(
        "SearchJobs", jobs, "jobs.job.requested", timeout=PART_TIMEOUT, at_once=AT_ONCE, late=LATE, batch_size=1
    )
    jobs.role.add_to_policy(allow("sqs:SendMessage", resources=[subscription.queue.queue_arn]))
    jobs.function.add_environment("SEARCH_JOBS_QUEUE_URL", subscription.queue.queue_url)

"""Long work on goals: a queue from which its parts are done."""

from aws_cdk import Duration

from infra.constructs.files import EXPORTS, PARTS, UPLOADS
from infra.constructs.function import allow
from infra.contexts.surroundings import WORKING_MB, Surroundings

# A part takes seconds; one that restores many small goals may take longer, and a slow table as well.
PART_TIMEOUT = Duration.minutes(2)
# Each writes what a busy caller would; more of them would take their concurrency from those who wait.
AT_ONCE = 3
# Somebody follows the progress of their job, and its parts come one after the other.
LATE = Duration.minutes(30)


def build(given: Surroundings, *, bundle: str) -> None:
    """Make the function that does the parts, and its queue."""
    jobs = given.function(
        "GoalJobs",
        "functions.goals.jobs.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", resources=[given.table.arn]),
        allow("dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn, given.table.index_arn]),
        bundle=bundle,
        memory_mb=WORKING_MB,
        timeout=PART_TIMEOUT,
    )
    given.files.open(jobs, EXPORTS, "s3:PutObject")
    given.files.open(jobs, PARTS, "s3:GetObject", "s3:PutObject")
    given.files.open(jobs, UPLOADS, "s3:GetObject")
    subscription = given.bus.subscribe(
        "GoalJobs", jobs, "jobs.job.requested", timeout=PART_TIMEOUT, at_once=AT_ONCE, late=LATE, batch_size=1
    )
    jobs.role.add_to_policy(allow("sqs:SendMessage", resources=[subscription.queue.queue_arn]))
    jobs.function.add_environment("GOAL_JOBS_QUEUE_URL", subscription.queue.queue_url)

"""Long work on projects: a queue from which its parts are done."""

from aws_cdk import Duration

from infra.constructs.function import allow
from infra.contexts.surroundings import WORKING_MB, WRITES, Surroundings

# A plan of 200 milestones takes seconds; a slow table may make it more.
PART_TIMEOUT = Duration.minutes(2)
# The fewest that Lambda takes.
AT_ONCE = 2
# Somebody waits for the milestones of their plan.
LATE = Duration.minutes(30)


def build(given: Surroundings, *, bundle: str) -> None:
    """Make the function that does the parts, and its queue."""
    jobs = given.function(
        "ProjectJobs",
        "functions.projects.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", *WRITES, "dynamodb:UpdateItem", resources=[given.table.arn]),
        # What moves milestones reads their layers, evidence and owners; what erases people lists the projects.
        allow("dynamodb:Query", resources=[given.table.arn, given.table.index_arn]),
        bundle=bundle,
        memory_mb=WORKING_MB,
        timeout=PART_TIMEOUT,
    )
    subscription = given.bus.subscribe(
        "ProjectJobs", jobs, "jobs.job.requested", timeout=PART_TIMEOUT, at_once=AT_ONCE, late=LATE, batch_size=1
    )
    jobs.role.add_to_policy(allow("sqs:SendMessage", resources=[subscription.queue.queue_arn]))
    jobs.function.add_environment("PROJECT_JOBS_QUEUE_URL", subscription.queue.queue_url)

"""The functions of sequences: what each may do, what starts it, and which paths it answers."""

from aws_cdk import Duration

from infra.constructs.function import allow
from infra.contexts import feeding
from infra.contexts.surroundings import EVENTS_TIMEOUT, WAITING_MB, WHOLE_PROCESSOR_MB, Surroundings

BUNDLE = "goals"

# A part is a query, a read and a transaction of at most a hundred items; a slow table takes longer.
PART_TIMEOUT = Duration.minutes(1)
# A sequence is worked on by one job at a time; more of them would take their concurrency from those who wait.
AT_ONCE = 3
# Nobody moves or reorders elements of the sequence meanwhile.
LATE = Duration.minutes(10)
# 40 changes a second, of about 50 ms each.
FEED_AT_ONCE = 2
# What changes a text of an element.
FOUND = tuple(f"sequences.element.{what}" for what in ("created", "versioned", "deleted", "stated"))


def build(given: Surroundings) -> None:
    """Make the functions of sequences."""
    _api(given)
    _jobs(given)
    _feed(given)


def _api(given: Surroundings) -> None:
    api = given.function(
        "SequencesApi",
        "functions.sequences.api.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("dynamodb:PutItem", "dynamodb:ConditionCheckItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn, given.table.index_arn]),
        allow("secretsmanager:GetSecretValue", resources=[given.pepper_arn]),
        bundle=BUNDLE,
        environment={"PEPPER_SECRET_ID": given.pepper_arn},
        memory_mb=WHOLE_PROCESSOR_MB,
    )
    given.release(api)
    given.routes.add(
        api,
        "/api/v1/sequence",
        "/api/v1/sequence/{proxy+}",
        "/api/v1/sequences",
        "/api/v1/sequences/{proxy+}",
    )


def _jobs(given: Surroundings) -> None:
    jobs = given.function(
        "SequenceJobs",
        "functions.sequences.order.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", resources=[given.table.arn]),
        allow("dynamodb:PutItem", "dynamodb:DeleteItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.index_arn]),
        bundle=BUNDLE,
        memory_mb=WAITING_MB,
        timeout=PART_TIMEOUT,
    )
    subscription = given.bus.subscribe(
        "SequenceJobs", jobs, "jobs.job.requested", timeout=PART_TIMEOUT, at_once=AT_ONCE, late=LATE, batch_size=1
    )
    jobs.role.add_to_policy(allow("sqs:SendMessage", resources=[subscription.queue.queue_arn]))
    jobs.function.add_environment("SEQUENCE_JOBS_QUEUE_URL", subscription.queue.queue_url)


def _feed(given: Surroundings) -> None:
    feed = given.function(
        "SequenceFeed",
        "functions.sequences.finding.consumers.handler",
        allow("dynamodb:BatchGetItem", resources=[given.table.arn]),
        bundle=BUNDLE,
        memory_mb=WAITING_MB,
        timeout=EVENTS_TIMEOUT,
    )
    feeding.subscribe(given, "SequenceFeed", feed, *FOUND, at_once=FEED_AT_ONCE)

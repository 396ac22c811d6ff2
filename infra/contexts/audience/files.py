"""The files of leads: what collects changes from the table's stream, what folds them into shards, what sweeps."""

from typing import Final

from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk.aws_sqs import Queue

from functions.audience.files.changes import LEAD, MESSAGE
from functions.audience.files.folders import PURPOSE
from functions.audience.files.metrics import FILES_LAG, FILES_OF_ANOTHER_TIME
from infra.constructs.function import Function, allow
from infra.contexts.surroundings import EVENTS_TIMEOUT, WAITING_MB, WHOLE_PROCESSOR_MB, WORKING_MB, Surroundings
from infra.monitoring import Limit

BUNDLE: Final = "query"
# What Lambda takes of the stream at once: for so long, so many records, or 6 MB of them.
WINDOW: Final = Duration.seconds(20)
RECORDS: Final = 2_000
# A million leads are read from the table and written anew in five minutes.
COMPACTOR_TIMEOUT: Final = Duration.minutes(15)
# A rebuild has the rows of all leads there, compressed, and what DuckDB has no memory for.
COMPACTOR_DISK_MB: Final = 4096
COMPACTED_AT_ONCE: Final = 2
# A message waits ten minutes on purpose, and a run may take as long.
LATE: Final = Duration.minutes(45)
# A page of a thousand files takes a fraction of a second; what is left over waits for a day.
SWEEP_TIMEOUT: Final = Duration.minutes(5)
# It looks at what the stream gave up on, and once a day at all files (functions/audience/files/sweeping.py).
SWEPT_EVERY: Final = Duration.hours(1)

_ENTITIES: Final = {"entity": {"S": [LEAD, MESSAGE]}}
CHANGED: Final = {"dynamodb": {"NewImage": _ENTITIES}}
REMOVED: Final = {"eventName": ["REMOVE"], "dynamodb": {"OldImage": _ENTITIES}}

LIMITS: Final = (
    Limit(
        "FilesLag",
        FILES_LAG,
        60_000,
        statistic="p95",
        says="5 % of the changes of leads were in files a minute later or more.",
        see="files-of-leads-are-behind",
    ),
    Limit(
        "FilesOfAnotherTime",
        FILES_OF_ANOTHER_TIME,
        1,
        says="Files of leads are of a later generation than the table knows, as after a restore.",
        see="files-of-leads-are-behind",
    ),
)


def build(given: Surroundings, *, bundle: str) -> Queue:
    """Make the three functions and the queue of the compactor, and return it; `bundle` is without DuckDB."""
    collector, sweeper = _collector(given, bundle), _sweeper(given, bundle)
    compactor = _compactor(given)
    queue = given.bus.queue(
        "AudienceFiles",
        compactor,
        timeout=COMPACTOR_TIMEOUT,
        at_once=COMPACTED_AT_ONCE,
        late=LATE,
        batch_size=1,
    ).queue
    for sender in (collector, compactor, sweeper):
        sender.role.add_to_policy(allow("sqs:SendMessage", resources=[queue.queue_arn]))
        sender.function.add_environment("AUDIENCE_FILES_QUEUE_URL", queue.queue_url)
    for limit in LIMITS:
        given.watch_limit(limit)
    return queue


def _collector(given: Surroundings, bundle: str) -> Function:
    collector = given.function(
        "AudienceFilesCollector",
        "functions.audience.files.collector.handler",
        allow("dynamodb:Query", resources=[given.table.arn]),
        bundle=bundle,
        memory_mb=WORKING_MB,
        timeout=EVENTS_TIMEOUT,
    )
    given.files.open(collector, PURPOSE, "s3:PutObject")
    given.files.let_list(collector, PURPOSE)
    given.stream.consume(
        collector, "Leads", CHANGED, REMOVED, lag="AudienceFilesLag", batch_size=RECORDS, window=WINDOW
    )
    return collector


def _compactor(given: Surroundings) -> Function:
    compactor = given.function(
        "AudienceFilesCompactor",
        "functions.audience.files.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", resources=[given.table.arn]),
        bundle=BUNDLE,
        memory_mb=WHOLE_PROCESSOR_MB,
        timeout=COMPACTOR_TIMEOUT,
        disk_mb=COMPACTOR_DISK_MB,
    )
    given.files.open(compactor, PURPOSE, "s3:GetObject", "s3:PutObject", "s3:DeleteObject")
    # It lists files, and learns that one is gone.
    given.files.let_look(compactor)
    return compactor


def _sweeper(given: Surroundings, bundle: str) -> Function:
    sweeper = given.function(
        "AudienceFilesSweeper",
        "functions.audience.files.sweeping.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchWriteItem", resources=[given.table.arn]),
        bundle=bundle,
        memory_mb=WAITING_MB,
        timeout=SWEEP_TIMEOUT,
    )
    given.files.open(sweeper, PURPOSE, "s3:DeleteObject")
    given.files.let_list(sweeper, PURPOSE)
    given.stream.let_read_discarded(sweeper)
    given.watch_rare(sweeper)
    target = targets.LambdaFunction(
        sweeper.function,
        dead_letter_queue=given.dead_letters,
        retry_attempts=0,
        max_event_age=Duration.hours(1),
    )
    events.Rule(given.stack, "AudienceFilesSweep", schedule=events.Schedule.rate(SWEPT_EVERY), targets=[target])
    sweeper.function.configure_async_invoke(retry_attempts=0, max_event_age=Duration.hours(1))
    sweeper.bounded("It has one call an hour.")
    reason = "What a call leaves undone is done by the next one; errors of functions ring an alarm."
    sweeper.caught(reason)
    rule = "Serverless-LambdaAsyncFailureDestination"
    Validations.of(sweeper).acknowledge(Acknowledgment(id=rule, reason=reason))
    return sweeper

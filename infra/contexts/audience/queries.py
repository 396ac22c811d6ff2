"""Questions about all leads of a tenant: functions with DuckDB in their bundle, for callers and in the background."""

from aws_cdk import Duration
from aws_cdk.aws_sqs import Queue

from functions.audience.files.folders import PURPOSE
from functions.audience.querying import differences
from infra.constructs.every_shard import EveryShard
from infra.constructs.files import EXPORTS, PARTS
from infra.constructs.function import Function, allow
from infra.contexts.audience.athena import PATIENCE, PATIENCE_IN_THE_BACKGROUND, Athena
from infra.contexts.surroundings import WHOLE_PROCESSOR_MB, Surroundings
from shared.messaging.timers import SHARDS

BUNDLE = "query"
FIELDS = frozenset({"leads", "recountSegments", "segmentChart", "segmentMembers", "segmentPreview"})
"""What of the schema is such a question."""
# A look at a segment takes a second, a part of an export a few; a batch has several.
TIMEOUT = Duration.minutes(2)
# The fewest that Lambda takes.
AT_ONCE = 2
# A tenant with hundreds of segments has a message for each.
LATE = Duration.minutes(30)
# Dates of rules move by the hour.
SWEPT = Duration.minutes(15)


def build(given: Surroundings, *, compactor: Queue, athena: Athena | None) -> None:
    """Make the function that answers while somebody waits, and the one that looks at segments in the background.

    That one asks the `compactor` by its queue for files that are made anew.
    """
    queries, looks = _answers(given), _looks(given)
    if athena is not None:
        athena.let_ask(queries, patience=PATIENCE)
        athena.let_ask(looks, patience=PATIENCE_IN_THE_BACKGROUND)
    looks.role.add_to_policy(allow("sqs:SendMessage", resources=[compactor.queue_arn]))
    looks.function.add_environment("AUDIENCE_FILES_QUEUE_URL", compactor.queue_url)


def _answers(given: Surroundings) -> Function:
    queries = given.function(
        "AudienceQueries",
        "functions.audience.query_api.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("dynamodb:PutItem", "dynamodb:Query", resources=[given.table.arn]),
        allow("secretsmanager:GetSecretValue", resources=[given.pepper_arn]),
        bundle=BUNDLE,
        environment={"PEPPER_SECRET_ID": given.pepper_arn},
        memory_mb=WHOLE_PROCESSOR_MB,
    )
    given.files.open(queries, PURPOSE, "s3:GetObject")
    # It lists deltas, and learns that a file has expired.
    given.files.let_look(queries)
    given.release(queries)
    given.watch(queries)
    given.resolve_some(queries, FIELDS, source="audienceQueries")
    given.routes.add(
        queries,
        "/api/v1/segments/preview",
        "/api/v1/segments/{segment_id}/chart",
        "/api/v1/segments/{segment_id}/export",
        "/api/v1/segments/{segment_id}/members",
        "/api/v1/segments/recount",
        reads=["/api/v1/leads"],
    )
    return queries


def _looks(given: Surroundings) -> Function:
    looks = given.function(
        "AudienceLooks",
        "functions.audience.querying.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", resources=[given.table.arn]),
        allow("dynamodb:PutItem", "dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn, given.table.index_arn]),
        bundle=BUNDLE,
        memory_mb=WHOLE_PROCESSOR_MB,
        timeout=TIMEOUT,
    )
    _open_files(given, looks)
    given.watch(looks)
    subscription = given.bus.subscribe(
        "AudienceQueries",
        looks,
        "audience.files.published",
        "audience.segment.created",
        "audience.segment.updated",
        "audience.segment.deleted",
        "jobs.job.requested",
        timeout=TIMEOUT,
        at_once=AT_ONCE,
        late=LATE,
        batch_size=5,
    )
    looks.role.add_to_policy(allow("sqs:SendMessage", resources=[subscription.queue.queue_arn]))
    looks.function.add_environment("AUDIENCE_QUERIES_QUEUE_URL", subscription.queue.queue_url)
    _sweep(given, looks)
    return looks


def _open_files(given: Surroundings, looks: Function) -> None:
    given.files.open(looks, PURPOSE, "s3:GetObject")
    given.files.open(looks, differences.PURPOSE, "s3:GetObject", "s3:PutObject", "s3:DeleteObject")
    given.files.open(looks, PARTS, "s3:GetObject", "s3:PutObject")
    given.files.open(looks, EXPORTS, "s3:PutObject")
    given.files.let_look(looks)


def _sweep(given: Surroundings, looks: Function) -> None:
    EveryShard(
        given.stack,
        "SegmentSweeps",
        function=looks,
        event={"action": "sweep"},
        shards=SHARDS,
        every=SWEPT,
        dead_letters=given.dead_letters,
    )

"""The functions of evidence: what looks at a file that S3 has got, and what gives up files that never came."""

from collections.abc import Sequence
from typing import Final

from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets

from infra.constructs.bus import Subscription
from infra.constructs.function import Function, allow
from infra.contexts.projects import scanner
from infra.contexts.surroundings import EVENTS_TIMEOUT, IN_THE_WAY_MB, WAITING_MB, WRITES, Surroundings

PURPOSE: Final = "evidence"
# A file of 10 MB is read and hashed in a second or two.
LOOKED_AT_ONCE: Final = 2
# Who uploads says so themselves; this is for those who do not.
LATE: Final = Duration.minutes(10)
SWEEP_TIMEOUT: Final = Duration.minutes(5)
SWEPT_EVERY: Final = Duration.hours(1)
# No function may write a delete marker: a version that was looked at stays the latest, and is removed by its id alone.
REMOVES: Final = "s3:DeleteObjectVersion"
READS: Final = ("s3:GetObject", "s3:GetObjectVersion", REMOVES)


def build(given: Surroundings, *, api: Function, bundle: str) -> None:
    """Make the two functions, and let the API sign for uploads and downloads."""
    given.files.open(api, PURPOSE, *READS, "s3:PutObject")
    given.files.let_look(api)
    looker, subscription = _looker(given, bundle)
    sweeper = _sweeper(given, bundle)
    if given.settings.evidence_scanner != "none":
        _scanned(given, subscription, (api, looker, sweeper))


def _scanned(given: Surroundings, subscription: Subscription, looking: Sequence[Function]) -> None:
    """Have files wait for the scanner of the stage, and the looker hear what it has found."""
    made = scanner.Scanner(given.stack, "EvidenceScanner", given=given, purpose=PURPOSE)
    for function in looking:
        scanner.let_look(given, function, PURPOSE)
    rule = events.Rule(given.stack, "EvidenceScanned", event_pattern=made.pattern())
    rule.add_target(targets.SqsQueue(subscription.queue, dead_letter_queue=subscription.dead_letters))


def _looker(given: Surroundings, bundle: str) -> tuple[Function, Subscription]:
    looker = given.function(
        "EvidenceUploads",
        "functions.projects.evidence.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", *WRITES, "dynamodb:UpdateItem", resources=[given.table.arn]),
        # What comes while layers decide is looked for by them.
        allow("dynamodb:Query", resources=[given.table.arn]),
        bundle=bundle,
        memory_mb=IN_THE_WAY_MB,
        timeout=EVENTS_TIMEOUT,
    )
    given.files.open(looker, PURPOSE, *READS)
    given.files.let_look(looker)
    subscription = given.bus.queue(
        "EvidenceUploads", looker, timeout=EVENTS_TIMEOUT, at_once=LOOKED_AT_ONCE, late=LATE, batch_size=1
    )
    rule = events.Rule(
        given.stack,
        "EvidenceWritten",
        event_pattern=events.EventPattern(
            source=["aws.s3"],
            detail_type=["Object Created"],
            detail={
                "bucket": {"name": [given.read("FilesBucketName")]},
                "object": {"key": events.Match.prefix(f"{PURPOSE}/")},
            },
        ),
    )
    rule.add_target(targets.SqsQueue(subscription.queue, dead_letter_queue=subscription.dead_letters))
    return looker, subscription


def _sweeper(given: Surroundings, bundle: str) -> Function:
    sweeper = given.function(
        "EvidenceSweeper",
        "functions.projects.sweeps.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", *WRITES, "dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn, given.table.index_arn]),
        bundle=bundle,
        memory_mb=WAITING_MB,
        timeout=SWEEP_TIMEOUT,
    )
    given.files.open(sweeper, PURPOSE, *READS)
    given.files.let_look(sweeper)
    given.watch_rare(sweeper)
    target = targets.LambdaFunction(
        sweeper.function, dead_letter_queue=given.dead_letters, retry_attempts=0, max_event_age=SWEPT_EVERY
    )
    events.Rule(given.stack, "EvidenceSweep", schedule=events.Schedule.rate(SWEPT_EVERY), targets=[target])
    sweeper.function.configure_async_invoke(retry_attempts=0, max_event_age=SWEPT_EVERY)
    sweeper.bounded("It has one call an hour.")
    reason = "What a call leaves undone is done by the next one; errors of functions ring an alarm."
    sweeper.caught(reason)
    rule = "Serverless-LambdaAsyncFailureDestination"
    Validations.of(sweeper).acknowledge(Acknowledgment(id=rule, reason=reason))
    return sweeper

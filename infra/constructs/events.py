"""Background work: changes of the table go to the consumers of the contexts.

Every consumer of the stream is mapped by `_consume`, so all of them lose nothing while the stream remembers, and what
outlives even that ends as whole records in the bucket of `infra/constructs/discarded.py`.
"""

from typing import Any

from aws_cdk import Acknowledgment, Duration, Stack, Tags, Validations
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs import discarded
from infra.constructs.discarded import Discarded
from infra.constructs.function import Function, allow
from infra.constructs.table import TablePlace
from infra.queue_tags import CONSUMER, DEAD_LETTERS, PART, SCHEDULES
from infra.settings import Settings

# DynamoDB keeps a record for 24 hours. The hour is for Lambda to write what it gives up on while it can still read it.
PATIENCE = Duration.hours(23)
FOR_EVER = -1


class Events(Construct):
    """Where failures end: `dead_letters` what schedules could not deliver, `discarded` what the stream could not."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, key: kms.IKey | None) -> None:
        super().__init__(scope, id_)
        self.dead_letters = sqs.Queue(
            self,
            "DeadLetters",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
            removal_policy=settings.removal_policy,
        )
        Tags.of(self.dead_letters).add(CONSUMER, SCHEDULES)
        Tags.of(self.dead_letters).add(PART, DEAD_LETTERS)
        stack = Stack.of(self)
        rules = stack.format_arn(service="events", resource="rule", resource_name=f"milepost-{settings.stage}-*")
        sending = allow("sqs:SendMessage", resources=[self.dead_letters.queue_arn])
        sending.add_service_principal("events.amazonaws.com")
        sending.add_condition("ArnLike", {"aws:SourceArn": rules})
        self.dead_letters.add_to_resource_policy(sending)
        for rule in ("AwsSolutions-SQS3", "Serverless-SQSRedrivePolicy"):
            Validations.of(self.dead_letters).acknowledge(
                Acknowledgment(id=rule, reason="This is the dead-letter queue; its alarm is in infra/monitoring.py.")
            )
        self.discarded = Discarded(self, "Discarded", settings=settings, key=key)


class Stream(Construct):
    """The stream of the table, for the functions of one stack: filtered before one starts, and retried to the end."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        table: TablePlace,
        discarded_name: str,
        discarded_arn: str,
        readers: dict[str, Function],
    ) -> None:
        super().__init__(scope, id_)
        self._table = table
        self._discarded = {"bucket_name": discarded_name, "bucket_arn": discarded_arn}
        self._readers = readers

    def consume(
        self,
        consumer: Function,
        name: str,
        *records: dict[str, Any],
        lag: str,
        batch_size: int = 25,
        window: Duration | None = None,
    ) -> None:
        """Give a function the records that match one of these patterns, in batches that fill for so long.

        `lag` is what the alarm is called that rings when it is behind.
        """
        self._readers[lag] = consumer
        stream = self._table.stream_arn
        _let_read(consumer, stream)
        mapping = lambda_.EventSourceMapping(
            self,
            name,
            target=consumer.function,
            event_source_arn=stream,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            filters=[lambda_.FilterCriteria.filter(each) for each in records],
            batch_size=batch_size,
            max_batching_window=window,
            # A failure that passes, as of the bus or the table, is waited out. One that no retry can help does not
            # come here: the consumer puts a record that it cannot read aside (`shared/messaging/discarded.py`).
            report_batch_item_failures=True,
            bisect_batch_on_error=True,
            retry_attempts=FOR_EVER,
            max_record_age=PATIENCE,
            on_failure=discarded.destination_of(consumer, **self._discarded),
        )
        mapping.node.add_dependency(consumer.role)
        consumer.bounded("The stream has one call at a time for each of its shards.")
        consumer.caught(
            "What the stream gives up on is kept whole in the bucket of infra/constructs/discarded.py, with an alarm; "
            "make republish sends it again."
        )

    def let_read_discarded(self, function: Function) -> None:
        """Let a function look for batches that the stream gave up on."""
        discarded.let_read(function, **self._discarded)


def _let_read(consumer: Function, stream: str) -> None:
    consumer.role.add_to_policy(
        allow("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", resources=[stream])
    )
    consumer.role.add_to_policy(allow("dynamodb:ListStreams", resources=["*"]))

"""Background work: changes of the table go to the consumers of the contexts.

Every consumer of the stream is mapped by `_consume`, so all of them lose nothing while the stream remembers, and what
outlives even that ends as whole records in the bucket of `infra/constructs/discarded.py`.
"""

from typing import Any

from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.discarded import Discarded
from infra.constructs.function import Function, allow
from infra.constructs.table import Table
from infra.settings import Settings

# An import that has ended, finished or not: one that expires does so without an event. A deleted goal has its event.
IMPORTS_ENDED = {
    "eventName": ["REMOVE"],
    "dynamodb": {"OldImage": {"entity": {"S": ["Import"]}}},
}

# DynamoDB keeps a record for 24 hours. The hour is for Lambda to write what it gives up on while it can still read it.
PATIENCE = Duration.hours(23)
FOR_EVER = -1

# What has happened: on its way to the event bus.
EVENTS = {"eventName": ["INSERT"], "dynamodb": {"NewImage": {"entity": {"S": ["Event"]}}}}


class Events(Construct):
    """The stream of the table, filtered before a function is started, and retried for as long as it remembers.

    `dead_letters` is where schedules leave what they could not deliver.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        table: Table,
        goals_consumers: Function,
        outbox: Function,
    ) -> None:
        super().__init__(scope, id_)
        self.dead_letters = sqs.Queue(
            self,
            "DeadLetters",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
            removal_policy=settings.removal_policy,
        )
        for rule in ("AwsSolutions-SQS3", "Serverless-SQSRedrivePolicy"):
            Validations.of(self.dead_letters).acknowledge(
                Acknowledgment(id=rule, reason="This is the dead-letter queue; its alarm is in infra/monitoring.py.")
            )
        self.discarded = Discarded(self, "Discarded", settings=settings)
        # Two readers are what DynamoDB lets read a shard of a stream without throttling them.
        self._consume(table, goals_consumers, "ImportsEnded", IMPORTS_ENDED)
        self._consume(table, outbox, "Happened", EVENTS)

    def _consume(self, table: Table, consumer: Function, name: str, records: dict[str, Any]) -> None:
        stream = table.stream_arn
        consumer.role.add_to_policy(
            allow("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", resources=[stream])
        )
        consumer.role.add_to_policy(allow("dynamodb:ListStreams", resources=["*"]))
        mapping = lambda_.EventSourceMapping(
            self,
            name,
            target=consumer.function,
            event_source_arn=stream,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            filters=[lambda_.FilterCriteria.filter(records)],
            batch_size=25,
            # A failure that passes, as of the bus or the table, is waited out. One that no retry can help does not
            # come here: the consumer puts a record that it cannot read aside (`shared/messaging/discarded.py`).
            report_batch_item_failures=True,
            bisect_batch_on_error=True,
            retry_attempts=FOR_EVER,
            max_record_age=PATIENCE,
            on_failure=self.discarded.destination_of(consumer),
        )
        mapping.node.add_dependency(consumer.role)

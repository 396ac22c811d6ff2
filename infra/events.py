"""What happens by itself: changes of the table go to the consumers of the contexts."""

from typing import Any

from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from aws_cdk.aws_lambda_event_sources import SqsDlq
from constructs import Construct

from infra.function import Function, allow
from infra.settings import Settings
from infra.table import Table

# An import that has ended, finished or not: one that expires does so without an event. A deleted goal has its event.
IMPORTS_ENDED = {
    "eventName": ["REMOVE"],
    "dynamodb": {"OldImage": {"entity": {"S": ["Import"]}}},
}

# What has happened: on its way to the event bus.
EVENTS = {"eventName": ["INSERT"], "dynamodb": {"NewImage": {"entity": {"S": ["Event"]}}}}


class Events(Construct):
    """The stream of the table, filtered before a function is started, with an end to every retry."""

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
            # Without these a record that cannot be handled is retried for the 24 hours it lives, and holds up the rest.
            report_batch_item_failures=True,
            bisect_batch_on_error=True,
            retry_attempts=5,
            max_record_age=Duration.hours(12),
            on_failure=SqsDlq(self.dead_letters),
        )
        mapping.node.add_dependency(consumer.role)

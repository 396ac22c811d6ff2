"""The one table of the platform: `PK`, `SK`, one index, a time to live, a stream."""

from collections.abc import Callable

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.adopted_tables import AdoptedTable
from infra.constructs.acknowledged import NIST, acknowledge
from infra.constructs.values import Values
from infra.settings import Settings

INDEX = "GSI1"


class Table(Construct):
    """The table. On demand, restorable to any second of the last 35 days, and not deletable where data is kept."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(scope, id_)
        self.table = dynamodb.Table(
            self,
            "Table",
            partition_key=_string("PK"),
            sort_key=_string("SK"),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
            time_to_live_attribute="ttl",
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=settings.keep_data,
            # CloudFormation could not remove a protected table after a failure either.
            removal_policy=RemovalPolicy.RETAIN if settings.keep_data else RemovalPolicy.DESTROY,
        )
        acknowledge(
            self.table,
            "The table can be restored to any second of the last 35 days, and is protected from deletion.",
            f"{NIST}-DynamoDBInBackupPlan",
        )
        self.table.add_global_secondary_index(
            index_name=INDEX,
            partition_key=_string("GSI1PK"),
            sort_key=_string("GSI1SK"),
            projection_type=dynamodb.ProjectionType.ALL,
        )

    def publish(self, values: Values) -> None:
        """Let other stacks know how the table is reached: as a `TablePlace`."""
        stream_arn = self.table.table_stream_arn
        assert stream_arn is not None  # noqa: S101 - the stream is switched on above
        _publish(self, values, name=self.table.table_name, arn=self.table.table_arn, stream_arn=stream_arn)


def publish_adopted(scope: Construct, values: Values, table: AdoptedTable) -> None:
    """Let other stacks know how a table is reached that was restored, and so belongs to no stack."""
    _publish(scope, values, name=table.name, arn=table.arn, stream_arn=table.stream_arn)


class TablePlace:
    """How the table is reached from other stacks than its own. `read` is called for what is asked for, and no more."""

    def __init__(self, read: Callable[[str], str]) -> None:
        self._read = read

    @property
    def name(self) -> str:
        """Return the name of the table."""
        return self._read("TableName")

    @property
    def arn(self) -> str:
        """Return the ARN of the table."""
        return self._read("TableArn")

    @property
    def index_arn(self) -> str:
        """Return the ARN of the table's one index."""
        return f"{self.arn}/index/{INDEX}"

    @property
    def stream_arn(self) -> str:
        """Return the ARN of the stream of changes."""
        return self._read("TableStreamArn")


def on_partitions(resource: str, partitions: list[str], *actions: str) -> iam.PolicyStatement:
    """Return the permission to do this with items of these partitions only."""
    only = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": partitions}}
    return iam.PolicyStatement(actions=list(actions), resources=[resource], conditions=only)


def _publish(scope: Construct, values: Values, *, name: str, arn: str, stream_arn: str) -> None:
    values.publish(scope, "TableName", name)
    values.publish(scope, "TableArn", arn)
    values.publish(scope, "TableStreamArn", stream_arn)


def _string(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)

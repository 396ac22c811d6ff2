"""The role under which an operator has all schedules set anew (`infra/commands/rebuild_schedules.py`)."""

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.acknowledged import own_policy
from infra.constructs.table import TablePlace, on_partitions


class Rebuild(Construct):
    """It reads what is of tenants, lists goals and projects, keeps its position; queues of schedules let it send."""

    def __init__(self, scope: Construct, id_: str, *, table: TablePlace) -> None:
        super().__init__(scope, id_)
        self.role = iam.Role(self, "Role", assumed_by=iam.AccountRootPrincipal())
        self.role.add_to_policy(on_partitions(table.arn, ["TENANTS#*", "TENANT#*"], "dynamodb:Query"))
        self.role.add_to_policy(on_partitions(table.index_arn, ["USER#*", "TENANT#*"], "dynamodb:Query"))
        self.role.add_to_policy(on_partitions(table.arn, ["TABLE"], "dynamodb:GetItem", "dynamodb:BatchWriteItem"))
        own_policy(self.role)
        CfnOutput(Stack.of(self), "RebuildRoleArn", value=self.role.role_arn)

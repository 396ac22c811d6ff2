"""The role under which an operator compares search with the contexts (`infra/commands/reconcile.py`)."""

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.acknowledged import own_policy
from infra.constructs.table import TablePlace, on_partitions


class Reconcile(Construct):
    """It reads the lists of all contexts and the documents of search, and writes nothing."""

    def __init__(self, scope: Construct, id_: str, *, table: TablePlace) -> None:
        super().__init__(scope, id_)
        self.role = iam.Role(self, "Role", assumed_by=iam.AccountRootPrincipal())
        listed = ["TENANTS#*", "TENANT#*", "USER#*", "COLLECTION#*"]
        self.role.add_to_policy(on_partitions(table.arn, listed, "dynamodb:Query"))
        self.role.add_to_policy(on_partitions(table.index_arn, ["USER#*", "ELEMENTS#*"], "dynamodb:Query"))
        self.role.add_to_policy(on_partitions(table.arn, ["TENANT#*", "ELEMENT#*"], "dynamodb:BatchGetItem"))
        own_policy(self.role)
        CfnOutput(Stack.of(self), "ReconcileRoleArn", value=self.role.role_arn)

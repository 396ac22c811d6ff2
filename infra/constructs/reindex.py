"""The role under which an operator has an index of search built anew (`infra/commands/reindex.py`)."""

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.acknowledged import own_policy
from infra.constructs.table import TablePlace, on_partitions


class Reindex(Construct):
    """It finds collections, and writes that an index is to be built, with the event that has it begun."""

    def __init__(self, scope: Construct, id_: str, *, table: TablePlace) -> None:
        super().__init__(scope, id_)
        self.role = iam.Role(self, "Role", assumed_by=iam.AccountRootPrincipal())
        both = ["TENANT#*", "COLLECTION#*"]
        self.role.add_to_policy(on_partitions(table.arn, ["TENANTS#*", "TENANT#*"], "dynamodb:Query"))
        self.role.add_to_policy(on_partitions(table.arn, both, "dynamodb:GetItem", "dynamodb:BatchGetItem"))
        self.role.add_to_policy(on_partitions(table.arn, both, "dynamodb:PutItem"))
        own_policy(self.role)
        CfnOutput(Stack.of(self), "ReindexRoleArn", value=self.role.role_arn)

"""The role under which an operator brings the table to the shape of a new version (`infra/commands/migrate.py`)."""

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.acknowledged import own_policy
from infra.constructs.function import allow
from infra.constructs.table import TablePlace

ACTIONS = (
    "dynamodb:Scan",
    "dynamodb:GetItem",
    "dynamodb:BatchGetItem",
    "dynamodb:Query",
    "dynamodb:PutItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:UpdateItem",
)


class Migration(Construct):
    """A role of its own, the only one that may scan; whoever may assume roles of the account may assume it."""

    def __init__(self, scope: Construct, id_: str, *, table: TablePlace) -> None:
        super().__init__(scope, id_)
        self.role = iam.Role(self, "Role", assumed_by=iam.AccountRootPrincipal())
        self.role.add_to_policy(allow(*ACTIONS, resources=[table.arn]))
        own_policy(self.role)
        stack = Stack.of(self)
        CfnOutput(stack, "TableName", value=table.name)
        CfnOutput(stack, "MigrationRoleArn", value=self.role.role_arn)

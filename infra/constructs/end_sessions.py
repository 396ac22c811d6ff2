"""The role under which an operator ends all sessions (`infra/commands/end_sessions.py`)."""

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.acknowledged import own_policy
from infra.constructs.table import TablePlace


class EndSessions(Construct):
    """It reads who there is, and raises their epochs: of what a user has it can write nothing but the two counters."""

    def __init__(self, scope: Construct, id_: str, *, table: TablePlace) -> None:
        super().__init__(scope, id_)
        self.role = iam.Role(self, "Role", assumed_by=iam.AccountRootPrincipal())
        listed = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["TENANTS#*", "TENANT#*"]}}
        reading = iam.PolicyStatement(actions=["dynamodb:Query"], resources=[table.arn], conditions=listed)
        counters = {
            "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["USER#*"]},
            "ForAllValues:StringEquals": {"dynamodb:Attributes": ["PK", "SK", "epoch", "sign_outs"]},
        }
        raising = iam.PolicyStatement(actions=["dynamodb:UpdateItem"], resources=[table.arn], conditions=counters)
        self.role.add_to_policy(reading)
        self.role.add_to_policy(raising)
        own_policy(self.role)
        CfnOutput(Stack.of(self), "EndSessionsRoleArn", value=self.role.role_arn)

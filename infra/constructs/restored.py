"""The roles under which an operator makes a restored table safe before the stage is opened again."""

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.acknowledged import own_policy
from infra.constructs.table import TablePlace


class EndSessions(Construct):
    """Ends all sessions (`infra/commands/end_sessions.py`).

    It reads who there is, and raises their epochs: of what a user has it can write nothing but the two counters.
    """

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


class PauseCampaigns(Construct):
    """Pauses all campaigns (`infra/commands/audience/pause_campaigns.py`).

    It reads which tenants there are, and reads and writes what belongs to them: no user, and no key of the stage.
    """

    def __init__(self, scope: Construct, id_: str, *, table: TablePlace) -> None:
        super().__init__(scope, id_)
        self.role = iam.Role(self, "Role", assumed_by=iam.AccountRootPrincipal())
        for actions, keys in (
            (["dynamodb:Query"], ["TENANTS#*", "TENANT#*"]),
            (["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"], ["TENANT#*"]),
        ):
            only = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": keys}}
            statement = iam.PolicyStatement(actions=actions, resources=[table.arn], conditions=only)
            self.role.add_to_policy(statement)
        own_policy(self.role)
        CfnOutput(Stack.of(self), "PauseCampaignsRoleArn", value=self.role.role_arn)

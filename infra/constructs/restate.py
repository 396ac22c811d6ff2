"""The role under which an operator has the contexts say how their subjects are (`infra/commands/restate.py`)."""

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.acknowledged import own_policy
from infra.constructs.bus import SOURCE
from infra.constructs.table import TablePlace, on_partitions
from shared.storage.events import STATED


class Restate(Construct):
    """It reads what there is and keeps its position. Of events it can put on the bus only those that say how one is."""

    def __init__(self, scope: Construct, id_: str, *, table: TablePlace, bus: events.IEventBus) -> None:
        super().__init__(scope, id_)
        self.role = iam.Role(self, "Role", assumed_by=iam.AccountRootPrincipal())
        reading = ("dynamodb:GetItem", "dynamodb:BatchGetItem")
        self.role.add_to_policy(on_partitions(table.arn, ["TENANTS#*", "TENANT#*"], "dynamodb:Query"))
        self.role.add_to_policy(on_partitions(table.index_arn, ["USER#*", "ELEMENTS#*"], "dynamodb:Query"))
        self.role.add_to_policy(on_partitions(table.arn, ["TENANT#*", "USER#*", "ELEMENT#*"], *reading))
        self.role.add_to_policy(on_partitions(table.arn, ["TABLE"], "dynamodb:GetItem", "dynamodb:BatchWriteItem"))
        conditions = {
            "ForAllValues:StringEquals": {"events:source": SOURCE},
            "ForAllValues:StringLike": {"events:detail-type": f"*{STATED}"},
        }
        self.role.add_to_policy(
            iam.PolicyStatement(actions=["events:PutEvents"], resources=[bus.event_bus_arn], conditions=conditions)
        )
        own_policy(self.role)
        CfnOutput(Stack.of(self), "RestateRoleArn", value=self.role.role_arn)

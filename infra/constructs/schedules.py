"""Schedules that functions set themselves (EventBridge Scheduler): their group, and the roles in which they fire."""

from aws_cdk import Acknowledgment, Stack, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.constructs.acknowledged import own_policy
from infra.constructs.bus import Subscription
from infra.constructs.function import Function, allow, finding
from infra.settings import Settings


class ScheduleGroup(Construct):
    """The group of the stage. Its schedules are data: whoever removes the group removes all of them."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(scope, id_)
        # What is kept has no fixed name, or the stack could not be made again. On a laptop the group goes with its
        # stack, and another name would be another group, without the schedules.
        name = None if settings.keep_data else f"milepost-{settings.stage}"
        self._group = scheduler.CfnScheduleGroup(self, "Group", name=name)
        self._group.apply_removal_policy(settings.removal_policy)

    @property
    def name(self) -> str:
        """Return the name of the group."""
        return self._group.ref


class Schedules(Construct):
    """The schedules of one stack in that group. One sends a message to a queue named here, nothing else.

    What cannot be sent ends where everything ends that the queue's consumer cannot handle.
    """

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, group_name: str, rebuilder_arn: str) -> None:
        """Make none yet. The role `rebuilder_arn` may ask for all schedules to be set anew."""
        super().__init__(scope, id_)
        self._group_name = group_name
        self._prefix = f"milepost-{settings.stage}"
        self._rebuilder = iam.ArnPrincipal(rebuilder_arn)
        stack = Stack.of(self)
        self._group_arn = stack.format_arn(service="scheduler", resource="schedule-group", resource_name=group_name)
        self._arn = stack.format_arn(service="scheduler", resource="schedule", resource_name=f"{group_name}/*")

    def queue_name(self, consumer: str) -> str:
        """Return the name of the queue that the schedules of a consumer send to; they outlive its stack."""
        return f"{self._prefix}-{consumer}-Queue"

    def allow(self, function: Function, subscription: Subscription) -> None:
        """Let a function set schedules that send to its own queue, and tell it where that is."""
        role = self._role(function)
        queue_arn, dead_letters_arn = subscription.queue.queue_arn, subscription.dead_letters.queue_arn
        role.add_to_policy(allow("sqs:SendMessage", resources=[queue_arn, dead_letters_arn]))
        own_policy(role)
        passing = allow("iam:PassRole", resources=[role.role_arn])
        passing.add_condition("StringEquals", {"iam:PassedToService": "scheduler.amazonaws.com"})
        actions = ("scheduler:CreateSchedule", "scheduler:UpdateSchedule", "scheduler:DeleteSchedule")
        function.role.add_to_policy(allow(*actions, resources=[self._arn]))
        function.role.add_to_policy(passing)
        function.role.add_to_policy(allow("sqs:SendMessage", resources=[queue_arn]))
        function.function.add_environment("SCHEDULE_GROUP", self._group_name)
        function.function.add_environment("SCHEDULE_ROLE_ARN", role.role_arn)
        function.function.add_environment("SCHEDULE_QUEUE_ARN", queue_arn)
        function.function.add_environment("SCHEDULE_DEAD_LETTERS_ARN", dead_letters_arn)
        function.function.add_environment("SCHEDULE_QUEUE_URL", subscription.queue.queue_url)
        self._acknowledge(function)

    def let_rebuild(self, subscription: Subscription) -> None:
        """Let an operator ask a consumer to set all its schedules anew."""
        asking = allow("sqs:SendMessage", resources=[subscription.queue.queue_arn])
        asking.add_principals(self._rebuilder)
        subscription.queue.add_to_resource_policy(asking)

    def _role(self, function: Function) -> iam.Role:
        """Return a role for the schedules that a function sets.

        Schedules outlive the stack of the function and name the role, so it has the same name whenever it is made.
        """
        return iam.Role(
            self,
            f"{function.node.id}Role",
            role_name=f"{self._prefix}-{function.node.id}-{Stack.of(self).region}",
            assumed_by=iam.ServicePrincipal(
                "scheduler.amazonaws.com",
                # Only for schedules of this group: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
                conditions={"ArnEquals": {"aws:SourceArn": self._group_arn}},
            ),
        )

    def _acknowledge(self, function: Function) -> None:
        stack = Stack.of(function)
        region, account = finding(stack.region, "AWS::Region"), finding(stack.account, "AWS::AccountId")
        group = f"<{stack.resolve(self._group_name)['Ref']}>"
        arn = f"arn:<AWS::Partition>:scheduler:{region}:{account}:schedule/{group}/*"
        reason = "Each goal and each milestone may have a schedule, so no name is known at deployment; the group is."
        Validations.of(function).acknowledge(Acknowledgment(id=f"AwsSolutions-IAM5[Resource::{arn}]", reason=reason))

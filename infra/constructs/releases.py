"""How a new version of a function that answers requests takes over from the one before, and is taken back.

Callers reach the function by its alias. CodeDeploy moves the alias: a part of the requests first, all of them when no
alarm of the new version has rung meanwhile, and back to the old version otherwise. CloudFormation waits for it, and a
deployment that was taken back fails.
"""

from typing import cast

from aws_cdk import Acknowledgment, ArnFormat, Duration, Stack, Validations
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk.aws_cloudwatch_actions import SnsAction
from constructs import Construct

from infra.canary import Canary
from infra.constructs.acknowledged import own_policy
from infra.constructs.function import Function, allow
from shared.observability import UNHANDLED

ALIAS = "live"
PERIOD = Duration.minutes(1)
# A version that is well breaks nothing: refusals, also 503 while the table is down, are no failures.
FAILED_PERCENT = 1
# Of a hundred calls a minute one that runs out of time would be 1 %, and that happens to every version.
FAILED_LEAST = 3
# The slowest operations take a tenth of it; what is loaded later than at the start comes once for each instance.
SLOW = Duration.seconds(3)


class Releases(Construct):
    """The functions of a stack that are released so; their alarms ring at the topic of the stage as well."""

    def __init__(self, scope: Construct, id_: str, *, canary: Canary, warm: int | None, topic_arn: str) -> None:
        """Release none yet. `warm` is how many instances of each version are kept warm."""
        super().__init__(scope, id_)
        self._warm = warm
        self._topic = sns.Topic.from_topic_arn(self, "Alarms", topic_arn)
        self._application = codedeploy.LambdaApplication(self, "Application")
        self._config = codedeploy.LambdaDeploymentConfig(
            self,
            "Canary",
            traffic_routing=codedeploy.TrafficRouting.time_based_canary(
                percentage=canary.percent, interval=Duration.minutes(canary.minutes)
            ),
        )

    def add(self, function: Function, told: str) -> None:
        """Have callers reach a function by its alias.

        `told` are the values of other stacks that the function is told, up to 256 characters of them: when one
        changes there is a new version, of which the template of this stack says nothing.
        """
        release = Construct(self, function.node.id)
        version = self._version(function, told)
        alias = lambda_.Alias(release, "Alias", alias_name=ALIAS, version=version)
        role = self._role(release, function)
        group = codedeploy.LambdaDeploymentGroup(
            release,
            "Group",
            application=self._application,
            alias=alias,
            deployment_config=self._config,
            # The policy of AWS that the CDK would add lets CodeDeploy move the aliases of all functions.
            role=role.without_policy_updates(),
            alarms=self._gates(release, function, version),
            auto_rollback=codedeploy.AutoRollbackConfig(
                failed_deployment=True, stopped_deployment=True, deployment_in_alarm=True
            ),
        )
        group.node.add_dependency(role)
        # The alarms have to watch the new version before it gets its first request.
        alias.node.add_dependency(group)
        function.called = alias

    def _version(self, function: Function, told: str) -> lambda_.Version:
        version = function.function.current_version
        published = cast("lambda_.CfnVersion", version.node.default_child)
        published.description = told
        if self._warm is not None:
            # Of the version and not of the alias: AWS does not change the weights of an alias that has instances.
            published.provisioned_concurrency_config = lambda_.CfnVersion.ProvisionedConcurrencyConfigurationProperty(
                provisioned_concurrent_executions=self._warm
            )
            # A version cannot be given another number, and Lambda publishes none unless the function has changed.
            latest = cast("lambda_.CfnFunction", function.function.node.default_child)
            latest.description = f"{self._warm} instances of each version are kept warm"
        return version

    def _role(self, release: Construct, function: Function) -> iam.Role:
        stack = Stack.of(self)
        groups = stack.format_arn(
            service="codedeploy",
            resource="deploymentgroup",
            resource_name=f"{self._application.application_name}/*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        # https://docs.aws.amazon.com/codedeploy/latest/userguide/security_confused_deputy.html
        conditions = {"StringEquals": {"aws:SourceAccount": stack.account}, "ArnLike": {"aws:SourceArn": groups}}
        codedeploys = iam.ServicePrincipal("codedeploy.amazonaws.com", conditions=conditions)
        role = iam.Role(release, "Role", assumed_by=codedeploys)
        arn = function.function.function_arn
        role.add_to_policy(allow("lambda:GetAlias", "lambda:UpdateAlias", resources=[arn, f"{arn}:{ALIAS}"]))
        role.add_to_policy(allow("lambda:GetProvisionedConcurrencyConfig", resources=[f"{arn}:*"]))
        role.add_to_policy(allow("cloudwatch:DescribeAlarms", resources=["*"]))
        own_policy(role)
        self._acknowledge(role, function)
        return role

    def _acknowledge(self, role: iam.Role, function: Function) -> None:
        latest = cast("lambda_.CfnFunction", function.function.node.default_child)
        versions = f"AwsSolutions-IAM5[Resource::<{Stack.of(self).get_logical_id(latest)}.Arn>:*]"
        reasons = {
            versions: "CodeDeploy asks whether the instances of a version are there, and a version has its number from "
            "Lambda; the function is named.",
            "AwsSolutions-IAM5[Resource::*]": "DescribeAlarms reads states only. It is scoped to everything in the "
            "policy of AWS for CodeDeploy (AWSCodeDeployRoleForLambdaLimited) too.",
        }
        Validations.of(role).acknowledge(*(Acknowledgment(id=rule, reason=reason) for rule, reason in reasons.items()))

    def _gates(self, release: Construct, function: Function, version: lambda_.Version) -> list[cloudwatch.IAlarm]:
        """Return the alarms that take a version back."""
        errors = _metric(function, version, "Errors", "Sum")
        unhandled = _unhandled(release, function, version)
        slowest = _metric(function, version, "Duration", "p99")
        return [
            self._alarm(release, "Errors", _percent(errors, function, version), threshold=FAILED_PERCENT),
            self._alarm(release, "Exceptions", _percent(unhandled, function, version), threshold=FAILED_PERCENT),
            # Also a version that is well may be slow in the minute in which all of its instances start.
            self._alarm(release, "Slow", slowest, threshold=SLOW.to_milliseconds(), minutes=2, of=3),
        ]

    def _alarm(
        self,
        release: Construct,
        id_: str,
        metric: cloudwatch.IMetric,
        *,
        threshold: float,
        minutes: int = 1,
        of: int = 1,
    ) -> cloudwatch.Alarm:
        alarm = cloudwatch.Alarm(
            release,
            id_,
            metric=metric,
            threshold=threshold,
            datapoints_to_alarm=minutes,
            evaluation_periods=of,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(SnsAction(self._topic))
        return alarm


def _metric(function: Function, version: lambda_.Version, name: str, statistic: str) -> cloudwatch.Metric:
    """Return a metric of what one version answers by the alias.

    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-view.html
    """
    called = function.function.function_name
    return cloudwatch.Metric(
        namespace="AWS/Lambda",
        metric_name=name,
        statistic=statistic,
        period=PERIOD,
        dimensions_map={
            "FunctionName": called,
            "Resource": f"{called}:{ALIAS}",
            "ExecutedVersion": version.version,
        },
    )


def _percent(failed: cloudwatch.Metric, function: Function, version: lambda_.Version) -> cloudwatch.MathExpression:
    """Return how many of a version's answers are failures, none below the least number of them.

    Without any answer, CloudWatch knows no number at all.
    """
    return cloudwatch.MathExpression(
        expression=f"IF(failed >= {FAILED_LEAST}, 100 * failed / invocations, 0)",
        using_metrics={"failed": failed, "invocations": _metric(function, version, "Invocations", "Sum")},
        label="Failed, percent",
        period=PERIOD,
    )


def _unhandled(release: Construct, function: Function, version: lambda_.Version) -> cloudwatch.Metric:
    """Return how often a version had to answer 500. REST does so itself, and Lambda counts no error then."""
    name, namespace = f"{function.node.id}Unhandled", Stack.of(release).stack_name
    logs.MetricFilter(
        release,
        "Unhandled",
        log_group=function.log_group,
        filter_pattern=logs.FilterPattern.string_value("$.message", "=", UNHANDLED),
        metric_namespace=namespace,
        metric_name=name,
        metric_value="1",
        dimensions={"Version": "$.version"},
    )
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=name,
        statistic="Sum",
        period=PERIOD,
        dimensions_map={"Version": version.version},
    )

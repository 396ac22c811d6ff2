"""Alarms that wake somebody up, and the dashboard they look at then.

Rule: an expected refusal (4xx) rings nothing. What rings: our own errors, throttling, a consumer that lags or gives up.
Alarms stand in the stack of what they watch, so that a context is never deployed without its own.
"""

from collections.abc import Iterable, Mapping

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from aws_cdk.aws_cloudwatch_actions import SnsAction
from constructs import Construct

from infra.constructs.acknowledged import NIST, acknowledge
from infra.constructs.function import Function
from infra.settings import Settings

PERIOD = Duration.minutes(5)
OPERATIONS = ("GetItem", "Query", "PutItem", "TransactWriteItems")


class Alarms(Construct):
    """The alarms of one stack. All of a stage ring at the same topic, whose ARN is `topic_arn`; None makes it here."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        key: kms.IKey | None = None,
        topic_arn: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.topic = (
            self._topic(settings, key) if topic_arn is None else sns.Topic.from_topic_arn(self, "Alarms", topic_arn)
        )

    def ring(self, id_: str, metric: cloudwatch.IMetric, *, threshold: float = 1) -> None:
        """Ring when a metric reaches its threshold."""
        alarm = cloudwatch.Alarm(
            self,
            id_,
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(SnsAction(self.topic))

    def watch_function(self, function: Function) -> None:
        """Ring when a function fails or is throttled."""
        self.ring(f"{function.node.id}Errors", function.function.metric_errors(period=PERIOD))
        self.ring(f"{function.node.id}Throttles", function.function.metric_throttles(period=PERIOD))

    def watch_lag(self, name: str, reader: Function) -> None:
        """Ring when a reader of the table's stream is an hour behind."""
        self.ring(name, lag_of(reader.function), threshold=Duration.hours(1).to_milliseconds())

    def watch_queue(self, name: str, dead_letters: sqs.IQueue) -> None:
        """Ring when something is in a dead-letter queue."""
        self.ring(name, dead_letters.metric_approximate_number_of_messages_visible(period=PERIOD))

    def watch_table(self, table_name: str) -> None:
        """Ring when the table throttles or fails."""
        for name, metric in table_metrics(table_name).items():
            self.ring(f"Table{name}", metric)

    def _topic(self, settings: Settings, key: kms.IKey | None) -> sns.Topic:
        topic = sns.Topic(self, "Alarms", enforce_ssl=True, master_key=key)
        if key is None:
            reason = (
                "With the key that AWS has for SNS no alarm could ring (infra/constructs/encryption.py), and a "
                "message has names and figures of alarms only. An owner who wants a key of the account sets "
                "customer_managed_key (docs/deploying.md)."
            )
            acknowledge(topic, reason, f"{NIST}-SNSEncryptedKMS")
        # The alarms of this account and of no other:
        # https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
        stack = Stack.of(self)
        alarms = stack.format_arn(
            service="cloudwatch", resource="alarm", resource_name="*", arn_format=ArnFormat.COLON_RESOURCE_NAME
        )
        conditions = {"StringEquals": {"aws:SourceAccount": stack.account}, "ArnLike": {"aws:SourceArn": alarms}}
        topic.grant_publish(iam.ServicePrincipal("cloudwatch.amazonaws.com", conditions=conditions))
        if settings.alarm_email:
            told = topic.add_subscription(subscriptions.EmailSubscription(settings.alarm_email))
            reason = (
                "Mail that nobody could be sent is of no use later: the alarm still rings, and CloudWatch shows it."
            )
            acknowledge(told, reason, "Serverless-SNSRedrivePolicy")
        return topic


class Dashboard(Construct):
    """One page about the whole stage. `functions` are all of it, by the names of their constructs."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        table_name: str,
        api_id: str,
        graphql_api_id: str,
        functions: Mapping[str, str],
        readers: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id_)
        api = apigateway.HttpApi.from_http_api_attributes(self, "Api", http_api_id=api_id)
        each = {name: lambda_.Function.from_function_name(self, name, it) for name, it in functions.items()}
        fronts = [*rest_metrics(api).values(), *graphql_metrics(graphql_api_id).values()]
        lags = [lag_of(each[reader]) for reader in readers.values()]
        durations = (f.metric_duration(statistic="p95", label=name) for name, f in each.items())
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=f"milepost-{settings.stage}",
            widgets=[
                [
                    _graph("Requests and errors", fronts),
                    _graph("Table: throttling, errors", table_metrics(table_name).values()),
                ],
                [
                    _graph("Duration, p95", durations),
                    _graph("Function errors", (f.metric_errors() for f in each.values())),
                    _graph("Stream lag", lags),
                ],
            ],
        )


def lag_of(reader: lambda_.IFunction) -> cloudwatch.Metric:
    """Return how old the youngest record is that a reader of the table's stream has been given."""
    return reader.metric("IteratorAge", statistic="Maximum", period=PERIOD)


def rest_metrics(api: apigateway.IHttpApi) -> dict[str, cloudwatch.Metric]:
    """Return what REST answers, by title."""
    return {
        "REST": api.metric_count(period=PERIOD),
        "REST 4xx": api.metric_client_error(period=PERIOD),
        "REST 5xx": api.metric_server_error(period=PERIOD, statistic="Sum"),
    }


def graphql_metrics(api_id: str) -> dict[str, cloudwatch.Metric]:
    """Return what GraphQL answers, by title."""

    def appsync(metric: str, statistic: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/AppSync",
            metric_name=metric,
            statistic=statistic,
            period=PERIOD,
            dimensions_map={"GraphQLAPIId": api_id},
        )

    return {
        "GraphQL": appsync("Latency", "SampleCount"),
        "GraphQL 4xx": appsync("4XXError", "Sum"),
        "GraphQL 5xx": appsync("5XXError", "Sum"),
    }


def table_metrics(table_name: str) -> dict[str, cloudwatch.Metric]:
    """Return what goes wrong with the table, by title."""
    name = {"TableName": table_name}

    def metric(metric_name: str, **dimensions: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/DynamoDB",
            metric_name=metric_name,
            statistic="Sum",
            period=PERIOD,
            dimensions_map=name | dimensions,
        )

    # CloudWatch has no sum of errors over all operations, and MiniStack no metric math: one alarm each.
    errors = {f"{operation}Errors": metric("SystemErrors", Operation=operation) for operation in OPERATIONS}
    return {"ReadThrottles": metric("ReadThrottleEvents"), "WriteThrottles": metric("WriteThrottleEvents"), **errors}


def _graph(title: str, metrics: Iterable[cloudwatch.IMetric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=8, period=PERIOD)

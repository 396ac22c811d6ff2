"""Alarms that wake somebody up, and the dashboard they look at then.

Rule: an expected refusal (4xx) rings nothing. What rings: our own errors, throttling, a consumer that lags or gives up.
"""

from collections.abc import Iterable

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from aws_cdk.aws_cloudwatch_actions import SnsAction
from constructs import Construct

from infra.constructs.api import Api
from infra.constructs.bus import Bus
from infra.constructs.discarded import Discarded
from infra.constructs.function import Function
from infra.constructs.graphql import Graphql
from infra.constructs.table import Table
from infra.functions import Functions
from infra.settings import Settings

PERIOD = Duration.minutes(5)
OPERATIONS = ("GetItem", "Query", "PutItem", "TransactWriteItems")


class Monitoring(Construct):
    """The alarms, all to one topic, and one dashboard of the stage."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        table: Table,
        functions: Functions,
        api: Api,
        graphql: Graphql,
        dead_letters: sqs.IQueue,
        discarded: Discarded,
        bus: Bus,
    ) -> None:
        super().__init__(scope, id_)
        self._topic = sns.Topic(self, "Alarms", enforce_ssl=True)
        self._topic.grant_publish(iam.ServicePrincipal("cloudwatch.amazonaws.com"))
        if settings.alarm_email:
            self._topic.add_subscription(subscriptions.EmailSubscription(settings.alarm_email))
        fronts = _front_metrics(api, graphql)
        self._alarm("RestErrors", fronts["REST 5xx"])
        self._alarm("GraphqlErrors", fronts["GraphQL 5xx"])
        for function in functions.all():
            self._alarm(f"{function.node.id}Errors", function.function.metric_errors(period=PERIOD))
            self._alarm(f"{function.node.id}Throttles", function.function.metric_throttles(period=PERIOD))
        lags = _lags(functions)
        for name, lag in lags.items():
            self._alarm(name, lag, threshold=Duration.hours(1).to_milliseconds())
        self._alarm("DeadLetters", dead_letters.metric_approximate_number_of_messages_visible(period=PERIOD))
        self._alarm("Discarded", discarded.metric_written(PERIOD))
        for name, subscription in bus.subscriptions.items():
            waiting = subscription.dead_letters.metric_approximate_number_of_messages_visible(period=PERIOD)
            self._alarm(f"{name}DeadLetters", waiting)
        table_metrics = _table_metrics(table)
        for name, metric in table_metrics.items():
            self._alarm(f"Table{name}", metric)
        self._dashboard(settings, functions.all(), fronts, table_metrics.values(), lags.values())

    def _alarm(self, id_: str, metric: cloudwatch.IMetric, *, threshold: float = 1) -> None:
        alarm = cloudwatch.Alarm(
            self,
            id_,
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(SnsAction(self._topic))

    def _dashboard(
        self,
        settings: Settings,
        functions: list[Function],
        fronts: dict[str, cloudwatch.Metric],
        table: Iterable[cloudwatch.Metric],
        lags: Iterable[cloudwatch.Metric],
    ) -> None:
        each = [function.function for function in functions]
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=f"milepost-{settings.stage}",
            widgets=[
                [_graph("Requests and errors", fronts.values()), _graph("Table: throttling, errors", table)],
                [
                    _graph("Duration, p95", (f.metric_duration(statistic="p95", label=f.node.path) for f in each)),
                    _graph("Function errors", (f.metric_errors() for f in each)),
                    _graph("Stream lag", lags),
                ],
            ],
        )


def _lags(functions: Functions) -> dict[str, cloudwatch.Metric]:
    """Return how old the youngest record is that each reader of the table's stream has been given."""
    readers = {
        "StreamLag": functions.goals_consumers,
        "OutboxLag": functions.outbox,
    }
    return {
        name: reader.function.metric("IteratorAge", statistic="Maximum", period=PERIOD)
        for name, reader in readers.items()
    }


def _front_metrics(api: Api, graphql: Graphql) -> dict[str, cloudwatch.Metric]:
    graphql_dimensions = {"GraphQLAPIId": graphql.api.attr_api_id}

    def appsync(metric: str, statistic: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/AppSync",
            metric_name=metric,
            statistic=statistic,
            period=PERIOD,
            dimensions_map=graphql_dimensions,
        )

    return {
        "REST": api.api.metric_count(period=PERIOD),
        "REST 4xx": api.api.metric_client_error(period=PERIOD),
        "REST 5xx": api.api.metric_server_error(period=PERIOD, statistic="Sum"),
        "GraphQL": appsync("Latency", "SampleCount"),
        "GraphQL 4xx": appsync("4XXError", "Sum"),
        "GraphQL 5xx": appsync("5XXError", "Sum"),
    }


def _table_metrics(table: Table) -> dict[str, cloudwatch.Metric]:
    name = {"TableName": table.table.table_name}

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

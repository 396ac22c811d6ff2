"""What is measured of a stage: by AWS of its services, and by Milepost of itself, for alarms and for the dashboard."""

from collections.abc import Mapping
from typing import Final

from aws_cdk import Duration, Fn
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events

from infra.constructs.table import INDEX
from shared.metrics import Metric

PERIOD: Final = Duration.minutes(5)
# All that shared/storage/table.py asks of the table.
OPERATIONS: Final = ("GetItem", "BatchGetItem", "Query", "UpdateItem", "TransactWriteItems", "BatchWriteItem")
# Fewer failures than this are no rate: one of two requests at night would be half of all.
_FEWEST_ERRORS: Final = 5

Metrics = Mapping[str, cloudwatch.IMetric]


def of_aws(
    service: str,
    name: str,
    statistic: str = "Sum",
    *,
    label: str | None = None,
    period: Duration = PERIOD,
    **dimensions: str,
) -> cloudwatch.Metric:
    """Return a metric of an AWS service; without dimensions it is that of the account and region."""
    return cloudwatch.Metric(
        namespace=f"AWS/{service}",
        metric_name=name,
        statistic=statistic,
        label=label,
        period=period,
        dimensions_map=dimensions or None,
    )


def own(
    metric: Metric, statistic: str = "Sum", *, namespace: str, value: str | None = None, label: str | None = None
) -> cloudwatch.Metric:
    """Return a metric that Milepost writes; `value` is that of its dimension."""
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=metric.name,
        statistic=statistic,
        label=label or " ".join(filter(None, [metric.name, value])),
        period=PERIOD,
        dimensions_map=dimensions(metric, value),
    )


def alone(metric: Metric, statistic: str, *, namespace: str, value: str | None = None) -> cloudwatch.IMetric:
    """Return a metric that Milepost writes as an alarm looks at it, without a label."""
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=metric.name,
        statistic=statistic,
        period=PERIOD,
        dimensions_map=dimensions(metric, value),
    )


def dimensions(metric: Metric, value: str | None = None) -> dict[str, str]:
    """Return the dimensions of a metric that Milepost writes."""
    further = {metric.by: value} if metric.by and value else {}
    return {"service": metric.service, **further}


def rate(errors: Metrics, calls: cloudwatch.IMetric) -> cloudwatch.MathExpression:
    """Return how many of a hundred calls failed, 0 while fewer than five did. `errors` are added up."""
    together = _sum(errors)
    return cloudwatch.MathExpression(
        expression=f"IF(({together}) >= {_FEWEST_ERRORS}, 100 * ({together}) / calls, 0)",
        using_metrics={**errors, "calls": calls},
        period=PERIOD,
    )


def share(part: cloudwatch.IMetric, rest: cloudwatch.IMetric) -> cloudwatch.MathExpression:
    """Return how many percent a part is of itself and the rest, 0 while it is fewer than five."""
    metrics = {"part": part, "rest": rest}
    return cloudwatch.MathExpression(
        expression=f"IF(FILL(part, 0) >= {_FEWEST_ERRORS}, 100 * part / ({_sum(metrics)}), 0)",
        using_metrics=metrics,
        period=PERIOD,
    )


def used_percent(free: cloudwatch.IMetric, *, whole: float, period: Duration) -> cloudwatch.MathExpression:
    """Return how many percent of a whole are used, by what is free of it in the same unit."""
    return cloudwatch.MathExpression(
        expression=f"100 - 100 * free / {whole:g}", using_metrics={"free": free}, period=period
    )


def total(metrics: Metrics, *, label: str | None = None) -> cloudwatch.MathExpression:
    """Return the sum of metrics, of which some may have nothing to say."""
    return cloudwatch.MathExpression(expression=_sum(metrics), using_metrics=metrics, period=PERIOD, label=label)


def share_of_quota(used: cloudwatch.IMetric, period: Duration) -> cloudwatch.MathExpression:
    """Return how many percent of its quota the account uses.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Quotas-Visualize-Alarms.html
    """
    return cloudwatch.MathExpression(
        expression="100 * used / SERVICE_QUOTA(used)", using_metrics={"used": used}, period=period
    )


def of_table(name: str, *, table: str, label: str | None = None) -> cloudwatch.Metric:
    """Return a metric of the table."""
    return of_aws("DynamoDB", name, label=label, TableName=table)


def of_index(name: str, *, table: str, label: str | None = None) -> cloudwatch.Metric:
    """Return a metric of the index, of which the table's own does not tell."""
    return of_aws("DynamoDB", name, label=label, TableName=table, GlobalSecondaryIndexName=INDEX)


def table_throttles(table: str) -> dict[str, cloudwatch.Metric]:
    """Return what the table and its index have refused for a moment, by a title."""
    return {
        "TableReadThrottles": of_table("ReadThrottleEvents", table=table),
        "TableWriteThrottles": of_table("WriteThrottleEvents", table=table),
        "IndexReadThrottles": of_index("ReadThrottleEvents", table=table),
        "IndexWriteThrottles": of_index("WriteThrottleEvents", table=table),
    }


def table_errors(table: str) -> dict[str, cloudwatch.IMetric]:
    """Return the errors of DynamoDB itself; it counts them by operation only."""
    return {
        f"{operation[0].lower()}{operation[1:]}": of_aws(
            "DynamoDB", "SystemErrors", label=operation, TableName=table, Operation=operation
        )
        for operation in OPERATIONS
    }


def of_rest(name: str, statistic: str = "Sum", *, api_id: str, label: str | None = None) -> cloudwatch.Metric:
    """Return a metric of the HTTP API."""
    return of_aws("ApiGateway", name, statistic, label=label, ApiId=api_id)


def of_graphql(name: str, statistic: str = "Sum", *, api_id: str, label: str | None = None) -> cloudwatch.Metric:
    """Return a metric of the GraphQL API. It counts requests as samples of their latency."""
    return of_aws("AppSync", name, statistic, label=label, GraphQLAPIId=api_id)


def of_function(name: str, statistic: str = "Sum", *, function: str, label: str | None = None) -> cloudwatch.Metric:
    """Return a metric of a function."""
    return of_aws("Lambda", name, statistic, label=label, FunctionName=function)


def of_queue(name: str, statistic: str = "Maximum", *, queue: str, label: str | None = None) -> cloudwatch.Metric:
    """Return a metric of a queue."""
    return of_aws("SQS", name, statistic, label=label, QueueName=queue)


def of_rule(name: str, rule: events.CfnRule) -> cloudwatch.Metric:
    """Return a metric of a rule, of the default bus or of ours.

    The name is taken from the ARN: `Ref` of a rule of another bus has that bus in it.
    """
    if rule.event_bus_name is None:
        return of_aws("Events", name, RuleName=Fn.select(1, Fn.split("/", rule.attr_arn)))
    named = Fn.select(2, Fn.split("/", rule.attr_arn))
    return of_aws("Events", name, EventBusName=rule.event_bus_name, RuleName=named)


def signatures() -> cloudwatch.Metric:
    """Return the signatures that all keys of the account made on elliptic curves, a minute."""
    return of_aws(
        "Usage",
        "CallCount",
        label="signatures a minute",
        period=Duration.minutes(1),
        Type="API",
        Service="KMS",
        Resource="CryptographicOperationsEcc",
        Class="None",
    )


def _sum(metrics: Metrics) -> str:
    return " + ".join(f"FILL({name}, 0)" for name in metrics)


def is_of_requests(metric: cloudwatch.IMetric) -> bool:
    """Return whether a metric is a percentile of what AWS measures of all requests."""
    return (
        isinstance(metric, cloudwatch.Metric)
        and metric.statistic.startswith("p")
        and metric.namespace.startswith("AWS/")
    )

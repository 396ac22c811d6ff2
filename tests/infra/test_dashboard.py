"""The dashboard of a stage, and what alarms and graphs look at: each metric is one that somebody writes."""

from collections.abc import Iterator

import pytest

from infra import discovery
from tests.infra.stages import ROOT, Stage, Stages
from tests.infra.watched import Watched, alarms, graphed, widgets

# A graph has 500 metrics at most, a dashboard 2,500:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
MOST_OF_A_GRAPH, MOST_OF_A_DASHBOARD = 500, 2500
REQUESTS = "ApiId"
GRAPHQL = "GraphQLAPIId"
FUNCTION = "FunctionName"
QUEUE = "QueueName"
TABLE = "TableName"
INDEX = "TableName GlobalSecondaryIndexName"
GROUP = "ScheduleGroup"
ACCOUNT = ""
USAGE = "Class Resource Service Type"
# What AWS writes, with the dimensions that it may be asked by: the pages "metrics and dimensions" of each service, and
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html
OF_AWS = {
    "AWS/ApiGateway": {name: {REQUESTS} for name in ("Count", "4xx", "5xx", "Latency")},
    "AWS/AppSync": {name: {GRAPHQL} for name in ("4XXError", "5XXError", "Latency")},
    "AWS/Lambda": {
        "Errors": {FUNCTION},
        "Invocations": {FUNCTION},
        "Duration": {FUNCTION},
        "IteratorAge": {FUNCTION},
        "Throttles": {FUNCTION, ACCOUNT},
        "ConcurrentExecutions": {FUNCTION, ACCOUNT},
    },
    "AWS/SQS": {
        name: {QUEUE}
        for name in ("ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible", "NumberOfMessagesSent")
    },
    "AWS/DynamoDB": {
        "SystemErrors": {"TableName Operation"},
        **{
            f"{kind}{what}": {TABLE, INDEX}
            for kind in ("Read", "Write", "ConsumedRead", "ConsumedWrite")
            for what in ("ThrottleEvents", "CapacityUnits")
        },
    },
    "AWS/Scheduler": {
        name: {GROUP}
        for name in (
            "InvocationAttemptCount",
            "InvocationDroppedCount",
            "InvocationThrottleCount",
            "InvocationsFailedToBeSentToDeadLetterCount",
            "TargetErrorCount",
        )
    },
    "AWS/Events": {
        "InvocationsFailedToBeSentToDlq": {"RuleName", "EventBusName RuleName"},
        "ThrottledRules": {ACCOUNT},
    },
    "AWS/S3": {"PutRequests": {"BucketName FilterId"}},
    "AWS/SES": {name: {ACCOUNT} for name in ("Send", "Reputation.BounceRate", "Reputation.ComplaintRate")},
    "AWS/SNS": {"SMSMonthToDateSpentUSD": {ACCOUNT}},
    "AWS/Logs": {"IncomingBytes": {ACCOUNT}},
    "AWS/Usage": {"CallCount": {USAGE}},
}


def watched(stage: Stage) -> Iterator[Watched]:
    """Yield all metrics that an alarm or a graph names."""
    for alarm in alarms(stage):
        yield from alarm.metrics
    for widget in widgets(stage):
        yield from graphed(widget)


@pytest.fixture(scope="session")
def everything(stages: Stages) -> Stage:
    """The production stage with all that may be switched on."""
    return stages.stage("prod", mail_sender="no-reply@example.com", sms_countries=["+49"])


def test_every_metric_of_aws_is_one_that_there_is_with_these_dimensions(everything: Stage) -> None:
    asked = {(each.namespace, each.name, frozenset(each.dimensions)) for each in watched(everything)}
    of_aws = {each for each in asked if each[0].startswith("AWS/")}
    known = {
        (namespace, name, frozenset(dimensions.split()))
        for namespace, metrics in OF_AWS.items()
        for name, sets in metrics.items()
        for dimensions in sets
    }

    assert of_aws - known == set()


def test_every_metric_of_our_own_is_one_that_is_written(everything: Stage) -> None:
    asked = {
        (each.name, frozenset(each.dimensions.items())) for each in watched(everything) if "AWS/" not in each.namespace
    }
    written = {
        (metric.name, frozenset({"service": metric.service, **further}.items()))
        for metric in discovery.metrics()
        for further in ([{metric.by: value} for value in metric.values] if metric.by else [{}])
    }

    assert asked == written
    assert {each.namespace for each in watched(everything) if "AWS/" not in each.namespace} == {"Milepost/prod"}


def test_functions_write_where_the_dashboard_looks(everything: Stage) -> None:
    functions = everything.of_type("AWS::Lambda::Function")

    assert {each["Environment"]["Variables"]["POWERTOOLS_METRICS_NAMESPACE"] for each in functions} == {"Milepost/prod"}


@pytest.mark.parametrize(
    ("title", "resources"),
    [
        ("Errors of functions", "AWS::Lambda::Function"),
        ("Waiting messages", "Queue"),
        ("Age of the oldest message, seconds", "Queue"),
        ("Dead letters", "DeadLetters"),
    ],
)
def test_a_graph_has_all_there_are(everything: Stage, title: str, resources: str) -> None:
    (widget,) = [each for each in widgets(everything) if each["properties"]["title"] == title]
    found = everything.find(resources if "::" in resources else "AWS::SQS::Queue").values()
    parts = [each for each in found if "::" in resources or {"Key": "part", "Value": resources} in _tags(each)]

    assert len({str(each.dimensions) for each in graphed(widget)}) == len(parts)


def test_the_page_names_every_row_and_graph(everything: Stage) -> None:
    page = (ROOT / "docs" / "observability.md").read_text(encoding="utf-8").split("## Dashboard")[1].split("\n## ")[0]
    rows = [line for line in page.splitlines() if line.startswith("| ")][1:]
    graphs = [each for each in widgets(everything) if each["type"] == "metric"]

    assert len({each["y"] for each in graphs}) == len(rows)
    assert len(graphs) == 3 * len(rows)


def test_the_dashboard_has_no_more_than_cloudwatch_shows(everything: Stage) -> None:
    sizes = [len(list(graphed(each))) for each in widgets(everything)]

    assert max(sizes) <= MOST_OF_A_GRAPH
    assert sum(sizes) <= MOST_OF_A_DASHBOARD


def test_there_is_one_dashboard_as_the_page_says(everything: Stage) -> None:
    page = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")

    assert len(everything.find("AWS::CloudWatch::Dashboard")) == 1
    assert "| 1 dashboard (the first 3 of an account are free) | 3.00 |" in page
    number = sum(len(metric.values) or 1 for metric in discovery.metrics())
    assert f"| {number} metrics of our own at 0.30," in page
    assert f" | {number * 0.3:.2f} |" in page


def test_a_budget_is_made_where_somebody_is_told(prod: Stage, stages: Stages) -> None:
    (budget,) = stages.stage("prod", monthly_budget=100).of_type("AWS::Budgets::Budget")
    told = [
        (each["Notification"]["NotificationType"], each["Notification"]["Threshold"], each["Subscribers"])
        for each in budget["NotificationsWithSubscribers"]
    ]
    reader = [{"Address": "you@example.com", "SubscriptionType": "EMAIL"}]

    assert prod.of_type("AWS::Budgets::Budget") == []
    assert budget["Budget"] == {
        "BudgetType": "COST",
        "TimeUnit": "MONTHLY",
        "BudgetLimit": {"Amount": 100, "Unit": "USD"},
    }
    assert told == [("ACTUAL", 80, reader), ("FORECASTED", 100, reader)]


def _tags(resource: dict) -> list:
    return resource["Properties"]["Tags"]

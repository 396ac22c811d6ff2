"""What wakes somebody up: whatever fails or lags rings, by rates where somebody waits, and says what to do."""

import re

import pytest

from infra import measures
from infra.queue_tags import CONSUMER, PART, QUEUE
from tests.infra.stages import ROOT, Stage, Stages
from tests.infra.watched import Alarm, alarms, alarms_of, reference

PAGE = (ROOT / "docs" / "observability.md").read_text(encoding="utf-8")
# https://aws.amazon.com/cloudwatch/pricing/: an alarm costs as much for each metric that it looks at.
US_CENTS = 10
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
MOST_METRICS_OF_AN_ALARM = 10


def only(found: list[Alarm]) -> Alarm:
    (alarm,) = found
    return alarm


def functions_of(stage: Stage, metric: str) -> set[str]:
    return {
        reference(each.dimensions["FunctionName"])
        for alarm in alarms_of(stage, metric)
        for each in alarm.metrics
        if "FunctionName" in each.dimensions
    }


def test_every_alarm_rings_at_the_one_topic(prod: Stage) -> None:
    rung = {str(each.properties["AlarmActions"]) for each in alarms(prod)}

    assert len(rung) == 1
    assert {each.properties["TreatMissingData"] for each in alarms(prod)} == {"notBreaching"}


def test_every_alarm_says_what_to_do(prod: Stage) -> None:
    headings = re.findall(r"^### (.+)$", PAGE.split("## Alarms")[1], re.MULTILINE)
    anchors = {f"docs/observability.md#{heading.lower().replace(' ', '-')}" for heading in headings}

    assert {each.see for each in alarms(prod)} <= anchors
    assert [each.name for each in alarms(prod) if len(each.properties["AlarmDescription"]) > 1024] == []


def test_no_section_of_the_page_is_about_an_alarm_that_there_is_not(stages: Stages) -> None:
    everything = stages.stage("prod", mail_sender="no-reply@example.com", sms_countries=["+49"])
    headings = re.findall(r"^### (.+)$", PAGE.split("## Alarms")[1].split("\n## ")[0], re.MULTILINE)

    assert {f"docs/observability.md#{each.lower().replace(' ', '-')}" for each in headings} == {
        each.see for each in alarms(everything)
    }


def test_calls_that_neither_rest_counts_nor_a_queue_brings_again_ring(prod: Stage) -> None:
    functions = prod.find("AWS::Lambda::Function").keys()
    from_queues = {reference(each["FunctionName"]) for each in prod.of_type("AWS::Lambda::EventSourceMapping")}
    of_rest = {reference(each["IntegrationUri"]) for each in prod.of_type("AWS::ApiGatewayV2::Integration")}
    sources = [each["LambdaConfig"] for each in prod.of_type("AWS::AppSync::DataSource") if "LambdaConfig" in each]
    of_fields = {reference(each["LambdaFunctionArn"]) for each in sources}
    targets = [target["Arn"] for rule in prod.of_type("AWS::Events::Rule") for target in rule["Targets"]]
    on_time = {reference(each) for each in targets} & functions

    assert functions_of(prod, "Errors") == (functions - from_queues - of_rest) | of_fields | on_time


def test_one_failure_is_no_rate(prod: Stage) -> None:
    rates = [each for each in alarms_of(prod, "Errors") if each.expression]
    daily = sorted(each.name for each in alarms_of(prod, "Errors") if not each.expression)

    assert {each.properties["Threshold"] for each in rates} == {1}
    assert {each.expression for each in rates} == {"IF((FILL(failed, 0)) >= 5, 100 * (FILL(failed, 0)) / calls, 0)"}
    few = ["AudienceFilesSweeper", "EvidenceSweeper", "KeyRotation"]
    assert [name in each for name, each in zip(few, daily, strict=True)] == [True] * 3


@pytest.mark.parametrize(("metric", "calls"), [("5xx", "Count"), ("5XXError", "Latency")])
def test_requests_that_fail_ring_by_their_rate(prod: Stage, metric: str, calls: str) -> None:
    alarm = only(alarms_of(prod, metric))

    assert alarm.expression is not None
    assert ">= 5, 100 *" in alarm.expression
    assert calls in [each.name for each in alarm.metrics]


def test_a_field_that_is_unavailable_is_a_graphql_request_that_fails(prod: Stage) -> None:
    own = [each for each in only(alarms_of(prod, "5XXError")).metrics if each.namespace == "Milepost/prod"]

    assert [(each.name, each.dimensions) for each in own] == [
        ("RequestsRefused", {"service": "graphql", "status": "503"})
    ]


@pytest.mark.parametrize("namespace", ["AWS/ApiGateway", "AWS/AppSync"])
def test_the_slowest_of_a_hundred_requests_ring_when_there_are_enough(prod: Stage, namespace: str) -> None:
    slow = only([each for each in alarms(prod) if each.properties.get("Namespace") == namespace])

    assert (slow.metrics[0].name, slow.metrics[0].statistic) == ("Latency", "p99")
    assert slow.properties["EvaluateLowSampleCountPercentile"] == "ignore"
    assert (slow.properties["Threshold"], slow.properties["EvaluationPeriods"]) == (3000, 3)


def test_every_queue_rings_when_its_messages_wait(prod: Stage) -> None:
    queues = {
        name
        for name, each in prod.find("AWS::SQS::Queue").items()
        if {"Key": PART, "Value": QUEUE} in each["Properties"]["Tags"]
    }
    ages = alarms_of(prod, "ApproximateAgeOfOldestMessage")
    watched = [reference(each.metrics[0].dimensions["QueueName"]) for each in ages]

    assert sorted(watched) == sorted(queues)
    assert {each.metrics[0].statistic for each in ages} == {"Maximum"}


@pytest.mark.parametrize(
    ("consumer", "minutes"),
    [
        ("Webhooks", 5),
        ("Deliveries", 5),
        ("GoalProgress", 5),
        ("ProjectListening", 5),
        ("AuditLog", 15),
        ("MilestoneSync", 30),
        ("ProjectHistory", 30),
        ("Retries", 60),
        ("GoalSchedules", 60),
        ("MilestoneSchedules", 60),
        ("ProjectTimers", 60),
        ("GoalRemovals", 360),
    ],
)
def test_how_long_messages_may_wait_depends_on_who_waits_for_them(prod: Stage, consumer: str, minutes: int) -> None:
    wanted = [{"Key": CONSUMER, "Value": consumer}, {"Key": PART, "Value": QUEUE}]
    (queue,) = [
        name
        for name, each in prod.find("AWS::SQS::Queue").items()
        if all(tag in each["Properties"]["Tags"] for tag in wanted)
    ]
    ages = alarms_of(prod, "ApproximateAgeOfOldestMessage")
    alarm = only([each for each in ages if reference(each.metrics[0].dimensions["QueueName"]) == queue])

    assert alarm.properties["Threshold"] == 60 * minutes


@pytest.mark.parametrize("index", [{}, {"GlobalSecondaryIndexName": "GSI1"}])
@pytest.mark.parametrize("metric", ["ReadThrottleEvents", "WriteThrottleEvents"])
def test_throttles_of_the_table_and_of_its_index_ring(prod: Stage, metric: str, index: dict[str, str]) -> None:
    dimensions = [each.metrics[0].dimensions for each in alarms_of(prod, metric)]

    assert [each for each in dimensions if set(each) == {"TableName", *index}] != []


def test_an_error_of_dynamodb_rings_for_every_operation_that_is_called(prod: Stage) -> None:
    source = (ROOT / "shared" / "storage" / "table.py").read_text(encoding="utf-8")
    called = set(re.findall(r'_call\(\s*"(\w+)"', source)) | {"Query", "UpdateItem"}
    alarm = only(alarms_of(prod, "SystemErrors"))

    assert set(measures.OPERATIONS) == called - {"DescribeTable"}
    assert {each.dimensions["Operation"] for each in alarm.metrics} == set(measures.OPERATIONS)


def test_whatever_reads_the_stream_rings_after_minutes(prod: Stage) -> None:
    mappings = prod.of_type("AWS::Lambda::EventSourceMapping")
    readers = {each["FunctionName"]["Ref"] for each in mappings if "StartingPosition" in each}

    assert functions_of(prod, "IteratorAge") == readers
    assert {each.properties["Threshold"] for each in alarms_of(prod, "IteratorAge")} == {5 * 60 * 1000}


@pytest.mark.parametrize(
    "metric",
    ["TargetErrorCount", "InvocationThrottleCount", "InvocationsFailedToBeSentToDeadLetterCount"],
)
def test_schedules_that_fail_ring(prod: Stage, metric: str) -> None:
    (group,) = prod.find("AWS::Scheduler::ScheduleGroup")
    alarm = only(alarms_of(prod, metric))

    assert {reference(each.dimensions["ScheduleGroup"]) for each in alarm.metrics} == {group}


def test_an_event_that_got_nowhere_rings_for_every_rule(prod: Stage) -> None:
    lost = [each for alarm in alarms_of(prod, "InvocationsFailedToBeSentToDlq") for each in alarm.metrics]
    parts = [each.dimensions["RuleName"]["Fn::Select"] for each in lost]
    named = [(reference(arn["Fn::Split"][1]), part) for part, arn in parts]
    rules = prod.find("AWS::Events::Rule").items()
    # arn:aws:events:eu-west-1:123456789012:rule/<bus>/<rule>, without a bus for the default one.
    expected = [(name, 2 if "EventBusName" in each["Properties"] else 1) for name, each in rules]

    assert sorted(named) == sorted(expected)
    assert sum("EventBusName" in each.dimensions for each in lost) == sum(part == 2 for _, part in expected)


@pytest.mark.parametrize(
    ("metric", "expression"),
    [
        ("Throttles", None),
        ("ThrottledRules", None),
        ("ConcurrentExecutions", "100 * used / SERVICE_QUOTA(used)"),
        ("CallCount", "100 * used / SERVICE_QUOTA(used)"),
    ],
)
def test_what_the_account_shares_rings_before_it_is_used_up(prod: Stage, metric: str, expression: str | None) -> None:
    assert only(alarms_of(prod, metric)).expression == expression


def test_files_of_leads_that_are_later_than_the_table_knows_ring_at_the_first(prod: Stage) -> None:
    alarm = only(alarms_of(prod, "FilesOfAnotherTime"))

    assert (alarm.properties["Threshold"], alarm.properties["ComparisonOperator"]) == (
        1,
        "GreaterThanOrEqualToThreshold",
    )
    assert [(each.statistic, each.dimensions) for each in alarm.metrics] == [("Sum", {"service": "audience"})]
    assert alarm.see.endswith("#files-of-leads-are-behind")


def test_mail_and_sms_ring_where_they_are_sent(stages: Stages) -> None:
    silent = stages.stage("dev")
    sending = stages.stage("prod", sms_countries=["+49"])
    metrics = ("Reputation.BounceRate", "Reputation.ComplaintRate", "SMSMonthToDateSpentUSD")

    assert [alarms_of(silent, metric) for metric in metrics] == [[], [], []]
    assert [only(alarms_of(sending, each)).properties["Threshold"] for each in metrics] == [0.05, 0.001, 1]


def test_a_larger_budget_of_sms_is_a_setting(stages: Stages) -> None:
    stage = stages.stage("prod", sms_countries=["+49"], monthly_sms_budget=200)

    assert only(alarms_of(stage, "SMSMonthToDateSpentUSD")).properties["Threshold"] == 200


def test_no_alarm_calculates_with_more_than_cloudwatch_takes(prod: Stage) -> None:
    assert max(len(each.metrics) for each in alarms(prod)) <= MOST_METRICS_OF_AN_ALARM


def test_the_page_counts_the_alarms_and_what_they_cost(prod: Stage) -> None:
    number, metrics = len(alarms(prod)), sum(len(each.metrics) for each in alarms(prod))
    row = f"| {number} alarms of {metrics} metrics, at 0.10 a metric (10 metrics of an account are free) |"

    assert f"{row} {metrics * US_CENTS / 100:.2f} |" in (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")


def test_the_emulator_has_all_alarms_that_do_not_calculate(prod: Stage, stages: Stages) -> None:
    local = alarms(stages.stage("local"))

    assert {each.expression for each in local} == {None}
    assert {each.name for each in alarms(prod) if not each.expression} - {each.name for each in local} == {
        name for name in (each.name for each in alarms(prod)) if "GoalProgress" in name or "ProjectListening" in name
    }


@pytest.mark.parametrize(
    "metric",
    [
        "5xx",
        "5XXError",
        "Errors",
        "Throttles",
        "IteratorAge",
        "PutRequests",
        "ApproximateNumberOfMessagesVisible",
        "ReadThrottleEvents",
        "WriteThrottleEvents",
        "SystemErrors",
    ],
)
def test_an_alarm_rings_somebody(prod: Stage, metric: str) -> None:
    found = alarms_of(prod, metric)

    assert found != []
    assert all(alarm.properties["AlarmActions"] for alarm in found)
    assert {alarm.properties["TreatMissingData"] for alarm in found} == {"notBreaching"}


def test_an_expected_refusal_rings_no_alarm(prod: Stage) -> None:
    watched = [each for alarm in alarms(prod) for each in alarm.metrics]
    # More than twenty wrong codes within five minutes are no refusals of one person: somebody guesses.
    metrics = {each.name.lower() for each in watched if "wrong_code" not in each.dimensions.values()}
    refused = [each for alarm in alarms(prod) for each in alarm.metrics if each.name == "RequestsRefused"]

    assert metrics & {"4xx", "4xxerror", "wrongcredentials", "identity.sign_in.failed"} == set()
    assert {each.dimensions["status"] for each in refused} == {"503"}

"""Schedules that functions set: what they may set, and what a schedule may do when it fires."""

import json
from collections.abc import Mapping
from typing import Any

from tests.infra.conftest import Stage
from tests.infra.test_functions import _actions_of, _statements_of

HANDLER = "functions.goals.schedule_consumers.handler"


def statement_of(stage: Stage, action: str) -> Mapping[str, Any]:
    (found,) = [each for each in _statements_of(stage, HANDLER) if action in each["Action"]]
    return found


def scheduling_role(stage: Stage) -> tuple[str, Mapping[str, Any]]:
    """Return the logical id of the role of schedules, and its properties."""
    found = stage.stateless.find_resources("AWS::IAM::Role")
    ((name, role),) = [(name, each) for name, each in found.items() if "scheduler.amazonaws" in json.dumps(each)]
    return name, role["Properties"]


def test_schedules_are_set_in_the_group_of_the_stage_only(prod: Stage) -> None:
    (group,) = prod.of_type("AWS::Scheduler::ScheduleGroup")
    setting = statement_of(prod, "scheduler:CreateSchedule")

    assert group["Name"] == "milepost-prod"
    assert set(setting["Action"]) == {f"scheduler:{verb}Schedule" for verb in ("Create", "Update", "Delete")}
    assert json.dumps(setting["Resource"]).endswith(':schedule/milepost-prod/*"]]}')


def test_the_role_of_schedules_is_handed_to_schedules_only(prod: Stage) -> None:
    name, role = scheduling_role(prod)
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    passing = statement_of(prod, "iam:PassRole")

    assert passing["Resource"] == {"Fn::GetAtt": [name, "Arn"]}
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}
    assert list(trust["Condition"]) == ["ArnEquals"]
    assert list(trust["Condition"]["ArnEquals"]) == ["aws:SourceArn"]


def test_a_schedule_may_only_send_to_the_queue_of_who_set_it(prod: Stage) -> None:
    name, _ = scheduling_role(prod)
    (policy,) = [each for each in prod.of_type("AWS::IAM::Policy") if each["Roles"] == [{"Ref": name}]]
    (function,) = [each for each in prod.of_type("AWS::Lambda::Function") if each["Handler"] == HANDLER]
    (statement,) = policy["PolicyDocument"]["Statement"]

    assert statement["Action"] == "sqs:SendMessage"
    assert statement["Resource"] == function["Environment"]["Variables"]["SCHEDULE_QUEUE_ARN"]


def test_who_sets_schedules_may_send_to_its_queue_itself(prod: Stage) -> None:
    sending = statement_of(prod, "sqs:SendMessage")
    (function,) = [each for each in prod.of_type("AWS::Lambda::Function") if each["Handler"] == HANDLER]

    assert sending["Resource"] == function["Environment"]["Variables"]["SCHEDULE_QUEUE_ARN"]
    assert ("sqs", "ReceiveMessage") in _actions_of(prod, HANDLER)


def test_the_end_of_every_queue_rings_an_alarm(prod: Stage) -> None:
    queues = prod.stateless.find_resources("AWS::SQS::Queue")
    ends = {name for name, each in queues.items() if "RedrivePolicy" not in each["Properties"]}
    alarms = [
        alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0]
        for alarm in prod.of_type("AWS::CloudWatch::Alarm")
        if alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
    ]

    assert ends != set()
    assert sorted(alarms) == sorted(ends)

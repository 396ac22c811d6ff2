"""Schedules that functions set: what they may set, and what a schedule may do when it fires."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.infra.permissions import actions_of, statements_of
from tests.infra.stages import Stage
from tests.infra.watched import alarms_of

HANDLERS = [
    "functions.goals.schedules.consumers.handler",
    "functions.milestones.schedule_consumers.handler",
    "functions.projects.timers.consumers.handler",
]
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
MOST_LETTERS_OF_A_ROLE = 64
of_each_who_sets_schedules = pytest.mark.parametrize("handler", HANDLERS)


def statement_of(stage: Stage, handler: str, action: str) -> Mapping[str, Any]:
    (found,) = [each for each in statements_of(stage, handler) if action in each["Action"]]
    return found


def variables_of(stage: Stage, handler: str) -> Mapping[str, Any]:
    (function,) = [each for each in stage.of_type("AWS::Lambda::Function") if each["Handler"] == handler]
    return function["Environment"]["Variables"]


def scheduling_role(stage: Stage, handler: str) -> tuple[str, Mapping[str, Any]]:
    """Return the logical id of the role of the schedules that a function sets, and its properties."""
    name = variables_of(stage, handler)["SCHEDULE_ROLE_ARN"]["Fn::GetAtt"][0]
    return name, stage.resources[name]["Properties"]


@of_each_who_sets_schedules
def test_schedules_are_set_in_the_group_of_the_stage_only(prod: Stage, handler: str) -> None:
    (group,) = prod.find("AWS::Scheduler::ScheduleGroup")
    setting = statement_of(prod, handler, "scheduler:CreateSchedule")

    assert variables_of(prod, handler)["SCHEDULE_GROUP"] == {"Ref": group}
    assert set(setting["Action"]) == {f"scheduler:{verb}Schedule" for verb in ("Create", "Update", "Delete")}
    assert setting["Resource"]["Fn::Join"][1][-3:] == [":schedule/", {"Ref": group}, "/*"]


@of_each_who_sets_schedules
def test_a_schedule_finds_its_role_when_the_stack_is_made_again(prod: Stage, handler: str) -> None:
    _, role = scheduling_role(prod, handler)
    name = role["RoleName"]["Fn::Join"][1]

    # Only the region is not known here: a role is one for all regions of an account.
    assert name[1:] == [{"Ref": "AWS::Region"}]
    assert name[0].startswith("milepost-prod-")
    assert len(name[0] + "ap-southeast-1") <= MOST_LETTERS_OF_A_ROLE


@of_each_who_sets_schedules
def test_a_schedule_finds_its_queue_when_the_stack_is_made_again(prod: Stage, handler: str) -> None:
    (name,) = variables_of(prod, handler)["SCHEDULE_QUEUE_ARN"]["Fn::GetAtt"][:1]
    consumer = {tag["Key"]: tag["Value"] for tag in prod.resources[name]["Properties"]["Tags"]}["consumer"]

    assert prod.resources[name]["Properties"]["QueueName"] == f"milepost-prod-{consumer}-Queue"


@of_each_who_sets_schedules
def test_the_role_of_schedules_is_handed_to_schedules_only(prod: Stage, handler: str) -> None:
    name, role = scheduling_role(prod, handler)
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    passing = statement_of(prod, handler, "iam:PassRole")

    assert passing["Resource"] == {"Fn::GetAtt": [name, "Arn"]}
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert list(trust["Condition"]) == ["ArnEquals"]
    assert list(trust["Condition"]["ArnEquals"]) == ["aws:SourceArn"]


@of_each_who_sets_schedules
def test_a_schedule_may_only_send_to_the_queue_of_who_set_it_and_where_that_ends(prod: Stage, handler: str) -> None:
    name, _ = scheduling_role(prod, handler)
    (policy,) = [each for each in prod.of_type("AWS::IAM::Policy") if each["Roles"] == [{"Ref": name}]]
    (statement,) = policy["PolicyDocument"]["Statement"]
    told = variables_of(prod, handler)

    assert statement["Action"] == "sqs:SendMessage"
    assert statement["Resource"] == [told["SCHEDULE_QUEUE_ARN"], told["SCHEDULE_DEAD_LETTERS_ARN"]]


@of_each_who_sets_schedules
def test_what_a_schedule_cannot_send_ends_where_the_messages_of_its_queue_end(prod: Stage, handler: str) -> None:
    told = variables_of(prod, handler)
    queue = prod.resources[told["SCHEDULE_QUEUE_ARN"]["Fn::GetAtt"][0]]["Properties"]

    # AWS takes no FIFO queue for this.
    assert "FifoQueue" not in queue
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == told["SCHEDULE_DEAD_LETTERS_ARN"]


@of_each_who_sets_schedules
def test_who_sets_schedules_may_send_to_its_queue_itself(prod: Stage, handler: str) -> None:
    sending = statement_of(prod, handler, "sqs:SendMessage")

    assert sending["Resource"] == variables_of(prod, handler)["SCHEDULE_QUEUE_ARN"]
    assert ("sqs", "ReceiveMessage") in actions_of(prod, handler)


def test_the_end_of_every_queue_rings_an_alarm(prod: Stage) -> None:
    queues = prod.find("AWS::SQS::Queue")
    ends = {name for name, each in queues.items() if "RedrivePolicy" not in each["Properties"]}
    found = alarms_of(prod, "ApproximateNumberOfMessagesVisible")
    alarms = [each.metrics[0].dimensions["QueueName"]["Fn::GetAtt"][0] for each in found]

    assert ends != set()
    assert sorted(alarms) == sorted(ends)

"""A local stage of an earlier version keeps its schedules when their group moves to another stack."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.stage import aws, handover
from tests.aws import stack

OLD = {
    "Resources": {
        "Group": {"Type": handover.MOVED, "Properties": {"Name": "milepost-local"}},
        "Queue": {"Type": "AWS::SQS::Queue"},
    }
}
NEW = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}
SCHEDULE = {
    "Name": "goal",
    "GroupName": "milepost-local",
    "ScheduleExpression": "at(2099-01-01T00:00:00)",
    "FlexibleTimeWindow": {"Mode": "OFF"},
    "Target": {"Arn": "arn:aws:sqs:us-east-1:000000000000:queue", "RoleArn": "arn:aws:iam::000000000000:role/any"},
}


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with stack.server(tmp_path_factory.mktemp("state")) as address:
        aws.client("s3", endpoint=address).create_bucket(Bucket=handover.BUCKET)
        yield address


def wait(cloudformation: Any, done: str) -> None:
    cloudformation.get_waiter(done).wait(StackName="old", WaiterConfig={"Delay": 1})


def test_a_group_that_moves_keeps_its_schedules(endpoint: str) -> None:
    cloudformation = aws.client("cloudformation", endpoint=endpoint)
    scheduler = aws.client("scheduler", endpoint=endpoint)
    cloudformation.create_stack(StackName="old", TemplateBody=json.dumps(OLD))
    wait(cloudformation, "stack_create_complete")
    scheduler.create_schedule(**SCHEDULE)

    handover.keep_schedules(stack="old", endpoint=endpoint)
    cloudformation.update_stack(StackName="old", TemplateBody=json.dumps(NEW))
    wait(cloudformation, "stack_update_complete")

    kept = scheduler.list_schedules(GroupName="milepost-local")["Schedules"]
    assert [each["Name"] for each in kept] == ["goal"]


def test_a_stage_that_is_new_has_nothing_to_hand_over(endpoint: str) -> None:
    handover.keep_schedules(stack="nobody", endpoint=endpoint)

    names = [each["StackName"] for each in aws.client("cloudformation", endpoint=endpoint).describe_stacks()["Stacks"]]
    assert "nobody" not in names

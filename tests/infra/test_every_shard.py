"""What looks after lists that are spread over shards: a call for each of them, and none beside another for the same."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from functions.milestones import due
from functions.webhooks import deliveries, sweeps
from tests.infra.stages import Stage

# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
MOST_TARGETS = 5
RUNS = {
    "functions.webhooks.consumers.handler": ({"action": "sweep"}, deliveries.SHARDS),
    "functions.milestones.consumers.handler": ({"task": "reconcile"}, due.SHARDS),
}
of_each_run = pytest.mark.parametrize(("handler", "event", "shards"), [(name, *run) for name, run in RUNS.items()])


def function_of(stage: Stage, handler: str) -> tuple[str, Mapping[str, Any]]:
    functions = stage.find("AWS::Lambda::Function").items()
    ((name, function),) = [each for each in functions if each[1]["Properties"]["Handler"] == handler]
    return name, function["Properties"]


def rules_of(stage: Stage, name: str) -> list[Mapping[str, Any]]:
    rules = [each for each in stage.of_type("AWS::Events::Rule") if "ScheduleExpression" in each]
    return [rule for rule in rules if rule["Targets"][0]["Arn"] == {"Fn::GetAtt": [name, "Arn"]}]


@of_each_run
def test_every_shard_has_a_call_every_five_minutes(
    prod: Stage, handler: str, event: dict[str, Any], shards: int
) -> None:
    name, _ = function_of(prod, handler)
    rules = rules_of(prod, name)
    said = [json.loads(target["Input"]) for rule in rules for target in rule["Targets"]]

    assert {rule["ScheduleExpression"] for rule in rules} == {f"rate({sweeps.EVERY_SECONDS // 60} minutes)"}
    assert sorted(said, key=lambda each: each["shard"]) == [event | {"shard": shard} for shard in range(shards)]
    assert max(len(rule["Targets"]) for rule in rules) <= MOST_TARGETS


@of_each_run
def test_a_call_that_failed_is_not_repeated_beside_the_next_one(
    prod: Stage, handler: str, event: dict[str, Any], shards: int
) -> None:
    name, function = function_of(prod, handler)
    (asynchronous,) = [
        each for each in prod.of_type("AWS::Lambda::EventInvokeConfig") if each["FunctionName"] == {"Ref": name}
    ]

    assert asynchronous["MaximumRetryAttempts"] == 0
    assert asynchronous["MaximumEventAgeInSeconds"] == 300
    assert function["Timeout"] < 300


@of_each_run
def test_what_cannot_be_called_is_a_dead_letter(prod: Stage, handler: str, event: dict[str, Any], shards: int) -> None:
    name, _ = function_of(prod, handler)
    targets = [target for rule in rules_of(prod, name) for target in rule["Targets"]]

    assert len([target for target in targets if target["DeadLetterConfig"]]) == shards

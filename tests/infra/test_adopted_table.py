"""A stage whose data are in a table that was restored: everything follows the setting, and no stack owns the table."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from infra import adopted_tables
from tests.infra.stages import Stage, Stages

NAME = "milepost-prod-20261126T110000Z"
TABLE = f"arn:aws:dynamodb:eu-central-1:123456789012:table/{NAME}"
STREAM = f"{TABLE}/stream/2026-11-26T11:30:00.000"


@pytest.fixture(scope="module")
def adopting(stages: Stages) -> Stage:
    """Production on a restored table."""
    return stages.stage("prod", adopted_table=STREAM)


def table_of(arn: Any) -> str:
    """Return which table, index or stream of one a statement speaks of, however its template writes it."""
    return "".join(arn["Fn::Join"][1]) if isinstance(arn, Mapping) else str(arn)


def test_no_stack_has_a_table_of_its_own(adopting: Stage) -> None:
    assert adopting.of_type("AWS::DynamoDB::Table") == []


def test_everything_else_of_the_stage_is_the_same(adopting: Stage, prod: Stage) -> None:
    assert {*prod.resources} - {*adopting.resources} == {*prod.find("AWS::DynamoDB::Table")}
    assert {*adopting.resources} - {*prod.resources} == set()


def test_every_function_is_told_of_it(adopting: Stage) -> None:
    told = {each["Environment"]["Variables"]["TABLE_NAME"] for each in adopting.of_type("AWS::Lambda::Function")}

    assert told == {NAME}


def test_every_reader_reads_its_stream(adopting: Stage, prod: Stage) -> None:
    def streams(stage: Stage) -> list[Any]:
        sources = [each["EventSourceArn"] for each in stage.of_type("AWS::Lambda::EventSourceMapping")]
        return [each for each in sources if "Queue" not in json.dumps(each) and ":sqs:" not in json.dumps(each)]

    assert streams(adopting) == [STREAM] * len(streams(prod))
    assert len(streams(prod)) == 2


def test_roles_may_do_the_same_with_it_as_with_a_table_of_the_stack(adopting: Stage, prod: Stage) -> None:
    def allowed(stage: Stage) -> list[tuple[str, ...]]:
        return sorted(
            tuple(sorted([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]))
            for policy in stage.of_type("AWS::IAM::Policy")
            for statement in policy["PolicyDocument"]["Statement"]
            if "dynamodb:" in json.dumps(statement["Action"])
        )

    spoken_of = {
        table_of(resource)
        for policy in adopting.of_type("AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        if "dynamodb:" in json.dumps(statement["Action"])
        for resource in (statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]])
    }
    assert allowed(adopting) == allowed(prod)
    assert spoken_of == {TABLE, f"{TABLE}/index/GSI1", STREAM, "*"}


def test_alarms_and_the_dashboard_watch_it(adopting: Stage, prod: Stage) -> None:
    def watched(stage: Stage) -> list[Any]:
        dimensions = [each.get("Dimensions", []) for each in stage.of_type("AWS::CloudWatch::Alarm")]
        return [pair["Value"] for pairs in dimensions for pair in pairs if pair["Name"] == "TableName"]

    (dashboard,) = adopting.of_type("AWS::CloudWatch::Dashboard")
    assert watched(adopting) == [NAME] * len(watched(prod))
    assert NAME in json.dumps(dashboard["DashboardBody"])


def test_commands_are_told_of_it(adopting: Stage) -> None:
    assert adopting.templates["stateless"]["Outputs"]["TableName"]["Value"] == {"Ref": "TableName"}
    (value,) = [each for each in adopting.of_type("AWS::SSM::Parameter") if each["Name"].endswith("/TableName")]
    assert value["Value"] == NAME


def test_the_arn_of_a_stream_names_table_account_and_region() -> None:
    assert adopted_tables.parse(STREAM) == (NAME, TABLE, STREAM, "123456789012", "eu-central-1")


@pytest.mark.parametrize(
    "text",
    [NAME, TABLE, f"{TABLE}/index/GSI1", f"{STREAM}/shard", STREAM.replace("dynamodb", "kinesis"), f"{STREAM}\n"],
)
def test_what_is_no_arn_of_a_stream_is_no_table_to_adopt(text: str) -> None:
    with pytest.raises(ValueError, match="is no ARN of the stream of a table"):
        adopted_tables.parse(text)

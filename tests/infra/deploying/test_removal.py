"""`make destroy`: everything of a stage goes but its data, readers before what they read of, and what stays is said."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.deploying import __main__ as deploying
from infra.deploying import removal

VALUE = "AWS::SSM::Parameter"


@pytest.fixture
def stage(aws: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stage of four stacks, beside one of another stage."""
    (tmp_path / "stages").mkdir()
    (tmp_path / "stages" / "dev.toml").write_text('kind = "development"')
    monkeypatch.setattr(deploying, "ROOT", tmp_path)
    monkeypatch.delenv("CONFIRM", raising=False)
    make(
        "milepost-dev-stateful",
        publishes=["TableName"],
        Key=kept("AWS::KMS::Key", KeyPolicy={"Version": "2012-10-17", "Statement": []}),
    )
    make("milepost-dev-stateless", publishes=["ApiId"], reads=["TableName"], Logs=kept("AWS::Logs::LogGroup"))
    dead = kept("AWS::SQS::Queue", QueueName="milepost-dev-goals-Dead")
    make("milepost-dev-goals", reads=["TableName", "ApiId"], Dead=dead, Work={"Type": "AWS::SQS::Queue"})
    make("milepost-dev-alone", Topic={"Type": "AWS::SNS::Topic"})
    make("milepost-prod-goals", Topic={"Type": "AWS::SNS::Topic"})


def kept(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": kind, "DeletionPolicy": "Retain", "Properties": properties}


def make(
    name: str,
    *,
    publishes: Sequence[str] = (),
    reads: Sequence[str] = (),
    region: str | None = None,
    **resources: Any,
) -> None:
    stage = name.split("-")[1]
    values = {
        each: {"Type": VALUE, "Properties": {"Name": f"/milepost/{stage}/{each}", "Type": "String", "Value": "x"}}
        for each in publishes
    }
    parameters = {each: {"Type": f"{VALUE}::Value<String>", "Default": f"/milepost/{stage}/{each}"} for each in reads}
    template = {"Parameters": parameters, "Resources": {**values, **resources}}
    tags = [{"Key": "project", "Value": "milepost"}, {"Key": "stage", "Value": stage}]
    cloudformation = boto3.client("cloudformation", region_name=region)
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template), Tags=tags)


def names() -> list[str]:
    return sorted(each["StackName"] for each in boto3.client("cloudformation").describe_stacks()["Stacks"])


def test_everything_goes_but_the_data(stage: None) -> None:
    code = deploying.main(["destroy", "dev"])

    assert code == 0
    assert names() == ["milepost-dev-stateful", "milepost-prod-goals"]


def test_a_stack_of_somebody_else_stays_whatever_it_is_called(stage: None) -> None:
    boto3.client("cloudformation").create_stack(
        StackName="milepost-dev-website", TemplateBody="Resources: {Topic: {Type: 'AWS::SNS::Topic'}}"
    )

    code = deploying.main(["destroy", "dev"])

    assert code == 0
    assert names() == ["milepost-dev-stateful", "milepost-dev-website", "milepost-prod-goals"]


def test_what_cloudformation_refuses_is_said(
    stage: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(**_: object) -> None:
        raise ClientError({"Error": {"Code": "ValidationError", "Message": "it is protected"}}, "DeleteStack")

    cloudformation, client = boto3.Session().client("cloudformation"), boto3.client
    cloudformation.meta.events.register("before-call.cloudformation.DeleteStack", refuse)
    monkeypatch.setattr(
        boto3, "client", lambda name, **more: cloudformation if name == "cloudformation" else client(name, **more)
    )

    code = deploying.main(["destroy", "dev"])

    assert code == 1
    assert "it is protected" in capsys.readouterr().err


def test_a_stack_goes_before_those_whose_values_it_reads(stage: None) -> None:
    order = [each.name for each in removal.deployed([boto3.client("cloudformation")], "dev")]

    assert [name for name in order if name != "milepost-dev-alone"] == [
        "milepost-dev-goals",
        "milepost-dev-stateless",
        "milepost-dev-stateful",
    ]


@pytest.fixture
def reaching(stage: None) -> None:
    """A stage with a stack in the region of CloudFront, whose output another stack reads."""
    read = {"Fn::GetStackOutput": {"StackName": "milepost-dev-edge", "OutputName": "Arn", "Region": "us-east-1"}}
    (deploying.ROOT / "stages" / "dev.toml").write_text(
        'kind = "development"\ngraphql_domain = "graphql.example.com"\nhosted_zone = "Z0123456789EXAMPLE"'
    )
    make("milepost-dev-edge", region="us-east-1", Topic={"Type": "AWS::SNS::Topic"})
    make("milepost-dev-graphql", Reader={"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": read}})


def test_what_is_in_another_region_goes_after_what_reads_it(reaching: None, capsys: pytest.CaptureFixture[str]) -> None:
    code = deploying.main(["destroy", "dev"])
    removed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("removing ")]

    assert code == 0
    assert removed.index("removing milepost-dev-graphql") < removed.index("removing milepost-dev-edge")
    assert boto3.client("cloudformation", region_name="us-east-1").describe_stacks()["Stacks"] == []
    assert names() == ["milepost-dev-stateful", "milepost-prod-goals"]


def test_what_stays_is_said_with_its_id_and_what_to_do_with_it(stage: None, capsys: pytest.CaptureFixture[str]) -> None:
    key = physical_id("milepost-dev-stateful", "Key")
    logs = physical_id("milepost-dev-stateless", "Logs")
    deploying.main(["destroy", "dev"])
    printed = capsys.readouterr().out

    assert "The stack milepost-dev-stateful stays with all its data" in printed
    assert f"{key}\n    AWS::KMS::Key, data" in printed
    assert f"{logs}\n    AWS::Logs::LogGroup, logs, gone after their time: aws logs delete-log-group" in printed
    assert "milepost-dev-goals-Dead\n    AWS::SQS::Queue, dead letters" in printed
    assert "Work" not in printed


def test_what_is_not_deployed_can_be_removed_again(stage: None) -> None:
    codes = [deploying.main(["destroy", "dev"]) for _ in range(2)]

    assert codes == [0, 0]


def physical_id(stack: str, logical_id: str) -> str:
    found: Mapping[str, Any] = boto3.client("cloudformation").describe_stack_resource(
        StackName=stack, LogicalResourceId=logical_id
    )["StackResourceDetail"]
    return str(found["PhysicalResourceId"])

"""The command that gives the front another secret: at no step is what CloudFront sends refused."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from infra.commands import rotate_front
from infra.commands.rotate_front import KNOWN_AFTER, Clients, NotRotated

FIRST = "the-first-value"
SERVICES = ("cloudformation", "ssm", "secretsmanager", "cloudfront")


class Stage:
    """A stage with a front, and the values that are good there."""

    def __init__(self, *, previous: str = "") -> None:
        self.clients = Clients(*(boto3.client(service) for service in SERVICES))
        self.distribution_id = _distribution(self.clients.cloudfront)
        text = json.dumps({"current": FIRST, "previous": previous})
        self.arn = self.clients.secretsmanager.create_secret(Name="front", SecretString=text)["ARN"]
        self.clients.ssm.put_parameter(Name="/milepost/dev/FrontSecretArn", Type="String", Value=self.arn)
        template = {
            "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
            "Outputs": {"DistributionId": {"Value": self.distribution_id}},
        }
        self.clients.cloudformation.create_stack(StackName="milepost-dev-front", TemplateBody=json.dumps(template))

    @property
    def good(self) -> dict[str, str]:
        """The values that functions take, by name."""
        found = self.clients.secretsmanager.get_secret_value(SecretId=self.arn)
        values: dict[str, str] = json.loads(found["SecretString"])
        return values

    @property
    def sent(self) -> str:
        """What CloudFront sends."""
        found = self.clients.cloudfront.get_distribution_config(Id=self.distribution_id)["DistributionConfig"]
        value: str = found["Origins"]["Items"][0]["CustomHeaders"]["Items"][0]["HeaderValue"]
        return value

    def rotate(self, *, later: timedelta = timedelta()) -> str:
        """Run the command, so much later than now."""
        return rotate_front.rotate(self.clients, "dev", now=datetime.now(UTC) + later)


@pytest.fixture
def stage(aws: None) -> Iterator[Stage]:
    return Stage()


def test_a_new_value_is_stored_beside_the_one_in_use(stage: Stage) -> None:
    said = stage.rotate()

    assert stage.sent == stage.good["previous"] == FIRST
    assert len(stage.good["current"]) == 64
    assert said == "A new value is stored; the one in use stays good. Run this again in 6 minutes."


@pytest.mark.parametrize("later", [timedelta(), KNOWN_AFTER - timedelta(seconds=5)])
def test_cloudfront_keeps_its_value_until_every_instance_knows_the_new_one(stage: Stage, later: timedelta) -> None:
    stage.rotate()
    before = stage.good
    said = stage.rotate(later=later)

    assert (stage.good, stage.sent) == (before, FIRST)
    assert said.startswith("Not every instance knows the new value yet. Run this again in ")


def test_then_it_is_given_the_new_one_and_the_one_before_is_taken_away(stage: Stage) -> None:
    stage.rotate()
    new = stage.good["current"]
    said = stage.rotate(later=KNOWN_AFTER)

    assert stage.sent == new
    assert stage.good == {"current": new, "previous": ""}
    assert said.endswith("It is done.")


def test_the_next_run_begins_anew(stage: Stage) -> None:
    values = {FIRST}
    for _ in range(2):
        stage.rotate()
        stage.rotate(later=KNOWN_AFTER)
        values.add(stage.sent)

    assert len(values) == 3


@pytest.mark.usefixtures("aws")
def test_a_run_that_was_stopped_before_the_end_is_brought_to_it() -> None:
    stage = Stage(previous="the-value-before")
    said = stage.rotate()

    assert stage.good == {"current": FIRST, "previous": ""}
    assert said.endswith("It is done.")


def test_what_aws_refuses_takes_nothing_away(stage: Stage) -> None:
    stage.rotate()
    good = stage.good
    found = stage.clients.cloudfront.get_distribution_config(Id=stage.distribution_id)
    del found["ResponseMetadata"]
    with Stubber(stage.clients.cloudfront) as refusing:
        for _ in range(2):
            refusing.add_response("get_distribution_config", found)
        refusing.add_client_error("update_distribution", "PreconditionFailed")

        with pytest.raises(NotRotated, match="Nothing that is in use was taken away"):
            stage.rotate(later=KNOWN_AFTER)

    assert (stage.good, stage.sent) == (good, FIRST)


@pytest.mark.usefixtures("aws")
def test_a_stage_without_a_front_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    codes = [rotate_front.main([stage]) for stage in ("local", "dev")]

    assert codes == [1, 1]
    assert capsys.readouterr().err.startswith("The local stage has no front.\n")


def _distribution(cloudfront: Any) -> str:
    origin = {
        "Id": "api",
        "DomainName": "origin.example.com",
        "CustomHeaders": {"Quantity": 1, "Items": [{"HeaderName": "X-Front-Secret", "HeaderValue": FIRST}]},
        "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
    }
    made = cloudfront.create_distribution(
        DistributionConfig={
            "CallerReference": "front",
            "Comment": "",
            "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [origin]},
            "DefaultCacheBehavior": {"TargetOriginId": "api", "ViewerProtocolPolicy": "https-only"},
        }
    )
    identifier: str = made["Distribution"]["Id"]
    return identifier

"""A front before the API: who is told its secret, and that a stage without one has none."""

import json
from typing import Any

import pytest

from tests.infra.permissions import statements_of
from tests.infra.stages import Stage, Stages

SERVING = {
    "functions.goals.api.handler",
    "functions.identity.api.handler",
    "functions.jobs.api.handler",
    "functions.milestones.api.handler",
    "functions.payments.api.handler",
    "functions.portal.api.handler",
    "functions.projects.api.handler",
    "functions.audience.api.handler",
    "functions.audience.query_api.handler",
    "functions.search.api.handler",
    "functions.search.query_api.handler",
    "functions.sequences.api.handler",
    "functions.webhooks.api.handler",
}


@pytest.fixture(scope="module")
def fronted(stages: Stages) -> Stage:
    """A stage on AWS behind CloudFront; cdk-nag has looked at it."""
    return stages.stage("dev", front_address_header="CloudFront-Viewer-Address")


def front_of(stage: Stage) -> dict[str, Any]:
    return {
        each["Handler"]: each["Environment"]["Variables"]["FRONT_SECRET_ID"]
        for each in stage.of_type("AWS::Lambda::Function")
        if "FRONT_SECRET_ID" in each["Environment"]["Variables"]
    }


def test_what_serves_rest_knows_the_front_and_nothing_else_does(fronted: Stage) -> None:
    told = front_of(fronted)
    headers = {
        each["Environment"]["Variables"]["FRONT_ADDRESS_HEADER"]
        for each in fronted.of_type("AWS::Lambda::Function")
        if each["Handler"] in SERVING
    }

    assert told.keys() == SERVING
    assert headers == {"cloudfront-viewer-address"}


def test_what_knows_the_front_may_read_its_secret(fronted: Stage) -> None:
    for handler, secret in front_of(fronted).items():
        resources = [
            statement["Resource"]
            for statement in statements_of(fronted, handler)
            if statement["Action"] == "secretsmanager:GetSecretValue"
        ]

        assert json.dumps(secret) in json.dumps(resources)


def test_the_secret_is_known_by_its_arn_to_the_emulator_too(fronted: Stage) -> None:
    assert {secret["Fn::GetAtt"][1] for secret in front_of(fronted).values()} == {"Id"}


def test_the_secret_is_generated_with_room_for_the_one_before(fronted: Stage) -> None:
    (secret,) = [each for each in fronted.of_type("AWS::SecretsManager::Secret") if "front" in each["Description"]]

    assert json.loads(secret["GenerateSecretString"]["SecretStringTemplate"]) == {"previous": ""}
    assert secret["GenerateSecretString"]["GenerateStringKey"] == "current"


def test_a_stage_has_no_front_unless_it_says_so(prod: Stage) -> None:
    assert front_of(prod) == {}
    assert [each for each in prod.of_type("AWS::SecretsManager::Secret") if "front" in each["Description"]] == []

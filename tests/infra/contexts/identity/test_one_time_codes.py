"""What one-time codes need of a stage: who may send them, and to whom."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.infra.permissions import statements_of
from tests.infra.stages import Stage, Stages

IDENTITY = "functions.identity.api.handler"


@pytest.fixture(scope="module")
def texting(stages: Stages) -> Stage:
    """A stage on AWS that sends SMS to two countries; cdk-nag has looked at it."""
    return stages.stage("dev", sms_countries=["+49", "+43"], sms_sender_id="Milepost")


def told(of: Stage, name: str) -> dict[str, str]:
    functions = of.of_type("AWS::Lambda::Function")
    return {
        function["Handler"]: function["Environment"]["Variables"][name]
        for function in functions
        if name in function["Environment"]["Variables"]
    }


def publishing(of: Stage) -> list[tuple[Mapping[str, Any], list[Any]]]:
    """Return the statements that let a function publish, with the roles that have them."""
    return [
        (statement, policy["Roles"])
        for policy in of.of_type("AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        if "sns:" in json.dumps(statement["Action"])
    ]


def test_a_stage_on_aws_sends_no_text_unless_it_is_told_to_which_countries(prod: Stage) -> None:
    assert told(prod, "SMS_COUNTRIES") == {IDENTITY: ""}
    assert publishing(prod) == []


def test_a_stage_sends_texts_to_the_countries_it_is_told_and_in_its_name(texting: Stage) -> None:
    assert told(texting, "SMS_COUNTRIES") == {IDENTITY: "+49,+43"}
    assert told(texting, "SMS_SENDER_ID") == {IDENTITY: "Milepost"}


def test_only_identity_sends_texts_and_publishes_to_nothing_that_has_a_name(texting: Stage) -> None:
    ((statement, roles),) = publishing(texting)
    functions = texting.of_type("AWS::Lambda::Function")
    (role,) = (each["Role"]["Fn::GetAtt"][0] for each in functions if each["Handler"] == IDENTITY)

    assert roles == [{"Ref": role}]
    assert (statement["Action"], "Resource" in statement) == ("sns:Publish", False)
    assert statement["NotResource"] == {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":sns:*:*:*"]]}


def test_a_laptop_sends_to_every_number(local: Stage) -> None:
    assert told(local, "SMS_COUNTRIES") == {IDENTITY: "+"}
    assert len(publishing(local)) == 1


def test_codes_are_mailed_to_anybody_but_by_the_address_of_the_stage_only(stages: Stages) -> None:
    sender = "codes@example.com"
    mailing = stages.stage("dev", mail_sender=sender)
    by_itself, to_any = [each for each in statements_of(mailing, IDENTITY) if each["Action"] == "ses:SendRawEmail"]

    assert json.dumps(by_itself["Resource"]).endswith(f':identity/{sender}"]]}}')
    # In the sandbox of SES recipients are identities as well.
    assert json.dumps(to_any["Resource"]).endswith(':identity/*"]]}')
    # Bounces come back to the same address with a label.
    assert to_any["Condition"] == {"StringLike": {"ses:FromAddress": [sender, "codes+*@example.com"]}}

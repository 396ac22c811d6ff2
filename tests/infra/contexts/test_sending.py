"""What lets functions send to people: which may, what they are told, and to whom."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.infra.permissions import actions_of, statements_of
from tests.infra.stages import Stage, Stages

IDENTITY = "functions.identity.api.handler"
TEXTERS = sorted(
    [
        "functions.audience.api.handler",
        "functions.audience.campaigns.sending.consumers.handler",
        "functions.audience.receipts.consumers.handler",
        IDENTITY,
    ]
)
"""What sends texts, and e-mail too."""
SENDERS = sorted(
    [
        *TEXTERS,
        "functions.payments.papers.consumers.handler",
        "functions.projects.following.consumers.handler",
    ]
)


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
    assert told(prod, "SMS_COUNTRIES") == dict.fromkeys(TEXTERS, "")
    assert publishing(prod) == []


def test_a_stage_sends_texts_to_the_countries_it_is_told_and_in_its_name(texting: Stage) -> None:
    assert told(texting, "SMS_COUNTRIES") == dict.fromkeys(TEXTERS, "+49,+43")
    assert told(texting, "SMS_SENDER_ID") == dict.fromkeys(TEXTERS, "Milepost")


def test_only_senders_send_texts_and_publish_to_nothing_that_has_a_name(texting: Stage) -> None:
    functions = texting.of_type("AWS::Lambda::Function")
    roles = [each["Role"]["Fn::GetAtt"][0] for each in functions if each["Handler"] in TEXTERS]
    found = publishing(texting)

    assert sorted(role["Ref"] for _, (role,) in found) == sorted(roles)
    for statement, _ in found:
        assert (statement["Action"], "Resource" in statement) == ("sns:Publish", False)
        assert statement["NotResource"] == {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":sns:*:*:*"]]}


def test_only_senders_send_email(local: Stage) -> None:
    handlers = [each["Handler"] for each in local.of_type("AWS::Lambda::Function")]

    assert sorted(each for each in handlers if ("ses", "SendRawEmail") in actions_of(local, each)) == SENDERS


def test_a_laptop_sends_to_every_number(local: Stage) -> None:
    assert told(local, "SMS_COUNTRIES") == dict.fromkeys(TEXTERS, "+")
    assert len(publishing(local)) == len(TEXTERS)


@pytest.mark.parametrize("handler", SENDERS)
def test_anybody_is_mailed_but_by_the_address_of_the_stage_only(stages: Stages, handler: str) -> None:
    sender = "codes@example.com"
    mailing = stages.stage("dev", mail_sender=sender)
    by_itself, to_any = [each for each in statements_of(mailing, handler) if each["Action"] == "ses:SendRawEmail"]

    assert json.dumps(by_itself["Resource"]).endswith(f':identity/{sender}"]]}}')
    # In the sandbox of SES recipients are identities as well.
    assert json.dumps(to_any["Resource"]).endswith(':identity/*"]]}')
    # Bounces come back to the same address with a label.
    assert to_any["Condition"] == {"StringLike": {"ses:FromAddress": [sender, "codes+*@example.com"]}}

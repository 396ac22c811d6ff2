"""Push: what telephones are sent, and when an endpoint is none any more."""

import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from botocore.stub import Stubber

from examples.receiver.server import Receiver
from shared.sending import push, sns
from shared.sending.answers import Answer, Outcome
from shared.sending.push import Notice

ENDPOINT = "arn:aws:sns:eu-west-1:123456789012:endpoint/GCM/milepost/1f2e3d"
NOTICE = Notice("Overdue", "“Ship it” is overdue by 2 days.", "https://milepost.example/#/goals/goal_1")


def pushed(provider: Receiver) -> list[dict[str, Any]]:
    """Return what was sent, by platform."""
    asked = [parse_qs(each.body) for each in provider.received]
    assert [each["TargetArn"] for each in asked] == [[ENDPOINT]] * len(asked)
    return [json.loads(each["Message"][0]) for each in asked]


def test_a_notice_is_sent_once_as_each_platform_shows_it(provider: Receiver, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_SNS", f"{provider.url}/sns")
    answer = push.send(NOTICE, endpoint_arn=ENDPOINT)

    (sent,) = pushed(provider)
    shown = {"title": NOTICE.title, "body": NOTICE.body}
    assert (answer.outcome, sent["default"]) == ("accepted", NOTICE.body)
    assert json.loads(sent["APNS"]) == {"aps": {"alert": shown}, "link": NOTICE.link}
    assert sent["APNS_SANDBOX"] == sent["APNS"]
    assert json.loads(sent["GCM"]) == {
        "fcmV1Message": {"message": {"notification": shown, "data": {"link": NOTICE.link}}}
    }


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("EndpointDisabled", 400, "refused"),
        ("NotFound", 404, "refused"),
        ("InvalidParameter", 400, "refused"),
        ("PlatformApplicationDisabled", 400, "account"),
        ("AuthorizationError", 403, "account"),
        ("Throttled", 429, "retry"),
        ("InternalError", 500, "ambiguous"),
    ],
)
def test_what_sns_answers_has_a_class(code: str, status: int, expected: Outcome):
    with Stubber(sns.client()) as service:
        service.add_client_error("publish", code, http_status_code=status)

        assert push.send(NOTICE, endpoint_arn=ENDPOINT) == Answer(expected, code)


def test_what_no_telephone_takes_is_refused_without_a_call():
    with Stubber(sns.client()):
        assert push.send(Notice("Long", "ü" * 2048), endpoint_arn=ENDPOINT) == Answer("refused", "PayloadTooLarge")


def test_a_notice_that_cannot_be_encoded_is_refused_without_a_call():
    with Stubber(sns.client()):
        assert push.send(Notice("\ud800", "Hello"), endpoint_arn=ENDPOINT) == Answer("refused", "UnicodeEncodeError")

"""What the stage itself sends for a campaign."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from functions.audience.delivery import senders
from shared.sending import labels, mail, sns
from shared.sending.answers import Answer
from shared.sending.attempts import PATIENT
from shared.sending.labels import Label
from tests.audience.delivery.having import TEXT, TO, message, provider

pytestmark = pytest.mark.usefixtures("pepper")

NUMBER = "+447700900123"
ENDPOINT = "arn:aws:sns:eu-west-1:123456789012:endpoint/APNS/app/0123"


@pytest.fixture(autouse=True)
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MAIL_SENDER", "no-reply@milepost.example")
    monkeypatch.setenv("SMS_COUNTRIES", "+44,+49")
    monkeypatch.setenv("SMS_SENDER_ID", "")
    yield
    mail.client.cache_clear()
    sns.client.cache_clear()


def send(kind: str, **fields: Any) -> Answer:
    made, _ = provider(kind=kind, settings={"sms_type": "Transactional"} if kind == "sns" else {})
    return senders.send(made, message(**fields))


def test_an_email_carries_its_headers_and_the_send_id_in_its_envelope_sender():
    asked: list[dict[str, Any]] = []
    client = mail.client(PATIENT)
    client.meta.events.register("provide-client-params.ses.SendRawEmail", lambda params, **_: asked.append(params))
    headers = {"List-Unsubscribe": "<https://x.example/u?t=1>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    with Stubber(client) as service:
        service.add_response("send_raw_email", {"MessageId": "ses-1"})
        answer = send("ses", subject="On its way", html="<p>Hello</p>", headers=headers)

    assert answer == Answer("accepted", message_id="ses-1")
    (sent,) = asked
    assert labels.read(sent["Source"]) == Label("audience", message().send_id)
    assert sent["Destinations"] == [TO]
    read = message_from_bytes(sent["RawMessage"]["Data"], policy=policy.default)
    assert {name: read[name] for name in headers} == headers
    assert [part.get_content().strip() for part in read.iter_parts()] == [TEXT, "<p>Hello</p>"]  # type: ignore[attr-defined]


def test_a_stage_without_a_sender_of_email_sends_none(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MAIL_SENDER", "")

    assert send("ses", subject="On its way") == Answer("account", "no_mail_sender")


def test_an_sms_goes_out_as_the_provider_says():
    with Stubber(sns.client(PATIENT)) as service:
        kind = {"AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}}
        expected = {"PhoneNumber": NUMBER, "Message": TEXT, "MessageAttributes": kind}
        service.add_response("publish", {"MessageId": "sns-1"}, expected)

        assert send("sns", channel="sms", to=NUMBER) == Answer("accepted", message_id="sns-1")


def test_no_sms_goes_to_a_country_that_the_stage_does_not_send_to(monkeypatch: pytest.MonkeyPatch):
    assert send("sns", channel="sms", to="+15005550006") == Answer("refused", "country_not_allowed")

    monkeypatch.setenv("SMS_COUNTRIES", "")
    assert send("sns", channel="sms", to=NUMBER) == Answer("account", "no_sms")


def test_a_push_goes_to_an_endpoint_and_to_nothing_else():
    with Stubber(sns.client(PATIENT)) as service:
        expected = {"TargetArn": ENDPOINT, "MessageStructure": "json", "Message": ANY}
        service.add_response("publish", {"MessageId": "sns-2"}, expected)

        assert send("push", channel="push", to=ENDPOINT, subject="News") == Answer("accepted", message_id="sns-2")
        assert send("push", channel="push", to="arn:aws:sns:eu-west-1:123456789012:alarms") == Answer(
            "refused", "no_endpoint"
        )


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("Throttling", 400, "retry"),
        ("AccountSendingPausedException", 400, "account"),
        ("MessageRejected", 400, "refused"),
        ("InternalFailure", 500, "ambiguous"),
    ],
)
def test_what_ses_answers_is_the_answer(code: str, status: int, expected: Any):
    with Stubber(mail.client(PATIENT)) as service:
        service.add_client_error("send_raw_email", code, "", http_status_code=status)

        assert send("ses", subject="On its way") == Answer(expected, code)

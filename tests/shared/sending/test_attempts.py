"""One attempt: what comes of it before and after the provider has said yes, and that it is one."""

import socket
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.stub import Stubber

from examples.receiver.server import Receiver
from shared.sending import attempts, mail, sms, sns
from shared.sending.answers import Answer, Outcome
from shared.sending.attempts import PATIENT, Limits
from shared.sending.labels import Label
from shared.sending.mime import Mail

SENDER = "no-reply@example.com"
LABEL = Label("identity", "otp_01KAFWZZ2C4E6G8J0K3M5N7PQR")
SOURCE = "no-reply+identity.otp_01KAFWZZ2C4E6G8J0K3M5N7PQR@example.com"

Send = Callable[[], Answer]


def by_mail() -> Answer:
    return mail.send(Mail("ada@example.com", "Hello", "Hello, Ada."), sender=SENDER, label=LABEL)


def by_sms() -> Answer:
    return sms.send("Hello, Ada.", to="+4915112345678", kind="Transactional", sender_id=None)


@pytest.fixture(params=[by_mail, by_sms])
def send(request: pytest.FixtureRequest) -> Send:
    found: Send = request.param
    return found


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have what is sent go to an address."""

    def go(url: str) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)

    return go


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def test_where_nobody_listens_nothing_was_taken(send: Send, at: Callable[[str], None]):
    at(f"http://127.0.0.1:{closed_port()}")

    assert send() == Answer("retry", "EndpointConnectionError")


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("/close", Answer("ambiguous", "ConnectionClosedError")),
        ("/reset", Answer("ambiguous", "ConnectionClosedError")),
        ("/cut", Answer("ambiguous", "ConnectionClosedError")),
        ("/garbage", Answer("ambiguous", "ConnectionClosedError")),
        ("/status/500", Answer("ambiguous", "ResponseParserError")),
        ("/status/200", Answer("ambiguous", "ResponseParserError")),
    ],
)
def test_a_provider_that_fails_is_asked_once(
    send: Send, at: Callable[[str], None], provider: Receiver, way: str, expected: Answer
):
    at(provider.url + way)
    answer = send()

    assert len(provider.received) == 1
    assert answer == expected


def test_an_answer_that_does_not_come_leaves_it_open_whether_it_was_taken(
    send: Send, at: Callable[[str], None], provider: Receiver, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(attempts, "SOON", Limits(1, 0.1))
    at(f"{provider.url}/hang")
    answer = send()

    assert len(provider.received) == 1
    assert answer == Answer("ambiguous", "ReadTimeoutError")


def test_who_can_wait_asks_through_a_client_of_its_own():
    impatient, patient = (mail.client().meta.config, mail.client(PATIENT).meta.config)

    assert (impatient.connect_timeout, impatient.read_timeout) == (1, 3)
    assert (patient.connect_timeout, patient.read_timeout) == (3, 10)
    assert patient.retries["total_max_attempts"] == sns.client(PATIENT).meta.config.retries["total_max_attempts"] == 1


def test_without_credentials_nothing_is_sent_from_the_account(
    send: Send, at: Callable[[str], None], provider: Receiver, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    at(f"{provider.url}/accepted")
    answer = send()

    assert len(provider.received) == 0
    assert answer == Answer("account", "NoCredentialsError")


@pytest.fixture(params=[(mail.client, "send_raw_email", by_mail), (sns.client, "publish", by_sms)], ids=["ses", "sns"])
def answering(request: pytest.FixtureRequest) -> Iterator[Callable[..., Answer]]:
    """Return what a service answers with, as its sender understands it."""
    client, operation, send = request.param
    with Stubber(client()) as service:

        def answering(code: str, status: int, said: str = "") -> Answer:
            service.add_client_error(operation, code, said, http_status_code=status)
            return send()

        yield answering
        service.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("Throttling", 400, "retry"),
        ("ThrottlingException", 400, "retry"),
        ("Throttled", 429, "retry"),
        ("ServiceUnavailable", 503, "retry"),
        ("InternalFailure", 500, "ambiguous"),
        ("InternalError", 500, "ambiguous"),
        ("AccessDenied", 403, "account"),
        ("AuthorizationError", 403, "account"),
        ("InvalidClientTokenId", 403, "account"),
        ("SignatureDoesNotMatch", 403, "account"),
        ("ExpiredToken", 403, "account"),
        ("RequestExpired", 400, "account"),
        ("OptInRequired", 403, "account"),
        ("InvalidParameter", 400, "refused"),
        ("InvalidParameterValue", 400, "refused"),
        ("ValidationError", 400, "refused"),
    ],
)
def test_what_every_service_may_answer_has_a_class(
    answering: Callable[..., Answer], code: str, status: int, expected: Outcome
):
    assert answering(code, status) == Answer(expected, code)


@pytest.mark.parametrize(
    ("code", "said", "expected"),
    [
        ("Throttling", "Maximum sending rate exceeded.", "retry"),
        ("Throttling", "Daily message quota exceeded.", "account"),
        ("AccountSendingPausedException", "", "account"),
        ("ConfigurationSetSendingPausedException", "", "account"),
        ("MailFromDomainNotVerifiedException", "", "account"),
        ("MessageRejected", f"Email address is not verified. Failed in region EU-WEST-1: {SOURCE}", "account"),
        ("MessageRejected", f"Email address is not verified. Failed in region EU-WEST-1: {SENDER}", "account"),
        ("MessageRejected", "Email address is not verified. Failed in region EU-WEST-1: ada@example.com", "refused"),
        ("MessageRejected", "Message contains a virus.", "refused"),
    ],
)
def test_what_ses_answers_has_a_class(code: str, said: str, expected: Outcome):
    with Stubber(mail.client()) as service:
        service.add_client_error("send_raw_email", code, said, http_status_code=400)

        assert by_mail() == Answer(expected, code)


@pytest.mark.parametrize("body", [b"<html/>", b"<SendRawEmailResponse><SendRawEmailResult/></SendRawEmailResponse>"])
def test_a_yes_that_nobody_can_read_leaves_it_open_whether_it_was_taken(body: bytes):
    raw = SimpleNamespace(stream=lambda: [body])
    answer = AWSResponse("https://email.amazonaws.com/", 200, {}, raw)
    mail.client().meta.events.register("before-send.ses.SendRawEmail", lambda **_: answer)

    assert by_mail() == Answer("ambiguous", "KeyError")


def test_what_is_taken_has_the_name_that_the_provider_gives_it():
    with Stubber(mail.client()) as service:
        service.add_response("send_raw_email", {"MessageId": "taken-1"})

        assert by_mail() == Answer("accepted", message_id="taken-1")


def test_a_mail_has_an_envelope_that_brings_its_label_back():
    asked: list[dict[str, Any]] = []
    client = mail.client()
    client.meta.events.register("provide-client-params.ses.SendRawEmail", lambda params, **_: asked.append(params))
    with Stubber(client) as service:
        service.add_response("send_raw_email", {"MessageId": "taken-1"})
        by_mail()

    ((source, to),) = ((each["Source"], each["Destinations"]) for each in asked)
    assert (source, to) == (SOURCE, ["ada@example.com"])


def test_a_text_says_how_it_is_sent_and_in_whose_name():
    asked: list[dict[str, Any]] = []
    client = sns.client()
    client.meta.events.register("provide-client-params.sns.Publish", lambda params, **_: asked.append(params))
    with Stubber(client) as service:
        service.add_response("publish", {"MessageId": "taken-1"})
        sms.send("Sale!", to="+4915112345678", kind="Promotional", sender_id="Milepost")

    (attributes,) = (each["MessageAttributes"] for each in asked)
    assert {name: value["StringValue"] for name, value in attributes.items()} == {
        "AWS.SNS.SMS.SMSType": "Promotional",
        "AWS.SNS.SMS.SenderID": "Milepost",
    }


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("ada@example.com, eve@example.com", "Hello"),
        ("ada@example.com\r\nBcc: eve@example.com", "Hello"),
        ("Ada <ada@example.com>", "Hello"),
        ("ädä@example.com", "Hello"),
        ("nobody", "Hello"),
        ("@example.com", "Hello"),
        ("ada@", "Hello"),
        ("ada@example.com", "Hello\r\nBcc: eve@example.com"),
        ("ada@example.com", "Hello\u2028there"),
    ],
)
def test_what_no_header_can_hold_is_refused_without_a_call(to: str, subject: str):
    with Stubber(mail.client()):
        answer = mail.send(Mail(to, subject, "Hello"), sender=SENDER, label=LABEL)

    assert answer == Answer("refused", "NotMailable")


@pytest.mark.parametrize("html", [None, "<p>\ud800</p>"])
def test_a_mail_that_cannot_be_encoded_is_refused_without_a_call(html: str | None):
    with Stubber(mail.client()):
        text = "Hello" if html else "Hello \ud800"

        assert mail.send(Mail("ada@example.com", "Hello", text, html), sender=SENDER, label=LABEL) == Answer(
            "refused", "NotMailable"
        )


def test_a_text_that_cannot_be_encoded_is_refused_without_a_request(at: Callable[[str], None], provider: Receiver):
    at(f"{provider.url}/accepted")

    assert sms.send("Hello \ud800", to="+4915112345678", kind="Transactional", sender_id=None) == Answer(
        "refused", "UnicodeEncodeError"
    )
    assert not provider.received

"""Twilio and WhatsApp: what they are sent, and what their answers mean, as docs/campaigns.md says it."""

import base64
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from functions.audience.delivery import senders, twilio, whatsapp
from functions.audience.delivery.providers import Provider
from shared.sending.answers import Answer
from tests.audience.delivery.having import TEXT, message, provider
from tests.webhooks.receiver import Receiver

pytestmark = pytest.mark.usefixtures("pepper")

DOCUMENT = (Path(__file__).parents[3] / "docs" / "campaigns.md").read_text(encoding="utf-8")
SID = "AC" + "0" * 32
NUMBER = "+447700900123"


def documented(heading: str) -> list[tuple[str, str]]:
    section = DOCUMENT.split(f"\n### {heading}\n")[1].split("\n### ")[0]
    return re.findall(r"^\| `(\d+)` \| (\w+) \|", section, re.MULTILINE)


def of_twilio(vendor: Receiver, **settings: Any) -> Provider:
    base = {"account_sid": SID, "from": "+15005550006", "base_url": vendor.url}
    return provider({"auth_token": "t0ken"}, kind="twilio", channel="sms", settings={**base, **settings})[0]


def of_whatsapp(vendor: Receiver) -> Provider:
    settings = {"phone_number_id": "1066", "language": "de", "base_url": vendor.url}
    return provider({"access_token": "EAAx"}, kind="whatsapp", channel="whatsapp", settings=settings)[0]


def text_by(made: Provider) -> Answer:
    return senders.send(made, message(channel="sms", to=NUMBER))


def template_by(made: Provider) -> Answer:
    return senders.send(made, message(channel="whatsapp", to=NUMBER, template_name="sale", variables={"1": "Grace"}))


BOTH = [lambda vendor: text_by(of_twilio(vendor)), lambda vendor: template_by(of_whatsapp(vendor))]


def test_twilio_is_sent_a_form_with_the_address_for_receipts(vendor: Receiver):
    made = of_twilio(vendor)
    vendor.answers_next(201, body=b'{"sid": "SM1", "status": "queued", "error_code": null}')

    assert text_by(made) == Answer("accepted", message_id="SM1")
    (received,) = vendor.messages
    form = {name: value for name, (value,) in parse_qs(received.body).items()}
    callback = urlsplit(form.pop("StatusCallback"))
    assert form == {"To": NUMBER, "From": "+15005550006", "Body": TEXT}
    assert f"{callback.scheme}://{callback.netloc}{callback.path}" == "https://milepost.example/api/v1/delivery/receipt"
    assert parse_qs(callback.query) == {
        "provider": [made.provider_id],
        "campaign": [message().campaign_id],
        "lead": [message().lead_id],
    }
    assert received.path == f"/hooks/2010-04-01/Accounts/{SID}/Messages.json"
    assert received.headers["authorization"] == f"Basic {base64.b64encode(f'{SID}:t0ken'.encode()).decode()}"


def test_twilio_may_choose_the_sender_out_of_a_service(vendor: Receiver):
    text_by(of_twilio(vendor, messaging_service_sid="MG" + "0" * 32))

    form = parse_qs(vendor.messages[0].body)
    assert (form["MessagingServiceSid"], "From" in form) == (["MG" + "0" * 32], False)


def test_whatsapp_is_sent_a_template_with_its_parameters(vendor: Receiver):
    vendor.answers_next(200, body=b'{"messaging_product": "whatsapp", "messages": [{"id": "wamid.1"}]}')

    assert template_by(of_whatsapp(vendor)) == Answer("accepted", message_id="wamid.1")
    (received,) = vendor.messages
    assert received.path == "/hooks/1066/messages"
    assert received.headers["authorization"] == "Bearer EAAx"
    assert json.loads(received.body) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": NUMBER,
        "type": "template",
        "template": {
            "name": "sale",
            "language": {"code": "de"},
            "components": [{"type": "body", "parameters": [{"type": "text", "text": "Grace"}]}],
        },
        "biz_opaque_callback_data": message().send_id,
    }


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"10": "j", "2": "b", "1": "a"}, [{"text": "a"}, {"text": "b"}, {"text": "j"}]),
        ({"name": "Grace"}, [{"parameter_name": "name", "text": "Grace"}]),
    ],
)
def test_parameters_are_numbered_or_named(vendor: Receiver, variables: dict[str, str], expected: list[dict[str, str]]):
    letter = message(channel="whatsapp", to=NUMBER, template_name="sale", variables=variables)
    senders.send(of_whatsapp(vendor), letter)

    (component,) = json.loads(vendor.messages[0].body)["template"]["components"]
    assert component["parameters"] == [{"type": "text", **each} for each in expected]


def test_whatsapp_is_sent_no_text_without_a_template(vendor: Receiver):
    assert senders.send(of_whatsapp(vendor), message(channel="whatsapp", to=NUMBER)) == Answer(
        "refused", "template_missing"
    )
    assert vendor.messages == []


def test_the_document_names_every_code():
    assert dict(documented("Twilio")) == twilio.CODES
    assert dict(documented("WhatsApp")) == whatsapp.CODES


@pytest.mark.parametrize(("code", "outcome"), documented("Twilio"))
def test_a_code_of_twilio_means_what_the_document_says(vendor: Receiver, code: str, outcome: Any):
    said = {"code": int(code), "message": f"{NUMBER}: no", "more_info": "https://www.twilio.com/docs", "status": 400}
    vendor.answers_next(400, body=json.dumps(said).encode())

    assert text_by(of_twilio(vendor)) == Answer(outcome, code)


@pytest.mark.parametrize(("code", "outcome"), [*documented("WhatsApp"), ("200", "account"), ("299", "account")])
def test_a_code_of_whatsapp_means_what_the_document_says(vendor: Receiver, code: str, outcome: Any):
    vendor.answers_next(400, body=json.dumps({"error": {"code": int(code), "message": f"{NUMBER}: no"}}).encode())

    assert template_by(of_whatsapp(vendor)) == Answer(outcome, code)


@pytest.mark.parametrize("send", BOTH)
@pytest.mark.parametrize(
    ("status", "headers", "body", "expected"),
    [
        (400, {}, b"{}", Answer("refused", "400")),
        (400, {}, b'{"code": 99999, "error": {"code": 99999}}', Answer("refused", "99999")),
        (401, {}, b"", Answer("account", "401")),
        (404, {}, b"<html>", Answer("refused", "404")),
        (429, {"Retry-After": "7"}, b"", Answer("retry", "429", retry_after_seconds=7)),
        (500, {}, b"[]", Answer("ambiguous", "500")),
        (503, {}, b'{"code": [], "error": {"code": {}}}', Answer("retry", "503")),
        (200, {}, b"no json", Answer("accepted")),
        (200, {}, b'{"sid": 1.5, "messages": ["x"]}', Answer("accepted")),
    ],
)
def test_an_answer_without_a_known_code_means_its_status(
    vendor: Receiver, send: Any, status: int, headers: dict[str, str], body: bytes, expected: Answer
):
    vendor.answers_next(status, headers, body)

    assert send(vendor) == expected


@pytest.mark.parametrize("send", BOTH)
def test_neither_text_nor_number_nor_secret_is_logged(vendor: Receiver, send: Any, capfd: pytest.CaptureFixture[str]):
    for status in (200, 400, 401, 500):
        vendor.answers_next(status, body=b'{"code": 21211}')
        send(vendor)

    written = "".join(capfd.readouterr())
    assert not any(each in written for each in (TEXT, NUMBER, "t0ken", "EAAx"))

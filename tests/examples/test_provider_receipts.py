"""The provider to run against: the receipts that it sends."""

import base64
import hmac
import json
from urllib.parse import parse_qs

import pytest

from examples.provider.mood import Mood
from examples.provider.server import Provider
from functions.audience.delivery import providers, senders
from shared import clock
from tests.audience.delivery.having import message, provider
from tests.examples.customers import as_twilio, as_whatsapp, generic
from tests.webhooks.receiver import Receiver

pytestmark = pytest.mark.usefixtures("pepper")


def told(server: Receiver) -> list[tuple[str, str]]:
    said = [json.loads(each.body) for each in server.messages]
    return [(each["vendor_message_id"], each["status"]) for each in said]


def test_receipts_of_the_generic_kind_are_signed_with_its_secret(fake: Provider, customer: Receiver):
    made = generic(fake)
    fake.control({"receipts": {"opened": 1, "clicked": 1}})
    answer = senders.send(made, message())
    assert fake.outbox.settle(seconds=30)

    (secret,) = providers.receipt_secrets(made, clock.now())
    said = [each.verified(secret) for each in customer.messages]
    named = {"vendor_message_id": answer.message_id, "campaign_id": message().campaign_id, "lead_id": message().lead_id}
    assert sorted(each["status"] for each in said) == ["clicked", "delivered", "opened"]
    assert all({name: each[name] for name in named} == named for each in said)
    assert len({each.webhook_id for each in customer.messages}) == 3
    assert customer.messages[0].path == "/hooks?provider=prv_1"


def test_receipts_of_twilio_are_signed_over_the_public_address_and_the_form(
    fake: Provider, customer: Receiver, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("API_URL", "https://milepost.example")
    answer = senders.send(as_twilio(fake), message(channel="sms"))
    assert fake.outbox.settle(seconds=30)

    (received,) = customer.messages
    path, _, query = received.path.partition("?")
    form = {name: value for name, (value,) in parse_qs(received.body).items()}
    signed = (
        f"https://milepost.example/api/v1/delivery/receipt?{query}MessageSid{answer.message_id}MessageStatusdelivered"
    )
    signature = base64.b64encode(hmac.digest(b"t0ken", signed.encode(), "sha1")).decode()
    assert (path, parse_qs(query)["lead"]) == ("/hooks", [message().lead_id])
    assert form == {"MessageSid": answer.message_id, "MessageStatus": "delivered"}
    assert received.headers["x-twilio-signature"] == signature


def test_receipts_of_twilio_go_to_the_address_of_the_message_where_no_other_is_known(
    fake: Provider, customer: Receiver
):
    fake.account.receipt_url = ""
    senders.send(as_twilio(fake), message(channel="sms"))
    assert fake.outbox.settle(seconds=30)

    assert customer.messages[0].path.startswith("/hooks/api/v1/delivery/receipt?provider=prv_")


def test_receipts_of_whatsapp_name_the_message_alone(fake: Provider, customer: Receiver):
    made = as_whatsapp(fake)
    _, fake.account.secret = provider()
    answer = senders.send(made, message(channel="whatsapp", template_name="sale"))
    assert fake.outbox.settle(seconds=30)

    assert [json.loads(each.body) for each in customer.messages] == [
        {"vendor_message_id": answer.message_id, "status": "delivered"}
    ]


def test_a_receipt_may_come_before_the_answer(fake: Provider, customer: Receiver):
    made = generic(fake)
    fake.control({"receipts": {"early": 1}})
    seen: list[int] = []
    customer.before_answer = lambda: seen.append(fake.report()["answers"].get("accept", 0))
    answered = senders.send(made, message())

    assert told(customer) == [(answered.message_id, "delivered")]
    assert seen == [1]


def test_a_bounce_may_follow_a_delivery(fake: Provider, customer: Receiver):
    made = generic(fake)
    fake.control({"receipts": {"late_bounce": 1}})
    senders.send(made, message())
    assert fake.outbox.settle(seconds=30)

    assert sorted(status for _, status in told(customer)) == ["bounced", "delivered"]


def test_receipts_are_repeated_and_told_in_another_order_each_time_the_same():
    mood = Mood()
    mood.change({"receipts": {"times": 3, "opened": 1, "clicked": 1, "shuffled": True}})
    orders = [mood.statuses(f"send{number}") for number in range(20)]

    assert all(sorted(each) == ["clicked"] * 3 + ["delivered"] * 3 + ["opened"] * 3 for each in orders)
    assert len({tuple(each) for each in orders}) > 1
    assert orders == [mood.statuses(f"send{number}") for number in range(20)]


def test_a_message_that_is_not_delivered_fails():
    mood = Mood()
    mood.change({"receipts": {"delivered": 0, "opened": 1}})

    assert mood.statuses("send1") == ["failed"]


def test_a_receipt_that_is_not_taken_comes_again(fake: Provider, customer: Receiver):
    made = generic(fake)
    customer.answers_next(503)
    senders.send(made, message())
    assert fake.outbox.settle(seconds=30)

    assert len(customer.messages) == 2
    assert fake.outbox.report() == {"waiting": 0, "answers": {"503": 1, "204": 1}}

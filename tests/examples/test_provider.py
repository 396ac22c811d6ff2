"""The provider to run against: that it takes messages as real ones do, and misbehaves as it is told."""

import base64
import hmac
import json
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest

from examples.provider.ledger import Ledger, Window
from examples.provider.mood import Mood
from examples.provider.server import Provider, running
from functions.audience.delivery import providers as stored
from functions.audience.delivery import senders
from functions.audience.delivery.messages import Message
from functions.audience.delivery.providers import Provider as Stored
from shared import clock
from shared.sending.answers import Answer
from tests.audience.delivery.having import message, provider
from tests.webhooks.receiver import Receiver, receiving

pytestmark = pytest.mark.usefixtures("pepper")

SID = "AC" + "0" * 32
Send = Callable[[Message], Answer]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    monkeypatch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "true")
    with running(Provider()) as server:
        yield server


@pytest.fixture
def customer(fake: Provider, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """Where receipts go."""
    with receiving() as server:
        fake.account.receipt_url = f"{server.url}?provider=prv_1"
        monkeypatch.setenv("API_URL", server.url)
        yield server


def generic(fake: Provider) -> Stored:
    made, fake.account.secret = provider(settings={"url": f"{fake.url}/webhook"})
    return made


def as_twilio(fake: Provider) -> Stored:
    fake.account.auth_token = "t0ken"
    settings = {"account_sid": SID, "from": "+15005550006", "base_url": fake.url}
    return provider({"auth_token": "t0ken"}, kind="twilio", channel="sms", settings=settings)[0]


def as_whatsapp(fake: Provider) -> Stored:
    fake.account.access_token = "EAAx"
    settings = {"phone_number_id": "1066", "base_url": fake.url}
    return provider({"access_token": "EAAx"}, kind="whatsapp", channel="whatsapp", settings=settings)[0]


KINDS = [generic, as_twilio, as_whatsapp]


@pytest.fixture(params=KINDS, ids=["webhook", "twilio", "whatsapp"])
def send(request: pytest.FixtureRequest, fake: Provider, monkeypatch: pytest.MonkeyPatch) -> Send:
    """Send a message through a provider of each kind."""
    monkeypatch.setenv("API_URL", "https://milepost.example")
    made = request.param(fake)
    return lambda letter: senders.send(made, letter._replace(template_name="sale"))


def numbered(number: int) -> Message:
    return message(send_id=f"send{number}", lead_id=f"lead_{number}")


def ask(url: str, told: Any = None) -> Any:
    """Ask for what is at an address, or tell it something."""
    request = urllib.request.Request(url, None if told is None else json.dumps(told).encode())  # noqa: S310 - ours
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.load(answer)


def told(server: Receiver) -> list[tuple[str, str]]:
    said = [json.loads(each.body) for each in server.messages]
    return [(each["vendor_message_id"], each["status"]) for each in said]


def test_each_kind_takes_a_message_and_answers_its_id(send: Send, fake: Provider):
    first, second = send(numbered(1)), send(numbered(2))

    assert (first.outcome, second.outcome) == ("accepted", "accepted")
    assert first.message_id != second.message_id
    assert fake.report()["taken"] == 2


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ({"down": True}, "retry"),
        ({"suspended": True}, "account"),
        ({"chances": {"busy": 1}}, "retry"),
        ({"chances": {"unavailable": 1}}, "retry"),
        ({"chances": {"refuse": 1}}, "refused"),
        ({"chances": {"broken": 1}}, "ambiguous"),
        ({"chances": {"drop": 1}}, "ambiguous"),
        ({"chances": {"gateway": 1}}, "ambiguous"),
        ({"wrong": True}, "accepted"),
    ],
)
def test_each_kind_misbehaves_as_it_is_told(send: Send, fake: Provider, told: dict[str, Any], outcome: str):
    fake.control(told)

    assert send(numbered(1)).outcome == outcome
    is_taken = outcome == "accepted" or told.get("chances", {}).keys() & {"drop", "gateway"}
    assert fake.report()["taken"] == (1 if is_taken else 0)


def test_each_kind_knows_its_customer(send: Send, fake: Provider):
    fake.account.secret = "whsec_" + base64.b64encode(b"another secret of 24 byt").decode()
    fake.account.auth_token = fake.account.access_token = "another"

    assert send(numbered(1)).outcome == "account"
    assert fake.report()["calls"] == 0


def test_who_is_too_fast_is_told_when_to_come_back(send: Send, fake: Provider):
    fake.control({"most_per_minute": 2, "retry_after_seconds": 9})
    answers = [send(numbered(number)) for number in range(3)]

    assert [each.outcome for each in answers] == ["accepted", "accepted", "retry"]
    assert answers[2].retry_after_seconds == 9


def test_the_account_is_suspended_in_the_middle_until_somebody_says_otherwise(send: Send, fake: Provider):
    fake.control({"suspends_after": 2})
    before = [send(numbered(number)).outcome for number in range(4)]
    fake.control({"suspended": False})

    assert before == ["accepted", "accepted", "account", "account"]
    assert send(numbered(2)).outcome == "accepted"


@pytest.mark.parametrize(("dedupes", "taken"), [(True, 1), (False, 2)])
def test_a_message_that_comes_again_is_taken_again_unless_the_provider_dedupes(
    send: Send, fake: Provider, *, dedupes: bool, taken: int
):
    fake.control({"dedupes": dedupes, "chances": {"gateway": 1}})
    assert send(numbered(1)).outcome == "ambiguous"
    fake.control({"chances": {"gateway": 0}})
    again = send(numbered(1))

    report = fake.report()
    assert again.outcome == "accepted"
    assert (report["calls"], report["messages"], report["taken"]) == (2, 1, taken)
    assert (report["taken_twice"], report["most_calls_of_a_message"]) == (taken - 1, 2)


def test_receipts_of_the_generic_kind_are_signed_with_its_secret(fake: Provider, customer: Receiver):
    made = generic(fake)
    fake.control({"receipts": {"opened": 1, "clicked": 1}})
    answer = senders.send(made, message())
    assert fake.outbox.settle(seconds=30)

    (secret,) = stored.receipt_secrets(made, clock.now())
    said = [each.verified(secret) for each in customer.messages]
    named = {"vendor_message_id": answer.message_id, "campaign_id": message().campaign_id, "lead_id": message().lead_id}
    assert sorted(each["status"] for each in said) == ["clicked", "delivered", "opened"]
    assert all({name: each[name] for name in named} == named for each in said)
    assert len({each.webhook_id for each in customer.messages}) == 3
    assert customer.messages[0].path == "/hooks?provider=prv_1"


def test_receipts_of_twilio_are_signed_over_the_address_and_the_form(fake: Provider, customer: Receiver):
    answer = senders.send(as_twilio(fake), message(channel="sms"))
    assert fake.outbox.settle(seconds=30)

    (received,) = customer.messages
    form = {name: value for name, (value,) in parse_qs(received.body).items()}
    url = customer.url.removesuffix("/hooks") + received.path
    signed = url + "".join(name + form[name] for name in sorted(form))
    signature = base64.b64encode(hmac.digest(b"t0ken", signed.encode(), "sha1")).decode()
    assert form == {"MessageSid": answer.message_id, "MessageStatus": "delivered"}
    assert received.headers["x-twilio-signature"] == signature


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


def test_fates_depend_on_the_seed_the_message_and_the_call_alone():
    one, same, other = Mood(), Mood(), Mood(seed=17)
    for mood in (one, same, other):
        mood.change({"chances": {"busy": 0.25, "drop": 0.25, "gateway": 0.25}})
    calls = [(f"send{number}", call) for number in range(200) for call in (1, 2)]
    fates = [one.fate(*each) for each in calls]

    assert {*fates} == {"accept", "busy", "drop", "gateway"}
    assert [*reversed(fates)] == [same.fate(*each) for each in reversed(calls)]
    assert fates != [other.fate(*each) for each in calls]


def test_calls_that_come_together_are_each_counted_once(fake: Provider):
    made = generic(fake)
    threads = [threading.Thread(target=senders.send, args=(made, numbered(number % 10))) for number in range(40)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    report = fake.report()
    assert (report["calls"], report["messages"], report["taken"]) == (40, 10, 10)
    assert report["most_calls_of_a_message"] == 4


@pytest.mark.parametrize(
    ("moments", "most"),
    [
        ([], 0),
        ([0.0, 59.9], 2),
        ([0.0, 60.0], 1),
        ([0.0, 30.0, 59.0, 60.5, 61.0], 4),
        ([0.0, 1.0, 2.0, 100.0, 101.0], 3),
    ],
)
def test_the_fullest_minute_is_known(moments: list[float], most: int):
    window = Window()
    for each in moments:
        window.add(each)

    assert window.most == most


def test_messages_beyond_the_most_that_are_kept_are_forgotten(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("examples.provider.ledger.MOST_KEPT", 2)
    ledger = Ledger()
    for number in range(3):
        ledger.asked(f"send{number}", float(number))

    assert (ledger.of("send0")["calls"], ledger.of("send2")["calls"]) == (0, 1)


@pytest.mark.parametrize(
    "told",
    [{"mood": 1}, {"down": 1}, {"chances": 1}, {"chances": {"explode": 1}}, {"seed": "x"}, {"delay_seconds": -1}, []],
)
def test_what_the_mood_does_not_have_is_refused(fake: Provider, told: Any):
    with pytest.raises(urllib.error.HTTPError) as refusal:
        ask(f"{fake.url}/control", told)
    with refusal.value as answer:
        assert answer.code == 400


def test_it_is_told_and_asked_over_http(fake: Provider):
    made = generic(fake)
    changed = ask(f"{fake.url}/control", {"chances": {"busy": 0.5}, "receipt_url": "", "seed": 3})
    senders.send(made, message())
    known, report = ask(f"{fake.url}/messages/{message().send_id}"), ask(f"{fake.url}/report")
    ask(f"{fake.url}/forget", {})

    assert (changed["chances"]["busy"], changed["seed"]) == (0.5, 3)
    assert (known["calls"], report["calls"], report["receipts"]["waiting"]) == (1, 1, 0)
    assert ask(f"{fake.url}/settle", {}) == {"settled": True}
    assert ask(f"{fake.url}/report")["calls"] == 0


def test_it_runs_as_a_process_of_its_own():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "examples.provider", "--port", str(port), "--mood", '{"suspended": true}']
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == f"http://127.0.0.1:{port}"
            assert ask(f"http://127.0.0.1:{port}/report")["calls"] == 0
        finally:
            process.terminate()

"""The provider to run against: that it takes messages as real ones do, and misbehaves as it is told."""

import base64
import socket
import subprocess
import sys
import threading
import urllib.error
from collections.abc import Callable
from typing import Any

import pytest

from examples.provider.ledger import Ledger, Window
from examples.provider.mood import Mood
from examples.provider.server import Provider
from functions.audience.delivery import senders
from functions.audience.delivery.messages import Message
from shared.sending.answers import Answer
from tests.audience.delivery.having import message
from tests.examples.customers import as_twilio, as_whatsapp, ask, generic, numbered

pytestmark = pytest.mark.usefixtures("pepper")

Send = Callable[[Message], Answer]


@pytest.fixture(params=[generic, as_twilio, as_whatsapp], ids=["webhook", "twilio", "whatsapp"])
def send(request: pytest.FixtureRequest, fake: Provider, monkeypatch: pytest.MonkeyPatch) -> Send:
    """Send a message through a provider of each kind."""
    monkeypatch.setenv("API_URL", "https://milepost.example")
    made = request.param(fake)
    return lambda letter: senders.send(made, letter._replace(template_name="sale"))


def test_each_kind_takes_a_message_and_answers_its_id(send: Send, fake: Provider):
    first, second = send(numbered(1)), send(numbered(2))

    assert (first.outcome, second.outcome) == ("accepted", "accepted")
    assert first.message_id != second.message_id
    assert fake.report()["taken"] == 2


def test_each_kind_takes_a_question_which_is_of_no_campaign(send: Send, fake: Provider):
    assert send(numbered(1)._replace(campaign_id="")).outcome == "accepted"
    assert fake.report()["taken"] == 1


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

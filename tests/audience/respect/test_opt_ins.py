"""Double opt-in: asked by a message, confirmed by a POST within seven days, kept with the text that was shown."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from examples.receiver.server import Receiver, running
from functions.audience.respect import suppressions
from functions.audience.settings import settings
from tests.audience.delivery.having import provider, stored
from tests.audience.following import follow_up, make_queue
from tests.audience.people import Person
from tests.audience.receipts.telling import brought, questions
from tests.audience.respect.getting import EMAIL, opens, posts, sent_to

TEXT = "Yes, write to me <b>once</b> a month."
WANTED = {"subject": "email/news", "source": "checkout", "text": TEXT}


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """The provider of the tenant: it answers as its path says, and keeps what it receives."""
    monkeypatch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "true")
    with running(Receiver()) as server:
        yield server


@pytest.fixture
def lead(ada: Person, receiver: Receiver) -> str:
    has_provider(ada, receiver)
    return str(ada.creates(emails=[EMAIL], phones=["+442079460958"])["lead_id"])


def has_provider(ada: Person, receiver: Receiver) -> None:
    made, _ = provider(tenant_id=ada.tenant_id, settings={"url": f"{receiver.url}/status/200"})
    stored(made, is_default=True)


def asked(ada: Person, lead_id: str, **wanted: Any) -> dict[str, Any]:
    answer = ada.post(f"/leads/{lead_id}/opt-in", WANTED | wanted)
    assert answer.status == 200, answer.body
    assert brought(questions()) == 0
    return dict(answer.body)


def token(receiver: Receiver) -> str:
    """Return the token of the last link that was sent."""
    body = receiver.received[-1].body
    return re.findall(r"opt-in\?token=([A-Za-z0-9_-]+)", body)[-1]


def consent(ada: Person, lead_id: str, subject: str = "email/news") -> tuple[str, str] | None:
    found = ada.reads(lead_id)["consent"].get(subject)
    return None if found is None else (found["state"], found["source"])


def suppress(ada: Person, reason: suppressions.Reason, *, topics: tuple[str, ...] = ()) -> None:
    digest = suppressions.digest(settings.of(ada.tenant_id), "email", EMAIL)
    suppressions.add(ada.tenant_id, "email", digest, reason, source="test", topics=topics)


def is_suppressed(ada: Person) -> bool:
    return bool(ada.get("/suppressions", f"email={EMAIL}").body["items"])


def test_a_lead_is_asked_and_agrees_by_a_post(ada: Person, lead: str, receiver: Receiver):
    answer = asked(ada, lead)
    before = consent(ada, lead)
    shown = [opens(token(receiver), page="opt-in", method=method) for method in ("GET", "HEAD", "GET")]
    still = consent(ada, lead)
    agreed = [posts(token(receiver), "agree=1", page="opt-in") for _ in range(2)]
    evidence = [each["consent"] for each in ada.get(f"/leads/{lead}/timeline").body["items"]]

    assert (answer["subject"], answer["state"]) == ("email/news", "pending")
    assert (before, still, consent(ada, lead)) == (
        ("pending", "checkout"),
        ("pending", "checkout"),
        ("granted", "opt-in link"),
    )
    assert "Yes, write to me &lt;b&gt;once&lt;/b&gt; a month." in shown[0].body
    assert [each.status for each in (*shown, *agreed)] == [200] * 5
    assert [(each["state"], each["text"]) for each in evidence] == [("granted", TEXT), ("pending", TEXT)]


def test_the_message_is_in_the_language_of_the_tenant_and_goes_to_the_first_address(
    ada: Person, lead: str, receiver: Receiver
):
    ada.patch("/audience/settings", {"language": "fr"})
    settings.forget()
    asked(ada, lead, subject="email")
    sent = json.loads(receiver.received[-1].body)

    assert (sent["to"], sent["channel"], sent["subject"]) == (EMAIL, "email", "Veuillez confirmer")
    assert "sept jours" in sent["text"]
    assert "https://milepost.example/api/v1/opt-in?token=" in sent["text"]
    assert "Veuillez confirmer" in opens(token(receiver), page="opt-in").body


def test_a_request_that_is_repeated_asks_once(ada: Person, lead: str, receiver: Receiver):
    answers = [ada.post(f"/leads/{lead}/opt-in", WANTED, key="asking") for _ in range(2)]
    brought([*questions(), *questions()])

    assert answers[0] == answers[1]
    assert len(receiver.received) == 1


def test_a_link_is_good_for_seven_days(ada: Person, lead: str, receiver: Receiver, time: time_machine.Traveller):
    asked(ada, lead)
    time.shift(timedelta(days=7))
    last = opens(token(receiver), page="opt-in").status
    time.shift(timedelta(milliseconds=1))
    late = [opens(token(receiver), page="opt-in"), posts(token(receiver), page="opt-in")]

    assert (last, [each.status for each in late]) == (200, [200, 200])
    assert all("This link has ended" in each.body for each in late)
    assert consent(ada, lead) == ("pending", "checkout")


def test_who_denies_after_they_were_asked_has_denied(ada: Person, lead: str, receiver: Receiver):
    asked(ada, lead)
    ada.post(f"/leads/{lead}/consents", {"subject": "email/news", "state": "denied", "source": "call"})

    assert "This link has ended" in posts(token(receiver), page="opt-in").body
    assert consent(ada, lead) == ("denied", "call")


def test_who_unsubscribed_stays_so_until_they_confirm(ada: Person, lead: str, receiver: Receiver):
    posts(sent_to(ada, lead, topic="news").token)
    asked(ada, lead)
    before = consent(ada, lead), is_suppressed(ada)
    posts(token(receiver), page="opt-in")

    assert before == (("denied", "unsubscribe link"), True)
    assert (consent(ada, lead), is_suppressed(ada)) == (("granted", "opt-in link"), False)


def test_who_left_everything_is_asked_for_the_channel_and_not_for_a_topic(ada: Person, lead: str, receiver: Receiver):
    posts(sent_to(ada, lead).token)
    refused = ada.post(f"/leads/{lead}/opt-in", WANTED)
    asked(ada, lead, subject="email")
    posts(token(receiver), page="opt-in")

    assert (refused.status, refused.code) == (422, "NotToBeAsked")
    assert (consent(ada, lead, "email"), is_suppressed(ada)) == (("granted", "opt-in link"), False)


def test_who_agrees_to_the_channel_stays_out_of_a_topic_they_left(ada: Person, lead: str, receiver: Receiver):
    for topic in ("news", None):
        posts(sent_to(ada, lead, topic=topic).token)
    asked(ada, lead, subject="email")
    posts(token(receiver), page="opt-in")
    (left,) = ada.get("/suppressions", f"email={EMAIL}").body["items"]

    assert (left["reasons"], [each["topic"] for each in left["topics"]]) == ([], ["news"])


def test_an_unsubscription_that_is_newer_than_the_question_stays(
    ada: Person, lead: str, receiver: Receiver, time: time_machine.Traveller
):
    asked(ada, lead)
    time.shift(timedelta(minutes=1))
    suppress(ada, "unsubscribed", topics=("news",))
    posts(token(receiver), page="opt-in")

    assert is_suppressed(ada)


@pytest.mark.parametrize("reason", ["hard_bounce", "complaint", "soft_bounces", "manual", "imported"])
def test_an_address_that_must_not_be_written_to_is_not_asked(ada: Person, lead: str, receiver: Receiver, reason: Any):
    suppress(ada, reason)

    assert ada.post(f"/leads/{lead}/opt-in", WANTED).code == "NotToBeAsked"
    assert not receiver.received


def test_a_bounce_after_the_message_outlasts_the_confirmation(ada: Person, lead: str, receiver: Receiver):
    asked(ada, lead)
    suppress(ada, "hard_bounce")
    posts(token(receiver), page="opt-in")

    assert (consent(ada, lead), is_suppressed(ada)) == (("granted", "opt-in link"), True)


def test_a_confirmation_reaches_the_lead_that_another_was_merged_into(
    ada: Person, lead: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LEAD_FOLLOW_UPS_QUEUE_URL", url := make_queue())
    asked(ada, lead)
    stays = ada.creates(external_id="stays")["lead_id"]
    ada.post(f"/leads/{stays}/merge", {"lead_id": lead})
    follow_up(url)

    assert posts(token(receiver), page="opt-in").status == 200
    assert consent(ada, stays) == ("granted", "opt-in link")


@pytest.mark.parametrize("what", ["erased", "another address"])
def test_a_link_to_nobody_has_ended(ada: Person, lead: str, receiver: Receiver, what: str):
    asked(ada, lead)
    if what == "erased":
        ada.delete(f"/leads/{lead}")
    else:
        ada.patch(f"/leads/{lead}", {"emails": ["another@example.org"]})

    assert "This link has ended" in opens(token(receiver), page="opt-in").body
    assert "This link has ended" in posts(token(receiver), page="opt-in").body


def test_whoever_confirms_too_late_reads_so_in_the_language_of_the_tenant(ada: Person, lead: str, receiver: Receiver):
    ada.patch("/audience/settings", {"language": "de"})
    asked(ada, lead)
    ada.delete(f"/leads/{lead}")
    told = posts(token(receiver), page="opt-in")

    assert (told.status, told.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert told.headers["Content-Language"] == "de"
    assert "Dieser Link ist abgelaufen" in told.body


@pytest.mark.parametrize(
    ("subject", "code"), [("push", "NobodyToAsk"), ("webhook", "NobodyToAsk"), ("sms", "OptInNotSent")]
)
def test_who_cannot_be_asked_is_not(ada: Person, lead: str, subject: str, code: str):
    assert ada.post(f"/leads/{lead}/opt-in", WANTED | {"subject": subject}).code == code


def test_a_lead_without_an_address_is_not_asked(ada: Person, lead: str):
    nobody = ada.creates(external_id="nobody")["lead_id"]

    assert ada.post(f"/leads/{nobody}/opt-in", WANTED).code == "NobodyToAsk"


@pytest.mark.parametrize(
    "sent", [{"text": ""}, {"subject": "letter"}, {"text": None}, {"source": ""}, {"state": "granted"}]
)
def test_what_cannot_be_asked_is_refused(ada: Person, lead: str, sent: dict[str, Any]):
    assert ada.post(f"/leads/{lead}/opt-in", WANTED | sent).status == 422


def test_a_lead_of_another_tenant_is_not_asked(ada: Person, eve: Person, lead: str):
    assert eve.post(f"/leads/{lead}/opt-in", WANTED).status == 404

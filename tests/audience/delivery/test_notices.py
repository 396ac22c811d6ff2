"""Notices go out once, whatever dies between any two steps: the intent, the claim, the call, and its record."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final, NamedTuple

import pytest
import time_machine

from functions.audience.respect import suppressions
from functions.audience.settings import settings
from shared.errors import Unavailable
from shared.messaging.batches import MAX_RECEIVES
from tests.audience.campaigns import provider as scripted
from tests.audience.campaigns.provider import Scripted
from tests.audience.following import follow_up, happened, make_queue
from tests.audience.people import Person
from tests.audience.receipts.telling import INBOUND, Post, brought, has_provider, questions
from tests.aws import hooks
from tests.webhooks.people import everything

EMAIL: Final = "grace@example.org"
NUMBER: Final = "+442079460958"
WANTED: Final = {"subject": "email/news", "source": "checkout", "text": "Yes, write to me."}
KINDS: Final = ("dedupes", "plain")
TRANSACTION: Final = "TransactWriteItems"


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch, time: time_machine.Traveller) -> Iterator[Scripted]:
    monkeypatch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "true")
    with scripted.running() as server:
        yield server


@pytest.fixture
def post(pepper: str, monkeypatch: pytest.MonkeyPatch) -> Post:
    return Post(monkeypatch)


@pytest.fixture
def lead(ada: Person) -> str:
    return str(ada.creates(emails=[EMAIL])["lead_id"])


def asked(ada: Person, lead: str, gateway: Scripted, *, dedupes: bool = False) -> list[str]:
    """Have a lead asked for a consent, and return the message by which the bus asks for the question."""
    has_provider(ada.tenant_id, settings={"url": gateway.url}, dedupes=dedupes)
    assert ada.post(f"/leads/{lead}/opt-in", WANTED).status == 200
    return questions()


class Death(NamedTuple):
    """At which transaction a consumer dies, and whether that is made."""

    number: int
    is_made: bool


def deaths(most: int) -> list[Death]:
    return [Death(number, is_made) for number in range(1, most + 1) for is_made in (True, False)]


def dying(death: Death) -> Any:
    """Return how a consumer dies."""
    seen = iter(range(1, 100))

    def die(**_: object) -> None:
        if next(seen) == death.number:
            raise Unavailable("died")

    return hooks.registered(f"{'after' if death.is_made else 'before'}-call.dynamodb.{TRANSACTION}", die)


def outcomes() -> list[tuple[str, str | None]]:
    return [(each.data["outcome"], each.data["reason"]) for each in happened("audience.lead.not_asked")]


def test_nobody_waits_for_the_question_and_it_goes_out_once(ada: Person, lead: str, gateway: Scripted):
    question = asked(ada, lead, gateway)
    before = len(gateway.calls)
    failed = [brought(question) for _ in range(3)]

    assert (before, failed) == (0, [0, 0, 0])
    assert [each["to"] for each in gateway.calls] == [EMAIL]
    assert outcomes() == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("death", deaths(2))
def test_a_consumer_dies_at_a_write(
    ada: Person, lead: str, gateway: Scripted, time: time_machine.Traveller, death: Death, kind: str
):
    question = asked(ada, lead, gateway, dedupes=kind == "dedupes")
    with dying(death):
        first = brought(question)
    time.shift(timedelta(minutes=2))
    again = [brought(question) for _ in range(2)]

    assert (first, again) == (1, [0, 0])
    # Nobody else knows whether a claim had its call. One that was not written had none; a record says what it was.
    may_be_sent = death in {(1, True), (2, False)}
    expected = 0 if death == (1, True) and kind == "plain" else 2 if death == (2, False) and kind == "dedupes" else 1
    assert sum(gateway.taken.values()) == expected
    assert outcomes() == ([("unknown", "interrupted")] if may_be_sent and kind == "plain" else [])
    assert len({each["send_id"] for each in gateway.calls}) <= 1


def test_two_consumers_at_once_send_it_once(ada: Person, lead: str, gateway: Scripted):
    question = asked(ada, lead, gateway)
    gateway.heard = lambda: beside.append(brought(question))
    beside: list[int] = []

    assert brought(question) == 0
    assert beside == [1]
    assert len(gateway.calls) == 1


@pytest.mark.parametrize("answer", ["retry", "account"])
def test_what_is_not_taken_now_is_asked_again_until_the_last_try(
    ada: Person, lead: str, gateway: Scripted, answer: str
):
    question = asked(ada, lead, gateway)
    gateway.otherwise = answer
    failed = [brought(question, receives=each) for each in range(1, MAX_RECEIVES + 1)]

    assert failed == [1] * (MAX_RECEIVES - 1) + [0]
    assert [outcome for outcome, _ in outcomes()] == ["failed"]


def test_an_account_that_is_mended_sends_what_waits(ada: Person, lead: str, gateway: Scripted):
    question = asked(ada, lead, gateway)
    gateway.answers[EMAIL] = ["account", "retry"]

    assert [brought(question, receives=each) for each in range(1, 5)] == [1, 1, 0, 0]
    assert sum(gateway.taken.values()) == 1


@pytest.mark.parametrize(("answer", "expected"), [("refused", "failed"), ("broken", "unknown"), ("dropped", "unknown")])
def test_what_came_of_it_is_told(ada: Person, lead: str, gateway: Scripted, answer: str, expected: str):
    question = asked(ada, lead, gateway)
    gateway.otherwise = answer

    assert [brought(question), brought(question)] == [0, 0]
    assert len(gateway.calls) == 1
    assert [outcome for outcome, _ in outcomes()] == [expected]


def test_a_provider_that_dedupes_is_asked_again_with_the_same_id(ada: Person, lead: str, gateway: Scripted):
    question = asked(ada, lead, gateway, dedupes=True)
    gateway.answers[EMAIL] = ["broken"]

    assert [brought(question), brought(question)] == [1, 0]
    assert len({each["send_id"] for each in gateway.calls}) == 1
    assert outcomes() == []


def test_a_call_that_may_have_been_taken_never_ends_as_failed(ada: Person, lead: str, gateway: Scripted):
    question = asked(ada, lead, gateway, dedupes=True)
    gateway.answers[EMAIL] = ["broken", "retry"]
    brought(question)
    brought(question, receives=MAX_RECEIVES)

    assert [outcome for outcome, _ in outcomes()] == ["unknown"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [("suppressed", "NotToBeAsked"), ("denied", "OptInOver"), ("erased", None), ("no address", "NobodyToAsk")],
)
def test_what_has_changed_since_is_heeded(
    ada: Person, lead: str, gateway: Scripted, time: time_machine.Traveller, change: str, reason: str | None
):
    question = asked(ada, lead, gateway)
    if change == "suppressed":
        digest = suppressions.digest(settings.of(ada.tenant_id), "email", EMAIL)
        suppressions.add(ada.tenant_id, "email", digest, "complaint", source="test")
    elif change == "denied":
        told = {"subject": "email/news", "state": "denied", "source": "call"}
        time.shift(timedelta(seconds=1))
        assert ada.post(f"/leads/{lead}/consents", told).status < 300
    elif change == "erased":
        ada.delete(f"/leads/{lead}")
    else:
        ada.patch(f"/leads/{lead}", {"external_id": "x", "emails": []})

    assert brought(question) == 0
    assert gateway.calls == []
    assert outcomes() == ([] if reason is None else [("failed", reason)])


def test_a_question_waits_for_the_end_of_a_merge(
    ada: Person, lead: str, gateway: Scripted, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LEAD_FOLLOW_UPS_QUEUE_URL", url := make_queue())
    question = asked(ada, lead, gateway)
    stays = ada.creates(external_id="stays")["lead_id"]
    ada.post(f"/leads/{stays}/merge", {"lead_id": lead})
    early = brought(question)
    follow_up(url)

    assert (early, brought(question)) == (1, 0)
    assert len(gateway.calls) == 1


class Phone:
    """Somebody who sends messages to a number of a tenant, through a provider that repeats itself."""

    def __init__(self, post: Post, ada: Person, gateway: Scripted, *, dedupes: bool = False) -> None:
        self.post, self.tenant_id = post, ada.tenant_id
        # The tenant's key of digests is made when it is first used, which is a write as well.
        settings.of(ada.tenant_id)
        self.provider, self.secret = has_provider(
            ada.tenant_id, channel="sms", settings={"url": gateway.url}, dedupes=dedupes
        )

    def says(self, text: str, message_id: str) -> list[str]:
        said = {"from": NUMBER, "text": text}
        assert self.post.tells(self.provider, self.secret, said, path=INBOUND, message_id=message_id).status == 202
        came, self.post.waiting = self.post.waiting, []
        return came

    def is_suppressed(self) -> bool:
        digest = suppressions.digest(settings.of(self.tenant_id), "sms", NUMBER)
        return digest in suppressions.find(self.tenant_id, "sms", [digest])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("text", "death"), [*(("STOP", each) for each in deaths(3)), ("START", Death(1, is_made=True))]
)
def test_an_answer_goes_out_once_wherever_its_consumer_dies(
    post: Post,
    ada: Person,
    gateway: Scripted,
    time: time_machine.Traveller,
    text: str,
    death: Death,
    kind: str,
):
    phone = Phone(post, ada, gateway, dedupes=kind == "dedupes")
    if text == "START":
        digest = suppressions.digest(settings.of(ada.tenant_id), "sms", NUMBER)
        suppressions.add(ada.tenant_id, "sms", digest, "unsubscribed", source="test")
    came = phone.says(text, "msg-1")
    with dying(death):
        first = brought(came)
    time.shift(timedelta(minutes=2))
    again = [brought(came) for _ in range(2)]

    assert (first, again) == (1, [0, 0])
    assert phone.is_suppressed() == (text == "STOP")
    expected = 0 if death == (2, True) and kind == "plain" else 2 if death == (3, False) and kind == "dedupes" else 1
    assert len(gateway.calls) == expected
    assert len({each["send_id"] for each in gateway.calls}) <= 1


def test_a_provider_that_repeats_a_message_has_it_answered_once(post: Post, ada: Person, gateway: Scripted):
    phone = Phone(post, ada, gateway)
    for _ in range(3):
        assert brought(phone.says("HELP", "msg-1")) == 0
    brought(phone.says("HELP", "msg-2"))

    assert len(gateway.calls) == 2


def test_a_start_that_comes_again_does_not_undo_a_later_stop(post: Post, ada: Person, gateway: Scripted):
    phone = Phone(post, ada, gateway)
    for text, message_id in (("STOP", "1"), ("START", "2"), ("STOP", "3"), ("START", "2")):
        brought(phone.says(text, message_id))

    assert phone.is_suppressed()
    assert len(gateway.calls) == 3


def test_one_answer_that_is_not_taken_holds_up_no_other(post: Post, ada: Person, gateway: Scripted):
    phone = Phone(post, ada, gateway)
    gateway.answers[NUMBER] = ["retry"]
    came = [*phone.says("HELP", "1"), *phone.says("STOP", "2")]

    assert brought(came) == 1
    assert phone.is_suppressed()
    assert len(gateway.calls) == 2


def test_a_notice_keeps_no_address(post: Post, ada: Person, lead: str, gateway: Scripted):
    brought(asked(ada, lead, gateway))
    brought(Phone(post, ada, gateway).says("HELP", "1"))
    kept = [json.dumps(each, default=str) for each in (each for each in everything() if each["entity"] == "Notice")]

    assert len(kept) == 2
    assert not any(EMAIL in each or NUMBER in each for each in kept)

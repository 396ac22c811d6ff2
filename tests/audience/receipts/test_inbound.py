"""What people answer: STOP suppresses and is confirmed once, START ends that, HELP explains; all else is nobody's."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from functions.audience.delivery import notices
from functions.audience.respect import suppressions
from functions.audience.settings import settings
from shared import clock
from shared.storage import table
from shared.storage.attributes import Key
from tests.audience.campaigns import provider as scripted
from tests.audience.campaigns.provider import Scripted
from tests.audience.people import Person
from tests.audience.receipts.telling import INBOUND, Post, has_provider
from tests.aws.quick.table import everything

NUMBER = "+442079460958"


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    monkeypatch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "true")
    with scripted.running() as server:
        yield server


@pytest.fixture
def says(post: Post, ada: Person, gateway: Scripted) -> Any:
    """Send a message to the number of a tenant, and bring it."""
    made, secret = has_provider(ada.tenant_id, channel="sms", settings={"url": gateway.url})

    def say(text: str, sender: str = NUMBER, message_id: str | None = None) -> None:
        said = {"from": sender, "text": text}
        assert post.tells(made, secret, said, path=INBOUND, message_id=message_id).status == 202
        post.brings()

    return say


def is_suppressed(person: Person) -> bool:
    digest = suppressions.digest(settings.of(person.tenant_id), "sms", NUMBER)
    return digest in suppressions.find(person.tenant_id, "sms", [digest])


def test_stop_suppresses_and_is_confirmed_once(says: Any, ada: Person, gateway: Scripted) -> None:
    says("Stop!")
    says("STOP")

    assert is_suppressed(ada)
    assert [(each["to"], "START" in each["text"]) for each in gateway.calls] == [(NUMBER, True)]


def test_start_ends_what_stop_began(says: Any, ada: Person, gateway: Scripted) -> None:
    says("unsubscribe")
    says("START")

    assert not is_suppressed(ada)
    assert len(gateway.calls) == 2


@pytest.mark.parametrize("was_stopped_before", [True, False])
def test_a_start_that_is_repeated_when_its_notice_has_expired_brings_nothing_back(
    says: Any, ada: Person, gateway: Scripted, time: time_machine.Traveller, *, was_stopped_before: bool
) -> None:
    if was_stopped_before:
        says("STOP", message_id="m-1")
    says("START", message_id="m-2")
    time.shift(notices.KEPT / clock.SECOND + 3600)
    for item in [each for each in everything() if each.get("ttl", 10**10) * clock.SECOND < clock.now()]:
        table.delete_many([Key(item["PK"], item["SK"])])
    says("STOP", message_id="m-3")
    told = len(gateway.calls)
    says("START", message_id="m-2")

    assert is_suppressed(ada)
    assert len(gateway.calls) == told
    says("START", message_id="m-4")
    assert not is_suppressed(ada)


def test_start_does_not_end_a_complaint(says: Any, ada: Person, gateway: Scripted) -> None:
    digest = suppressions.digest(settings.of(ada.tenant_id), "sms", NUMBER)
    suppressions.add(ada.tenant_id, "sms", digest, "complaint", source="receipt")

    says("START")

    assert is_suppressed(ada)
    assert gateway.calls == []


def test_help_explains(says: Any, ada: Person, gateway: Scripted) -> None:
    says("help")

    assert "STOP" in gateway.calls[0]["text"]
    assert not is_suppressed(ada)


@pytest.mark.parametrize(("text", "sender"), [("Thank you", NUMBER), ("STOP", "nobody"), ("", NUMBER)])
def test_anything_else_changes_nothing(says: Any, ada: Person, gateway: Scripted, text: str, sender: str) -> None:
    says(text, sender)

    assert not is_suppressed(ada)
    assert gateway.calls == []

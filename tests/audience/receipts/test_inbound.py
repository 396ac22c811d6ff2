"""What people answer: STOP suppresses and is confirmed once, START ends that, HELP explains; all else is nobody's."""

from collections.abc import Iterator
from typing import Any

import pytest

from functions.audience.respect import suppressions
from functions.audience.settings import settings
from tests.audience.campaigns import provider as scripted
from tests.audience.campaigns.provider import Scripted
from tests.audience.people import Person
from tests.audience.receipts.telling import INBOUND, Post, has_provider

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

    def say(text: str, sender: str = NUMBER) -> None:
        assert post.tells(made, secret, {"from": sender, "text": text}, path=INBOUND).status == 202
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

"""The provider to run against is made known to the local stage, with a secret that both have."""

from typing import Any

import pytest

from functions.audience.delivery import providers
from infra.stage.provider import introduce, url_at
from shared import clock, ids
from tests.audience.people import Person
from tests.identity.access_tokens.issuer import Issuer


@pytest.fixture
def owner(pepper: str, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "true")
    return Person(ids.new("user"), ids.new("tenant"), Issuer().publish())


def asking(owner: Person) -> Any:
    def ask(method: str, path: str, body: Any) -> Any:
        path, _, query = path.partition("?")
        answer = owner.rest(method, path.removeprefix("/api/v1"), body, query=query)
        assert answer.status < 300, answer.body
        return answer.body

    return ask


def test_it_becomes_the_default_for_email_and_knows_the_secret_of_its_receipts(owner: Person) -> None:
    known = introduce(asking(owner), url_at(8792))
    found = providers.for_channel(owner.tenant_id, "email")

    assert found is not None
    assert (found.provider_id, found.dedupes) == (known.provider_id, True)
    assert providers.receipt_secrets(found, clock.now()) == [known.secret]


def test_one_that_is_known_already_is_given_its_address_and_a_new_secret(owner: Person) -> None:
    owner.post("/delivery-providers", {"kind": "ses", "name": "Of the stage"})
    first, again = (introduce(asking(owner), url_at(port)) for port in (8792, 8793))
    found = providers.get(owner.tenant_id, again.provider_id)

    assert first.provider_id == again.provider_id
    assert first.secret != again.secret
    assert found.settings == {"url": "http://127.0.0.1:8793/webhook"}
    assert providers.receipt_secrets(found, clock.now()) == [again.secret]

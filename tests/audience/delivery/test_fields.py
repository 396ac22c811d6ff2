"""Delivery providers over GraphQL."""

import json
from typing import Any

import pytest

from shared.callers import auth
from shared.callers.caller import Caller
from tests.audience.appsync import ask
from tests.audience.campaigns import provider
from tests.audience.people import Person

URL = "https://gateway.example.com/messages"
DRAFT = {"kind": "webhook", "channel": "email", "name": "Ours", "settings": json.dumps({"url": URL})}
FIELDS: list[tuple[str, dict[str, Any]]] = [
    ("deliveryProvider", {"providerId": "prv_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"}),
    ("deliveryProviders", {}),
    ("createDeliveryProvider", {"input": DRAFT}),
    ("updateDeliveryProvider", {"providerId": "prv_01KAFX3V5N8T2J6Q4W9Y7ZC0DE", "input": {"name": "x"}}),
    ("deleteDeliveryProvider", {"providerId": "prv_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"}),
    ("rotateReceiptSecret", {"providerId": "prv_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"}),
    ("testDeliveryProvider", {"providerId": "prv_01KAFX3V5N8T2J6Q4W9Y7ZC0DE", "input": {"to": "a@example.org"}}),
]
NAMED = [(field, arguments) for field, arguments in FIELDS if "providerId" in arguments]
SURE = {"createDeliveryProvider", "updateDeliveryProvider", "deleteDeliveryProvider", "rotateReceiptSecret"}


def creates(person: Person, **fields: Any) -> dict[str, Any]:
    reply = person.ask("createDeliveryProvider", input={**DRAFT, **fields})
    assert reply.error_type is None, reply
    return dict(reply.data)


def test_a_provider_is_created_shown_changed_and_deleted(ada: Person):
    made = creates(ada, perMinute=600, dedupes=True)
    provider_id = made["providerId"]
    shown = ada.ask("deliveryProvider", providerId=provider_id).data
    changed = ada.ask("updateDeliveryProvider", providerId=provider_id, input={"perMinute": None}, expectedVersion=1)
    stale = ada.ask("updateDeliveryProvider", providerId=provider_id, input={"name": "x"}, expectedVersion=1)
    listed = ada.ask("deliveryProviders").data
    deleted = ada.ask("deleteDeliveryProvider", providerId=provider_id, expectedVersion=2)

    assert json.loads(made["settings"]) == {"url": URL}
    assert (made["perMinute"], made["isDefault"], made["receiptSecret"][:6]) == (600, True, "whsec_")
    assert {name: value for name, value in made.items() if name != "receiptSecret"} == shown
    assert (changed.data["perMinute"], changed.data["name"]) == (None, "Ours")
    assert stale.error_type == "VersionChanged"
    assert [each["providerId"] for each in listed["items"]] == [provider_id]
    assert deleted.data == {"providerId": provider_id}
    assert ada.ask("deliveryProvider", providerId=provider_id).error_type == "ProviderNotFound"


def test_the_secret_of_receipts_is_rotated(ada: Person):
    made = creates(ada)
    rotated = ada.ask("rotateReceiptSecret", providerId=made["providerId"], graceSeconds=0).data

    assert rotated["receiptSecret"] != made["receiptSecret"]
    assert len(rotated["receiptSecrets"]) == 1
    assert ada.ask("rotateReceiptSecret", providerId=made["providerId"], graceSeconds=-1).fields == ["graceSeconds"]


def test_a_provider_is_tried(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "true")
    with provider.running() as scripted:
        made = creates(ada, settings=json.dumps({"url": scripted.url}))
        found = ada.ask("testDeliveryProvider", providerId=made["providerId"], input={"to": "ada@example.org"}).data

    assert found["outcome"] == "accepted"
    assert [each["to"] for each in scripted.calls] == ["ada@example.org"]


def test_secrets_are_named_and_not_shown(ada: Person):
    settings = {"account_sid": f"AC{'0' * 32}", "from": "+442079460958"}
    draft = {"kind": "twilio", "name": "T", "settings": json.dumps(settings)}
    secrets = json.dumps({"auth_token": "very-secret"})
    reply = ada.ask("createDeliveryProvider", input={**draft, "secrets": secrets})

    assert reply.data["secrets"] == ["auth_token"]
    assert "very-secret" not in str(reply)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"settings": "{"}, "settings"),
        ({"settings": '{"url": "http://example.org"}'}, "settings.url"),
        ({"secrets": '{"token": "x"}'}, "secrets.token"),
        ({"perMinute": 0}, "perMinute"),
    ],
)
def test_what_is_sent_is_judged_as_over_rest(ada: Person, fields: dict[str, Any], named: str):
    reply = ada.ask("createDeliveryProvider", input={**DRAFT, **fields})

    assert (reply.error_type, reply.fields) == ("InvalidInput", [named])


@pytest.mark.parametrize(("field", "arguments"), FIELDS)
def test_providers_are_for_administrators(ada: Person, field: str, arguments: dict[str, Any]):
    scope = "audience:read audience:write audience:send"

    assert ada.holding(scope).ask(field, **arguments).error_type == "InsufficientScope"


@pytest.mark.parametrize(("field", "arguments"), NAMED)
def test_another_tenants_provider_is_not_there(ada: Person, eve: Person, field: str, arguments: dict[str, Any]):
    made = creates(eve)
    reply = ada.ask(field, **{**arguments, "providerId": made["providerId"]})

    assert reply.error_type == "ProviderNotFound"


@pytest.mark.parametrize(("field", "arguments"), FIELDS)
def test_what_could_lose_messages_takes_a_recent_second_factor(ada: Person, field: str, arguments: dict[str, Any]):
    scopes = frozenset(ada.scope.split())
    owing = Caller(ada.user_id, ada.tenant_id, ("owner",), scopes, None, ("pwd",), 0, owes_second_factor=True)
    reply = ask(field, arguments, resolver_context=auth.to_resolver_context(owing))

    assert (reply.error_type == "STEP_UP_REQUIRED") == (field in SURE)

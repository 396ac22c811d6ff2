"""Delivery providers over REST."""

from typing import Any

import pytest

from examples.provider.server import Provider as Fake
from examples.provider.server import running
from functions.audience.delivery import providers, testing, uses
from shared import clock
from shared.storage import table
from tests.audience.delivery.bodies import GATEWAY, SID, TWILIO, WHATSAPP, create, path_of
from tests.audience.following import happened
from tests.audience.people import Person
from tests.webhooks.receiver import Receiver


def test_a_provider_is_created_with_a_secret_that_is_shown_once(ada: Person):
    made = create(ada, GATEWAY, dedupes=True, per_minute=600)
    shown = ada.get(path_of(made)).body

    assert made.pop("receipt_secret").startswith("whsec_")
    assert shown == made
    assert (shown["kind"], shown["channel"], shown["dedupes"], shown["per_minute"]) == ("webhook", "email", True, 600)
    assert (shown["is_default"], shown["receipts_by_vendor_id"], shown["version"]) == (True, False, 1)
    assert shown["receipt_url"].endswith(f"/api/v1/delivery/receipt?provider={made['provider_id']}")


def test_the_secret_that_is_shown_is_the_one_that_signs(ada: Person):
    made = create(ada, GATEWAY)
    found = providers.get(ada.tenant_id, made["provider_id"])

    assert providers.receipt_secrets(found, clock.now()) == [made["receipt_secret"]]


def test_a_request_that_is_repeated_makes_one_provider_and_shows_no_secret_again(ada: Person):
    first = ada.post("/delivery-providers", GATEWAY, key="one").body
    again = ada.post("/delivery-providers", GATEWAY, key="one").body

    assert again == first | {"receipt_secret": None}
    assert len(ada.get("/delivery-providers").body["items"]) == 1


def test_secrets_of_a_vendor_are_named_and_never_shown(ada: Person):
    made = create(ada, TWILIO)
    answers = [made, ada.get(path_of(made)).body, ada.get("/delivery-providers").body]
    found = providers.get(ada.tenant_id, made["provider_id"])

    assert made["secrets"] == ["auth_token"]
    assert (made["receipt_secret"], made["receipt_secrets"]) == (None, [])
    assert "t0ken-of-twilio" not in repr([answers, found])
    assert providers.secret_of(found, "auth_token") == "t0ken-of-twilio"


def test_a_change_replaces_a_secret_and_keeps_what_is_not_sent(ada: Person):
    made = create(ada, TWILIO)
    changed = ada.patch(path_of(made), {"secrets": {"auth_token": "another"}, "name": "Other texts"}, if_match='"1"')
    found = providers.get(ada.tenant_id, made["provider_id"])

    assert (changed.status, changed.body["name"], changed.body["version"]) == (200, "Other texts", 2)
    assert changed.body["settings"] == TWILIO["settings"]
    assert providers.secret_of(found, "auth_token") == "another"
    assert ada.patch(path_of(made), {"name": "Late"}, if_match='"1"').status == 412


def test_a_change_that_changes_nothing_leaves_the_version(ada: Person):
    made = create(ada, GATEWAY)

    assert ada.patch(path_of(made), {"name": "Our gateway", "is_default": True}).body["version"] == 1


def test_the_first_provider_of_a_channel_is_its_default_until_another_is(ada: Person):
    first, second, text = create(ada, GATEWAY), create(ada, GATEWAY), create(ada, TWILIO)
    assert [each["is_default"] for each in (first, second, text)] == [True, False, True]

    ada.patch(path_of(second), {"is_default": True})
    listed = ada.get("/delivery-providers").body["items"]
    assert {each["provider_id"]: each["is_default"] for each in listed} == {
        first["provider_id"]: False,
        second["provider_id"]: True,
        text["provider_id"]: True,
    }


def test_a_kind_that_cannot_send_yet_is_refused(ada: Person):
    refused = ada.post("/delivery-providers", {"kind": "push", "name": "Push"})

    assert (refused.status, refused.fields) == (422, ["kind"])
    assert create(ada, {**GATEWAY, "channel": "push"})["is_default"] is True


def test_a_channel_may_be_left_without_a_default(ada: Person):
    made = create(ada, GATEWAY)
    ada.patch(path_of(made), {"is_default": False})

    assert providers.for_channel(ada.tenant_id, "email") is None
    assert ada.get(path_of(made)).body["is_default"] is False


def test_a_deleted_provider_is_no_default_and_finds_no_receipts(ada: Person):
    made = create(ada, GATEWAY)

    assert ada.delete(path_of(made), if_match='"1"').status == 204
    assert ada.get(path_of(made)).status == 404
    assert providers.for_channel(ada.tenant_id, "email") is None
    with pytest.raises(providers.ProviderNotFound):
        providers.of_receipt(made["provider_id"])
    assert create(ada, GATEWAY)["is_default"] is True


def test_a_provider_that_a_campaign_sends_through_stays_until_that_is_over(ada: Person):
    made = create(ada, GATEWAY)
    found = providers.get(ada.tenant_id, made["provider_id"])
    for campaign_id in ("campaign_1", "campaign_2", "campaign_1"):
        table.transact(uses.begun(found, campaign_id))
    refused = ada.delete(path_of(made))

    assert (refused.status, refused.body["code"]) == (409, "ProviderInUse")
    assert refused.body["campaign_ids"] == ["campaign_2", "campaign_1"]
    for campaign_id in ("campaign_1", "campaign_2"):
        table.transact(uses.ended(ada.tenant_id, found.provider_id, campaign_id))
    assert uses.ended(ada.tenant_id, found.provider_id, "campaign_1") == []
    assert ada.delete(path_of(made)).status == 204


def test_a_rotation_leaves_the_secret_before_good_for_a_while(ada: Person, time: Any):
    made = create(ada, GATEWAY)
    rotated = ada.post(f"{path_of(made)}/rotate-secret", {"grace_seconds": 60})
    found = providers.get(ada.tenant_id, made["provider_id"])

    assert rotated.status == 201
    both = [rotated.body["receipt_secret"], made["receipt_secret"]]
    assert providers.receipt_secrets(found, clock.now()) == both
    assert [each["ends_at"] for each in rotated.body["receipt_secrets"]] == [None, "2026-11-20T12:01:00.000Z"]
    time.shift(60)
    assert providers.receipt_secrets(found, clock.now()) == both[:1]


def test_two_secrets_are_good_at_most_and_a_leaked_one_ends_at_once(ada: Person):
    made = create(ada, GATEWAY)
    for _ in range(2):
        second = ada.post(f"{path_of(made)}/rotate-secret").body
    assert len(second["receipt_secrets"]) == 2

    last = ada.post(f"{path_of(made)}/rotate-secret", {"grace_seconds": 0}).body
    found = providers.get(ada.tenant_id, made["provider_id"])
    assert providers.receipt_secrets(found, clock.now()) == [last["receipt_secret"]]


def test_a_rotation_that_is_repeated_shows_no_secret_again(ada: Person):
    made = create(ada, GATEWAY)
    first = ada.post(f"{path_of(made)}/rotate-secret", {}, key="one").body
    again = ada.post(f"{path_of(made)}/rotate-secret", {}, key="one").body

    assert again == first | {"receipt_secret": None}


@pytest.mark.parametrize("body", [TWILIO, {"kind": "ses", "name": "Mail"}])
def test_a_kind_without_a_secret_of_receipts_rotates_none(ada: Person, body: Any):
    refused = ada.post(f"{path_of(create(ada, body))}/rotate-secret", {})

    assert (refused.status, refused.body["code"]) == (409, "NoReceiptSecret")


def test_receipts_of_whatsapp_name_messages_by_its_own_ids(ada: Person):
    made = create(ada, WHATSAPP)

    assert (made["receipts_by_vendor_id"], made["channel"], made["dedupes"]) == (True, "whatsapp", False)


def test_a_tenant_has_twenty_providers_at_most(ada: Person):
    for _ in range(20):
        create(ada, GATEWAY)
    refused = ada.post("/delivery-providers", GATEWAY)

    assert (refused.status, refused.body["code"]) == (409, "TooManyProviders")
    page = ada.get("/delivery-providers", "limit=15").body
    rest = ada.get("/delivery-providers", f"limit=15&cursor={page['next_cursor']}").body
    assert (len(page["items"]), len(rest["items"]), rest["next_cursor"]) == (15, 5, None)


def test_another_tenant_finds_nothing(ada: Person, eve: Person):
    path = path_of(create(ada, GATEWAY))
    calls = [
        eve.get(path),
        eve.patch(path, {"name": "Mine"}),
        eve.delete(path),
        eve.post(f"{path}/rotate-secret", {}),
        eve.post(f"{path}/test", {"to": "eve@example.org"}),
    ]

    assert {each.status for each in calls} == {404}
    assert eve.get("/delivery-providers").body["items"] == []


@pytest.mark.parametrize("scope", ["audience:read", "audience:read audience:write"])
def test_who_is_no_admin_neither_sees_nor_changes_providers(ada: Person, scope: str):
    path, member = path_of(create(ada, GATEWAY)), ada.holding(scope)

    assert {each.status for each in (member.get(path), member.get("/delivery-providers"), member.delete(path))} == {403}


def test_a_test_message_says_what_the_provider_answers(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "true")
    with running(Fake()) as fake:
        made = create(ada, GATEWAY, settings={"url": f"{fake.url}/webhook"})
        fake.account.secret = made["receipt_secret"]
        taken = ada.post(f"{path_of(made)}/test", {"to": "Grace@Example.org"})
        fake.control({"suspended": True})
        refused = ada.post(f"{path_of(made)}/test", {"to": "grace@example.org"})

    assert (taken.status, taken.body["outcome"]) == (200, "accepted")
    assert taken.body["message_id"].startswith("msg_")
    assert (refused.status, refused.body["outcome"], refused.body["reason"]) == (200, "account", "403")


def test_a_test_message_always_has_the_same_text(ada: Person, vendor: Receiver):
    made = create(ada, TWILIO | {"settings": {"account_sid": SID, "from": "Sale", "base_url": vendor.url}})
    ada.post(f"{path_of(made)}/test", {"to": "+44 20 7946 0958"})
    refused = ada.post(f"{path_of(made)}/test", {"to": "+442079460958", "text": "Buy"})

    (received,) = vendor.messages
    assert refused.status == 422
    assert "To=%2B442079460958" in received.body
    assert testing.TEXT.split()[0] in received.body


@pytest.mark.parametrize(("body", "to"), [(GATEWAY, "nobody"), (TWILIO, "12345"), (WHATSAPP, "grace@example.org")])
def test_a_test_message_needs_an_address_of_the_channel(ada: Person, body: Any, to: str):
    refused = ada.post(f"{path_of(create(ada, body))}/test", {"to": to})

    assert (refused.status, refused.body["errors"][0]["field"]) == (422, "to")


def test_what_happens_to_a_provider_is_told_without_a_secret(ada: Person):
    path = path_of(create(ada, TWILIO))
    ada.patch(path, {"secrets": {"auth_token": "another-t0ken"}})
    ada.delete(path)
    told = happened(*(f"audience.provider.{each}" for each in ("created", "updated", "secret_rotated", "deleted")))

    assert [each.event_type.rpartition(".")[2] for each in told] == ["created", "updated", "deleted"]
    assert [each.data["provider_version"] for each in told] == [1, 2, 3]
    assert "t0ken" not in repr(told)

"""Webhooks of Stripe: signed over the body as it came, each event once, and a payment only forward."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
import time_machine

from functions.payments import api, payments
from functions.payments.gateways import references
from functions.payments.gateways.stripe import webhook_secrets
from functions.payments.payees import payees
from functions.payments.payees.payees import Payee
from functions.payments.releases.webhooks import events, receiving
from shared import clock, ids
from shared.storage import table
from shared.storage.attributes import Item
from shared.storage.writes import Put
from tests.aws.entries import Answer, call, http_event
from tests.aws.quick.table import everything
from tests.payments.releases import world as worlds
from tests.payments.releases.untrue import Untrue
from tests.payments.releases.world import TOTAL, World
from tests.payments.webhooks import signing

SECRET, BEFORE = "whsec_of_now", "whsec_of_before"
PATH = "/api/v1/payment-webhooks/stripe"


@pytest.fixture
def world(aws: None, time: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A tenant that pays by a Stripe that is silent, and a stage that knows its webhooks."""
    said = json.dumps({"webhook_secret": SECRET, "webhook_secret_before": BEFORE})
    made = boto3.client("secretsmanager").create_secret(Name=ids.new("secret"), SecretString=said)
    monkeypatch.setenv("STRIPE_WEBHOOKS_SECRET_ID", made["ARN"])
    webhook_secrets.forget()
    yield paying()
    webhook_secrets.forget()


def paying() -> World:
    made = worlds.made(gateway="stripe")
    # It answers nothing, and sends webhooks.
    made.gateway = Untrue(name="stripe", is_away=True)
    details = {"name": "Analytical Engines Ltd", "bank_lines": [], "stripe_account": "acct_1"}
    table.transact([Put(payees.to_item(Payee(made.tenant_id, 1, present=details)))])
    return made


def claimed(world: World) -> str:
    payment_id = world.invoiced()
    assert world.advances(payment_id).status == "processing"
    return payment_id


def event(payment_id: str, *, event_id: str = "evt_1", kind: str = "transfer.created", **more: Any) -> bytes:
    transfer = {
        "id": "tr_1",
        "object": "transfer",
        "amount": TOTAL,
        "amount_reversed": 0,
        "currency": "eur",
        "transfer_group": payment_id,
        "metadata": {"payment_id": payment_id},
        **more,
    }
    return signing.event(event_id, kind, transfer)


def signed(raw: bytes, *, secret: str = SECRET, at: int | None = None) -> str:
    return signing.signed(raw, secret=secret, at=at)


def send(raw: bytes, signature: str | None = None, *, path: str = PATH) -> Answer:
    headers = {"content-type": "application/json", "stripe-signature": signature or signed(raw)}
    sent = http_event("POST", path, None, headers=headers)
    return call(api.handler, api.api, {**sent, "body": raw.decode(), "isBase64Encoded": False})


def waiting() -> list[Item]:
    return [each for each in everything() if each.get("GSI1PK", "").startswith("GATEWAYWAITING#")]


def test_an_event_settles_a_payment_whose_outcome_nobody_knew_once(world: World):
    payment_id = claimed(world)
    first, again = send(event(payment_id)), send(event(payment_id))
    other = send(event(payment_id, event_id="evt_2", kind="transfer.updated"))

    assert [each.body["status"] for each in (first, again, other)] == ["received", "repeated", "received"]
    found = world.payment(payment_id)
    assert (found.status, found.reference) == ("completed", "tr_1")
    assert world.events(payment_id).count("released") == 1
    assert "contradicted" not in world.events(payment_id)


def test_events_in_reversed_order_only_move_a_payment_forward(world: World):
    payment_id = claimed(world)
    send(event(payment_id))
    reversed_ = event(payment_id, event_id="evt_3", kind="transfer.reversed", amount_reversed=10)
    send(reversed_)
    send(event(payment_id, event_id="evt_2"))

    assert world.payment(payment_id).status == "completed"
    assert world.events(payment_id).count("contradicted") == 1


@pytest.mark.parametrize("more", [{"amount": TOTAL - 1}, {"currency": "usd"}, {"amount_reversed": 1}])
def test_another_amount_or_currency_is_for_people(more: dict[str, Any], world: World):
    payment_id = claimed(world)
    send(event(payment_id, **more))
    send(event(payment_id, event_id="evt_2", **more))

    found = world.payment(payment_id)
    assert (found.status, found.reasons) == ("on_hold", ["amount_differs"])


def test_an_event_of_a_payment_that_nobody_knows_waits_and_is_applied_when_it_is_there(world: World):
    payment_id = world.invoiced()
    early = send(event(payment_id))
    assert early.body == {"status": "kept"}
    assert (receiving.sweep(), len(waiting())) == (0, 1)

    world.advances(payment_id)
    assert (receiving.sweep(), waiting()) == (1, [])
    assert world.payment(payment_id).status == "completed"
    assert send(event(payment_id)).body == {"status": "repeated"}


def test_an_event_that_nobody_ever_knows_is_given_up_after_a_week_and_stays_seen(
    world: World, time: time_machine.Traveller
):
    raw = event(ids.new("pay"))
    send(raw)
    time.shift(timedelta(days=7))

    assert (receiving.sweep(), waiting()) == (1, [])
    assert send(raw, signed(raw)).body == {"status": "repeated"}
    kept = table.get(events.key("stripe", "evt_1"))
    assert kept is not None
    assert kept["ttl"] == datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp() + 90 * 86_400


def test_whose_payment_it_is_says_the_reference_and_nothing_in_the_body(world: World):
    other, own = paying(), claimed(world)
    theirs = claimed(other)
    send(event(own, metadata={"payment_id": theirs, "tenant_id": other.tenant_id}))

    assert world.payment(own).status == "completed"
    assert other.payment(theirs).status == "processing"


def test_a_transfer_of_a_payment_that_had_failed_holds_it(world: World):
    payment_id = world.invoiced(status="failed", attempt=3, due_at=None)
    claimed_like = world.payment(payment_id)._replace(gateway="stripe")
    table.transact([references.written(claimed_like)])
    send(event(payment_id))

    found = world.payment(payment_id)
    assert (found.status, found.held_from, found.reasons) == ("on_hold", "failed", ["transfer_exists"])


def test_another_transfer_of_a_settled_payment_is_told_to_people(world: World):
    payment_id = claimed(world)
    send(event(payment_id))
    send(event(payment_id, event_id="evt_2", id="tr_2"))

    assert world.payment(payment_id).status == "completed"
    assert world.events(payment_id).count("contradicted") == 1


def test_the_secret_before_is_good_too_and_no_other(world: World):
    raw = event(claimed(world))

    assert send(raw, signed(raw, secret="whsec_of_somebody")).status == 401
    assert send(raw, signed(raw, secret=BEFORE)).body == {"status": "received"}


@pytest.mark.parametrize("seconds", [-301, 301])
def test_what_is_more_than_five_minutes_old_or_early_is_refused(seconds: int, world: World):
    payment_id = claimed(world)
    raw, now = event(payment_id), clock.now() // clock.SECOND

    assert send(raw, signed(raw, at=now + seconds)).code == "PaymentWebhookNotVerified"
    assert world.payment(payment_id).status == "processing"
    assert send(raw, signed(raw, at=now + seconds // 301 * 300)).status == 200


def test_a_body_that_was_encoded_again_is_refused(world: World):
    raw = event(claimed(world))
    again = json.dumps(json.loads(raw), separators=(",", ":")).encode()

    assert send(again, signed(raw)).status == 401


@pytest.mark.parametrize("header", ["", "t=1", "v1=00", "t=x,v1=00", f"t={'9' * 40},v1=00", "t=1,t=2,v1=00", "ü"])
def test_what_is_no_signature_is_refused(header: str, world: World):
    assert send(event(ids.new("pay")), header or " ").status == 401


@pytest.mark.parametrize(
    "raw", [b"{", b"[]", b'"a"', b"{}", b'{"id": 1}', b'{"id": "evt_#1"}', b"\xf0\x9f\x98\x80", b"[" * 9_000]
)
def test_garbage_that_is_signed_is_malformed(raw: bytes, world: World):
    assert send(raw).status == 400


@pytest.mark.parametrize(
    "more",
    [{"transfer_group": None}, {"transfer_group": "order_1"}, {"amount": "1"}, {"amount": True}, {"currency": 7}],
)
def test_transfers_that_are_not_of_our_making_say_nothing(more: dict[str, Any], world: World):
    assert send(event(claimed(world), **more)).body == {"status": "ignored"}
    assert waiting() == []


def test_other_events_say_nothing(world: World):
    payment_id = claimed(world)

    assert send(event(payment_id, kind="payout.paid")).body == {"status": "ignored"}
    assert world.payment(payment_id).status == "processing"


def test_a_gateway_that_there_is_not_and_a_huge_body(world: World):
    raw = event(claimed(world), padding="x" * 300_000)

    assert send(raw).status == 413
    for name in ("paypal", "ledger", "manual"):
        assert send(b"{}", path=f"/api/v1/payment-webhooks/{name}").status == 404


def test_whoever_sends_what_nobody_has_signed_is_counted_by_where_they_come_from(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ADDRESS_RATE_LIMIT", "1/3")
    raw = event(claimed(world))
    refused = [send(raw, "t=1,v1=00").status for _ in range(4)]

    assert refused == [401, 401, 401, 429]
    assert send(raw).status == 200


def test_no_payment_has_changed_by_an_event_that_was_refused(world: World):
    payment_id = claimed(world)
    before = world.payment(payment_id)
    send(event(payment_id), "t=1,v1=00")

    assert world.payment(payment_id) == before
    assert table.get(events.key("stripe", "evt_1")) is None
    assert payments.find(world.tenant_id, payment_id) == before

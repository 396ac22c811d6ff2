"""Payments through the gateway `stripe`, in its troubles and after a crash: one transfer stands, whatever happens."""

import contextlib
import json
import random
from datetime import timedelta

import boto3
import pytest
import time_machine

from functions.payments.gateways import choosing
from functions.payments.gateways.stripe import account
from functions.payments.invoices import invoices
from functions.payments.payees import payees
from functions.payments.payees.payees import Payee
from functions.payments.releases import consumers, process
from shared import clock, ids
from shared.errors import Unavailable
from shared.storage import table
from shared.storage.writes import Put
from tests.aws import troubles
from tests.aws.entries import Context
from tests.payments.gateways.paying import ACCOUNT, TROUBLES, is_paid_to, let_pass, paying, refund
from tests.payments.gateways.stripe_stand_in import StandIn, Trouble
from tests.payments.releases.world import TOTAL, World


def test_a_payment_is_a_transfer_to_the_payee_and_settled_at_once(world: World, there: StandIn):
    payment_id = world.invoiced()
    settled = world.advances(payment_id)
    [made] = there.standing(payment_id)

    assert (settled.status, settled.gateway, settled.reference) == ("completed", "stripe", made["id"])
    assert (made["amount"], made["destination"], made["transfer_group"]) == (TOTAL, ACCOUNT, payment_id)
    assert [key for *_, key in there.requests] == [payment_id]


@pytest.mark.parametrize("trouble", ["429", "409", "500", "500 after", "dies before", "dies after"])
def test_after_a_trouble_of_unknown_outcome_one_transfer_stands_and_is_found(
    trouble: Trouble, world: World, there: StandIn, time: time_machine.Traveller
):
    there.troubles = [trouble]
    payment_id = world.invoiced()
    unsure = world.advances(payment_id)
    let_pass(world, time, 1, 4, 10, 45, 1, 10)

    assert (unsure.status, unsure.is_unsure) == ("processing", True)
    assert world.payment(payment_id).status == "completed"
    assert len(there.standing(payment_id)) == 1


def test_a_stripe_that_never_answers_leaves_the_payment_to_people_after_a_day(
    world: World, there: StandIn, time: time_machine.Traveller
):
    payment_id = world.invoiced()
    there.troubles = ["dies after"] + ["dies before"] * 60
    world.advances(payment_id)
    let_pass(world, time, 1, 4, 10, 45, *[60] * 24)

    found = world.payment(payment_id)
    assert (found.status, found.reasons) == ("on_hold", ["no_answer"])
    assert len(there.standing(payment_id)) == 1


def test_keys_that_stripe_has_forgotten_are_not_sent_again(world: World, there: StandIn, time: time_machine.Traveller):
    payment_id = world.invoiced()
    there.troubles = ["dies after"]
    world.advances(payment_id)
    time.shift(timedelta(hours=25))
    world.sweeps()

    assert world.payment(payment_id).status == "completed"
    assert len(there.standing(payment_id)) == 1


def test_an_error_that_is_kept_under_a_key_is_a_failure_after_an_hour_and_the_next_key_pays(
    world: World, there: StandIn, time: time_machine.Traveller
):
    payment_id = world.invoiced()
    there.troubles = ["500"]
    world.advances(payment_id)
    let_pass(world, time, 1, 4, 10)
    waiting = world.payment(payment_id)
    let_pass(world, time, 45, 1)

    assert (waiting.status, there.standing(payment_id)[:-1]) == ("processing", [])
    assert world.payment(payment_id).status == "completed"
    assert {key for *_, key in there.requests} == {payment_id, f"{payment_id}-2"}


@pytest.mark.parametrize("seed", range(40))
def test_whatever_happens_one_transfer_stands_at_most(
    seed: int, world: World, there: StandIn, time: time_machine.Traveller
):
    chance = random.Random(seed)  # noqa: S311 - the same cases every time
    payment_id = world.invoiced()
    there.troubles = chance.choices(TROUBLES, weights=(3, 1, 1, 1, 1, 1, 1, 1), k=12)
    for _ in range(6):
        dies = troubles.dying_at(chance.randint(1, 12), takes_effect=chance.random() < 0.5)
        with dies, contextlib.suppress(Unavailable):
            world.advances(payment_id)
        time.shift(timedelta(minutes=chance.choice((1, 5, 30, 60, 1500))))
    there.troubles.clear()
    let_pass(world, time, *[61] * 6)

    standing, found = there.standing(payment_id), world.payment(payment_id)
    assert len(standing) <= 1
    assert (found.status == "completed") == (world.events(payment_id).count("released") == 1)
    if found.status == "completed":
        assert [each["id"] for each in standing] == [found.reference]


@pytest.mark.parametrize("account", [None, "later"])
def test_a_tenant_without_a_payee_in_effect_pays_nobody(account: str | None, world: World, there: StandIn):
    is_paid_to(world, None)
    if account is not None:
        later = clock.to_rfc3339(clock.now() + payees.WAIT)
        waiting = Payee(world.tenant_id, 1, following={"name": "A", "stripe_account": ACCOUNT}, effective_at=later)
        table.transact([Put(payees.to_item(waiting))])
    held = world.advances(world.invoiced())

    assert (held.status, held.reasons, there.requests) == ("on_hold", ["payee_missing"], [])


def test_an_amount_that_stripe_does_not_move_is_held_before_it_is_asked(world: World, there: StandIn):
    world.is_set(gateway="stripe", auto_release_limits={"KWD": 10**9})
    payment_id = world.invoiced(currency="KWD")
    invoice = world.invoice(payment_id)
    odd = invoice._replace(totals={**invoice.totals, "payable_minor_units": 1_255}, currency="KWD", version=2)
    table.transact(invoices.changed(invoice, odd))
    held = world.advances(payment_id)

    assert (held.status, held.reasons, there.requests) == ("on_hold", ["amount_not_taken"], [])


def test_a_changed_payee_does_not_change_where_a_claimed_payment_goes(
    world: World, there: StandIn, time: time_machine.Traveller
):
    payment_id = world.invoiced()
    there.troubles = ["dies before"]
    world.advances(payment_id)
    is_paid_to(world, "acct_other")
    let_pass(world, time, 1)

    assert [each["destination"] for each in there.standing(payment_id)] == [ACCOUNT]


def test_a_refund_is_a_reversal_and_posted_when_stripe_has_made_it(world: World, there: StandIn):
    payment_id = world.invoiced()
    world.advances(payment_id)
    partly = refund(world, payment_id, 10_000)
    whole = refund(world, payment_id, TOTAL - 10_000)

    assert (partly.status, partly.refunded_minor_units, partly.refunding) == ("partially_refunded", 10_000, None)
    assert (whole.status, world.billing().refunded_minor_units) == ("refunded", TOTAL)
    assert there.transfers[0]["amount_reversed"] == TOTAL


@pytest.mark.parametrize("trouble", ["429", "500 after", "dies before", "dies after"])
def test_a_refund_of_unknown_outcome_is_asked_about_and_made_once(
    trouble: Trouble, world: World, there: StandIn, time: time_machine.Traveller
):
    payment_id = world.invoiced()
    world.advances(payment_id)
    there.troubles = [trouble]
    unsure = refund(world, payment_id, 10_000)
    let_pass(world, time, 1, 4)

    assert (unsure.status, unsure.refunded_minor_units) == ("completed", 0)
    assert world.payment(payment_id).status == "partially_refunded"
    assert there.transfers[0]["amount_reversed"] == 10_000
    assert world.events(payment_id).count("refunded") == 1


def test_a_refund_that_stripe_refuses_is_none_and_another_may_be_asked_for(world: World, there: StandIn):
    payment_id = world.invoiced()
    world.advances(payment_id)
    there.troubles = ["402"]
    failed = refund(world, payment_id, 10_000)

    assert (failed.status, failed.failure, failed.refunding) == ("completed", "balance_insufficient", None)
    assert world.events(payment_id).count("refund_failed") == 1
    assert refund(world, payment_id, 10_000).status == "partially_refunded"


def test_what_a_dispute_gives_back_is_reversed_by_itself(world: World, there: StandIn):
    payment_id = world.invoiced(to_refund_minor_units=10_000)
    settled = world.advances(payment_id)

    assert (settled.status, settled.refunded_minor_units) == ("partially_refunded", 10_000)
    assert there.transfers[0]["amount_reversed"] == 10_000


def test_the_process_reads_the_key_of_the_stage_when_a_payment_needs_it(
    world: World, there: StandIn, monkeypatch: pytest.MonkeyPatch
):
    said = {"secret_key": "", "address": there.url}
    client = boto3.client("secretsmanager")
    arn = client.create_secret(Name=ids.new("secret"), SecretString=json.dumps(said))["ARN"]
    monkeypatch.setenv("STRIPE_SECRET_ID", arn)
    account.forget()
    payment_id = world.invoiced()
    process.advance(world.tenant_id, payment_id, choosing.gateway)
    held = world.payment(payment_id)
    client.put_secret_value(SecretId=arn, SecretString=json.dumps({**said, "secret_key": "sk_test_1"}))
    account.forget()
    second = paying(there)
    other = second.invoiced()
    body = json.dumps({"tenant_id": second.tenant_id, "payment_id": other})
    record = {"messageId": "1", "body": body, "attributes": {"ApproximateReceiveCount": "1"}}
    consumers.handler({"Records": [record]}, Context())  # type: ignore[arg-type]
    account.forget()

    assert (held.status, held.reasons) == ("on_hold", ["gateway_not_configured"])
    assert second.payment(other).status == "completed"
    assert len(there.standing(other)) == 1

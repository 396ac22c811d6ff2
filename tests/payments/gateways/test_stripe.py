"""The gateway `stripe` against a Stripe of one's own, whole and in all its troubles."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from functions.payments.gateways import possible
from functions.payments.gateways.gateways import Outcome, Return, Transfer
from functions.payments.gateways.possible import AmountNotTaken, PayeeMissing
from functions.payments.gateways.stripe import amounts
from tests.payments.gateways.stripe_stand_in import StandIn, Trouble

TRANSFER = Transfer("pay_1", "pay_1", 33_187_500, "EUR", "acct_1")
MADE = Outcome("made", "tr_1", moved=(33_187_500, "EUR"))
BACK = Return("pay_1", "rfd_1", "tr_1", 10_000, "EUR")


def test_a_transfer_is_made_once_under_its_key_and_found_by_its_payment(there: StandIn):
    stripe = there.gateway()

    assert stripe.find(TRANSFER) == Outcome("absent")
    assert stripe.send(TRANSFER) == stripe.send(TRANSFER) == MADE
    assert stripe.find(TRANSFER) == MADE
    [made] = there.standing("pay_1")
    assert (made["amount"], made["currency"], made["destination"]) == (33_187_500, "eur", "acct_1")


@pytest.mark.parametrize("trouble", ["429", "409", "500", "500 after", "dies before", "dies after"])
def test_what_may_have_had_an_effect_is_unknown_and_the_question_tells(trouble: Trouble, there: StandIn):
    stripe = there.gateway()
    there.troubles = [trouble]

    assert stripe.send(TRANSFER) == Outcome("unknown")
    assert stripe.find(TRANSFER) == (MADE if "after" in trouble else Outcome("absent"))


def test_a_time_out_after_the_effect_is_unknown_and_found(there: StandIn):
    there.troubles = ["late"]

    assert there.gateway(answer=timedelta(milliseconds=200)).send(TRANSFER) == Outcome("unknown")
    assert there.gateway().find(TRANSFER) == MADE


@pytest.mark.parametrize("trouble", ["429", "409", "500", "dies before", "401"])
def test_a_question_that_is_not_answered_says_nothing(trouble: Trouble, there: StandIn):
    there.troubles = [trouble]

    assert there.gateway().find(TRANSFER) == Outcome("unknown")


def test_an_error_is_kept_under_its_key_and_another_key_is_another_try(there: StandIn):
    stripe = there.gateway()
    there.troubles = ["500"]

    assert stripe.send(TRANSFER) == stripe.send(TRANSFER) == Outcome("unknown")
    assert there.standing("pay_1") == []
    assert stripe.send(TRANSFER._replace(key="pay_1-2")).what == "made"


def test_a_refusal_is_certain_and_says_why(there: StandIn):
    stripe = there.gateway()
    there.troubles = ["402", "401"]

    assert stripe.send(TRANSFER) == Outcome("refused", reason="balance_insufficient")
    assert stripe.send(TRANSFER._replace(key="pay_1-2")) == Outcome("refused", reason="AuthenticationError")
    assert stripe.send(TRANSFER._replace(payee_account=None)) == Outcome("refused", reason="payee_missing")
    assert there.transfers == []


def test_a_key_that_is_forgotten_after_a_day_would_pay_twice(there: StandIn):
    stripe = there.gateway()
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as time:
        stripe.send(TRANSFER)
        time.shift(timedelta(days=1))
        stripe.send(TRANSFER)

    assert len(there.standing("pay_1")) == 2


def test_a_part_is_reversed_once_under_its_key_and_found_by_its_refund(there: StandIn):
    stripe = there.gateway()
    stripe.send(TRANSFER)

    assert stripe.find_return(BACK) == Outcome("absent")
    assert stripe.give_back(BACK) == stripe.give_back(BACK) == Outcome("made", "trr_1", moved=(10_000, "EUR"))
    assert stripe.find_return(BACK).what == "made"
    assert there.transfers[0]["amount_reversed"] == 10_000


def test_more_than_is_left_is_not_reversed(there: StandIn):
    stripe = there.gateway()
    stripe.send(TRANSFER)

    assert stripe.give_back(BACK._replace(amount_minor_units=33_187_501)).reason == "amount_too_large"


@pytest.mark.parametrize(
    ("currency", "minor_units", "sent"),
    [("EUR", 1, 1), ("JPY", 500, 500), ("ISK", 500, 50_000), ("UGX", 7, 700), ("KWD", 1_250, 1_250), ("MGA", 300, 3)],
)
def test_amounts_are_sent_as_stripe_counts_them_and_come_back(currency: str, minor_units: int, sent: int):
    assert amounts.to_stripe(minor_units, currency) == sent
    assert amounts.from_stripe(sent, currency) == minor_units


@pytest.mark.parametrize(("currency", "minor_units"), [("KWD", 1_255), ("TND", 1), ("MGA", 350)])
def test_amounts_that_stripe_does_not_move_are_refused_before(currency: str, minor_units: int, there: StandIn):
    refused = Outcome("refused", reason="amount_not_taken")
    odd = {"amount_minor_units": minor_units, "currency": currency}

    assert there.gateway().send(TRANSFER._replace(**odd)) == refused
    assert there.gateway().give_back(BACK._replace(**odd)) == refused
    assert there.requests == []
    with pytest.raises(AmountNotTaken):
        possible.require("stripe", minor_units, currency, "acct_1")


def test_what_was_reversed_of_a_transfer_is_not_moved(there: StandIn):
    stripe = there.gateway()
    stripe.send(TRANSFER)
    stripe.give_back(BACK)
    partly = stripe.find(TRANSFER)
    stripe.give_back(BACK._replace(refund_id="rfd_2", amount_minor_units=33_177_500))

    assert partly.moved == (33_177_500, "EUR")
    assert stripe.find(TRANSFER).moved == (0, "EUR")


def test_two_transfers_of_one_payment_are_another_amount(there: StandIn):
    stripe = there.gateway()
    stripe.send(TRANSFER)
    stripe.send(TRANSFER._replace(key="pay_1-2"))

    assert stripe.find(TRANSFER).moved == (66_375_000, "EUR")


def test_a_gateway_that_counts_as_iso_moves_any_amount_to_anybody():
    possible.require("ledger", 1_255, "KWD", None)

    with pytest.raises(PayeeMissing):
        possible.require("stripe", 1_250, "KWD", None)


@pytest.mark.parametrize(("currency", "sent"), [("ISK", 50_001), ("XXX", 1)])
def test_amounts_that_stripe_never_sends_are_none(currency: str, sent: int):
    assert amounts.from_stripe(sent, currency) is None

"""The payee of a tenant: two people change it, a day passes, and who had a hand in it releases nothing meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from functions.payments.payees import payees
from functions.payments.payees.payees import Details
from shared import clock
from tests.payments.people import Person

OLD = {
    "name": "Analytical Engines Ltd",
    "bank_lines": ["IBAN GB33BUKB20201555555555"],
    "stripe_account": "acct_old",
    "invoice_lines": ["IBAN GB94BARC10201530093459"],
}
NEW = {**OLD, "stripe_account": "acct_new"}
PAYEE = "/payment-payee"


@pytest.fixture
def ben(ada: Person) -> Person:
    return Person(f"{ada.user_id[:-1]}{'0' if ada.user_id[-1] != '0' else '1'}", ada.tenant_id, ada.issuer)


def proposed(by: Person, details: dict[str, Any]) -> str:
    put = by.rest("PUT", PAYEE, details)
    assert put.status == 200, put.body
    return str(put.body["proposed"]["proposal_id"])


def confirm(by: Person, proposal_id: str) -> Any:
    return by.post(f"{PAYEE}/confirm", {"proposal_id": proposal_id})


def account(of: Person) -> str | None:
    found = payees.in_effect(payees.find(of.tenant_id), clock.now())
    return None if found is None else found.stripe_account


def test_a_change_takes_effect_a_day_after_another_person_has_confirmed_it(
    ada: Person, ben: Person, time: time_machine.Traveller
):
    assert confirm(ben, proposed(ada, OLD)).status == 200
    time.shift(timedelta(days=1))
    confirmed = confirm(ben, proposed(ada, NEW)).body

    assert account(ada) == "acct_old"
    assert (confirmed["present"], confirmed["proposed"]) == (OLD, None)
    assert confirmed["following"] == NEW | {
        "confirmed_by": ben.user_id,
        "effective_at": "2026-11-22T12:00:00.000Z",
    }
    time.shift(timedelta(hours=23, minutes=59))
    assert account(ada) == "acct_old"
    time.shift(timedelta(minutes=1))
    assert account(ada) == "acct_new"
    assert ben.get(PAYEE).body["present"] == NEW


def test_nobody_confirms_what_they_have_proposed(ada: Person):
    refused = confirm(ada, proposed(ada, OLD))

    assert (refused.status, refused.body["code"]) == (403, "SecondPersonRequired")
    assert ada.get(PAYEE).body["following"] is None


def test_a_proposal_that_another_has_replaced_is_not_confirmed(ada: Person, ben: Person):
    seen = proposed(ada, OLD)
    proposed(ada, NEW)
    refused = confirm(ben, seen)

    assert (refused.status, refused.body["code"]) == (409, "ProposalNotOpen")
    assert ben.get(PAYEE).body["version"] == 2


def test_what_waits_is_withdrawn_by_anybody_and_what_was_stays(ada: Person, ben: Person, time: time_machine.Traveller):
    confirm(ben, proposed(ada, OLD))
    time.shift(timedelta(days=1))
    confirm(ben, proposed(ada, NEW))
    withdrawn = ben.post(f"{PAYEE}/withdraw")
    time.shift(timedelta(days=1))

    assert (withdrawn.body["present"], withdrawn.body["following"]) == (OLD, None)
    assert account(ada) == "acct_old"
    assert ben.post(f"{PAYEE}/withdraw").body["code"] == "NothingToWithdraw"


def test_whoever_has_proposed_or_confirmed_has_changed_it_for_a_day(
    ada: Person, ben: Person, time: time_machine.Traveller
):
    seen = proposed(ada, OLD)
    time.shift(timedelta(hours=5))
    confirm(ben, seen)
    after = payees.find(ada.tenant_id)

    def have_changed() -> list[bool]:
        return [payees.has_changed(after, each.user_id, clock.now()) for each in (ada, ben)]

    assert have_changed() == [True, True]
    time.shift(timedelta(hours=19))
    assert have_changed() == [False, True]
    time.shift(timedelta(hours=5))
    assert have_changed() == [False, False]


def test_a_version_that_is_not_the_present_one_changes_nothing(ada: Person):
    proposed(ada, OLD)
    stale = ada.rest("PUT", PAYEE, NEW, headers={"if-match": '"0"'})

    assert stale.status == 412
    assert ada.get(PAYEE).body["proposed"]["stripe_account"] == "acct_old"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "A", "stripe_account": "acct_"}, "stripe_account"),
        ({"name": "A", "stripe_account": "ba_1"}, "stripe_account"),
        ({"name": "A", "bank_lines": ["x"] * 9}, "bank_lines"),
        ({"name": "A", "invoice_lines": [""]}, "invoice_lines.0"),
        ({"name": "A", "iban": "GB33"}, "iban"),
        ({}, "name"),
    ],
)
def test_a_payee_that_is_none_is_refused_and_named(sent: dict[str, Any], field: str, ada: Person):
    refused = ada.rest("PUT", PAYEE, sent)

    assert refused.status == 422
    assert [each["field"] for each in refused.body["errors"]] == [field]
    assert payees.find(ada.tenant_id).version == 0


def test_only_those_who_administer_payments_see_and_change_it(ada: Person, eve: Person):
    proposed(ada, OLD)

    assert ada.acting_as("member").rest("PUT", PAYEE, NEW).status == 403
    assert ada.acting_as("member").get(PAYEE).status == 403
    assert eve.get(PAYEE).body["proposed"] is None


def test_graphql_changes_it_too(ada: Person, ben: Person):
    made = ada.ask("proposePaymentPayee", input={"name": "A", "stripeAccount": "acct_1"}).data
    done = ben.ask("confirmPaymentPayee", proposalId=made["proposed"]["proposalId"]).data
    gone = ben.ask("withdrawPaymentPayee").data

    assert (done["following"]["stripeAccount"], gone["following"]) == ("acct_1", None)
    assert ada.ask("paymentPayee").data["version"] == 3


def test_details_are_stored_and_come_back(ada: Person):
    proposed(ada, OLD)
    held = payees.find(ada.tenant_id).proposed

    assert held is not None
    assert payees.details(held) == Details(**OLD)  # type: ignore[arg-type]

"""Refunds and disputes, over REST and GraphQL, with what they move in the ledger."""

from typing import Any

import pytest

from functions.payments.ledger import accounts
from tests.payments.invoicing import Firm
from tests.payments.people import Person
from tests.payments.releases.asking import REASON, TOTAL, count, goes_on, issued, post

TAX = 5_062_500
SPLIT = {"release_minor_units": TOTAL - 10_000, "refund_minor_units": 10_000, "resolution": "A wheel is missing."}


@pytest.fixture
def settled(firm: Firm, dana: Person) -> str:
    """The path of a payment that is made."""
    payment = issued(firm)
    post(dana, f"{payment}/release")
    assert goes_on(firm, payment)["status"] == "completed"
    return payment


@pytest.fixture
def client(firm: Firm) -> Person:
    return firm.purse("guest", somebody=firm.ada.brings(firm.project, firm.ada.colleague("guest"), "client"))


def refund(dana: Person, payment: str, **sent: Any) -> Any:
    return post(dana, f"{payment}/refund", REASON | sent)


def ledger(firm: Firm) -> dict[str, accounts.Totals]:
    found = accounts.by_kind(firm.ada.tenant_id, "EUR")
    assert accounts.total(found.values()).is_balanced
    return found


def test_a_payment_is_paid_back_in_parts_and_with_exactly_its_tax(settled: str, firm: Firm, dana: Person):
    parts = [refund(dana, settled, amount_minor_units=each) for each in (1, 11_111_111)]
    rest = refund(dana, settled)
    moved = ledger(firm)

    assert [(each.body["status"], each.body["refunded_minor_units"]) for each in parts] == [
        ("partially_refunded", 1),
        ("partially_refunded", 11_111_112),
    ]
    assert (rest.body["status"], rest.body["refunded_minor_units"], rest.body["allowed"]) == ("refunded", TOTAL, [])
    assert moved["revenue_return"].debits_posted == TOTAL - TAX
    assert moved["tax_payable"].debits_posted == TAX
    assert moved["clearing"].debits_posted == moved["clearing"].credits_posted == TOTAL
    shown = firm.get(settled).body
    assert [each["amount_minor_units"] for each in shown["refunds"]] == [1, 11_111_111, TOTAL - 11_111_112]
    assert count(firm, settled, "refunded") == 3


@pytest.mark.parametrize("amount", [TOTAL + 1, 0, -1])
def test_no_more_than_was_paid_is_paid_back(amount: int, settled: str, firm: Firm, dana: Person):
    refused = refund(dana, settled, amount_minor_units=amount)

    assert (refused.status, refused.code) == (422, "RefundTooHigh" if amount > 0 else "InvalidInput")
    assert firm.get(settled).body["refunded_minor_units"] == 0


def test_what_is_not_paid_or_is_all_paid_back_is_not_refunded(settled: str, firm: Firm, dana: Person):
    assert refund(dana, issued(firm)).code == "PaymentTransitionNotAllowed"
    assert refund(dana, settled).status == 200
    assert refund(dana, settled).code == "PaymentTransitionNotAllowed"


def test_a_repeated_refund_is_one(settled: str, firm: Firm, dana: Person):
    sent = REASON | {"amount_minor_units": 5}
    both = [post(dana, f"{settled}/refund", sent, idempotency_key="once") for _ in range(2)]

    assert both[0].body == both[1].body
    assert firm.get(settled).body["refunded_minor_units"] == 5


def test_whoever_owns_the_milestone_pays_nothing_back(settled: str, firm: Firm):
    assert refund(firm.purse(), settled).code == "SeparationOfPayment"


def test_a_client_disputes_a_payment_and_a_third_person_splits_it(firm: Firm, dana: Person, client: Person):
    payment = issued(firm)
    disputed = post(client, f"{payment}/dispute", REASON)
    waiting = goes_on(firm, payment)
    resumed = post(dana, f"{payment}/resume")
    resolved = post(dana, f"{payment}/dispute/resolve", SPLIT)
    done = goes_on(firm, payment)

    assert (disputed.body["status"], disputed.body["reasons"]) == ("on_hold", ["dispute"])
    assert (waiting["status"], waiting["dispute"]["opened_by"]) == ("on_hold", client.user_id)
    assert resumed.code == "DisputeOpen"
    assert (resolved.body["status"], resolved.body["dispute"]["resolved_by"]) == ("release_requested", dana.user_id)
    assert (done["status"], done["refunded_minor_units"]) == ("partially_refunded", 10_000)
    assert [each["amount_minor_units"] for each in done["refunds"]] == [10_000]
    clearing = ledger(firm)["clearing"]
    assert clearing.debits_posted - clearing.credits_posted == SPLIT["release_minor_units"]
    assert (count(firm, payment, "released"), count(firm, payment, "refunded")) == (1, 1)


def test_all_of_a_disputed_payment_may_go_back(firm: Firm, dana: Person, client: Person):
    payment = issued(firm)
    post(client, f"{payment}/dispute", REASON)
    split = SPLIT | {"release_minor_units": 0, "refund_minor_units": TOTAL}
    assert post(dana, f"{payment}/dispute/resolve", split).status == 200

    assert goes_on(firm, payment)["status"] == "refunded"


@pytest.mark.parametrize("more", [{"refund_minor_units": 9_999}, {"release_minor_units": TOTAL}])
def test_release_and_refund_are_the_amount_together(more: dict[str, int], firm: Firm, dana: Person, client: Person):
    payment = issued(firm)
    post(client, f"{payment}/dispute", REASON)
    refused = post(dana, f"{payment}/dispute/resolve", SPLIT | more)

    assert (refused.status, refused.body["errors"][0]["field"]) == (422, "refund_minor_units")


def test_neither_who_opened_a_dispute_nor_who_owns_the_milestone_settles_it(firm: Firm, dana: Person, client: Person):
    payment, other = issued(firm), issued(firm)
    assert post(dana.acting_as("admin"), f"{payment}/dispute", REASON).status == 200
    post(client, f"{other}/dispute", REASON)

    assert post(dana, f"{payment}/dispute/resolve", SPLIT).code == "ThirdPersonRequired"
    assert post(firm.purse(), f"{other}/dispute/resolve", SPLIT).code == "SeparationOfPayment"
    assert post(client.acting_as("member"), f"{other}/dispute/resolve", SPLIT).code == "FinanceRequired"


def test_a_payment_is_disputed_once_and_only_before_it_is_made(settled: str, firm: Firm, dana: Person, client: Person):
    payment = issued(firm)
    assert post(client, f"{payment}/dispute", REASON).status == 200

    assert post(dana.acting_as("admin"), f"{payment}/dispute", REASON).code == "DisputeOpen"
    refused = post(client, f"{settled}/dispute", REASON)
    assert (refused.code, refused.body["event"]) == ("PaymentTransitionNotAllowed", "dispute")
    assert refused.body["detail"] == "A payment that is completed does not take `dispute`."
    assert post(dana, f"{issued(firm)}/dispute/resolve", SPLIT).code == "NoDisputeOpen"


def test_a_payment_that_is_asked_for_is_still_disputed_before_its_claim(firm: Firm, dana: Person, client: Person):
    payment = issued(firm)
    post(dana, f"{payment}/release")
    assert post(client, f"{payment}/dispute", REASON).body["held_from"] == "release_requested"
    assert goes_on(firm, payment)["status"] == "on_hold"
    resolved = post(dana, f"{payment}/dispute/resolve", SPLIT)

    assert resolved.body["status"] == "release_requested"
    assert goes_on(firm, payment)["status"] == "partially_refunded"
    assert firm.billing(f"/{firm.get(payment).body['project_milestone_id']}")["is_committed"]


def test_graphql_refunds_and_settles_as_rest_does(settled: str, firm: Firm, dana: Person, client: Person):
    payment_id, other = settled.rpartition("/")[2], issued(firm).rpartition("/")[2]
    back = dana.ask("refundPayment", paymentId=payment_id, reason="A wheel.", amountMinorUnits="5")
    client.ask("disputePayment", paymentId=other, reason="A wheel.")
    split = {"releaseMinorUnits": str(TOTAL), "refundMinorUnits": "0", "resolution": "It is there."}
    resolved = dana.ask("resolvePaymentDispute", paymentId=other, input=split)

    assert back.data["refunded"] == {"minorUnits": "5", "currency": "EUR"}
    assert dana.ask("payment", paymentId=payment_id).data["refunds"][0]["amount"]["minorUnits"] == "5"
    assert resolved.data["dispute"]["release"] == {"minorUnits": str(TOTAL), "currency": "EUR"}

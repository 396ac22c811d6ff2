"""From an issued invoice to the ledger, over REST, GraphQL and the queue: who may release, and what comes of it."""

import pytest

from functions.payments import transition
from functions.payments.payments import PaymentTransitionNotAllowed
from functions.payments.releases import commands
from functions.projects.following import consumers as following
from shared.storage import events, table
from tests.aws import races, troubles
from tests.aws.entries import Context
from tests.aws.messages import delivered
from tests.payments import queue
from tests.payments.invoicing import Firm
from tests.payments.people import Person
from tests.payments.releases.asking import REASON, TERMS, TOTAL, called_by, count, goes_on, hears, issued, post, told
from tests.projects import team
from tests.projects.verification.review import Review, layer


def test_an_issued_invoice_has_a_payment_that_says_for_whom_it_waits(firm: Firm):
    payment = issued(firm)
    shown = goes_on(firm, payment)

    assert (shown["status"], shown["amount_minor_units"], shown["currency"]) == ("invoiced", TOTAL, "EUR")
    assert (shown["reasons"], shown["attempts"]) == (["no_limit", "no_approval"], [])
    assert shown["allowed"] == ["release", "hold"]
    assert [each["payment_id"] for each in firm.get("/payments", "status=invoiced").body["items"]] == [
        shown["payment_id"]
    ]
    assert firm.get("/payments").body["items"][0]["status"] == "invoiced"


def test_a_person_releases_it_in_three_calls_and_the_queue_settles_it(firm: Firm, dana: Person):
    payment = issued(firm)
    goes_on(firm, payment)
    with troubles.counting() as calls:
        released = commands.release(called_by(dana), payment.rpartition("/")[2], if_match=None)
    settled = goes_on(firm, payment)

    assert released["status"] == "release_requested"
    assert len(calls) == 3
    assert (settled["status"], settled["gateway"]) == ("completed", "ledger")
    assert [(each["number"], each["outcome"]) for each in settled["attempts"]] == [(1, "made")]
    assert count(firm, payment, "released") == 1
    invoice = firm.get(f"/invoices/{settled['invoice_id']}").body
    assert (invoice["status"], invoice["amount_due_minor_units"]) == ("paid", 0)


def test_it_is_released_by_itself_after_a_human_approval_within_the_limit(ada: team.Person):
    firm = Firm.opened(ada, **TERMS)
    limits = {"auto_release_limits": {"EUR": TOTAL}}
    assert firm.purse("admin").rest("PATCH", "/payment-settings", limits).status == 200
    review = Review.of(ada, ada.colleague(), firm.project)
    milestone = review.submits(layer(), amount_minor_units=31_250_000)
    assert review.decides(review.verifiers[0], review.layers(milestone)[0]).status == 200
    payment = issued(firm, milestone)

    assert goes_on(firm, payment)["status"] == "completed"
    assert firm.get(payment).body["requested_by"] == "milepost"


@pytest.mark.parametrize("command", ["release", "resume", "retry", "confirm"])
def test_whoever_created_or_owns_the_milestone_does_not_release_its_payment(command: str, firm: Firm):
    payment = issued(firm)

    refused = post(firm.purse(), f"{payment}/{command}", {"is_made": True} if command == "confirm" else None)
    assert (refused.status, refused.code) == (403, "SeparationOfPayment")


def test_whoever_approved_the_milestone_does_not_release_its_payment(firm: Firm):
    review = Review.of(firm.ada, firm.ada.colleague(), firm.project)
    cleo = review.verifiers[0]
    firm.ada.brings(firm.project, cleo, "verifier", "finance")
    milestone = review.submits(layer(), amount_minor_units=31_250_000)
    assert review.decides(cleo, review.layers(milestone)[0]).status == 200
    payment = issued(firm, milestone)

    assert post(firm.purse(somebody=cleo), f"{payment}/release").code == "SeparationOfPayment"
    ben = firm.ada.brings(firm.project, review.ben, "finance")
    assert post(firm.purse(somebody=ben), f"{payment}/release").code == "SeparationOfPayment"


def test_whoever_sees_the_money_without_acting_releases_nothing(firm: Firm):
    client = firm.purse(somebody=firm.ada.brings(firm.project, firm.ada.colleague(), "client"))
    stranger = firm.purse(somebody=firm.ada.colleague())
    payment = issued(firm)

    assert post(client, f"{payment}/release").code == "FinanceRequired"
    assert client.get(payment).status == 200
    assert post(stranger, f"{payment}/release").code == "PaymentNotFound"
    assert stranger.get(payment).code == "PaymentNotFound"
    assert stranger.get("/payments").body["items"] == []


def test_ten_releases_and_redelivered_events_have_one_effect(firm: Firm, dana: Person):
    payment = issued(firm)
    caller, payment_id = called_by(dana), payment.rpartition("/")[2]
    asked = races.at_once(*[lambda: commands.release(caller, payment_id, if_match=None) for _ in range(10)])
    for _ in range(3):
        goes_on(firm, payment)

    assert sum(isinstance(each, PaymentTransitionNotAllowed) for each in asked) == 9
    assert [count(firm, payment, each) for each in ("release_requested", "claimed", "released")] == [1, 1, 1]
    assert len(firm.get(payment).body["attempts"]) == 1


def test_a_held_payment_goes_on_from_where_it_was_stopped(firm: Firm, dana: Person):
    payment = issued(firm)
    held = post(dana, f"{payment}/hold", REASON)
    waiting = goes_on(firm, payment)
    resumed = post(dana, f"{payment}/resume")

    assert (held.body["status"], held.body["held_from"], held.body["note"]) == ("on_hold", "invoiced", REASON["reason"])
    assert (waiting["status"], waiting["reasons"]) == ("on_hold", ["people"])
    assert (resumed.body["status"], resumed.body["note"], resumed.body["reasons"]) == ("invoiced", None, [])


def test_a_closed_gate_holds_what_a_person_releases(firm: Firm, dana: Person):
    milestone = firm.verified(31_250_000)
    payment = issued(firm, milestone)
    trouble = {"kind": "quality", "severity": "high", "reason_code": "supplier", "blocks_work": True}
    sent = {"project_milestone_id": milestone.rpartition("/")[2], **trouble}
    assert firm.ada.post("/escalations", sent).status == 201
    held = post(dana, f"{payment}/release")

    assert (held.status, held.body["status"]) == (200, "on_hold")
    assert held.body["reasons"] == ["milestone_held"]


def test_a_gate_that_closes_after_the_request_holds_the_payment_before_its_claim(firm: Firm, dana: Person):
    milestone = firm.verified(31_250_000)
    payment = issued(firm, milestone)
    assert post(dana, f"{payment}/release").body["status"] == "release_requested"
    trouble = {"kind": "quality", "severity": "high", "reason_code": "supplier", "blocks_work": True}
    sent = {"project_milestone_id": milestone.rpartition("/")[2], **trouble}
    assert firm.ada.post("/escalations", sent).status == 201

    assert goes_on(firm, payment)["held_from"] == "release_requested"
    assert count(firm, payment, "claimed") == 0


def test_a_refused_transition_says_which_ones_are_allowed(firm: Firm, dana: Person):
    payment = issued(firm)
    refused = post(dana, f"{payment}/retry")

    assert (refused.status, refused.code) == (409, "PaymentTransitionNotAllowed")
    assert (refused.body["from"], refused.body["event"]) == ("invoiced", "retry")
    assert refused.body["allowed"] == transition.allowed(transition.Held("invoiced"))


def test_the_manual_gateway_waits_for_a_person_who_confirms(firm: Firm, dana: Person):
    assert firm.purse("admin").rest("PATCH", "/payment-settings", {"gateway": "manual"}).status == 200
    payment = issued(firm)
    before = post(dana, f"{payment}/confirm", {"is_made": True})
    post(dana, f"{payment}/release")
    waiting = goes_on(firm, payment)
    early = post(dana, f"{payment}/hold", REASON)
    confirmed = post(dana, f"{payment}/confirm", {"is_made": True, "reference": "Statement 12"})

    assert (before.code, before.body["event"]) == ("PaymentTransitionNotAllowed", "confirm")
    assert (waiting["status"], waiting["is_unsure"]) == ("processing", False)
    assert early.code == "PaymentTransitionNotAllowed"
    assert (confirmed.body["status"], confirmed.body["reference"]) == ("completed", "Statement 12")


def test_what_a_person_says_was_not_made_has_failed_and_is_tried_again(
    firm: Firm, dana: Person, monkeypatch: pytest.MonkeyPatch
):
    # A failure gives back what others may wait for, and those are told of there.
    monkeypatch.setenv("PAYMENTS_QUEUE_URL", queue.QUEUE)
    assert firm.purse("admin").rest("PATCH", "/payment-settings", {"gateway": "manual"}).status == 200
    payment = issued(firm)
    post(dana, f"{payment}/release")
    goes_on(firm, payment)
    failed = post(dana, f"{payment}/confirm", {"is_made": False})
    again = post(dana, f"{payment}/retry")

    assert (failed.body["status"], failed.body["failure"]) == ("failed", "not_made")
    assert again.body["status"] == "release_requested"
    assert goes_on(firm, payment)["key"] == f"{payment.rpartition('/')[2]}-2"


def test_an_invoice_whose_payment_is_made_now_is_neither_credited_nor_recorded_as_paid(firm: Firm, dana: Person):
    assert firm.purse("admin").rest("PATCH", "/payment-settings", {"gateway": "manual"}).status == 200
    payment = issued(firm)
    post(dana, f"{payment}/release")
    invoice = f"/invoices/{goes_on(firm, payment)['invoice_id']}"
    received = {"amount_minor_units": 5, "received_on": "2026-11-20"}

    assert firm.post(f"{invoice}/record-payment", received).code == "InvoiceInRelease"
    assert firm.post(f"{invoice}/cancel", REASON).code == "InvoiceInRelease"


def test_what_was_paid_from_outside_in_part_is_released_without_that(firm: Firm, dana: Person):
    payment = issued(firm)
    received = {"amount_minor_units": 100, "received_on": "2026-11-20"}
    assert firm.post(f"/invoices/{firm.get(payment).body['invoice_id']}/record-payment", received).status == 200
    post(dana, f"{payment}/release")

    assert goes_on(firm, payment)["amount_minor_units"] == TOTAL - 100


@pytest.mark.parametrize("end", ["paid", "cancelled"])
def test_the_payment_of_an_invoice_that_is_paid_or_cancelled_is_cancelled(end: str, firm: Firm):
    payment = issued(firm)
    invoice = f"/invoices/{firm.get(payment).body['invoice_id']}"
    received = {"amount_minor_units": TOTAL, "received_on": "2026-11-20"}
    done = firm.post(f"{invoice}/record-payment", received) if end == "paid" else firm.post(f"{invoice}/cancel", REASON)
    assert done.status == 200, done.body
    place = f"TENANT#{firm.ada.tenant_id}#INV#{invoice.rpartition('/')[2]}"
    of_invoice = [events.stored(item) for item in table.query_all(place, "EVENT#")]
    hears([each for each in of_invoice if each.event_type == f"payments.invoice.{end}"])

    shown = firm.get(payment).body
    assert (shown["status"], shown["reasons"]) == (
        "cancelled",
        ["paid_outside" if end == "paid" else "invoice_cancelled"],
    )


def test_graphql_has_what_rest_has(firm: Firm, dana: Person):
    payment_id = issued(firm).rpartition("/")[2]
    shown = dana.ask("payment", paymentId=payment_id)
    released = dana.ask("releasePayment", paymentId=payment_id, expectedVersion=1)
    listed = dana.ask("payments", status="release_requested")

    assert shown.data["amount"] == {"minorUnits": str(TOTAL), "currency": "EUR"}
    assert released.data["status"] == "release_requested"
    assert [each["paymentId"] for each in listed.data["items"]] == [payment_id]
    assert dana.ask("releasePayment", paymentId=payment_id).error_type == "PaymentTransitionNotAllowed"


def test_the_settings_of_releases_are_checked(firm: Firm):
    boss = firm.purse("admin")

    assert boss.rest("PATCH", "/payment-settings", {"gateway": "cash"}).status == 422
    assert boss.rest("PATCH", "/payment-settings", {"auto_release_limits": {"XXX": 1}}).status == 422
    assert boss.rest("PATCH", "/payment-settings", {"auto_release_limits": {"EUR": 0}}).status == 422
    put = boss.ask("updatePaymentSettings", input={"autoReleaseLimits": [{"currency": "JPY", "minorUnits": "5"}]})
    assert put.data["autoReleaseLimits"] == [{"currency": "JPY", "minorUnits": "5"}]
    assert boss.get("/payment-settings").body["auto_release_limits"] == {"JPY": 5}


def test_no_amount_and_no_text_leaves_with_an_event(firm: Firm, dana: Person):
    payment = issued(firm)
    post(dana, f"{payment}/hold", REASON)
    happened = told(firm, payment)

    assert {each.event_type.rpartition(".")[2] for each in happened} == {"invoiced", "held"}
    assert str(TOTAL) not in str(happened)
    assert REASON["reason"] not in str(happened)


def test_a_milestone_that_waits_for_a_payment_may_start_after_it(firm: Firm, dana: Person):
    first = firm.verified(31_250_000)
    second = firm.ada.plans(firm.project)
    firm.ada.assigns(second, firm.ada)
    edge = {"from_id": first.rpartition("/")[2], "type": "payment_to_start"}
    assert firm.ada.post(f"{second}/dependencies", edge).status == 201
    assert firm.ada.post(f"{second}/activate").body["status"] == "pending"
    payment = issued(firm, first)
    post(dana, f"{payment}/release")
    goes_on(firm, payment)
    assert firm.ada.status(second) == "pending"
    released = [each for each in told(firm, payment) if each.event_type.endswith(".released")]
    assert following.handler(delivered(released), Context()) == {"batchItemFailures": []}

    assert firm.ada.status(second) == "active"

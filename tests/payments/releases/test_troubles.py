"""What becomes of a milestone whose payment is in trouble: an escalation that blocks, and does not stand in its way."""

from datetime import timedelta

import pytest
import time_machine

from functions.payments.gateways.told import Told
from functions.payments.releases import opening
from functions.payments.releases.webhooks import applying
from shared import clock
from shared.storage import events, table
from tests.aws import scheduler
from tests.payments.invoicing import Firm
from tests.payments.people import Person
from tests.payments.releases.asking import REASON, TOTAL, post
from tests.payments.releases.troubled import Trouble
from tests.payments.releases.untrue import Untrue


@pytest.fixture
def trouble(firm: Firm, dana: Person, time: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch) -> Trouble:
    scheduler.make_surroundings(monkeypatch)
    milestone = firm.verified(31_250_000)
    payment = f"/payments/{firm.issues(milestone)['payment_id']}"
    return Trouble(firm, dana, time, milestone, payment, Untrue())


def test_a_payment_that_has_failed_for_good_is_escalated_once(trouble: Trouble):
    trouble.fails()
    trouble.tells()
    (raised,) = trouble.escalations()

    assert (raised["trigger"], raised["trigger_id"]) == ("failed_payment", trouble.payment_id)
    assert (raised["kind"], raised["severity"], raised["reason_code"]) == ("budget", "high", "payment_issue")
    assert (raised["blocks_work"], raised["raised_by"], raised["status"]) == (True, "system", "pending")
    assert trouble.firm.ada.get(trouble.milestone).body["held_by"] == [raised["escalation_id"]]


def test_a_failure_that_is_tried_again_by_itself_escalates_nothing(trouble: Trouble):
    post(trouble.dana, f"{trouble.payment}/release")
    trouble.gateway.troubles = ["refused"]
    trouble.advances()
    trouble.tells()

    assert trouble.happened("failed")
    assert trouble.escalations() == []


def deposit(trouble: Trouble) -> None:
    """Deposit as much for the project as one of its payments comes to."""
    sent = {"amount_minor_units": TOTAL, "currency": "EUR"}
    assert trouble.dana.post(f"{trouble.firm.project}/deposits", sent).status == 201


def waiting_for_a_deposit(trouble: Trouble) -> Trouble:
    """Return another payment of the project, which is in escrow and has deposits for the first alone."""
    firm = trouble.firm
    assert firm.ada.patch(firm.project, {"escrow": True}).status == 200
    milestone = firm.verified(31_250_000)
    payment = f"/payments/{firm.issues(milestone)['payment_id']}"
    other = Trouble(firm, trouble.dana, trouble.time, milestone, payment, Untrue())
    for each in (trouble, other):
        post(each.dana, f"{each.payment}/release")
    deposit(trouble)
    return other


def test_a_payment_whose_deposits_were_drawn_after_it_had_failed_is_escalated_until_it_is_made(trouble: Trouble):
    other = waiting_for_a_deposit(trouble)
    trouble.gateway.troubles = ["refused"]
    statuses = [trouble.advances(), other.advances(), trouble.tried(1)]
    trouble.tells()
    (raised,) = trouble.escalations()
    work = [each["work_id"] for each in trouble.works_on()]
    waits_for = trouble.firm.get(trouble.payment).body["reasons"]
    deposit(trouble)
    settled = trouble.advances()
    trouble.tells()

    assert statuses == ["failed", "completed", "release_requested"]
    assert (raised["trigger"], raised["trigger_id"]) == ("failed_payment", trouble.payment_id)
    assert (raised["severity"], raised["reason_code"], raised["status"]) == ("high", "payment_issue", "pending")
    assert (waits_for, work) == (["deposit_missing"], [raised["escalation_id"]])
    assert (settled, trouble.statuses()) == ("completed", ["resolved"])


def test_a_payment_that_has_never_been_tried_waits_for_a_deposit_without_trouble(trouble: Trouble):
    other = waiting_for_a_deposit(trouble)
    statuses = [trouble.advances(), other.advances()]
    other.tells()

    assert statuses == ["completed", "release_requested"]
    assert other.happened("deposit_awaited")
    assert other.escalations() == []


def test_its_escalation_reaches_worklist_history_and_events(trouble: Trouble):
    trouble.fails()
    trouble.tells()
    (raised,) = trouble.escalations()
    told_of = trouble.raised()
    waiting = trouble.works_on()
    history = trouble.firm.ada.get(f"{trouble.milestone}/history").body["items"]

    assert [each.data["trigger"] for each in told_of] == ["failed_payment"]
    assert [(each["kind"], each["work_id"]) for each in waiting] == [("escalation", raised["escalation_id"])]
    assert "projects.escalation.raised" in [each["event_type"] for each in history]


def test_it_does_not_hold_the_payment_that_it_is_about_and_ends_with_it(trouble: Trouble):
    trouble.fails()
    trouble.tells()
    asked = post(trouble.dana, f"{trouble.payment}/retry")
    trouble.gateway.troubles = []
    settled = trouble.advances()
    trouble.tells()

    assert (asked.status, asked.body["status"]) == (200, "release_requested")
    assert settled == "completed"
    assert len(trouble.gateway.standing(trouble.payment_id)) == 1
    assert trouble.statuses() == ["resolved"]
    assert trouble.firm.ada.get(trouble.milestone).body["held_by"] == []


def test_other_escalations_hold_it_as_before(trouble: Trouble):
    trouble.fails()
    trouble.tells()
    named = {"project_milestone_id": trouble.milestone.rpartition("/")[2], "severity": "high"}
    theirs = {"kind": "quality", "reason_code": "technical", "blocks_work": True}
    assert trouble.firm.ada.post("/escalations", {**named, **theirs}).status == 201
    asked = post(trouble.dana, f"{trouble.payment}/retry")

    assert (asked.body["status"], asked.body["reasons"]) == ("on_hold", ["milestone_held"])


def test_payments_in_trouble_hold_no_other_that_is_and_those_that_are_not(trouble: Trouble):
    halves = trouble.firm.verified(1_000)
    first, second, third = (trouble.firm.issues(halves, percentage=share)["payment_id"] for share in ("40", "30", "30"))
    both = [
        Trouble(trouble.firm, trouble.dana, trouble.time, halves, f"/payments/{each}", Untrue())
        for each in (first, second)
    ]
    for each in both:
        each.fails()
    for each in both:
        each.tells()
    kinds = sorted(each["kind"] for each in both[0].escalations())
    retried = [post(trouble.dana, f"{each.payment}/retry").body["status"] for each in both]
    other = post(trouble.dana, f"/payments/{third}/release").body

    assert kinds == ["budget", "delay"]
    assert retried == ["release_requested"] * 2
    assert (other["status"], other["reasons"]) == ("on_hold", ["milestone_held"])


def test_a_payment_of_progress_goes_on_though_its_trouble_stops_the_milestone(trouble: Trouble):
    firm = trouble.firm
    terms = {"trigger": "progress", "thresholds": [50, 100], "auto_invoice": False}
    assert firm.purse("admin").rest("PUT", "/payment-terms", terms).status == 200
    milestone = firm.ada.begins(firm.project, firm.ada, amount_minor_units=1_000)
    payment = f"/payments/{firm.issues(milestone, percentage='50')['payment_id']}"
    stopped = Trouble(firm, trouble.dana, trouble.time, milestone, payment, Untrue())
    stopped.fails()
    stopped.tells()
    before = firm.ada.status(milestone)
    asked = post(stopped.dana, f"{payment}/retry")
    settled = stopped.advances()
    stopped.tells()

    assert (before, asked.body["status"], settled) == ("escalated", "release_requested", "completed")
    assert firm.ada.status(milestone) == "in_progress"


def test_what_was_resolved_by_hand_is_escalated_anew_by_the_next_failure_alone(trouble: Trouble):
    trouble.fails()
    trouble.tells()
    trouble.resolves()
    trouble.tells()
    after_the_first = trouble.statuses()
    post(trouble.dana, f"{trouble.payment}/retry")
    trouble.gateway.troubles = ["none", "refused"]
    trouble.gateway.kept.clear()
    failed = trouble.advances()
    trouble.tells()

    assert after_the_first == ["resolved"]
    assert failed == "failed"
    assert trouble.statuses() == ["pending", "resolved"]


def test_an_invoice_that_is_paid_from_outside_ends_the_trouble(trouble: Trouble):
    trouble.fails()
    trouble.tells()
    invoice_id = trouble.firm.get(trouble.payment).body["invoice_id"]
    due = trouble.firm.get(f"/invoices/{invoice_id}").body["amount_due_minor_units"]
    receipt = {"amount_minor_units": due, "received_on": "2026-11-20"}
    assert trouble.firm.post(f"/invoices/{invoice_id}/record-payment", receipt).status == 200
    place = f"TENANT#{trouble.firm.ada.tenant_id}#INV#{invoice_id}"
    paid = [events.stored(item) for item in table.query_all(place, "EVENT#")]
    trouble.tells([each for each in paid if each.event_type == "payments.invoice.paid"])
    trouble.tells()

    assert trouble.statuses() == ["resolved"]


def test_a_payment_that_people_hold_is_no_trouble(trouble: Trouble):
    post(trouble.dana, f"{trouble.payment}/hold", REASON)
    trouble.tells()

    assert trouble.happened("held")
    assert trouble.escalations() == []


def test_a_payment_of_another_amount_is_escalated(trouble: Trouble):
    post(trouble.dana, f"{trouble.payment}/release")
    trouble.gateway.troubles = ["other amount"]
    held = trouble.advances()
    trouble.tells()

    assert (held, trouble.statuses()) == ("on_hold", ["pending"])


def test_a_contradiction_is_for_people_and_each_of_them_counts_once(trouble: Trouble):
    post(trouble.dana, f"{trouble.payment}/release")
    trouble.advances()
    for number in (1, 2):
        contradict(trouble, f"evt_{number}")
        trouble.tells()
        trouble.resolves()
        trouble.tells()

    assert trouble.statuses() == ["resolved", "resolved"]


def contradict(trouble: Trouble, event_id: str) -> None:
    """Have the gateway tell of another transfer for a payment that is made."""
    opened = opening.by_itself(trouble.firm.ada.tenant_id, trouble.payment_id)
    assert opened is not None
    amount = opened.payment.amount_minor_units
    said = Told(event_id, trouble.payment_id, "tr_another", amount, 0, "EUR")
    trouble.time.shift(timedelta(seconds=1))
    table.transact(applying.writes(opened, said, clock.now()))

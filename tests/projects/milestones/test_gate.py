"""The gate and the billing: what projects and payments know of each other at once. The tests write the billing."""

import pytest

from tests.aws import hooks
from tests.projects.billing import bills, gate
from tests.projects.escalation.asking import asks, raises
from tests.projects.team import Person
from tests.projects.verification.review import Review, layer

REASON = {"reason": "The mill jams."}


def test_the_gate_shows_the_milestone_after_every_transition(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    milestone = ada.begins(project, ben, amount_minor_units=500, acceptance="manager")
    for somebody, event, status, attempt in (
        (ben, "complete", "verified", 1),
        (ada, "refuse", "rejected", 1),
        (ben, "rework", "in_progress", 2),
        (ben, "complete", "verified", 2),
        (ada, "accept", "approved", 2),
    ):
        moved = somebody.post(f"{milestone}/{event}", REASON if event == "refuse" else None)
        assert moved.status == 200, moved.body
        shown = gate(ada, milestone)

        assert (shown["status"], shown["attempt"], shown["version"]) == (status, attempt, moved.body["version"])
        assert (shown["amount_minor_units"], shown["currency"], shown["holds"]) == (500, "EUR", [])


def test_with_an_open_invoice_a_milestone_is_neither_cancelled_nor_given_another_amount(ada: Person, project: str):
    milestone = ada.begins(project, ada, amount_minor_units=500)
    bills(ada, milestone, open_invoices=1)

    assert ada.post(f"{milestone}/cancel", REASON).code == "InvoiceOpen"
    assert ada.patch(milestone, {"amount_minor_units": 600}).code == "InvoiceOpen"
    bills(ada, milestone)
    assert ada.post(f"{milestone}/cancel", REASON).status == 200


@pytest.mark.parametrize("event", ["refuse", "rework"])
def test_what_is_committed_to_payments_does_not_go_back(event: str, ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    milestone = ada.begins(project, ben, amount_minor_units=500, acceptance="manager")
    ben.post(f"{milestone}/complete")
    if event == "rework":
        ada.post(f"{milestone}/refuse", REASON)
    bills(ada, milestone, is_committed=True)

    assert ada.post(f"{milestone}/{event}", REASON if event == "refuse" else None).code == "PaymentCommitted"


def test_a_draft_with_an_open_invoice_is_not_deleted(ada: Person, project: str):
    milestone = ada.plans(project, amount_minor_units=500)
    bills(ada, milestone, open_invoices=2)

    assert ada.delete(milestone).code == "InvoiceOpen"
    assert ada.get(milestone).status == 200


def test_the_gate_names_who_made_the_milestone_and_who_accepted_it(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    milestone = ada.begins(project, ben, amount_minor_units=500, acceptance="manager")
    ben.post(f"{milestone}/complete")

    assert (gate(ada, milestone)["created_by"], gate(ada, milestone)["approved_by"]) == (ada.user_id, [])
    assert ada.post(f"{milestone}/accept").status == 200
    assert gate(ada, milestone)["approved_by"] == [ada.user_id]
    assert "approved_by" not in ada.get(milestone).body


def test_the_gate_names_who_approved_until_that_is_refused(ada: Person, ben: Person, project: str):
    review = Review.of(ada, ben, project)
    milestone = review.submits(layer(mode="all"), amount_minor_units=500, acceptance="manager")
    [asked] = review.layers(milestone)
    for each in review.verifiers:
        assert review.decides(each, asked).status == 200

    assert gate(ada, milestone)["status"] == "verified"
    assert gate(ada, milestone)["approved_by"] == sorted(each.user_id for each in review.verifiers)
    assert ada.post(f"{milestone}/refuse", REASON).status == 200
    assert gate(ada, milestone)["approved_by"] == []


def test_the_gate_names_who_approved_while_the_milestone_was_escalated(ada: Person, ben: Person, project: str):
    review = Review.of(ada, ben, project)
    milestone = review.submits(layer(), amount_minor_units=500)
    [asked] = review.layers(milestone)
    trouble = raises(ada, milestone, blocks_work=True)
    assert review.decides(review.verifiers[0], asked).status == 200
    assert asks(ada, trouble, "resolve").status == 200

    assert (gate(ada, milestone)["status"], gate(ada, milestone)["holds"]) == ("approved", [])
    assert gate(ada, milestone)["approved_by"] == [review.verifiers[0].user_id]


def test_the_gate_names_the_secondary_owners_that_there_are(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    milestone = ada.begins(project, ada)
    team_id = ada.post(f"{project}/teams", {"name": "Millwrights", "people": []}).body["team_id"]
    assert gate(ada, milestone)["secondary_owners"] == []
    ada.assigns(milestone, ben, "secondary")
    assert ada.post(f"{milestone}/owners", {"team_id": team_id, "role": "secondary"}).status == 201
    assert ada.patch(milestone, {"title": "Mill built"}).status == 200

    assert gate(ada, milestone)["secondary_owners"] == sorted([ben.user_id, team_id])
    assert ada.delete(f"{milestone}/owners/{ben.user_id}").status == 204
    assert gate(ada, milestone)["secondary_owners"] == [team_id]
    assert ada.delete(f"{milestone}/owners/{team_id}").status == 204
    assert gate(ada, milestone)["secondary_owners"] == []


def test_a_secondary_owner_who_comes_while_the_milestone_changes_stays_in_the_gate(
    ada: Person, ben: Person, project: str
):
    ada.brings(project, ben, "viewer")
    milestone, is_first = ada.begins(project, ada), [True]

    def comes(**_: object) -> None:
        if is_first and is_first.pop():
            ada.assigns(milestone, ben, "secondary")

    with hooks.registered("before-call.dynamodb.TransactWriteItems", comes):
        assert ada.patch(milestone, {"title": "Mill built"}).status == 200

    shown = gate(ada, milestone)
    assert (shown["title"], shown["secondary_owners"]) == ("Mill built", [ben.user_id])

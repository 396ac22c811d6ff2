"""What events of milestones bring about: invoices that issue themselves once, and invoices that are cancelled."""

from typing import Any

import pytest

from functions.payments.following import invoicing
from tests.payments.invoicing import SELLER, Firm
from tests.projects.team import Person

pytestmark = pytest.mark.usefixtures("time")
REASON = {"reason": "The mill jams."}


def opened(ada: Person, **terms: Any) -> Firm:
    return Firm.opened(ada, **{"auto_invoice": True, **terms})


def invoiced(firm: Firm, milestone: str) -> list[tuple[str, int]]:
    """Return the invoices of a milestone, the oldest first: their status and net."""
    found = firm.get(f"{milestone}/invoices", "limit=100").body["items"]
    return sorted((each["status"], each["net_minor_units"]) for each in found)


def test_a_verified_milestone_is_invoiced_once_also_when_its_events_come_again(ada: Person):
    firm = opened(ada)
    milestone = firm.verified(500)
    firm.hears(milestone)
    firm.hears(milestone, "verified")
    firm.ada.patch(milestone, {"notes": "Painted."})
    firm.hears(milestone)

    assert invoiced(firm, milestone) == [("issued", 500)]
    assert firm.numbers() == ["NUMBER#000001", "1"]


def test_what_somebody_cancelled_is_not_issued_again_for_the_same_attempt(ada: Person):
    firm = opened(ada)
    milestone = firm.verified(500)
    firm.hears(milestone)
    [made] = firm.get(f"{milestone}/invoices").body["items"]
    firm.post(f"/invoices/{made['invoice_id']}/cancel", REASON)
    firm.hears(milestone)

    assert invoiced(firm, milestone) == [("cancelled", 500)]


def test_a_milestone_that_is_to_be_approved_waits_for_that(ada: Person):
    firm = opened(ada, trigger="approval")
    milestone = firm.verified(500, acceptance="client")
    firm.hears(milestone)
    assert invoiced(firm, milestone) == []

    client = firm.ada.brings(firm.project, firm.ada.colleague(), "client")
    assert client.post(f"{milestone}/accept").status == 200
    firm.hears(milestone)
    assert invoiced(firm, milestone) == [("issued", 500)]


def test_progress_asks_for_each_threshold_once(ada: Person):
    firm = opened(ada, trigger="progress", thresholds=[50, 60, 100])
    milestone = ada.begins(firm.project, ada, amount_minor_units=1000, allow_decrease=True)
    for progress in (49, 50, 60, 50, 60):
        moved = ada.put(f"{milestone}/progress", {"progress": progress})
        assert moved.status == 200, moved.body
        firm.hears(milestone)
    assert invoiced(firm, milestone) == [("issued", 100), ("issued", 500)]

    ada.post(f"{milestone}/complete")
    firm.hears(milestone)
    assert invoiced(firm, milestone) == [("issued", 100), ("issued", 400), ("issued", 500)]
    assert firm.billing(milestone)["share"] == 1_000_000


def test_progress_asks_for_no_more_than_people_have_left(ada: Person):
    firm = opened(ada, trigger="progress", thresholds=[50, 100])
    milestone = ada.begins(firm.project, ada, amount_minor_units=1000)
    firm.issues(milestone, percentage="70")
    ada.post(f"{milestone}/complete")
    firm.hears(milestone)

    assert invoiced(firm, milestone) == [("issued", 300), ("issued", 700)]


def test_nothing_is_issued_where_terms_say_that_people_do(ada: Person):
    firm = Firm.opened(ada)
    milestone, without_amount = firm.verified(500), firm.verified(1)
    firm.hears(milestone)
    firm.hears(without_amount)

    assert invoiced(firm, milestone) == []
    assert firm.billing(milestone) == {}


def test_without_a_client_it_is_a_draft_once(ada: Person):
    firm = opened(ada)
    ada.patch(firm.project, {"client": None})
    milestone = firm.verified(500)
    firm.hears(milestone)

    assert invoiced(firm, milestone) == [("draft", 500)]
    assert firm.numbers() == []
    ada.patch(firm.project, {"client": {"name": SELLER["name"]}})
    firm.hears(milestone)
    assert invoiced(firm, milestone) == [("draft", 500)]


def test_a_cancelled_milestone_leaves_no_draft(ada: Person):
    firm = Firm.opened(ada)
    milestone = ada.begins(firm.project, ada, amount_minor_units=500)
    firm.issues(milestone, draft=True)
    assert ada.post(f"{milestone}/cancel", REASON).status == 200
    firm.hears(milestone)

    assert invoiced(firm, milestone) == []


def test_an_event_of_a_milestone_that_is_gone_does_nothing(ada: Person):
    firm = opened(ada)
    project = firm.project.rpartition("/")[2]

    invoicing.follow(ada.tenant_id, project, "pms_01KAEY5R7C2N8V4X6Z9B1D3F5H", 100)
    assert firm.get("/invoices").body["items"] == []

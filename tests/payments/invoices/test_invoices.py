"""Invoices through the door: drafts, issue, what is refused, and what is written."""

from typing import Any

import pytest
import time_machine

from functions.payments.invoices import lifecycle
from functions.payments.invoices.asking import Asked
from shared.callers.caller import Caller
from shared.storage import table
from tests.aws import hooks
from tests.payments.invoicing import CLIENT, SELLER, TERMS, Firm
from tests.projects.team import Person

pytestmark = pytest.mark.usefixtures("time")
MISSING = "/invoices/inv_01KAEY5R7C2N8V4X6Z9B1D3F5H"


@pytest.fixture
def firm(ada: Person) -> Firm:
    return Firm.opened(ada, **TERMS)


def test_an_issued_invoice_has_its_number_its_days_its_parties_and_its_amounts(firm: Firm):
    made = firm.issues(firm.verified(31_250_000))

    assert (made["status"], made["number"], made["kind"]) == ("issued", "INV-202611-0001", "milestone")
    assert (made["issued_on"], made["due_on"], made["is_overdue"]) == ("2026-11-20", "2026-12-20", False)
    assert (made["retention_minor_units"], made["taxable_minor_units"]) == (3_125_000, 28_125_000)
    assert (made["tax_minor_units"], made["payable_minor_units"]) == (5_062_500, 33_187_500)
    assert made["seller"]["name"] == SELLER["name"]
    assert made["buyer"] == {
        "name": CLIENT["name"],
        "address": [CLIENT["address"]],
        "tax_ids": [CLIENT["tax_id"]],
        "email": None,
    }
    assert [line["description"] for line in made["lines"]] == ["Mill assembled"]
    assert firm.get(f"/invoices/{made['invoice_id']}").body == made


def test_what_is_set_later_does_not_touch_an_issued_invoice(firm: Firm):
    made = firm.issues(firm.verified(1000))
    boss = firm.purse("admin")
    boss.rest("PATCH", "/payment-settings", {"seller": {**SELLER, "name": "Difference Engines"}})
    boss.rest("PUT", "/payment-terms", {"tax_percent": "20"})
    firm.ada.patch(firm.project, {"client": None})

    assert firm.get(f"/invoices/{made['invoice_id']}").body == made


def test_a_draft_has_no_number_and_is_changed_issued_or_deleted(firm: Firm):
    milestone = firm.verified(1000)
    draft = firm.issues(milestone, draft=True, percentage="40")
    path = f"/invoices/{draft['invoice_id']}"

    assert (draft["status"], draft["number"], firm.billing(milestone)) == ("draft", None, {})
    changed = firm.purse().rest("PATCH", path, {"percentage": "60", "note": "Thank you."})
    assert (changed.body["net_minor_units"], changed.body["note"]) == (600, "Thank you.")
    issued = firm.post(f"{path}/issue")
    assert (issued.body["number"], issued.body["percentage"]) == ("INV-202611-0001", "60")
    assert firm.post(f"{path}/issue").code == "InvoiceIssued"
    assert firm.purse().rest("PATCH", path, {"percentage": "10"}).code == "InvoiceIssued"
    assert firm.purse().rest("DELETE", path).code == "InvoiceIssued"
    assert firm.billing(milestone)["share"] == 600_000


def test_deleted_drafts_leave_no_gap(firm: Firm):
    milestone = firm.verified(1000)
    for _ in range(2):
        draft = firm.issues(milestone, draft=True, percentage="10")
        assert firm.purse().rest("DELETE", f"/invoices/{draft['invoice_id']}").status == 204
        firm.issues(milestone, percentage="10")

    assert firm.numbers() == ["NUMBER#000001", "NUMBER#000002", "2"]


def test_a_preview_writes_nothing(firm: Firm):
    milestone = firm.verified(31_250_000)
    before = table.query(f"TENANT#{firm.ada.tenant_id}#INVOICES", "INVOICE#", limit=10).items
    sent = {"project_milestone_id": milestone.rpartition("/")[2], "percentage": "50"}
    shown = firm.post("/invoices/preview", sent)

    assert shown.status == 200, shown.body
    assert (shown.body["invoice_id"], shown.body["number"]) == ("", None)
    assert shown.body["payable_minor_units"] == 16_593_750
    assert table.query(f"TENANT#{firm.ada.tenant_id}#INVOICES", "INVOICE#", limit=10).items == before == []
    assert firm.numbers() == []


def test_three_thirds_are_the_amount_and_more_is_over_invoiced(firm: Firm):
    milestone = firm.verified(100_001)
    nets = [firm.issues(milestone, percentage=share)["net_minor_units"] for share in ("33.33", "33.33", "33.34")]

    assert sum(nets) == 100_001
    for asked in ({}, {"percentage": "0.0001"}):
        assert firm.post(f"{milestone}/invoices", asked).code == "OverInvoiced"


def test_lines_come_to_the_share_or_are_refused(firm: Firm):
    milestone = firm.verified(1000)
    lines = [
        {"description": "Assembly", "quantity": "1.5", "unit_price_minor_units": 400},
        {"description": "Books", "unit_price_minor_units": 400, "tax_percent": "7"},
    ]

    refused = firm.post(f"{milestone}/invoices", {"percentage": "50", "lines": lines})
    assert (refused.status, refused.fields) == (422, ["lines"])
    made = firm.issues(milestone, lines=lines)
    assert [line["net_minor_units"] for line in made["lines"]] == [600, 400]
    assert [(each["tax_percent"], each["tax_minor_units"]) for each in made["taxes"]] == [("18", 97), ("7", 25)]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"percentage": "100.1"}, "percentage"),
        ({"percentage": "-1"}, "percentage"),
        ({"percentage": 40}, "percentage"),
        ({"percentage": "1.00001"}, "percentage"),
        ({"percentage": "٣"}, "percentage"),
        ({"lines": [{"description": "", "unit_price_minor_units": 1}]}, "lines.0.description"),
        ({"lines": [{"description": "A", "unit_price_minor_units": 10**16}]}, "lines.0.unit_price_minor_units"),
        ({"lines": [{"description": "A", "unit_price_minor_units": 1, "quantity": "1e3"}]}, "lines.0.quantity"),
        ({"lines": [{"description": "A", "unit_price_minor_units": 1, "quantity": "0.1"}]}, "lines.0.quantity"),
        ({"supplied_on": "2026-02-30"}, "supplied_on"),
        ({"status": "paid"}, "status"),
    ],
)
def test_what_cannot_be_invoiced_names_its_field(body: dict[str, Any], field: str, firm: Firm):
    milestone = firm.verified(1000)
    refused = firm.post(f"{milestone}/invoices", body)

    assert (refused.status, refused.fields) == (422, [field])
    assert firm.numbers() == []


def test_a_milestone_is_invoiced_once_it_has_come_as_far_as_its_terms_say(firm: Firm):
    begun = firm.ada.begins(firm.project, firm.ada, amount_minor_units=500)

    refused = firm.post(f"{begun}/invoices", {})
    assert (refused.status, refused.code) == (409, "MilestoneNotReady")
    assert firm.issues(begun, draft=True)["status"] == "draft"
    firm.ada.post(f"{begun}/complete")
    assert firm.issues(begun)["status"] == "issued"


def test_nothing_is_issued_without_an_amount_a_seller_or_a_client(ada: Person):
    firm = Firm(ada, ada.creates())
    without_amount = ada.begins(firm.project, ada)
    milestone = firm.verified(500)

    assert firm.post(f"{without_amount}/invoices", {"draft": True}).code == "MilestoneWithoutAmount"
    assert firm.post(f"{milestone}/invoices", {}).code == "SellerUnknown"
    firm.purse("admin").rest("PATCH", "/payment-settings", {"seller": SELLER})
    assert firm.post(f"{milestone}/invoices", {}).code == "BuyerUnknown"
    assert firm.numbers() == []


def test_only_managers_and_finance_invoice_and_others_see_nothing(firm: Firm, eve: Person):
    milestone = firm.verified(500)
    made = firm.issues(milestone)
    for role, status in (("viewer", 403), ("creator", 403), ("client", 403), ("finance", 409)):
        ben = firm.ada.brings(firm.project, firm.ada.colleague(), role)
        purse = firm.purse("member", ben)

        assert purse.rest("POST", f"{milestone}/invoices", {}).status == status, role
        sees = role in ("client", "finance")
        assert purse.get(f"/invoices/{made['invoice_id']}").status == (200 if sees else 404), role
        assert purse.get(f"{milestone}/invoices").status == (200 if sees else 403), role
        assert len(purse.get("/invoices").body["items"]) == sees, role
    foreign = firm.purse("owner", eve)
    assert foreign.get(f"/invoices/{made['invoice_id']}").code == "InvoiceNotFound"
    assert foreign.rest("POST", f"{milestone}/invoices", {}).code == "ProjectMilestoneNotFound"
    assert foreign.get("/invoices").body["items"] == []
    assert firm.get(MISSING).code == "InvoiceNotFound"


def test_the_same_key_issues_one_invoice(firm: Firm):
    milestone = firm.verified(500)
    first = firm.post(f"{milestone}/invoices", {"percentage": "50"}, key="k1")
    again = firm.post(f"{milestone}/invoices", {"percentage": "50"}, key="k1")

    assert (first.status, again.body) == (201, first.body)
    assert firm.post(f"{milestone}/invoices", {"percentage": "40"}, key="k1").code == "IdempotencyKeyReused"
    assert firm.numbers() == ["NUMBER#000001", "1"]


def test_a_stale_draft_is_neither_changed_nor_issued(firm: Firm):
    draft = firm.issues(firm.verified(500), draft=True)
    path = f"/invoices/{draft['invoice_id']}"
    firm.purse().rest("PATCH", path, {"percentage": "50"})

    assert firm.post(f"{path}/issue", if_match='"1"').code == "VersionChanged"
    assert firm.post(f"{path}/issue", if_match='"2"').status == 200


def test_lists_are_of_a_milestone_a_project_a_status_or_the_tenant(firm: Firm, time: time_machine.Traveller):
    first, second = firm.verified(500), firm.verified(700)
    one, two = firm.issues(first), firm.issues(second)
    draft = firm.issues(firm.verified(900), draft=True)
    listed = [each["invoice_id"] for each in firm.get("/invoices").body["items"]]
    project = firm.project.rpartition("/")[2]

    assert sorted(listed) == sorted(each["invoice_id"] for each in (one, two, draft))
    assert [each["invoice_id"] for each in firm.get(f"{first}/invoices").body["items"]] == [one["invoice_id"]]
    assert len(firm.get("/invoices", f"project_id={project}").body["items"]) == 3
    assert len(firm.get("/invoices", f"project_id={project}&status=draft").body["items"]) == 1
    assert len(firm.get("/invoices", "status=issued").body["items"]) == 2
    assert firm.get("/invoices", "status=issued&due_before=2026-12-20").body["items"] == []
    time.shift(32 * 86400)
    overdue = firm.get("/invoices", "status=issued&due_before=2026-12-21").body["items"]
    assert [each["is_overdue"] for each in overdue] == [True, True]
    assert firm.get("/invoices", "due_before=2026-12-21").status == 422


def test_what_was_paid_outside_is_recorded_until_nothing_is_due(firm: Firm):
    milestone = firm.verified(31_250_000)
    path = f"/invoices/{firm.issues(milestone)['invoice_id']}/record-payment"
    paid = {"amount_minor_units": 33_187_499, "received_on": "2026-12-01"}

    assert firm.post(path, paid | {"amount_minor_units": 33_187_501}).code == "MoreThanDue"
    part = firm.post(path, paid, key="once")
    assert (part.body["status"], part.body["amount_due_minor_units"]) == ("issued", 1)
    assert firm.post(path, paid, key="once").body == part.body
    assert firm.billing(milestone)["open_invoices"] == 1
    whole = firm.post(path, paid | {"amount_minor_units": 1, "reference": "Statement 12"})
    assert (whole.body["status"], whole.body["amount_due_minor_units"]) == ("paid", 0)
    assert firm.billing(milestone)["open_invoices"] == 0
    assert firm.post(path, paid).code == "InvoiceNotOpen"


def test_a_large_amount_goes_through_graphql(firm: Firm):
    milestone = firm.verified(3_000_000_000)
    made = firm.purse().ask("createInvoice", projectMilestoneId=milestone.rpartition("/")[2], input={})

    assert made.error_type is None, made
    assert made.data["net"] == {"minorUnits": "3000000000", "currency": "EUR"}
    assert made.data["taxes"][0]["tax"] == {"minorUnits": "486000000", "currency": "EUR"}


def test_issuing_takes_two_calls_once_the_milestone_is_known(firm: Firm):
    milestone = firm.verified(1000).rpartition("/")[2]
    caller = Caller(firm.ada.user_id, firm.ada.tenant_id, ("member",), frozenset(), None, (), 0)
    lifecycle.preview(caller, milestone, Asked())
    calls: list[str] = []

    def note(model: Any, **_: Any) -> None:
        calls.append(model.name)

    with hooks.registered("before-call.dynamodb", note):
        made = lifecycle.create(caller, milestone, Asked())

    assert made["status"] == "issued"
    assert calls == ["BatchGetItem", "TransactWriteItems"]


def test_an_invoice_event_has_no_amount_and_no_text(firm: Firm):
    made = firm.issues(firm.verified(500), note="For Ada")
    place = f"TENANT#{firm.ada.tenant_id}#INV#{made['invoice_id']}"
    (event,) = table.query_all(place, "EVENT#")

    assert event["event_type"] == "payments.invoice.issued"
    assert event["data"]["number"] == "INV-202611-0001"
    assert not {"note", "lines", "payable_minor_units"} & event["data"].keys()

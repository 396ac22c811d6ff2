"""What the tenants of the platform's tests have of payments."""

from collections.abc import Mapping
from typing import Any

from functions.payments import payments
from functions.payments.financing import approval, financings
from functions.payments.financing.financings import Financing
from functions.payments.financing.pledges import Pledge
from functions.payments.payments import Billed
from functions.projects import projects
from functions.projects.people import members
from functions.projects.people.members import ProjectMember, Role
from functions.projects.projects import Project
from shared import clock, ids
from shared.storage import table
from shared.storage.writes import Put
from tests.payments.invoicing import CLIENT, SELLER
from tests.payments.people import Person
from tests.platform.held import stored
from tests.platform.operations import send

_NOON = "2026-11-20T12:00:00.000Z"

_NO_NOTE = {"credit_note_id": "crn_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"}
NO_INVOICE = {
    "invoice_id": "inv_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "payment_id": "pay_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "financing_id": "fin_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    **_NO_NOTE,
    "invoice_schedule_id": "ivs_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "gateway": "stripe",
}
"""Well-formed names of what is not there, and the gateway that sends webhooks."""


def invoice_of(headers: Mapping[str, str], project_id: str, milestone_id: str) -> dict[str, str]:
    """Say who sells and who buys, and make a draft of an invoice of a milestone; return its name."""
    sold = send("PATCH", "/api/v1/payment-settings", {"seller": SELLER}, headers=headers)
    assert sold.status == 200, sold.body
    bought = send("PATCH", f"/api/v1/projects/{project_id}", {"client": CLIENT}, headers=headers)
    assert bought.status == 200, bought.body
    path = f"/api/v1/project-milestones/{milestone_id}/invoices"
    made = send("POST", path, {"draft": True, "percentage": "10"}, headers=headers)
    assert made.status == 201, made.body
    scheduled = {"project_milestone_id": milestone_id, "every": "month", "begins_on": "2027-01-31", "percentage": "10"}
    schedule = send("POST", "/api/v1/invoice-schedules", scheduled, headers=headers)
    assert schedule.status == 201, schedule.body
    named = {"invoice_schedule_id": schedule.body["invoice_schedule_id"], **_NO_NOTE}
    return {"invoice_id": made.body["invoice_id"]} | named | _payment_of(made.body) | _financing_of(made.body)


def _payment_of(invoice: Mapping[str, Any]) -> dict[str, str]:
    """Store the payment of an invoice, as its issue would; return its name."""
    place = next(pk for pk, _ in stored() if pk.endswith(f"#INV#{invoice['invoice_id']}"))
    billed = Billed(
        tenant_id=place.split("#")[1],
        project_id=invoice["project_id"],
        project_milestone_id=invoice["project_milestone_id"],
        invoice_id=invoice["invoice_id"],
        kind="partial",
        sequence=1,
        amount_minor_units=invoice["payable_minor_units"],
        currency=invoice["currency"],
        created_by=invoice["created_by"],
        auto_release=False,
    )
    now = clock.now()
    payment = payments.of_invoice(billed, ids.new(payments.ID, at=now), now)
    table.transact(payments.born(payment, "invoiced", now))
    return {"payment_id": payment.payment_id}


def _financing_of(invoice: Mapping[str, Any]) -> dict[str, str]:
    """Store an advance that somebody else has asked for on the milestone of an invoice; return its name."""
    now = clock.now()
    financing = Financing(
        tenant_id=next(pk for pk, _ in stored() if pk.endswith(f"#INV#{invoice['invoice_id']}")).split("#")[1],
        financing_id=ids.new(financings.ID, at=now),
        project_id=invoice["project_id"],
        amount_minor_units=1000,
        currency=invoice["currency"],
        yearly_rate=120_000,
        instalment_count=2,
        purpose="",
        pledges=[Pledge(invoice["project_milestone_id"], None, 1_000_000, 1250)._asdict()],
        layers=[approval.USUAL._asdict()],
        status="pending",
        requested_by=ids.new("user"),
        created_at=clock.to_rfc3339(now),
        updated_at=clock.to_rfc3339(now),
        version=1,
    )
    table.transact(financings.born(financing))
    return {"financing_id": financing.financing_id}


def deposited(headers: Mapping[str, str], project_id: str) -> None:
    """Deposit an amount for a project."""
    draft = {"amount_minor_units": 1000, "currency": "EUR"}
    made = send("POST", f"/api/v1/projects/{project_id}/deposits", draft, headers=headers)
    assert made.status == 201, made.body


def has_project(person: Person, *roles: Role, status: str = "active", currency: str = "EUR") -> str:
    """Store a project of which somebody is a member, its manager unless other roles are named; return its id."""
    project_id = ids.new("prj")
    project = Project(person.tenant_id, project_id, "Engine", currency, "active", person.user_id, _NOON, _NOON, 1)
    member = ProjectMember(person.tenant_id, project_id, person.user_id, roles or ("manager",), _NOON, _NOON, 1)
    table.transact([Put(projects.to_item(project) | {"status": status}), Put(members.to_item(member))])
    return project_id

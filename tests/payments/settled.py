"""What the tenants of the platform's tests have of payments."""

from collections.abc import Mapping

from tests.payments.invoicing import CLIENT, SELLER
from tests.platform.operations import send

NO_INVOICE = {"invoice_id": "inv_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"}
"""Well-formed names of what is not there."""


def invoice_of(headers: Mapping[str, str], project_id: str, milestone_id: str) -> dict[str, str]:
    """Say who sells and who buys, and make a draft of an invoice of a milestone; return its name."""
    sold = send("PATCH", "/api/v1/payment-settings", {"seller": SELLER}, headers=headers)
    assert sold.status == 200, sold.body
    bought = send("PATCH", f"/api/v1/projects/{project_id}", {"client": CLIENT}, headers=headers)
    assert bought.status == 200, bought.body
    path = f"/api/v1/project-milestones/{milestone_id}/invoices"
    made = send("POST", path, {"draft": True, "percentage": "10"}, headers=headers)
    assert made.status == 201, made.body
    return {"invoice_id": made.body["invoice_id"]}

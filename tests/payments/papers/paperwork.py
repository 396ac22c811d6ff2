"""Issued invoices to be written down, without a table."""

from typing import Any

from functions.payments.billing import totals
from functions.payments.billing.totals import Line
from functions.payments.invoices import invoices
from functions.payments.invoices.invoices import Invoice
from functions.payments.terms.terms import Terms
from tests.payments.invoicing import CLIENT, SELLER

BUYER = {"name": CLIENT["name"], "address": [CLIENT["address"]], "tax_ids": [CLIENT["tax_id"]], "email": None}
MILL = Line("Mill assembled", 31_250_000, "standard", 180_000)
MOMENT = "2026-11-20T12:00:00.000Z"


def issued(*lines: Line, retention: int = 3_125_000, terms: Terms | None = None, **more: Any) -> Invoice:
    """Return an issued invoice over these lines, the mill without any."""
    own = lines or (MILL,)
    agreed = (terms or Terms(retention_rate=100_000, tax_rate=180_000))._asdict()
    fields: dict[str, Any] = {
        "tenant_id": "tenant_1",
        "invoice_id": "inv_1",
        "project_id": "prj_1",
        "project_milestone_id": "pms_1",
        "kind": "milestone",
        "status": "issued",
        "currency": "EUR",
        "lines": [each._asdict() for each in own],
        "totals": invoices.stored_totals(totals.of(own, retention=retention, rounding="document")),
        "terms": agreed,
        "created_by": "user_1",
        "created_at": MOMENT,
        "updated_at": MOMENT,
        "version": 1,
        "number": "INV-202611-0001",
        "issued_on": "2026-11-20",
        "supplied_on": "2026-11-18",
        "due_on": "2026-12-20",
        "seller": SELLER,
        "buyer": BUYER,
        "bank_lines": ["IBAN GB33BUKB20201555555555"],
    }
    return Invoice(**{**fields, **more})

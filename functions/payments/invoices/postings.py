"""What the ledger is told of an invoice: one balanced entry for each fact, in the transaction of the fact."""

from collections.abc import Mapping
from typing import Any, Final

from functions.payments.invoices.invoices import Invoice
from functions.payments.ledger import posting
from shared.clock import Instant
from shared.storage.writes import Write

_ISSUED: Final = {"retention": "retention_invoiced"}
_CREDITED: Final = {"retention": "retention_credited"}


def issued(invoice: Invoice, at: Instant) -> list[Write]:
    """Return the writes of the entry that an invoice was issued. Raises AmountTooLarge."""
    kind = _ISSUED.get(invoice.kind, "invoice_issued")
    return _written(kind, invoice, _moved(invoice, invoice.totals), f"{invoice.invoice_id}#issued", at)


def credited(invoice: Invoice, note_id: str, totals: Mapping[str, Any], at: Instant) -> list[Write]:
    """Return the writes of the entry that a note has credited so much of an invoice."""
    kind = _CREDITED.get(invoice.kind, "credit_noted")
    return _written(kind, invoice, _moved(invoice, totals), f"{note_id}#issued", at)


def recorded(invoice: Invoice, receipt_id: str, minor_units: int, at: Instant) -> list[Write]:
    """Return the writes of the entry that a client has paid so much of an invoice outside of Milepost."""
    moved = {"clearing": minor_units, "receivable": minor_units}
    return _written("payment_recorded", invoice, moved, f"{receipt_id}#recorded", at)


def _moved(invoice: Invoice, totals: Mapping[str, Any]) -> dict[str, int]:
    """Return what a document moves: one for a retention takes its net from what was kept back."""
    both = {"receivable": totals["payable_minor_units"], "tax_payable": totals["tax_minor_units"]}
    if invoice.kind == "retention":
        return both | {"retention_receivable": totals["net_minor_units"]}
    return both | {"retention_receivable": totals["retention_minor_units"], "revenue": totals["net_minor_units"]}


def _written(kind: str, invoice: Invoice, moved: Mapping[str, int], reference: str, at: Instant) -> list[Write]:
    return posting.writes(
        posting.entry(
            kind,
            moved,
            tenant_id=invoice.tenant_id,
            currency=invoice.currency,
            reference=reference,
            at=at,
            project_id=invoice.project_id,
        )
    )

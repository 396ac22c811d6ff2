"""A retention that is to be invoiced by itself: one item for each invoice that kept something back.

It is written with the invoice, and removed with it or by the invoice that asks for the retention. Those of a project
lie together, for its completion asks for all of them. The item is a timer while there is an instant to look at it.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from functions.payments.invoices.invoices import Invoice
from functions.payments.terms import terms
from shared import clock, days
from shared.clock import Instant
from shared.messaging import timers
from shared.messaging.timers import Timer
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, PRESENT, Condition, Delete, Put

KIND: Final = "payments.retention"
"""What its timers are known as."""
PREFIX: Final = "RETENTION#"
LOOKED_AT_AFTER: Final = 60 * clock.SECOND
"""How long after its issue an invoice is looked at, whose project may have been completed meanwhile."""


class Retention(NamedTuple):
    """What an invoice keeps back, as it is stored. `due_at` is when it is looked at by itself, None for never."""

    tenant_id: str
    project_id: str
    invoice_id: str
    due_at: str | None = None


def partition(tenant_id: str, project_id: str) -> str:
    """Return the partition of the retentions of a project that are to be invoiced by themselves."""
    return f"TENANT#{tenant_id}#RETENTIONS#{project_id}"


def key(invoice: Invoice) -> Key:
    """Return the key of the retention of an invoice."""
    return Key(partition(invoice.tenant_id, invoice.project_id), f"{PREFIX}{invoice.invoice_id}")


def born(invoice: Invoice, time_zone: str, now: Instant) -> list[Put]:
    """Return the write of the retention of a new invoice, none if it keeps nothing back, or people ask for it."""
    if not invoice.totals["retention_minor_units"] or not invoice.agreed.auto_invoice:
        return []
    return [Put(_item(invoice, due(invoice, time_zone) or now + LOOKED_AT_AFTER), ABSENT)]


def due(invoice: Invoice, time_zone: str) -> Instant | None:
    """Return when a retention is due without the end of the project, None if it is never.

    That is the first instant of its day in the zone of the tenant.
    """
    if invoice.agreed.retention_days is None or invoice.issued_on is None:
        return None
    day = terms.retention_due_on(invoice.agreed, date.fromisoformat(invoice.issued_on))
    return days.start_of(day, time_zone)


def waiting(invoice: Invoice, at: Instant | None) -> Put:
    """Return the write by which a retention that is still there is looked at by then, or not before it is asked for."""
    return Put(_item(invoice, at), PRESENT)


def removed(invoice: Invoice, *, condition: Condition | None = None) -> list[Delete]:
    """Return the write that removes the retention of an invoice, none for one that keeps nothing back."""
    return [Delete(key(invoice), condition)] if invoice.totals["retention_minor_units"] else []


def is_waiting(invoice: Invoice) -> bool:
    """Return whether the retention of an invoice is still to be invoiced by itself; one call."""
    return table.get(key(invoice), consistent=True) is not None


def of_project(tenant_id: str, project_id: str) -> Iterator[str]:
    """Yield the ids of the invoices of a project whose retentions are to be invoiced by themselves."""
    found = table.query_all(partition(tenant_id, project_id), PREFIX)
    return (item["invoice_id"] for item in found)


def _item(invoice: Invoice, at: Instant | None) -> Item:
    due_at = None if at is None else clock.to_rfc3339(at)
    kept = Retention(invoice.tenant_id, invoice.project_id, invoice.invoice_id, due_at)
    item = records.to_item(key(invoice), "Retention", kept)
    if at is None:
        return item
    message = {"tenant_id": invoice.tenant_id, "invoice_id": invoice.invoice_id}
    return item | timers.attributes(Timer(KIND, invoice.invoice_id, invoice.tenant_id, at, message), look_at=at)

"""What a caller can look at of credit notes: those of an invoice, in the order in which they were issued."""

from functions.payments.credits import credit_notes
from functions.payments.credits.credit_notes import View
from functions.payments.invoices import invoices, reading
from shared.callers.caller import Caller
from shared.storage import table


def of_invoice(caller: Caller, invoice_id: str, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the credit notes of an invoice; three calls. Raises InvoiceNotFound, Malformed."""
    reading.invoice(caller, invoice_id)
    place = invoices.partition(caller.tenant_id, invoice_id)
    found = table.query(place, credit_notes.PREFIX, limit=limit, cursor=cursor)
    return [credit_notes.view(credit_notes.from_item(item)) for item in found.items], found.next_cursor

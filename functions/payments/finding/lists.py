"""Everything of a tenant that search is told of, page by page, for the commands that walk all there is."""

from collections.abc import Iterator

from functions.payments.credits import credit_notes
from functions.payments.credits.credit_notes import CreditNote
from functions.payments.financing import financings
from functions.payments.financing.financings import Financing
from functions.payments.invoices import invoices
from functions.payments.invoices.invoices import Invoice
from shared.storage import table


def invoices_of(tenant_id: str, *, limit: int, cursor: str | None) -> tuple[list[Invoice], str | None]:
    """Return a page of the invoices of a tenant, the oldest first; two calls. Raises Malformed."""
    place = invoices.of_tenant(tenant_id)
    found = table.query(place, invoices.ENTRY, limit=limit, cursor=cursor, consistent=True)
    keys = [invoices.key(tenant_id, each["invoice_id"]) for each in found.items]
    items = table.get_many(keys, consistent=True) if keys else []
    return [invoices.from_item(each) for each in items if each is not None], found.next_cursor


def notes_of(invoice: Invoice) -> Iterator[CreditNote]:
    """Yield the credit notes of an invoice; no call where there are none."""
    if invoice.credit_notes:
        place = invoices.partition(invoice.tenant_id, invoice.invoice_id)
        yield from map(credit_notes.from_item, table.query_all(place, credit_notes.PREFIX, page=100))


def financings_of(tenant_id: str, *, limit: int, cursor: str | None) -> tuple[list[Financing], str | None]:
    """Return a page of the financing requests of a tenant, the oldest first; two calls. Raises Malformed."""
    place = financings.listing(tenant_id)
    found = table.query(place, financings.LISTED, limit=limit, cursor=cursor, consistent=True)
    keys = [financings.key(tenant_id, each["financing_id"]) for each in found.items]
    items = table.get_many(keys, consistent=True) if keys else []
    return [financings.from_item(each) for each in items if each is not None], found.next_cursor

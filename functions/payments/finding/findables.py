"""What search is told of invoices, credit notes and financing requests: who sees the money of a project finds them.

Amounts are no text, nor are addresses and bank lines. Numbers are found as they are, because they hold digits.
"""

from typing import Final

from functions.payments import access
from functions.payments.credits import credit_notes
from functions.payments.credits.credit_notes import CreditNote
from functions.payments.financing import financings
from functions.payments.financing.financings import Financing
from functions.payments.invoices import invoices
from functions.payments.invoices.invoices import Invoice
from shared.callers import project_members
from shared.messaging import search_feed
from shared.messaging.search_feed import CALLER, Fed, Findable, Grant, Needed, Text

SCOPE: Final = "payments:read"
NOTE_VERSION: Final = 1
"""A credit note does not change."""
_BUYER: Final = (Text("buyer", within="name"), Text("buyer", within="tax_ids"))


def of_invoice(invoice: Invoice) -> Fed:
    """Return what search is told of an invoice; a draft has its lines as its title, because it has no number."""
    findable = Findable(
        tenant_id=invoice.tenant_id,
        ref=invoice.invoice_id,
        type="invoice",
        id=invoice.invoice_id,
        scope=SCOPE,
        sources=[Needed(*invoices.key(invoice.tenant_id, invoice.invoice_id))],
        grants=_grants(invoice.tenant_id, invoice.project_id, access.SEES),
        titles=[Text("number"), Text("lines", within="description")],
        texts=[*_BUYER, Text("lines", within="description"), Text("note")],
        url=f"#/payments/invoices/{invoice.invoice_id}",
        parent={"type": "project", "id": invoice.project_id},
    )
    return search_feed.fed(findable, invoice.version, [invoices.to_item(invoice)])


def of_note(note: CreditNote) -> Fed:
    """Return what search is told of a credit note; it is shown with its invoice."""
    findable = Findable(
        tenant_id=note.tenant_id,
        ref=note.credit_note_id,
        type="credit_note",
        id=note.credit_note_id,
        scope=SCOPE,
        sources=[Needed(*credit_notes.key(note))],
        grants=_grants(note.tenant_id, note.project_id, access.SEES),
        titles=[Text("number")],
        texts=[*_BUYER, Text("reason")],
        url=f"#/payments/invoices/{note.invoice_id}",
        parent={"type": "invoice", "id": note.invoice_id},
    )
    return search_feed.fed(findable, NOTE_VERSION, [credit_notes.born(note).item])


def of_financing(financing: Financing) -> Fed:
    """Return what search is told of a financing request; it is for those who may ask for money of the project."""
    findable = Findable(
        tenant_id=financing.tenant_id,
        ref=financing.financing_id,
        type="financing_request",
        id=financing.financing_id,
        scope=SCOPE,
        sources=[Needed(*financings.key(financing.tenant_id, financing.financing_id))],
        grants=_grants(financing.tenant_id, financing.project_id, access.ACTS),
        titles=[Text("purpose"), Text("financing_id")],
        texts=[Text("reason")],
        url=f"#/payments/advances/{financing.financing_id}",
        parent={"type": "project", "id": financing.project_id},
    )
    return search_feed.fed(findable, financing.version, [financings.to_item(financing)])


def _grants(tenant_id: str, project_id: str, roles: frozenset[str]) -> list[Grant]:
    """Return that whoever has one of these roles in a project sees something, and admins of payments."""
    in_project = Needed(*project_members.key(tenant_id, project_id, CALLER), {"roles": sorted(roles)})
    readers = [search_feed.in_project(project_id, role) for role in sorted(roles)]
    return [
        Grant(readers, [search_feed.member(tenant_id), in_project]),
        Grant([access.ADMIN], [search_feed.member(tenant_id, roles=search_feed.LEADERS)]),
    ]

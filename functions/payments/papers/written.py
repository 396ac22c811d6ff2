"""What is read for a document: its invoice, its credit note, and the PDF if there is one; one call."""

from collections.abc import Sequence
from typing import NamedTuple

from functions.payments.credits import credit_notes
from functions.payments.invoices import invoices
from functions.payments.invoices.invoices import Invoice, InvoiceNotFound
from functions.payments.papers import content, papers
from functions.payments.papers.content import Paper
from functions.payments.papers.papers import CreditNoteNotFound, Document, StoredPaper
from shared.errors import Conflict
from shared.storage import table
from shared.storage.attributes import Item, Key


class DraftWithoutDocument(Conflict):
    """409: a draft has no document."""

    def __init__(self) -> None:
        super().__init__("A draft has no document. Issue it first, or look at its preview.")


class Found(NamedTuple):
    """An issued invoice, what a document of it says, and its PDF if it is made."""

    invoice: Invoice
    paper: Paper
    stored: StoredPaper | None


def find(of: Document, *, also: Sequence[Key] = ()) -> tuple[Found, Sequence[Item | None]]:
    """Return a document, and the items of other keys.

    Raises InvoiceNotFound, CreditNoteNotFound, DraftWithoutDocument.
    """
    note_keys = [] if of.credit_note_id is None else [papers.note_key(of)]
    keys = [invoices.key(of.tenant_id, of.invoice_id), papers.key(of), *note_keys]
    items = table.get_many([*keys, *also], consistent=True)
    (item, stored, *note), others = items[: len(keys)], items[len(keys) :]
    if item is None:
        raise InvoiceNotFound
    invoice = invoices.from_item(item)
    made = None if stored is None else papers.from_item(stored)
    return Found(invoice, _paper(invoice, note), made), others


def _paper(invoice: Invoice, note: Sequence[Item | None]) -> Paper:
    if invoice.status == "draft":
        raise DraftWithoutDocument
    if not note:
        return content.invoice(invoice)
    if note[0] is None:
        raise CreditNoteNotFound
    return content.credit_note(credit_notes.from_item(note[0]), invoice)

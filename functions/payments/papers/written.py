"""What is read for a document: its invoice, its credit note, and the PDF if there is one; one call."""

from collections.abc import Sequence
from typing import NamedTuple

from functions.payments.credits import credit_notes
from functions.payments.credits.credit_notes import CreditNote
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
    """An invoice, its credit note if a document of one was asked for, and the PDF of it if it is made."""

    invoice: Invoice
    note: CreditNote | None
    stored: StoredPaper | None

    def require_issued(self) -> None:
        """Require that the invoice is no draft. Raises DraftWithoutDocument."""
        if self.invoice.status == "draft":
            raise DraftWithoutDocument

    @property
    def paper(self) -> Paper:
        """What the document says. Raises DraftWithoutDocument."""
        self.require_issued()
        return content.invoice(self.invoice) if self.note is None else content.credit_note(self.note, self.invoice)


def find(of: Document, *, also: Sequence[Key] = ()) -> tuple[Found, Sequence[Item | None]]:
    """Return what a document is made of, and the items of other keys. Raises InvoiceNotFound, CreditNoteNotFound."""
    note_keys = [] if of.credit_note_id is None else [papers.note_key(of)]
    keys = [invoices.key(of.tenant_id, of.invoice_id), papers.key(of), *note_keys]
    items = table.get_many([*keys, *also], consistent=True)
    (item, stored, *note), others = items[: len(keys)], items[len(keys) :]
    if item is None:
        raise InvoiceNotFound
    if note and note[0] is None:
        raise CreditNoteNotFound
    written = credit_notes.from_item(note[0]) if note and note[0] is not None else None
    return Found(invoices.from_item(item), written, None if stored is None else papers.from_item(stored)), others

"""A PDF that is made: where it lies, and its hash. It lies with its invoice, is written once and does not change."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from functions.payments.credits import credit_notes
from functions.payments.invoices import invoices
from shared import ids
from shared.errors import Conflict, FieldError, NotFound
from shared.storage import records
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Put

PURPOSE: Final = "papers"
MEDIA_TYPE: Final = "application/pdf"
PREFIX: Final = "PAPER"


class CreditNoteNotFound(NotFound):
    """404: the invoice has no credit note with this id."""

    def __init__(self) -> None:
        super().__init__("The invoice has no credit note with this id.")


class NotElectronic(Conflict):
    """409: EN 16931 wants something of the document that is not there; `errors` names the fields."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        named = "; ".join(f"`{each['field']}` {each['reason']}" for each in errors)
        super().__init__(f"EN 16931 wants more than this document has: {named}.", errors=errors)


class Document(NamedTuple):
    """Which document it is: that of an invoice, or of one of its credit notes."""

    tenant_id: str
    invoice_id: str
    credit_note_id: str | None = None

    @property
    def message(self) -> dict[str, Any]:
        """What the function that makes it is told."""
        return {name: value for name, value in self._asdict().items() if value is not None}


class StoredPaper(NamedTuple):
    """A PDF as it is stored; `place` is its key in the bucket of files."""

    tenant_id: str
    invoice_id: str
    place: str
    sha256: str
    size_bytes: int
    pages: int
    made_at: str
    credit_note_id: str | None = None


def key(of: Document) -> Key:
    """Return the key of the PDF of a document. Raises InvoiceNotFound, CreditNoteNotFound."""
    place = invoices.partition(of.tenant_id, of.invoice_id)
    if of.credit_note_id is None:
        return Key(place, PREFIX)
    return Key(place, f"{PREFIX}#{_valid(of.credit_note_id)}")


def note_key(of: Document) -> Key:
    """Return the key of the credit note of a document. Raises InvoiceNotFound, CreditNoteNotFound."""
    place = invoices.partition(of.tenant_id, of.invoice_id)
    return Key(place, f"{credit_notes.PREFIX}{_valid(of.credit_note_id or '')}")


def born(paper: StoredPaper) -> Put:
    """Return the write of a PDF that is made."""
    of = Document(paper.tenant_id, paper.invoice_id, paper.credit_note_id)
    return Put(records.to_item(key(of), "Paper", paper), ABSENT)


def from_item(item: Item) -> StoredPaper:
    """Return the PDF of an item."""
    return records.from_item(StoredPaper, item)


def _valid(note_id: str) -> str:
    if not ids.is_valid(note_id, credit_notes.ID):
        raise CreditNoteNotFound
    return note_id

"""Background work: PDFs of invoices and credit notes are made after their issue, and when somebody asks for one."""

from collections.abc import Sequence
from typing import Any, Final

from functions.payments.credits import credit_notes
from functions.payments.invoices import invoices
from functions.payments.papers import making
from functions.payments.papers.papers import Document
from shared import ids
from shared.messaging import batches, bus
from shared.messaging.batches import Message

_NOTE: Final = "credit_note_id"


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Make the documents that the messages of a batch are of; answers those that failed, to be tried again."""
    return batches.per_subject(event, _document, _make)


def _document(message: Message) -> Document:
    """Return which document a message is of. Raises KeyError or ValueError for ids that nothing can have."""
    if batches.is_event(message):
        happened = bus.read(message)
        tenant_id, told = happened.tenant_id, happened.data
    else:
        tenant_id, told = str(message["tenant_id"]), message
    note_id = told.get(_NOTE)
    if not ids.is_valid(told["invoice_id"], invoices.ID) or not (
        note_id is None or ids.is_valid(note_id, credit_notes.ID)
    ):
        raise ValueError("nothing has such an id")
    return Document(tenant_id, told["invoice_id"], note_id)


def _make(of: Document, _messages: Sequence[Message]) -> None:
    making.make(of)

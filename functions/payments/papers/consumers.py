"""Background work: PDFs of invoices and credit notes are made after their issue, and when somebody asks for one.

An invoice that is to be sent is mailed with its PDF, and what SES says of that mail is kept.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from functions.payments.credits import credit_notes
from functions.payments.invoices import invoices
from functions.payments.papers import bouncing, mailing, making
from functions.payments.papers.papers import Document
from shared import ids
from shared.messaging import batches, bus
from shared.messaging.batches import Message
from shared.sending import feedback
from shared.sending.labels import Label

_NOTE: Final = "credit_note_id"
_SENT: Final = "payments.invoice.send_requested"


class Letter(NamedTuple):
    """Which sending of an invoice it is."""

    tenant_id: str
    invoice_id: str
    number: int


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Make the documents that the messages of a batch are of, and mail them; answers those that failed."""
    return batches.per_subject(event, _subject, _follow)


def _subject(message: Message) -> Document | Letter | Label:
    """Return what a message is about. Raises KeyError or ValueError for ids that nothing can have."""
    if batches.is_event(message):
        happened = bus.read(message)
        tenant_id, told = happened.tenant_id, happened.data
        if happened.event_type == _SENT:
            return Letter(tenant_id, _valid(told["invoice_id"]), int(told["sending"]))
    elif "notificationType" in message:
        return feedback.read(message).label
    else:
        tenant_id, told = str(message["tenant_id"]), message
    note_id = told.get(_NOTE)
    if note_id is not None and not ids.is_valid(note_id, credit_notes.ID):
        raise ValueError("no credit note has such an id")
    return Document(tenant_id, _valid(told["invoice_id"]), note_id)


def _valid(invoice_id: str) -> str:
    if not ids.is_valid(invoice_id, invoices.ID):
        raise ValueError("no invoice has such an id")
    return invoice_id


def _follow(of: Document | Letter | Label, messages: Sequence[Message]) -> None:
    if isinstance(of, Document):
        making.make(of)
        return
    if isinstance(of, Label):
        for each in messages:
            bouncing.hear(feedback.read(each))
        return
    again, last = any(map(batches.comes_again, messages)), any(map(batches.is_last_try, messages))
    mailing.send(*of, comes_again=again, is_last_try=last)

"""Background work: after a change of an invoice or a financing request, search is told of it as it is now.

Whatever a message says, the item is read. An invoice that is restated is told with all its credit notes.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from functions.payments.credits import credit_notes
from functions.payments.financing import financings
from functions.payments.finding import findables, lists
from functions.payments.invoices import invoices
from functions.payments.papers import papers
from functions.payments.papers.papers import Document
from shared import ids
from shared.errors import NotFound
from shared.messaging import batches, bus, search_feed
from shared.messaging.batches import Message
from shared.messaging.search_feed import Fed
from shared.storage import table
from shared.storage.events import Event

WITH_NOTES: Final = "payments.invoice.stated"
"""The event of invoices that may have credit notes of which nobody was told."""


class Invoice(NamedTuple):
    """An invoice that was changed, `with_notes` if all its credit notes are to be told of as well."""

    tenant_id: str
    invoice_id: str
    with_notes: bool


class Financing(NamedTuple):
    """A financing request that was changed."""

    tenant_id: str
    financing_id: str


Subject = Invoice | Document | Financing


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Tell search of what the events of a batch are of; answers those that failed, to be tried again."""
    return batches.per_subject(event, _subject, _tell)


def _subject(message: Message) -> Subject:
    """Return what a message speaks of. Raises KeyError, TypeError or ValueError when it speaks of nothing."""
    happened = bus.read(message)
    if not ids.is_valid(happened.tenant_id, "tenant"):
        raise ValueError("no tenant has this id")
    try:
        return _named(happened)
    except NotFound as error:
        raise ValueError("nothing has such an id") from error


def _named(happened: Event) -> Subject:
    """Return what an event is of. Raises KeyError, NotFound for ids that nothing can have."""
    tenant_id, told = happened.tenant_id, happened.data
    if "financing_id" in told:
        financings.key(tenant_id, told["financing_id"])
        return Financing(tenant_id, told["financing_id"])
    if "credit_note_id" in told:
        note = Document(tenant_id, told["invoice_id"], told["credit_note_id"])
        papers.note_key(note)
        return note
    invoices.key(tenant_id, told["invoice_id"])
    return Invoice(tenant_id, told["invoice_id"], happened.event_type == WITH_NOTES)


def _tell(which: Subject, _messages: Sequence[Message]) -> None:
    match which:
        case Invoice():
            search_feed.send([*_invoice(which)])
        case Document():
            search_feed.send(_note(which))
        case Financing():
            search_feed.send([_financing(which)])


def _invoice(which: Invoice) -> Iterator[Fed]:
    item = table.get(invoices.key(which.tenant_id, which.invoice_id), consistent=True)
    if item is None:
        yield search_feed.gone(which.tenant_id, which.invoice_id)
        return
    invoice = invoices.from_item(item)
    yield findables.of_invoice(invoice)
    if which.with_notes:
        yield from map(findables.of_note, lists.notes_of(invoice))


def _note(which: Document) -> list[Fed]:
    item = table.get(papers.note_key(which), consistent=True)
    return [] if item is None else [findables.of_note(credit_notes.from_item(item))]


def _financing(which: Financing) -> Fed:
    item = table.get(financings.key(*which), consistent=True)
    if item is None:
        return search_feed.gone(*which)
    return findables.of_financing(financings.from_item(item))

"""How callers get a document: as a page at once, as a PDF at an address for five minutes once it is made."""

from typing import Any

from functions.payments import access
from functions.payments.invoices import reading
from functions.payments.invoices.invoices import InvoiceNotFound
from functions.payments.papers import html, papers, written
from functions.payments.papers.papers import Document, StoredPaper
from functions.payments.papers.written import Found
from shared import clock, config
from shared.callers import project_members
from shared.callers.caller import Caller
from shared.clock import SECOND
from shared.messaging import queues

View = dict[str, Any]

# Files and UBL are imported where they are needed: no other read waits for them on a cold start.


def page(caller: Caller, invoice_id: str, credit_note_id: str | None = None) -> str:
    """Return the HTML of an invoice, or of a credit note of it. Raises as `pdf`, but for Unavailable."""
    return html.page(_seen(caller, Document(caller.tenant_id, invoice_id, credit_note_id)).paper)


def electronic(caller: Caller, invoice_id: str, credit_note_id: str | None = None) -> str:
    """Return an invoice, or a credit note of it, as UBL. Raises as `page`, and NotElectronic."""
    from functions.payments.papers.ubl import documents  # noqa: PLC0415 - as above

    found = _seen(caller, Document(caller.tenant_id, invoice_id, credit_note_id))
    found.require_issued()
    if found.note is not None:
        return documents.credit_note(found.note, found.invoice)
    return documents.invoice(found.invoice)


def pdf(caller: Caller, invoice_id: str, credit_note_id: str | None = None) -> View:
    """Return where a PDF can be fetched; one that is not made yet is asked for.

    Raises InvoiceNotFound, CreditNoteNotFound, DraftWithoutDocument, Unavailable.
    """
    of = Document(caller.tenant_id, invoice_id, credit_note_id)
    found = _seen(caller, of)
    if found.stored is not None:
        return _made(found, found.stored)
    view = _view(found)
    queues.send(config.queue_url("PAPERS"), of.message)
    return view


def _seen(caller: Caller, of: Document) -> Found:
    """Return a document whose money is for the caller to see; two calls if this instance knows the invoice."""
    project_id = reading.project_of(of.tenant_id, of.invoice_id)
    member = project_members.key(of.tenant_id, project_id, caller.user_id)
    found, (own,) = written.find(of, also=[member])
    if not access.of_member(caller, own).sees:
        raise InvoiceNotFound
    return found


def _view(found: Found) -> View:
    nothing = dict.fromkeys(("url", "expires_at", "sha256", "size_bytes", "pages"))
    return {
        "is_ready": False,
        "file_name": f"{found.paper.number}.pdf",
        "media_type": papers.MEDIA_TYPE,
        **nothing,
    }


def _made(found: Found, stored: StoredPaper) -> View:
    from shared.storage import files  # noqa: PLC0415 - as above

    view = _view(found)
    return view | {
        "is_ready": True,
        "url": files.presigned_get(stored.place, file_name=view["file_name"], media_type=papers.MEDIA_TYPE),
        "expires_at": clock.to_rfc3339(clock.now() + files.DOWNLOAD_SECONDS * SECOND),
        "sha256": stored.sha256,
        "size_bytes": stored.size_bytes,
        "pages": stored.pages,
    }

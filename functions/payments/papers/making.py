"""How the PDF of a document is made: the file is written once, under its own hash, and then noted with the invoice.

Whoever dies in between leaves a file that the next one finds: the same document is the same bytes.
"""

import contextlib
import hashlib

from functions.payments.invoices.invoices import InvoiceNotFound
from functions.payments.papers import papers, pdf, written
from functions.payments.papers.papers import CreditNoteNotFound, Document, StoredPaper
from functions.payments.papers.written import DraftWithoutDocument
from shared import clock
from shared.storage import changes, files
from shared.storage.changes import Plan
from shared.storage.files import FileChanged


def make(of: Document) -> None:
    """Make the PDF of a document, unless there is one, or nothing to make it of. Raises Unavailable."""
    try:
        found, _ = written.find(of)
        paper = found.paper
    except (InvoiceNotFound, CreditNoteNotFound, DraftWithoutDocument):
        return
    if found.stored is None:
        _note(of, _filed(of, pdf.write(paper)))


def _filed(of: Document, made: pdf.Written) -> StoredPaper:
    """Write the file, unless it is there, and return what is noted of it. Raises Unavailable."""
    digest = hashlib.sha256(made.body).hexdigest()
    place = files.key(papers.PURPOSE, of.tenant_id, digest)
    # One that is there has these bytes: its name is their hash.
    with contextlib.suppress(FileChanged):
        files.put_once(place, made.body, media_type=papers.MEDIA_TYPE)
    return StoredPaper(
        tenant_id=of.tenant_id,
        invoice_id=of.invoice_id,
        place=place,
        sha256=digest,
        size_bytes=len(made.body),
        pages=made.pages,
        made_at=clock.to_rfc3339(clock.now()),
        credit_note_id=of.credit_note_id,
    )


def _note(of: Document, made: StoredPaper) -> None:
    def plan() -> Plan[None]:
        found, _ = written.find(of)
        return Plan(None, [] if found.stored is not None else [papers.born(made)])

    changes.make(plan)

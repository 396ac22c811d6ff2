"""The documents and the journal of a tenant, as files: what it takes along when it leaves, and is told that it keeps.

A PDF is written anew; the same invoice is the same bytes, so its hash must be that of the one that was made before.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.identity.accounts import tenants
from functions.payments.credits import credit_notes
from functions.payments.credits.credit_notes import CreditNote
from functions.payments.invoices import invoices, views
from functions.payments.invoices.invoices import Invoice
from functions.payments.ledger import accounts, entries
from functions.payments.ledger.entries import Entry
from functions.payments.papers import content, html, papers, pdf
from functions.payments.papers.content import Paper
from functions.payments.papers.papers import Document
from shared import clock, currencies
from shared.clock import Instant
from shared.sheets import cells
from shared.storage import table

_ENTRIES: Final = ("posted_at", "reference", "kind", "status", "project_id", "closes", "account", "debit", "credit")
_ACCOUNTS: Final = ("account", "debits_posted", "credits_posted", "debits_pending", "credits_pending")
_AT_ONCE: Final = 100


class File(NamedTuple):
    """A file of the export. `is_other`: a PDF of this document was made before, and had other bytes."""

    name: str
    body: bytes
    is_other: bool = False


class TenantNotFound(Exception):
    """The stage has no such tenant."""


def of_tenant(tenant_id: str, now: Instant) -> Iterator[File]:
    """Yield all invoices that were issued and their credit notes, as data, HTML and PDF, and the journal as CSV.

    Drafts are no documents, and are left out. Raises TenantNotFound.
    """
    (item,) = table.get_many([tenants.key(tenant_id)])
    if item is None:
        raise TenantNotFound(f"There is no tenant {tenant_id}.")
    tenant = tenants.from_item(item)
    for invoice in _issued(tenant_id):
        yield from _of_invoice(invoice, tenant.time_zone, now)
    months = [*_months(tenant.created_at, now)]
    for currency in sorted(currencies.DECIMALS):
        yield from _of_ledger(tenant_id, currency, months)


def _issued(tenant_id: str) -> Iterator[Invoice]:
    for entry in table.query_all(invoices.of_tenant(tenant_id), invoices.ENTRY):
        (item,) = table.get_many([invoices.key(tenant_id, entry["invoice_id"])])
        found = None if item is None else invoices.from_item(item)
        if found is not None and found.number is not None:
            yield found


def _of_invoice(invoice: Invoice, time_zone: str, now: Instant) -> Iterator[File]:
    place = invoices.partition(invoice.tenant_id, invoice.invoice_id)
    made = {item["SK"]: papers.from_item(item).sha256 for item in table.query_all(place, papers.PREFIX)}
    of = Document(invoice.tenant_id, invoice.invoice_id)
    shown = views.invoice(invoice, time_zone, now)
    yield from _document(f"invoices/{invoice.number}", shown, content.invoice(invoice), made.get(papers.key(of).sk))
    for item in table.query_all(place, credit_notes.PREFIX):
        note = credit_notes.from_item(item)
        yield from _of_note(note, invoice, made.get(papers.key(of._replace(credit_note_id=note.credit_note_id)).sk))


def _of_note(note: CreditNote, invoice: Invoice, made: str | None) -> Iterator[File]:
    paper = content.credit_note(note, invoice)
    yield from _document(f"credit-notes/{note.number}", credit_notes.view(note), paper, made)


def _document(name: str, shown: Mapping[str, Any], paper: Paper, made: str | None) -> Iterator[File]:
    """Yield a document as data, as a page, and as a PDF, which must have the hash of the one that was made before."""
    body = pdf.write(paper).body
    yield File(f"{name}.json", f"{json.dumps(shown, indent=2, ensure_ascii=False, default=list)}\n".encode())
    yield File(f"{name}.html", html.page(paper).encode())
    yield File(f"{name}.pdf", body, is_other=made not in (None, hashlib.sha256(body).hexdigest()))


def _of_ledger(tenant_id: str, currency: str, months: Sequence[str]) -> Iterator[File]:
    """Yield the accounts of a currency and its journal, the oldest entry first; nothing where nothing has moved."""
    moved = [*table.query_all(accounts.partition(tenant_id, currency), accounts.PREFIX)]
    if not moved:
        return
    rows = [[accounts.code_of(item), *accounts.totals(item)] for item in moved]
    yield File(f"ledger/accounts-{currency}.csv", _sheet(_ACCOUNTS, rows))
    lines = [line for month in months for entry in _entries(tenant_id, currency, month) for line in _lines(entry)]
    yield File(f"ledger/journal-{currency}.csv", _sheet(_ENTRIES, lines))


def _entries(tenant_id: str, currency: str, month: str) -> list[Entry]:
    found: list[Entry] = []
    cursor: str | None = None
    while True:
        page, cursor = entries.page(tenant_id, currency, month, limit=_AT_ONCE, cursor=cursor)
        found += page
        if cursor is None:
            return found[::-1]


def _lines(entry: Entry) -> Iterator[list[object]]:
    said = (entry.posted_at, entry.reference, entry.kind, entry.status, entry.project_id, entry.closes)
    for line in entry.lines:
        yield [*said, line.account, line.debit, line.credit]


def _months(begun_at: str, now: Instant) -> Iterator[str]:
    """Yield the months from an instant until now, as `202611`."""
    year, month = int(begun_at[:4]), int(begun_at[5:7])
    last = entries.month_of(clock.to_rfc3339(now))
    while (named := f"{year:04}{month:02}") <= last:
        yield named
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _sheet(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(columns)
    writer.writerows(["" if each is None else cells.guarded(str(each)) for each in row] for row in rows)
    return sheet.getvalue().encode()

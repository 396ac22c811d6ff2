"""An issued invoice and a credit note as UBL 2.1 by EN 16931: what never changes of them, so the same bytes. Pure.

What is kept back is an allowance of its rate on the document, so the sums are those of the PDF (BR-CO-10 to 16). What
was paid since is not said. Elements have the order of the schemas: https://docs.oasis-open.org/ubl/UBL-2.1.html
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.etree.ElementTree import Element

from functions.payments.billing.totals import Line
from functions.payments.credits.credit_notes import CreditNote
from functions.payments.invoices.invoices import Invoice
from functions.payments.papers.ubl import accounts, checks, parties, sums
from functions.payments.papers.ubl.checks import Checked
from functions.payments.papers.ubl.elements import document, group, some, text

SPECIFICATION: Final = "urn:cen.eu:en16931:2017"
# UNTDID 1001.
_INVOICE, _PARTIAL_INVOICE, _CREDIT_NOTE = "380", "326", "381"
_CREDIT_TRANSFER: Final = "30"
"""Of UNTDID 4461."""


def invoice(shown: Invoice) -> str:
    """Return the document of an issued invoice. Raises NotElectronic."""
    said = checks.required(shown.currency, shown.seller or {}, shown.buyer or {}, shown.totals, shown.own_lines)
    return document(
        "Invoice",
        text("CustomizationID", SPECIFICATION),
        text("ID", shown.number or ""),
        text("IssueDate", shown.issued_on or ""),
        some("DueDate", shown.due_on),
        text("InvoiceTypeCode", _PARTIAL_INVOICE if shown.kind == "partial" else _INVOICE),
        some("Note", shown.note.strip()),
        text("DocumentCurrencyCode", shown.currency),
        *_parties(said),
        group("Delivery", text("ActualDeliveryDate", shown.supplied_on)) if shown.supplied_on else None,
        _means(shown.bank_lines),
        _terms([f"Payable by {shown.due_on}.", *shown.bank_lines]),
        *sums.of(said, shown.agreed.tax_note),
        *(sums.line("Invoice", number, each, said) for number, each in enumerate(said.lines, start=1)),
    )


def credit_note(note: CreditNote, of: Invoice) -> str:
    """Return the document of a credit note, which takes back lines of this invoice. Raises NotElectronic."""
    lines = [_credited(each, of.own_lines) for each in note.lines]
    said = checks.required(note.currency, note.seller, note.buyer, note.totals, lines)
    corrected = group("InvoiceDocumentReference", text("ID", note.invoice_number), some("IssueDate", of.issued_on))
    return document(
        "CreditNote",
        text("CustomizationID", SPECIFICATION),
        text("ID", note.number),
        text("IssueDate", note.issued_on),
        text("CreditNoteTypeCode", _CREDIT_NOTE),
        some("Note", note.reason.strip()),
        text("DocumentCurrencyCode", note.currency),
        group("BillingReference", corrected),
        *_parties(said),
        _terms([f"Taken off invoice {note.invoice_number}."]),
        *sums.of(said, of.agreed.tax_note),
        *(sums.line("CreditNote", each["number"], line, said) for each, line in zip(note.lines, lines, strict=True)),
    )


def _credited(part: Mapping[str, Any], lines: Sequence[Line]) -> Line:
    """Return a line with what is credited of it, as one piece."""
    own = lines[part["number"] - 1]
    return Line(own.description, part["net_minor_units"], own.tax_category, own.tax_rate)


def _parties(said: Checked) -> tuple[Element, Element]:
    return parties.seller(said.seller), parties.buyer(said.buyer)


def _means(bank_lines: Sequence[str]) -> Element | None:
    """Return how to pay, where the lines of the bank have an IBAN; all of them are among the terms."""
    iban = accounts.iban(bank_lines)
    if iban is None:
        return None
    return group(
        "PaymentMeans",
        text("PaymentMeansCode", _CREDIT_TRANSFER),
        group("PayeeFinancialAccount", text("ID", iban)),
    )


def _terms(words: Sequence[str]) -> Element:
    return group("PaymentTerms", text("Note", "\n".join(words)))

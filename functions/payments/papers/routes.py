"""Documents over REST: HTML, PDF and UBL of invoices and of credit notes."""

from typing import Any, Final

from functions.payments.invoices.invoices import InvoiceNotFound
from functions.payments.invoices.routes import INVOICE
from functions.payments.papers import reading
from functions.payments.papers.papers import CreditNoteNotFound, NotElectronic
from functions.payments.papers.written import DraftWithoutDocument
from functions.payments.resolver import READ, api
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import answer

replies = Replies("functions.payments.papers.replies")

NOTE: Final = f"{INVOICE}/credit-notes/<credit_note_id>"
_OF_INVOICE: Final = (InvoiceNotFound, DraftWithoutDocument)
_OF_NOTE: Final = (*_OF_INVOICE, CreditNoteNotFound)


@api.operation(
    "GET",
    f"{INVOICE}/pdf",
    scope=READ,
    summary="Fetch the PDF of an invoice",
    answers={200: replies.InvoicePaper, 202: replies.InvoicePaper},
    refusals=_OF_INVOICE,
)
def show_invoice_pdf(invoice_id: str) -> Response:
    """Get an address at which the PDF can be fetched for five minutes.

    It is made after the issue of the invoice. Until then the answer is 202, and it is asked for.
    """
    return _shown(reading.pdf(api.caller, invoice_id))


@api.operation(
    "GET",
    f"{INVOICE}/html",
    scope=READ,
    summary="Show an invoice as a page",
    answers={200: replies.InvoicePage},
    refusals=_OF_INVOICE,
)
def show_invoice_html(invoice_id: str) -> Response:
    """Show an issued invoice as a page of HTML, which runs no script."""
    return _page(reading.page(api.caller, invoice_id))


@api.operation(
    "GET",
    f"{NOTE}/pdf",
    scope=READ,
    summary="Fetch the PDF of a credit note",
    answers={200: replies.InvoicePaper, 202: replies.InvoicePaper},
    refusals=_OF_NOTE,
)
def show_credit_note_pdf(invoice_id: str, credit_note_id: str) -> Response:
    """Get an address at which the PDF can be fetched for five minutes, as that of an invoice."""
    return _shown(reading.pdf(api.caller, invoice_id, credit_note_id))


@api.operation(
    "GET",
    f"{NOTE}/html",
    scope=READ,
    summary="Show a credit note as a page",
    answers={200: replies.InvoicePage},
    refusals=_OF_NOTE,
)
def show_credit_note_html(invoice_id: str, credit_note_id: str) -> Response:
    """Show a credit note as a page of HTML, which runs no script."""
    return _page(reading.page(api.caller, invoice_id, credit_note_id))


@api.operation(
    "GET",
    f"{INVOICE}/xml",
    scope=READ,
    summary="Fetch an invoice as UBL",
    answers={200: replies.ElectronicInvoice},
    refusals=(*_OF_INVOICE, NotElectronic),
)
def show_invoice_xml(invoice_id: str) -> Response:
    """Fetch an issued invoice as UBL 2.1 by EN 16931, for programs that read invoices."""
    return _electronic(reading.electronic(api.caller, invoice_id))


@api.operation(
    "GET",
    f"{NOTE}/xml",
    scope=READ,
    summary="Fetch a credit note as UBL",
    answers={200: replies.ElectronicInvoice},
    refusals=(*_OF_NOTE, NotElectronic),
)
def show_credit_note_xml(invoice_id: str, credit_note_id: str) -> Response:
    """Fetch a credit note as UBL 2.1 by EN 16931, for programs that read invoices."""
    return _electronic(reading.electronic(api.caller, invoice_id, credit_note_id))


def _electronic(text: str) -> Response:
    return Response(200, "application/xml; charset=utf-8", text)


def _shown(view: dict[str, Any]) -> Response:
    return answer(200, view) if view["is_ready"] else answer(202, view, headers={"Retry-After": "2"})


def _page(text: str) -> Response:
    from functions.payments.papers import html  # noqa: PLC0415 - only pages wait for it on a cold start

    return Response(200, html.MEDIA_TYPE, text, {"Content-Security-Policy": html.policy()})

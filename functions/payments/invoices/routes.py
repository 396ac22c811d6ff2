"""Invoices over REST: how they are asked for, and looked at."""

from typing import TYPE_CHECKING, Annotated, Final

from functions.payments import resolver
from functions.payments.access import AmountsHidden, FinanceRequired
from functions.payments.billing.billings import BilledMilestoneNotFound
from functions.payments.billing.shares import OverInvoiced
from functions.payments.invoices import invoices, lifecycle, reading
from functions.payments.invoices.asking import MilestoneWithoutAmount
from functions.payments.invoices.invoices import InvoiceNotFound, Status
from functions.payments.invoices.issuing import MilestoneNotReady
from functions.payments.invoices.lifecycle import InvoiceIssued
from functions.payments.invoices.parties import BuyerUnknown, SellerUnknown
from functions.payments.money.amounts import AmountTooLarge
from functions.payments.resolver import BODY, KEYED, READ, WRITE, api
from shared import ids
from shared.api.declarations import Body, Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.callers.project_members import ProjectNotFound
from shared.errors import InvalidInput, Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.payments.invoices.shapes import InvoiceDraft, InvoicePatch, InvoicePreviewSent

replies = Replies("functions.payments.invoices.replies")

SENT = Body("functions.payments.invoices.shapes")
OF_MILESTONE: Final = "/api/v1/project-milestones/<project_milestone_id>/invoices"
INVOICES: Final = "/api/v1/invoices"
INVOICE: Final = f"{INVOICES}/<invoice_id>"
_FORMS: Final = ("pdf", "html", "xml")
"""The forms in which an invoice has a document, each at an address below its own."""
_ASKED: Final = (BilledMilestoneNotFound, AmountsHidden, FinanceRequired, MilestoneWithoutAmount, OverInvoiced)
ISSUED: Final = (MilestoneNotReady, SellerUnknown, BuyerUnknown, AmountTooLarge)

OfProject = Annotated[str | None, Query(max_length=64, description="Only those of this project, the newest first.")]
OfStatus = Annotated[Status | None, Query(description="Only of this status; without a project, those due first.")]
DueBefore = Annotated[
    str | None, Query(max_length=10, description="With a status: only those due before this day, YYYY-MM-DD.")
]


@api.operation(
    "POST",
    OF_MILESTONE,
    scope=WRITE,
    summary="Invoice a milestone",
    answers={201: replies.Invoice},
    refusals=(*BODY, *_ASKED, *ISSUED, *KEYED),
)
def create_invoice(
    project_milestone_id: str, draft: Annotated["InvoiceDraft", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Issue an invoice of a milestone, or keep it as a draft; for managers and finance.

    An issued invoice has a number and does not change any more. All of its milestone can be invoiced once.
    """
    claim = resolver.claim(idempotency_key, draft)
    made = lifecycle.create(api.caller, project_milestone_id, draft.asked(), as_draft=draft.draft, claim=claim)
    return answer(201, made)


@api.operation(
    "GET",
    OF_MILESTONE,
    scope=READ,
    summary="List the invoices of a milestone",
    answers={200: replies.Invoices},
    refusals=(Malformed, InvalidInput, BilledMilestoneNotFound, AmountsHidden),
)
def list_invoices_of_milestone(project_milestone_id: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the invoices of a milestone, the newest first. What was made a moment ago may be missing.

    A page may have fewer items than `limit`, even none, and be followed by another as long as there is a `next_cursor`.
    """
    return resolver.page(reading.of_milestone(api.caller, project_milestone_id, limit=limit, cursor=cursor))


@api.operation(
    "POST",
    f"{INVOICES}/preview",
    scope=READ,
    summary="Preview an invoice",
    answers={200: replies.Invoice},
    refusals=(*BODY, *_ASKED),
)
def preview_invoice(sent: Annotated["InvoicePreviewSent", SENT]) -> Response:
    """Show what an invoice would come to now, for managers and finance. Nothing is written, and no number taken."""
    return answer(200, lifecycle.preview(api.caller, sent.project_milestone_id, sent.asked()))


@api.operation(
    "GET",
    INVOICES,
    scope=READ,
    summary="List invoices",
    answers={200: replies.Invoices},
    refusals=(Malformed, InvalidInput, ProjectNotFound, AmountsHidden),
)
def list_invoices(
    project_id: OfProject = None,
    status: OfStatus = None,
    due_before: DueBefore = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """List the invoices of a project, or of all projects whose money is for you.

    Overdue ones are those `issued` and due before today.
    A page may have fewer items than `limit`, even none, and be followed by another as long as there is a `next_cursor`.
    """
    if project_id is None:
        found = reading.page_of_tenant(api.caller, status, due_before, limit=limit, cursor=cursor)
    else:
        found = reading.of_project(api.caller, project_id, status, limit=limit, cursor=cursor)
    return resolver.page(found)


@api.operation(
    "GET",
    INVOICE,
    scope=READ,
    summary="Show an invoice",
    answers={200: replies.Invoice, 308: None},
    refusals=(InvoiceNotFound,),
)
def show_invoice(invoice_id: str) -> Response:
    """Show an invoice, what is due of it, and what may be done with it.

    An id that ends in `.pdf`, `.html` or `.xml` is answered 308: `Location` leads to that document of the invoice.
    """
    if (location := _document(invoice_id)) is not None:
        return answer(308, headers={"Location": location})
    return answer(200, reading.invoice(api.caller, invoice_id))


def _document(sent: str) -> str | None:
    """Return where the document is that an id with an ending names, seen from its own address; None without one."""
    invoice_id, _, form = sent.partition(".")
    return f"{invoice_id}/{form}" if form in _FORMS and ids.is_valid(invoice_id, invoices.ID) else None


@api.operation(
    "PATCH",
    INVOICE,
    scope=WRITE,
    summary="Change a draft of an invoice",
    answers={200: replies.Invoice},
    refusals=(
        *BODY,
        InvoiceNotFound,
        FinanceRequired,
        VersionChanged,
        InvoiceIssued,
        MilestoneWithoutAmount,
        OverInvoiced,
    ),
)
def patch_invoice(invoice_id: str, sent: Annotated["InvoicePatch", SENT], if_match: IfMatch = None) -> Response:
    """Change what a draft asks for; for managers and finance."""
    return answer(200, lifecycle.change(api.caller, invoice_id, sent.fields(), if_match=if_match))


@api.operation(
    "DELETE",
    INVOICE,
    scope=WRITE,
    summary="Delete a draft of an invoice",
    answers={204: None},
    refusals=(Malformed, InvoiceNotFound, FinanceRequired, VersionChanged, InvoiceIssued),
)
def delete_invoice(invoice_id: str, if_match: IfMatch = None) -> Response:
    """Delete a draft; for managers and finance. It had no number, so none is missing."""
    lifecycle.delete(api.caller, invoice_id, if_match=if_match)
    return answer(204)

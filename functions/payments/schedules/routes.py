"""Schedules of invoices over REST."""

from typing import TYPE_CHECKING, Annotated, Final

from functions.payments import resolver
from functions.payments.access import AmountsHidden, FinanceRequired
from functions.payments.billing.billings import BilledMilestoneNotFound
from functions.payments.invoices.asking import MilestoneWithoutAmount
from functions.payments.resolver import BODY, KEYED, READ, WRITE, api
from functions.payments.schedules import lifecycle
from functions.payments.schedules.lifecycle import InvoiceScheduleEnded
from functions.payments.schedules.schedules import InvoiceScheduleNotFound
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.errors import Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.payments.schedules.shapes import InvoiceScheduleDraft, InvoiceSchedulePatch

replies = Replies("functions.payments.schedules.replies")

SENT = Body("functions.payments.schedules.shapes")
SCHEDULES: Final = "/api/v1/invoice-schedules"
SCHEDULE: Final = f"{SCHEDULES}/<invoice_schedule_id>"


@api.operation(
    "POST",
    SCHEDULES,
    scope=WRITE,
    summary="Invoice a milestone again and again",
    answers={201: replies.InvoiceSchedule},
    refusals=(*BODY, BilledMilestoneNotFound, AmountsHidden, FinanceRequired, MilestoneWithoutAmount, *KEYED),
)
def create_invoice_schedule(
    sent: Annotated["InvoiceScheduleDraft", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Have a share of a milestone invoiced every week, month, quarter, half year or year; for managers and finance.

    Each period is invoiced once, as it begins in the zone of the tenant, until all of the milestone is.
    """
    claim = resolver.claim(idempotency_key, sent)
    return answer(201, lifecycle.create(api.caller, sent.project_milestone_id, sent.fields(), claim=claim))


@api.operation(
    "GET",
    SCHEDULES,
    scope=READ,
    summary="List the schedules of invoices",
    answers={200: replies.InvoiceSchedules},
    refusals=(Malformed,),
)
def list_invoice_schedules(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the schedules of projects whose money is for you, the newest first.

    A page may have fewer items than `limit`, even none, and be followed by another as long as there is a `next_cursor`.
    """
    return resolver.page(lifecycle.page(api.caller, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    SCHEDULE,
    scope=READ,
    summary="Show a schedule of invoices",
    answers={200: replies.InvoiceSchedule},
    refusals=(InvoiceScheduleNotFound,),
)
def show_invoice_schedule(invoice_schedule_id: str) -> Response:
    """Show a schedule, its next period, and why that waits."""
    return answer(200, lifecycle.show(api.caller, invoice_schedule_id))


@api.operation(
    "PATCH",
    SCHEDULE,
    scope=WRITE,
    summary="Change a schedule of invoices",
    answers={200: replies.InvoiceSchedule},
    refusals=(*BODY, InvoiceScheduleNotFound, FinanceRequired, VersionChanged, InvoiceScheduleEnded),
)
def patch_invoice_schedule(
    invoice_schedule_id: str, sent: Annotated["InvoiceSchedulePatch", SENT], if_match: IfMatch = None
) -> Response:
    """Change what the periods to come invoice, or pause them; for managers and finance."""
    return answer(200, lifecycle.change(api.caller, invoice_schedule_id, sent.fields(), if_match=if_match))


@api.operation(
    "DELETE",
    SCHEDULE,
    scope=WRITE,
    summary="Delete a schedule of invoices",
    answers={204: None},
    refusals=(Malformed, InvoiceScheduleNotFound, FinanceRequired, VersionChanged),
)
def delete_invoice_schedule(invoice_schedule_id: str, if_match: IfMatch = None) -> Response:
    """Delete a schedule; for managers and finance. Its invoices stay."""
    lifecycle.delete(api.caller, invoice_schedule_id, if_match=if_match)
    return answer(204)

"""What leads do and agree to, over REST; and how they are merged and counted again."""

from typing import TYPE_CHECKING, Annotated, Final

from functions.audience import money, resolver
from functions.audience.activity import consents, merges, orders, recounts, timeline, visits
from functions.audience.leads import changing, leads
from functions.audience.resolver import ADMIN, BODY, KEYED, LEAD, READ, WRITE, api
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, Limit, answer
from shared.errors import InvalidInput, Malformed

if TYPE_CHECKING:
    from functions.audience.activity.shapes import ConsentGiven, MergeAsked, OrderDraft, RecountAsked, VisitDraft

replies = Replies("functions.audience.activity.replies")
lead_replies = Replies("functions.audience.leads.replies")

SENT: Final = Body("functions.audience.activity.shapes")


@api.operation(
    "POST",
    f"{LEAD}/merge",
    scope=WRITE,
    summary="Merge another lead into this one",
    answers={200: lead_replies.Lead},
    refusals=(
        *BODY,
        leads.LeadNotFound,
        merges.MergedAlready,
        merges.TooManyMerges,
        changing.TooManyIdentifiers,
        changing.CountTooLarge,
        money.TotalTooLarge,
        *KEYED,
    ),
)
def merge_lead(lead_id: str, asked: Annotated["MergeAsked", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Merge the lead that is sent into this one: an opt-out of either wins, totals add up, the other id leads here.

    Orders, visits and consents of the other lead follow within minutes; the totals have them at once.
    """
    claim = resolver.claim(idempotency_key, asked)
    return answer(200, merges.merge(api.caller.tenant_id, lead_id, asked.lead_id, claim=claim))


@api.operation(
    "POST",
    f"{LEAD}/orders",
    scope=WRITE,
    summary="Record an order or a refund",
    answers={201: replies.LeadOrder},
    refusals=(
        *BODY,
        leads.LeadNotFound,
        orders.OrderDiffers,
        orders.OrderOfAnotherLead,
        orders.OtherCurrency,
        orders.OrderToRefundMissing,
        orders.RefundExceedsOrder,
        money.CurrencyNotSet,
        money.TotalTooLarge,
        changing.CountTooLarge,
        *KEYED,
    ),
)
def record_order(
    lead_id: str, draft: Annotated["OrderDraft", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Record an order, once for your tenant and `order_id`, with the totals of its lead. With `refund_of`: a refund."""
    claim = resolver.claim(idempotency_key, draft)
    return answer(201, orders.record(api.caller.tenant_id, lead_id, draft.draft(), claim=claim))


@api.operation(
    "GET",
    f"{LEAD}/orders",
    scope=READ,
    summary="List the orders of a lead",
    answers={200: replies.LeadOrders},
    refusals=(Malformed, InvalidInput, leads.LeadNotFound),
)
def list_orders(lead_id: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the orders and refunds of a lead, the latest first."""
    return resolver.page(orders.page(api.caller.tenant_id, lead_id, limit=limit, cursor=cursor))


@api.operation(
    "POST",
    f"{LEAD}/visits",
    scope=WRITE,
    summary="Record a visit",
    answers={201: replies.LeadVisit},
    refusals=(*BODY, leads.LeadNotFound, visits.VisitDiffers, changing.CountTooLarge, *KEYED),
)
def record_visit(
    lead_id: str, draft: Annotated["VisitDraft", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Record a visit, once for your tenant and `visit_id`, and count it with its lead."""
    claim = resolver.claim(idempotency_key, draft)
    return answer(201, visits.record(api.caller.tenant_id, lead_id, draft.visit(), claim=claim))


@api.operation(
    "POST",
    f"{LEAD}/consents",
    scope=WRITE,
    summary="Record a consent or an opt-out",
    answers={201: replies.ConsentRecorded},
    refusals=(*BODY, leads.LeadNotFound, consents.TooManyConsents, *KEYED),
)
def record_consent(
    lead_id: str, asked: Annotated["ConsentGiven", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Record what a lead has agreed to or refused, with the text that they saw, in the history of the lead."""
    claim = resolver.claim(idempotency_key, asked)
    return answer(201, consents.record(api.caller.tenant_id, lead_id, asked.given(), claim=claim))


@api.operation(
    "GET",
    f"{LEAD}/timeline",
    scope=READ,
    summary="Show the timeline of a lead",
    answers={200: replies.LeadTimeline},
    refusals=(Malformed, InvalidInput, leads.LeadNotFound),
)
def show_timeline(lead_id: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """Show what a lead has done and agreed to, the latest first."""
    return resolver.page(timeline.page(api.caller.tenant_id, lead_id, limit=limit, cursor=cursor))


@api.operation(
    "POST",
    f"{LEAD}/recount",
    scope=ADMIN,
    summary="Count a lead again",
    answers={200: replies.LeadRecount},
    refusals=(*BODY, leads.LeadNotFound),
)
def recount_lead(lead_id: str, asked: Annotated["RecountAsked", SENT]) -> Response:
    """Compare the totals of a lead with its orders and visits, and say what differs; with `repair`, mend it."""
    return answer(200, recounts.recount(api.caller.tenant_id, lead_id, is_repairing=asked.repair))

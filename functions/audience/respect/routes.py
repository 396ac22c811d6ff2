"""Suppressions over REST, and consents that leads are asked for."""

from typing import TYPE_CHECKING, Annotated, Final

from functions.audience import resolver, rows
from functions.audience.activity.consents import TooManyConsents
from functions.audience.leads import leads
from functions.audience.resolver import ADMIN, BODY, KEYED, LEAD, READ, SUPPRESSIONS, WRITE, api
from functions.audience.respect import listing, lookups, sheets
from functions.audience.respect.listing import NotSuppressed
from functions.audience.respect.refusals import NobodyToAsk, NotToBeAsked, OptInNotSent
from shared.api.declarations import Body, Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, Limit, answer
from shared.errors import InvalidInput, Malformed

if TYPE_CHECKING:
    from functions.audience.respect.shapes import OptInWanted, SuppressionDraft

replies = Replies("functions.audience.respect.replies")
shapes = Replies("functions.audience.respect.shapes")

SENT: Final = Body("functions.audience.respect.shapes")
ASKING: Final = (NobodyToAsk, NotToBeAsked, OptInNotSent, TooManyConsents)
"""What asking for a consent may be refused for."""
NEXT: Final = "X-Next-Cursor"

Looked = Annotated[
    str | None, Query(min_length=1, max_length=320, description="Only what suppresses exactly this address.")
]
Why = Annotated[
    str | None, Query(min_length=1, max_length=listing.MOST_WHY, description="Required. The audit log keeps it.")
]


@api.operation(
    "GET",
    SUPPRESSIONS,
    scope=READ,
    summary="List the suppressions",
    answers={200: replies.Suppressions},
    refusals=(Malformed, InvalidInput),
)
def list_suppressions(limit: Limit = 20, cursor: Cursor = None, email: Looked = None, phone: Looked = None) -> Response:
    """List the addresses that are not written to, in no order, or look one up. Those that a lead has are shown."""
    tenant_id = api.caller.tenant_id
    if email is None and phone is None:
        return resolver.page(listing.page(tenant_id, limit=limit, cursor=cursor))
    return resolver.page((lookups.look_up(tenant_id, email=email, phone=phone, cursor=cursor), None))


@api.operation(
    "POST",
    SUPPRESSIONS,
    scope=WRITE,
    summary="Suppress an address",
    answers={201: replies.Suppression},
    refusals=(*BODY, *KEYED),
)
def add_suppression(draft: Annotated["SuppressionDraft", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Suppress an address on a channel, at once. Only its digest is kept; with SMS and WhatsApp say each."""
    claim, tenant_id = resolver.claim(idempotency_key, draft), api.caller.tenant_id
    return answer(201, listing.suppress(tenant_id, draft.row(tenant_id), by=api.caller.user_id, claim=claim))


@api.operation(
    "POST",
    f"{SUPPRESSIONS}/import",
    scope=WRITE,
    summary="Suppress up to 1,000 addresses",
    answers={200: replies.SuppressionsWritten},
    reads=shapes.SuppressionRows,
    refusals=BODY,
)
def import_suppressions() -> Response:
    """Suppress the addresses of rows, and say what became of each. What comes twice is once: repeat what broke off.

    Send JSON, or CSV as `text/csv` with the columns `channel`, `address`, `reason` and `topic`.
    """
    from functions.audience.respect import shapes as read_shapes  # noqa: PLC0415 - for a cold start: no read waits for pydantic

    tenant_id = api.caller.tenant_id
    sent = rows.read(api.request, rows.raw(api.request).decode(), sheets.read, most=listing.MOST_ROWS)
    found = listing.add_rows(tenant_id, read_shapes.rows(tenant_id, sent), by=api.caller.user_id)
    return answer(200, {"results": found})


@api.operation(
    "GET",
    f"{SUPPRESSIONS}/export",
    scope=READ,
    summary="Export the suppressions",
    answers={200: replies.SuppressionSheet},
    refusals=(Malformed, InvalidInput),
)
def export_suppressions(cursor: Cursor = None) -> Response:
    """Export the list as CSV, a thousand lines at a time; `X-Next-Cursor` is the cursor of the next."""
    sheet, following = listing.export(api.caller.tenant_id, cursor=cursor)
    more = {} if following is None else {NEXT: following}
    return Response(200, f"{rows.SHEET}; charset=utf-8", sheet, more)


@api.operation(
    "DELETE",
    f"{SUPPRESSIONS}/<suppression_id>",
    scope=ADMIN,
    summary="Take an address off the list",
    answers={204: None},
    refusals=(InvalidInput, NotSuppressed),
)
def remove_suppression(suppression_id: str, reason: Why = None) -> Response:
    """Take an address off the list of suppressions, whatever it was for. Say why: the audit log keeps it."""
    listing.remove(api.caller.tenant_id, suppression_id, why=reason)
    return answer(204)


@api.operation(
    "POST",
    f"{LEAD}/opt-in",
    scope=WRITE,
    summary="Ask a lead for a consent",
    answers={200: replies.OptInAsked},
    refusals=(*BODY, *KEYED, leads.LeadNotFound, *ASKING),
)
def ask_opt_in(
    lead_id: str, wanted: Annotated["OptInWanted", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Have a lead sent a link by which they confirm a consent within seven days; until then it is `pending`.

    The message goes out a moment later, once. Where it could not be sent, `audience.lead.not_asked` tells of it.
    """
    from functions.audience.respect import asking  # noqa: PLC0415 - senders are for those who send

    claim = resolver.claim(idempotency_key, wanted)
    return answer(200, asking.ask(api.caller.tenant_id, lead_id, wanted.wanted(), claim=claim))

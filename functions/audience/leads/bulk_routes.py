"""Many leads in one request, over REST: as JSON or as CSV."""

import hashlib

from functions.audience import rows
from functions.audience.leads import batches, sheets
from functions.audience.leads.batches import MOST
from functions.audience.resolver import BODY, KEYED, LEADS, WRITE, api
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, answer
from shared.storage import idempotency
from shared.storage.idempotency import Claim

replies = Replies("functions.audience.leads.replies")
shapes = Replies("functions.audience.leads.shapes")


@api.operation(
    "POST",
    f"{LEADS}/bulk",
    scope=WRITE,
    summary="Insert or update up to 1,000 leads",
    answers={200: replies.LeadsWritten},
    reads=shapes.LeadRows,
    refusals=(*BODY, *KEYED),
)
def write_leads(idempotency_key: IdempotencyKey = None) -> Response:
    """Insert or update leads, found by external id, e-mail addresses and numbers, and say what became of each row.

    Send JSON, or CSV as `text/csv`. Rows are taken in their order, and one that is refused keeps no other from being
    written. Only the fields of a row change; addresses and numbers are added; an opt-out stays.
    """
    from functions.audience.leads import shapes as read_shapes  # noqa: PLC0415 - pydantic is for those who send

    raw = rows.raw(api.request)
    sent = rows.read(api.request, raw.decode(), sheets.read, most=MOST)
    tenant_id = api.caller.tenant_id

    def claim(part: int) -> Claim | None:
        return _claim(idempotency_key, raw, part)

    results = batches.make(tenant_id, read_shapes.rows(tenant_id, sent), claim)
    return answer(200, {"results": [{"row": place, **each} for place, each in enumerate(results, start=1)]})


def _claim(idempotency_key: str | None, raw: bytes, part: int) -> Claim | None:
    if idempotency_key is None:
        return None
    return idempotency.claim(
        partition=f"USER#{api.caller.user_id}",
        idempotency_key=f"{idempotency_key} {part}",
        operation=f"{api.request.method} {api.request.path}",
        request=hashlib.sha256(raw).hexdigest(),
    )

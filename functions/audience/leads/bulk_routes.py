"""Many leads in one request, over REST: as JSON or as CSV."""

import hashlib
import json
from typing import Any, Final

from functions.audience.leads import batches, sheets
from functions.audience.leads.batches import MOST
from functions.audience.resolver import BODY, KEYED, LEADS, WRITE, api
from shared.api import bodies, problems
from shared.api.arguments import MAX_BODY_BYTES
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, answer
from shared.errors import InvalidInput, Malformed, TooLarge, UnsupportedMedia
from shared.storage import idempotency
from shared.storage.idempotency import Claim

replies = Replies("functions.audience.leads.replies")
shapes = Replies("functions.audience.leads.shapes")

_JSON: Final = "application/json"


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

    raw = bodies.raw(api.request)
    if len(raw) > MAX_BODY_BYTES:
        raise TooLarge(f"A request body may have {MAX_BODY_BYTES} bytes.")
    sent = _rows(raw.decode())
    tenant_id = api.caller.tenant_id

    def claim(part: int) -> Claim | None:
        return _claim(idempotency_key, raw, part)

    results = batches.make(tenant_id, read_shapes.rows(tenant_id, sent), claim)
    return answer(200, {"results": [{"row": place, **each} for place, each in enumerate(results, start=1)]})


def _rows(text: str) -> list[Any]:
    """Return the rows of a body. Raises Malformed, UnsupportedMedia, InvalidInput."""
    media_type = api.request.headers.get("content-type", _JSON).split(";")[0].strip().lower()
    if media_type == sheets.MEDIA_TYPE:
        rows: Any = sheets.read(text)
    elif media_type == _JSON:
        rows = _of_json(text)
    else:
        raise UnsupportedMedia(f"Send the rows as {_JSON} or {sheets.MEDIA_TYPE}, not as {media_type}.")
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST:
        raise InvalidInput.of("rows", f"must be 1 to {MOST} rows")
    return rows


def _of_json(text: str) -> Any:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is not valid JSON in UTF-8.") from error
    if not isinstance(body, dict) or "rows" not in body:
        raise InvalidInput.of("rows", "is required")
    unknown = [{"type": "extra_forbidden", "loc": (name,), "msg": ""} for name in body if name != "rows"]
    if unknown:
        raise problems.invalid_input(unknown)
    return body["rows"]


def _claim(idempotency_key: str | None, raw: bytes, part: int) -> Claim | None:
    if idempotency_key is None:
        return None
    return idempotency.claim(
        partition=f"USER#{api.caller.user_id}",
        idempotency_key=f"{idempotency_key} {part}",
        operation=f"{api.request.method} {api.request.path}",
        request=hashlib.sha256(raw).hexdigest(),
    )

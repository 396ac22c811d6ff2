"""Many rows in the body of one request, as JSON or as CSV."""

import json
from collections.abc import Callable
from typing import Any, Final

from shared.api import bodies, problems
from shared.api.arguments import MAX_BODY_BYTES
from shared.api.request import Request
from shared.errors import InvalidInput, Malformed, TooLarge, UnsupportedMedia

SHEET: Final = "text/csv"
_JSON: Final = "application/json"


def raw(request: Request) -> bytes:
    """Return a body as it was sent. Raises TooLarge, Malformed."""
    sent = bodies.raw(request)
    if len(sent) > MAX_BODY_BYTES:
        raise TooLarge(f"A request body may have {MAX_BODY_BYTES} bytes.")
    return sent


def read(request: Request, text: str, sheet: Callable[[str], list[Any]], *, most: int) -> list[Any]:
    """Return the rows of a body; `sheet` reads those of CSV. Raises Malformed, UnsupportedMedia, InvalidInput."""
    media_type = request.headers.get("content-type", _JSON).split(";")[0].strip().lower()
    if media_type == SHEET:
        rows: Any = sheet(text)
    elif media_type == _JSON:
        rows = _of_json(text)
    else:
        raise UnsupportedMedia(f"Send the rows as {_JSON} or {SHEET}, not as {media_type}.")
    if not isinstance(rows, list) or not 1 <= len(rows) <= most:
        raise InvalidInput.of("rows", f"must be 1 to {most} rows")
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

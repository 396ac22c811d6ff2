"""How refusals look from outside: `application/problem+json` (RFC 9457), and fields named as the caller wrote them.

Nothing is imported here but the refusals: the portal answers in the same way without pydantic.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from shared.errors import FieldError, InvalidInput, Refusal

MEDIA_TYPE = "application/problem+json"
MOST_FIELDS: Final = 100
"""Of a body with very many faults, so many are named: Lambda answers 6 MB at most."""
_LONGEST_NAME: Final = 200

_PLAIN_REASONS = {
    "extra_forbidden": "unknown field; remove it",
    "missing": "is required",
    "json_invalid": "is not valid JSON",
    "string_pattern_mismatch": "has characters that are not allowed here, such as control characters",
}
_ALL_BUT: Final = "^[^"
"""Patterns that begin so name what may not be in a text."""
_WHERE = frozenset({"body", "query", "path", "header", "response"})


def problem(refusal: Refusal, request_id: str) -> dict[str, Any]:
    """Return the problem document of a refusal."""
    shown = document(type(refusal), refusal.detail, request_id)
    if refusal.errors:
        shown["errors"] = refusal.errors
    return shown


def document(kind: type[Refusal], detail: str, request_id: str) -> dict[str, Any]:
    """Return the problem document of a kind of refusal, without fields."""
    return {
        "type": f"urn:milepost:error:{kind.code}",
        "title": HTTPStatus(kind.status).phrase,
        "status": kind.status,
        "detail": detail,
        "code": kind.code,
        "request_id": request_id,
    }


def invalid_input(errors: Iterable[Mapping[str, Any]]) -> InvalidInput:
    """Return the refusal that names the fields pydantic found fault with, 100 at most."""
    fields: list[FieldError] = [{"field": _field(error["loc"]), "reason": _reason(error)} for error in errors]
    first = fields[0]
    more = f" (and {len(fields) - 1} more)" if len(fields) > 1 else ""
    return InvalidInput(f"{first['field']}: {first['reason']}{more}", errors=fields[:MOST_FIELDS])


def _field(location: Iterable[Any]) -> str:
    """Return `history.3.at` for a pydantic location; where it stands in the request is left out."""
    parts = list(location)
    if len(parts) > 1 and parts[0] in _WHERE:
        parts = parts[1:]
    return ".".join(str(part) for part in parts)[:_LONGEST_NAME]


def _reason(error: Mapping[str, Any]) -> str:
    kind, more, is_text = error["type"], error.get("ctx", {}), isinstance(error.get("input"), str)
    if kind == "string_pattern_mismatch" and not more["pattern"].startswith(_ALL_BUT):
        return f"must match the pattern {more['pattern']}"
    if kind == "too_long" and is_text:
        return f"should have at most {more['max_length']:,} characters"
    if kind == "too_short" and is_text:
        return f"should have at least {more['min_length']:,} character{'s' if more['min_length'] > 1 else ''}"
    message = str(_PLAIN_REASONS.get(kind, error["msg"]))
    return message.removeprefix("Value error, ").replace(" after validation", "")

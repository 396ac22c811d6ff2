"""How refusals look from outside: `application/problem+json` (RFC 9457), and fields named as the caller wrote them."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Annotated, Any

from pydantic import BaseModel, Field

from shared.errors import FieldError, InvalidInput, Refusal

MEDIA_TYPE = "application/problem+json"

_PLAIN_REASONS = {
    "extra_forbidden": "unknown field; remove it",
    "missing": "is required",
    "json_invalid": "is not valid JSON",
}
_WHERE = frozenset({"body", "query", "path", "header", "response"})


class FieldProblem(BaseModel):
    """One refused field."""

    field: str
    reason: str


class Problem(BaseModel):
    """What every refusal answers (RFC 9457)."""

    type: Annotated[str, Field(examples=["urn:milepost:error:GoalNotFound"])]
    title: Annotated[str, Field(examples=["Not Found"])]
    status: Annotated[int, Field(ge=400, le=599, examples=[404])]
    detail: Annotated[str, Field(examples=["There is no goal with this id, or it is not shared with you."])]
    code: Annotated[str, Field(description="The stable name of the refusal.", examples=["GoalNotFound"])]
    request_id: Annotated[str, Field(examples=["Hs7dXhQ4joEEMbg="])]
    errors: Annotated[list[FieldProblem] | None, Field(description="The fields refused, for invalid input.")] = None


def problem(refusal: Refusal, request_id: str) -> dict[str, Any]:
    """Return the problem document of a refusal."""
    document = _document(type(refusal), refusal.detail, request_id)
    if refusal.errors:
        document["errors"] = refusal.errors
    return document


def example(refusal: type[Refusal]) -> dict[str, Any]:
    """Return the problem document that stands in the API reference for a kind of refusal."""
    document = _document(refusal, summary(refusal), "Hs7dXhQ4joEEMbg=")
    if issubclass(refusal, InvalidInput):
        document["errors"] = [{"field": "title", "reason": "String should have at least 3 characters"}]
    return document


def summary(refusal: type[Refusal]) -> str:
    """Return the sentence a kind of refusal is documented with, its status left out."""
    text = " ".join((refusal.__doc__ or "").split("\n\n")[0].split()).removeprefix(f"{refusal.status}: ")
    return text[:1].upper() + text[1:]


def _document(kind: type[Refusal], detail: str, request_id: str) -> dict[str, Any]:
    return {
        "type": f"urn:milepost:error:{kind.__name__}",
        "title": HTTPStatus(kind.status).phrase,
        "status": kind.status,
        "detail": detail,
        "code": kind.__name__,
        "request_id": request_id,
    }


def invalid_input(errors: Iterable[Mapping[str, Any]]) -> InvalidInput:
    """Return the refusal that names every field pydantic found fault with."""
    fields: list[FieldError] = [{"field": _field(error["loc"]), "reason": _reason(error)} for error in errors]
    first = fields[0]
    more = f" (and {len(fields) - 1} more)" if len(fields) > 1 else ""
    return InvalidInput(f"{first['field']}: {first['reason']}{more}", errors=fields)


def _field(location: Iterable[Any]) -> str:
    """Return `history.3.at` for a pydantic location; where it stands in the request is left out."""
    parts = list(location)
    if len(parts) > 1 and parts[0] in _WHERE:
        parts = parts[1:]
    return ".".join(str(part) for part in parts)


def _reason(error: Mapping[str, Any]) -> str:
    message = str(_PLAIN_REASONS.get(error["type"], error["msg"]))
    return message.removeprefix("Value error, ")

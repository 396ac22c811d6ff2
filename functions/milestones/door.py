"""The milestones context's REST door: what its routes share."""

from collections.abc import Mapping
from typing import Annotated, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel

from functions.milestones.reading import Listed
from shared import idempotency
from shared.api import Api, answer
from shared.auth import Caller
from shared.errors import InvalidInput, Malformed, TooLarge, UnsupportedMedia
from shared.idempotency import Claim, IdempotencyKeyReused

READ: Final = "milestones:read"
WRITE: Final = "milestones:write"
ADMIN: Final = "milestones:admin"

MILESTONES = "/api/v1/milestones"
MILESTONE = f"{MILESTONES}/<milestone_uid>"

BODY = (Malformed, InvalidInput, TooLarge, UnsupportedMedia)
KEYED = (IdempotencyKeyReused,)

Consistent = Annotated[bool, Query(description="Read what was written a moment ago for certain, at twice the cost.")]

api = Api()


def caller() -> Caller:
    """Return who calls."""
    return api.caller


def claim(idempotency_key: str | None, request: BaseModel | None = None) -> Claim | None:
    """Return the claim of an idempotency key on the present operation and what was sent with it."""
    if idempotency_key is None:
        return None
    return idempotency.claim(
        partition=partition(api.caller),
        idempotency_key=idempotency_key,
        operation=f"{api.current_event.http_method} {api.current_event.path}",
        request=None if request is None else request.model_dump(mode="json", exclude_unset=True),
    )


def partition(caller: Caller) -> str:
    """Return the partition of the caller's idempotency keys."""
    return f"USER#{caller.user_id}"


def page(listed: Listed, *, headers: Mapping[str, str] | None = None) -> Response[str]:
    """Return the answer of a list."""
    return answer(200, {"items": listed[0], "next_cursor": listed[1]}, headers=headers)

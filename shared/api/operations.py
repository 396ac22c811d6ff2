"""What the REST resolvers of the contexts have in common: what operations may refuse, how they claim, how they list."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

from shared.api.declarations import Query
from shared.api.request import Response
from shared.api.rest import Api, answer
from shared.errors import InvalidInput, Malformed, TooLarge, UnsupportedMedia
from shared.storage import idempotency
from shared.storage.idempotency import Claim, IdempotencyKeyReused

if TYPE_CHECKING:
    from pydantic import BaseModel

BODY: Final = (Malformed, InvalidInput, TooLarge, UnsupportedMedia)
"""What every operation with a body may refuse."""
KEYED: Final = (IdempotencyKeyReused,)
"""What every operation with an `Idempotency-Key` may refuse."""

Consistent = Annotated[bool, Query(description="Read what was written a moment ago for certain, at twice the cost.")]


def claim(api: Api, idempotency_key: str | None, request: "BaseModel | None" = None) -> Claim | None:
    """Return the claim of an idempotency key on the present operation and what was sent with it."""
    if idempotency_key is None:
        return None
    return idempotency.claim(
        partition=f"USER#{api.caller.user_id}",
        idempotency_key=idempotency_key,
        operation=f"{api.request.method} {api.request.path}",
        request=None if request is None else request.model_dump(mode="json", exclude_unset=True),
    )


def page(listed: tuple[list[dict[str, Any]], str | None], *, headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer of a list."""
    return answer(200, {"items": listed[0], "next_cursor": listed[1]}, headers=headers)

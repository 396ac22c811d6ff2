"""The door of notifications: its one API, and what several of its operations take.

Everything here is for who governs the tenant: an address may hold a key of somebody else's, and a delivery tells of
goals that a member may not see.
"""

from typing import Any, Final

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel

from shared import idempotency
from shared.api import Api, answer
from shared.errors import InvalidInput, Malformed, TooLarge, UnsupportedMedia
from shared.idempotency import Claim

READ: Final = "notifications:read"
WRITE: Final = "notifications:write"
ADMIN: Final = "notifications:admin"

ENDPOINTS: Final = "/api/v1/webhook-endpoints"
ENDPOINT: Final = f"{ENDPOINTS}/<endpoint_id>"
DELIVERIES: Final = f"{ENDPOINT}/deliveries"
DELIVERY: Final = f"{DELIVERIES}/<event_id>"

BODY = (Malformed, TooLarge, UnsupportedMedia, InvalidInput)

api = Api()


def page(listed: tuple[list[dict[str, Any]], str | None]) -> Response[str]:
    """Return the answer of a list."""
    return answer(200, {"items": listed[0], "next_cursor": listed[1]})


def claim(idempotency_key: str | None, request: BaseModel | None = None) -> Claim | None:
    """Return the claim of an idempotency key on the present operation and what was sent with it."""
    if idempotency_key is None:
        return None
    return idempotency.claim(
        partition=f"USER#{api.caller.user_id}",
        idempotency_key=idempotency_key,
        operation=f"{api.current_event.http_method} {api.current_event.path}",
        request=None if request is None else request.model_dump(mode="json"),
    )

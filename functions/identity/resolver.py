"""The resolver of identity: its one API, and what several of its operations take."""

from typing import Any, Final

from shared.api.operations import BODY, page
from shared.api.rest import Api
from shared.callers.auth import Caller
from shared.storage import idempotency
from shared.storage.idempotency import Claim

__all__ = [
    "ADMIN",
    "AUTH",
    "BODY",
    "READ",
    "WRITE",
    "api",
    "claim",
    "page",
    "source_address",
]

AUTH = "/api/v1/auth"

READ: Final = "identity:read"
WRITE: Final = "identity:write"
ADMIN: Final = "identity:admin"

api = Api()


def source_address() -> str:
    """Return the network address that the request comes from."""
    return api.request.source_address


def claim(caller: Caller, operation: str, request: Any, idempotency_key: str | None) -> Claim | None:
    """Return the claim of the caller's `Idempotency-Key`, None without one."""
    if idempotency_key is None:
        return None
    partition = f"USER#{caller.user_id}"
    return idempotency.claim(partition=partition, idempotency_key=idempotency_key, operation=operation, request=request)

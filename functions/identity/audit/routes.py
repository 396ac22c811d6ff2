"""The audit log of a tenant, over REST; for its admins and owners."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from functions.identity import resolver
from functions.identity.audit import log
from functions.identity.examples import MOMENT, USER_ID
from functions.identity.resolver import ADMIN, api
from shared.api.request import Response
from shared.api.rest import Cursor, Limit
from shared.errors import InvalidInput, Malformed

_ENTRY: dict[str, Any] = {
    "event_id": "evt_01KAEY3VJ0T5V7W9X1Y3Z6A8B2",
    "event_type": "identity.member.role_changed",
    "occurred_at": MOMENT,
    "data": {"user_id": USER_ID, "by": USER_ID, "role": "viewer", "earlier_role": "member"},
    "sequence": 42,
    "previous_hash": "9f2c4d0e" * 8,
    "hash": "1b7a5e3c" * 8,
}


class AuditEntry(BaseModel):
    """A security event, and its place in the chain."""

    event_id: str
    event_type: str
    occurred_at: str
    data: dict[str, Any]
    sequence: int
    previous_hash: str
    hash: str


class AuditLog(BaseModel):
    """A page of the audit log."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_ENTRY], "next_cursor": None}]})

    items: list[AuditEntry]
    next_cursor: str | None


@api.operation(
    "GET",
    "/api/v1/audit",
    scope=ADMIN,
    summary="Show the audit log of your tenant",
    answers={200: AuditLog},
    refusals=(Malformed, InvalidInput),
)
def show_audit(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the security events of your tenant, newest first, a few seconds after they happened.

    Each holds the hash of the one appended before it, so that one that is removed, changed or inserted is noticed.
    """
    return resolver.page(log.page(api.caller, limit=limit, cursor=cursor))
